package conformance

// sizes are about xTruncate and xFileSize, which count encrypted bytes: there
// are as many as in clear.
var sizes = []question{
	{"size", everyLayout(3, func(p *place, d *database) {
		p.connect().main(d.params...).wantSize(3 * d.size())
	})},
	{"empty", everyLayout(0, func(p *place, d *database) {
		p.connect().main(d.params...).wantSize(0)
	})},
	{"truncate to pages", everyLayout(5, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		for _, n := range []int{5, 4, 2} {
			p.want(codeOK, f.Truncate(int64(n*d.size())), "truncate to %d pages", n)
			f.wantSize(n * d.size())
		}
		f.wantRead(d.plain[:2*d.size()], 0)
		f.wantShort(nil, d.size(), d.off(3))
		d.wantBelow(p, d.page(1), d.page(2))
	})},
	{"grow again", everyLayout(5, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.plain, 0)
		p.want(codeOK, f.Truncate(int64(2*d.size())), "truncate")
		page := d.newPage(4)
		f.write(page, d.off(4)) // page 3 must not be a hole
		d.wantBelow(p, d.page(1), d.page(2), make([]byte, d.size()), page)
	})},
	// A checkpoint lengthens the file by pages that are not in the log.
	{"truncate to more", everyLayout(2, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		p.want(codeOK, f.Truncate(int64(4*d.size())), "truncate")
		f.wantSize(4 * d.size())
		none := make([]byte, d.size())
		f.wantRead(none, d.off(4))
		d.wantBelow(p, d.page(1), d.page(2), none, none)
	})},
	{"truncate to more of a new database", everyLayout(0, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		page, none := d.newPage(1), make([]byte, d.size())
		f.write(page, 0)
		p.want(codeOK, f.Truncate(int64(3*d.size())), "truncate")
		p.keyed(d.params, p.below(mainName)[:16]).wantBelow(p, page, none, none)
	})},
	{"truncate to nothing", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		p.want(codeOK, f.Truncate(0), "truncate")
		f.wantSize(0)
		f.wantShort(nil, d.size(), 0)
		page := d.newPage(1)
		f.write(page, 0)
		f.wantRead(page, 0)
		f.wantSize(d.size())
	})},
	// SQLite does not, but a crash does.
	{"truncate inside a page", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		cut := 2*d.size() + 100
		p.want(codeOK, f.Truncate(int64(cut)), "truncate")
		f.wantSize(cut)
		f.wantRead(d.plain[:2*d.size()], 0)
		f.wantRefused(d.size(), d.off(3), codeCorrupt)
	})},
	{"sync", everyLayout(2, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.write(d.newPage(1), 0)
		ops := p.disk.Ops()
		p.want(codeOK, f.Sync(syncNormal), "sync")
		if p.disk.Ops() == ops {
			p.Error("nothing was synced below")
		}
	})},
}
