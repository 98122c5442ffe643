package conformance

import "bytes"

// writes are those of pages: SQLite writes nothing else to a database.
var writes = []question{
	{"page", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		for _, pgno := range []int{2, 1, 3} {
			page := d.newPage(pgno)
			f.write(page, d.off(pgno))
			copy(d.page(pgno), page)
			f.wantRead(page, d.off(pgno))
		}
		f.wantRead(d.plain[24:40], 24)
		d.wantBelow(p, d.page(1), d.page(2), d.page(3))
	})},
	{"others stay", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.write(d.newPage(2), d.off(2))
		below := p.below(mainName)
		if !bytes.Equal(below[:d.off(2)], d.raw(1)) || !bytes.Equal(below[d.off(3):], d.raw(3)) {
			p.Error("other pages have changed below")
		}
		if bytes.Equal(below[d.off(2):d.off(3)], d.raw(2)) {
			p.Error("the page has not changed below")
		}
	})},
	{"never twice the same", everyLayout(2, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.write(d.page(2), d.off(2))
		if bytes.Equal(p.below(mainName)[d.off(2):], d.raw(2)) {
			p.Error("a page is encrypted to the same bytes again")
		}
	})},
	{"growth", everyLayout(1, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		pages := [][]byte{d.page(1)}
		for pgno := 2; pgno <= 5; pgno++ {
			pages = append(pages, d.newPage(pgno))
			f.write(pages[pgno-1], d.off(pgno))
			f.wantSize(pgno * d.size())
		}
		f.wantRead(bytes.Join(pages, nil), 0)
		d.wantBelow(p, pages...)
	})},
	{"several pages", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(4)}
		f.write(bytes.Join(pages, nil), d.off(2))
		f.wantRead(bytes.Join(pages, nil), d.off(2))
		d.wantBelow(p, append([][]byte{d.page(1)}, pages...)...)
	})},
	// SQLite leaves out a page that was added and freed again in one
	// transaction. What is in its place must verify.
	{"at a distance behind the end", everyLayout(2, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		page, none := d.newPage(5), make([]byte, d.size())
		f.write(page, d.off(5))
		f.wantSize(5 * d.size())
		f.wantRead(none, d.off(3))
		f.wantRead(page, d.off(5))
		d.wantBelow(p, d.page(1), d.page(2), none, none, page)
	})},
	{"other sizes are refused", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		size := d.size()
		for _, w := range []struct {
			n   int
			off int64
		}{
			{0, 0}, {16, 24}, {100, 0}, {512, 512}, {size / 2, 0}, {size - 1, 0}, {size + 1, 0},
			{size, 1}, {size, 512}, {size, d.off(4) + 16}, {3 * size / 2, d.off(2)},
		} {
			b := bytes.Repeat([]byte{'x'}, w.n)
			p.want(codeIOErrWrite, f.tryWrite(b, w.off), "write of %d bytes at %d", w.n, w.off)
		}
		p.wantSame(mainName, d.disk)
		f.wantRead(d.plain, 0)
	})},
	{"another connection", everyLayout(3, func(p *place, d *database) {
		a, b := p.connect().main(d.params...), p.connect().main(d.params...)
		b.wantRead(d.plain, 0)
		page := d.newPage(3)
		a.write(page, d.off(3))
		p.below(mainName) // before the lock is another's
		b.wantRead(page, d.off(3))
		page = d.newPage(4)
		b.write(page, d.off(4))
		p.below(mainName)
		a.wantRead(page, d.off(4))
		a.wantSize(4 * d.size())
	})},
	{"before a read", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		page := d.newPage(2)
		f.write(page, d.off(2))
		d.wantBelow(p, d.page(1), page, d.page(3))
	})},
}
