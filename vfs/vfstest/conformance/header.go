package conformance

import (
	"bytes"

	"github.com/pageseal/pageseal/compat"
)

// header is about a database that has no page yet, and about the first 16
// bytes of one, which are its salt below.
var header = []question{
	// SQLite takes page size and reserve from the header that it finds, also
	// where there is none.
	{"of an empty file", everyLayout(0, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		want := make([]byte, 100)
		copy(want, d.newPage(1)[:24])
		f.wantRead(want, 0)
		f.wantSize(0)
	})},
	{"pages of an empty file", everyLayout(0, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		f.wantShort(nil, d.size(), 0)
		f.wantShort(nil, 16, 24)
		f.wantShort(nil, d.size(), d.off(2))
	})},
	{"salt of a new database", everyLayout(0, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		page1, page2 := d.newPage(1), d.newPage(2)
		f.write(page1, 0)
		f.write(page2, d.off(2))
		f.wantRead(page1, 0)
		f.wantRead(page1[:100], 0)
		f.wantRead(page1[24:40], 24)
		below := p.below(mainName)
		if d.set.PlaintextHeader == 0 && bytes.HasPrefix(below, []byte(compat.Magic)) {
			p.Error("the header of SQLite stands below")
		}
		p.keyed(d.params, below[:16]).wantBelow(p, page1, page2)
	})},
	{"salts differ", func(p *place) {
		salts := map[string]bool{}
		for _, name := range []string{"a.db", "b.db", "c.db"} {
			f := p.connect().open(name, openMainDB|openReadWrite|openCreate, usual...)
			f.write(p.database(0, usual).newPage(1), 0)
			salts[string(p.below(name)[:16])] = true
		}
		if len(salts) != 3 {
			p.Errorf("%d salts for 3 databases", len(salts))
		}
	}},
	{"salt stays below", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		for _, n := range []int{100, 512, d.size()} {
			got, code := f.try(n, 0)
			p.must(codeOK, code, "read of %d bytes", n)
			if bytes.Contains(got, fixedSalt) || !bytes.HasPrefix(got, []byte(compat.Magic)) {
				p.Errorf("%d bytes begin with % x", n, got[:16])
			}
		}
		page := d.newPage(1)
		f.write(page, 0)
		below := p.below(mainName)
		if d.set.PlaintextHeader == 0 && !bytes.HasPrefix(below, fixedSalt) {
			p.Error("the salt has changed")
		}
	})},
	{"plaintext header", func(p *place) {
		d := p.database(2, layouts[5].params)
		f := p.connect().main(d.params...)
		page := d.newPage(1)
		f.write(page, 0)
		below := p.below(mainName)
		if !bytes.Equal(below[:32], page[:32]) || bytes.Equal(below[32:48], page[32:48]) {
			p.Errorf("below stand % x, in clear % x", below[:48], page[:48])
		}
	}},
	{"created by another connection", everyLayout(0, func(p *place, d *database) {
		a, b := p.connect().main(d.params...), p.connect().main(d.params...)
		b.wantShort(nil, d.size(), 0) // its salt would be another one
		page := d.newPage(1)
		a.write(page, 0)
		p.below(mainName) // before the lock is another's
		b.wantRead(page, 0)
		page2 := d.newPage(2)
		b.write(page2, d.off(2))
		p.below(mainName)
		a.wantRead(page2, d.off(2))
	})},
	{"other layouts are refused", everyLayout(3, func(p *place, d *database) {
		f := p.connect().main(d.params...)
		for _, edit := range []func(page []byte){
			func(page []byte) { page[16], page[17] = 0x80, 0 }, // pages of 32768
			func(page []byte) { page[20] = 0 },                 // no reserve
		} {
			page := d.newPage(1)
			edit(page)
			p.want(codeIOErrWrite, f.tryWrite(page, 0), "write of a header of another layout")
		}
		p.wantSame(mainName, d.disk)
	})},
}
