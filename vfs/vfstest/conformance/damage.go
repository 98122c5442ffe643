package conformance

import (
	"bytes"

	"github.com/pageseal/pageseal/vfs"
)

// damage is what a disk does to a file, and what others do to it.
var damage = []question{
	{"page 1", damaged(func(d *database) { d.disk[200] ^= 1 }, 1, codeNotADB)},
	{"another page", damaged(func(d *database) { d.raw(2)[200] ^= 1 }, 2, codeCorrupt)},
	{"tag", damaged(func(d *database) { d.raw(3)[d.size()-20] ^= 1 }, 3, codeCorrupt)},
	{"page of another place", damaged(func(d *database) { copy(d.raw(2), d.raw(3)) }, 2, codeCorrupt)},
	{"page of zeros", damaged(func(d *database) { clear(d.raw(2)) }, 2, codeCorrupt)},
	{"last page torn", damaged(func(d *database) { d.disk = d.disk[:len(d.disk)-1] }, 3, codeCorrupt)},
	{"shorter than a page", damaged(func(d *database) { d.disk = d.disk[:1000] }, 1, codeNotADB)},
	{"while it is open", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.plain, 0)
		p.tamper(mainName, d.off(2)+100)
		vfs.ForgetPages() // which are not read again as long as IV and tag are the same
		f.wantRefused(d.size(), d.off(2), codeCorrupt)
		p.tamper(mainName, 100)
		vfs.ForgetPages()
		f.wantRefused(d.size(), 0, codeNotADB)
		f.wantRefused(16, 24, codeNotADB)
	}},
	// SQLite takes the page size from page 1 and reads the others again.
	{"behind page 1 of a guess", func(p *place) {
		d := p.database(8, layouts[1].params)
		d.raw(3)[200] ^= 1
		p.disk.Put(mainName, d.disk)
		f := p.connect().main(d.params...)
		f.wantShort(d.plain[:d.off(3)], 4096, 0)
		f.wantRefused(d.size(), d.off(3), codeCorrupt)
	}},
	{"other pages stay readable", func(p *place) {
		d := p.database(4, usual)
		d.raw(2)[9] ^= 0x80
		p.disk.Put(mainName, d.disk)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		f.wantRefused(d.size(), d.off(2), codeCorrupt)
		f.wantRead(d.page(3), d.off(3))
		page := d.newPage(2)
		f.write(page, d.off(2)) // and what is written anew is whole again
		d.wantBelow(p, d.page(1), page, d.page(3), d.page(4))
	}},
}

// damaged does something to a file of 3 pages, and reads the page.
func damaged(do func(d *database), pgno, code int) func(*place) {
	return func(p *place) {
		d := p.database(3, usual)
		do(d)
		p.disk.Put(mainName, d.disk)
		f := p.connect().main(d.params...)
		for range 2 {
			f.wantRefused(d.size(), d.off(pgno), code)
		}
		if pgno == 1 {
			f.wantRefused(16, 24, code)
			p.want(code, f.tryWrite(d.newPage(2), d.off(2)), "write to a file whose key is not proven")
		}
		if !bytes.Equal(p.below(mainName), d.disk) {
			p.Error("the file has changed below")
		}
	}
}

// tamper flips a bit of a file that is open.
func (p *place) tamper(name string, off int64) {
	p.Helper()
	f, err := p.disk.Open(name, false)
	if err != nil {
		p.Fatal(err)
	}
	defer f.Close()
	b := []byte{p.below(name)[off] ^ 1}
	if _, err := f.WriteAt(b, off); err != nil {
		p.Fatal(err)
	}
}
