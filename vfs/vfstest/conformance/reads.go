package conformance

import "github.com/pageseal/pageseal/compat"

// reads are those of a database that exists. SQLite reads the header of 100
// bytes when it opens a file, 16 bytes at 24 to see whether another connection
// has written, whole pages, and, before it knows the page size, what it takes
// for a page.
var reads = []question{
	{"header", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.plain[:100], 0)
		if string(d.plain[:16]) != compat.Magic {
			p.Error("the question is wrong")
		}
	})},
	{"change counter", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.plain[24:40], 24)
		f.wantRead(d.plain[24:40], 24)
	})},
	{"pages", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		for _, pgno := range []int{1, 3, 2, 1} {
			f.wantRead(d.page(pgno), d.off(pgno))
		}
	})},
	{"several pages", everyLayout(5, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		for _, r := range [][2]int{{1, 5}, {2, 3}, {4, 2}} {
			f.wantRead(d.plain[d.off(r[0]):][:r[1]*d.size()], d.off(r[0]))
		}
	})},
	{"other page size first", everyLayout(5, func(p *place, d *database) {
		for guess := 512; guess <= 65536; guess *= 2 {
			f := p.connect().main(d.params...)
			if guess <= len(d.plain) {
				f.wantRead(d.plain[:guess], 0)
			} else {
				f.wantShort(d.plain, guess, 0)
			}
			f.close()
		}
	})},
	{"any range", everyLayout(5, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		for _, off := range []int{0, 1, 15, 16, 99, 512, d.size() - 1, d.size(), d.size() + 1, 3*d.size() - 7} {
			for _, n := range []int{1, 4, 16, 100, 512, d.size(), d.size() + 9} {
				f.wantRead(d.plain[off:off+n], int64(off))
			}
		}
	})},
	{"across the end", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantShort(d.page(3), 2*d.size(), d.off(3))
		f.wantShort(d.plain[d.off(2):], 4*d.size(), d.off(2))
		f.wantShort(d.plain[d.off(4)-10:], 100, d.off(4)-10)
	})},
	{"behind the end", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		for _, pgno := range []int{4, 5, 1000} {
			f.wantShort(nil, d.size(), d.off(pgno))
		}
		f.wantShort(nil, 16, d.off(4)+24)
	})},
	{"nothing is written", everyLayout(3, func(p *place, d *database) {
		ops := p.disk.Ops()
		f := p.connect().main(d.params...)
		f.wantRead(d.plain, 0)
		f.wantSize(len(d.disk))
		f.close()
		if p.disk.Ops() != ops {
			p.Error("the disk has changed")
		}
	})},
}
