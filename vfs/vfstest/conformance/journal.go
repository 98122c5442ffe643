package conformance

import (
	"bytes"

	"github.com/pageseal/pageseal/compat"
)

// journals are about the rollback journal: page number, image and checksum come
// as three calls and lie below as SQLCipher has them.
var journals = []question{
	{"records", everyLayout(3, func(p *place, d *database) {
		c := p.connect()
		c.main(d.params...).wantRead(d.plain, 0)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		for _, pgno := range []int{2, 1, 3} {
			w.record(pgno)
		}
		w.sync()
		w.play(w.f, 2, 1, 3)
		w.wantBelow(2, 1, 3)
		w.f.wantSize(journalSector + 3*(d.size()+8))
	})},
	{"read again", func(p *place) { // as ROLLBACK TO reads a record
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		at, next := w.record(2), w.record(3)
		for range 2 {
			w.f.wantRead(word(3), next)
			w.f.wantRead(d.page(3), next+4)
			w.f.wantRead(word(2), at)
			w.f.wantRead(d.page(2), at+4)
		}
		w.record(1)
		w.sync()
		w.play(w.f, 2, 3, 1)
	}},
	{"hot", everyLayout(3, func(p *place, d *database) {
		w := p.hotJournal(d, 3, 1)
		c := p.connect()
		main := c.main(d.params...)
		w.play(c.journal(), 3, 1)
		for _, pgno := range []int{3, 1} {
			main.write(d.page(pgno), d.off(pgno))
		}
		d.wantBelow(p, d.page(1), d.page(2), d.page(3))
	})},
	{"hot, wrong key", everyLayout(3, func(p *place, d *database) {
		w := p.hotJournal(d, 2, 1)
		p.notServed(w, append(params("rawkey", rawKey), settingsOf(d.params)...))
		c := p.connect() // the right key finds it as it was
		c.main(d.params...)
		w.play(c.journal(), 2, 1)
	})},
	{"hot, no key", func(p *place) {
		d := p.database(3, usual)
		p.notServed(p.hotJournal(d, 2, 1), nil)
	}},
	// A journal that is empty or begins with a zero is not hot, and SQLite must
	// be let know whatever the key is.
	{"not hot", func(p *place) {
		d := p.database(3, usual)
		w := p.hotJournal(d, 2)
		content := p.disk.Content(journalName)
		clear(content[:journalHeader])
		p.disk.Put(journalName, content)
		for _, list := range [][]compat.Param{usual, params("key", otherWord, "kdf_iter", "3"), nil} {
			c := p.connect()
			c.main(list...)
			c.journal().wantRead([]byte{0}, 0)
		}
		p.disk.Put(journalName, nil)
		c := p.connect()
		c.main(w.d.params...)
		c.journal().wantShort(nil, 1, 0)
	}},
	// Nothing was committed, and no page can prove a key.
	{"hot, of an interrupted creation", func(p *place) {
		d := p.database(1, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(0)
		w.sync()
		p.disk.Put(mainName, d.raw(1)[:2048])
		c = p.connect()
		main := c.main(params("key", otherWord, "kdf_iter", "3")...)
		w.play(c.journal())
		p.want(codeOK, main.Truncate(0), "truncate")
		main.wantSize(0)
		page := d.newPage(1)
		main.write(page, 0)
		main.wantRead(page, 0)
	}},
	{"ended by truncation", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		for range 2 {
			w.begin(3)
			w.record(2)
			w.sync()
			p.want(codeOK, w.f.Truncate(0), "truncate")
			w.f.wantSize(0)
		}
	}},
	{"ended by zeros", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		w.record(2)
		w.f.write(make([]byte, journalHeader), 0)
		w.f.wantRead(make([]byte, 8), 0)
		w.begin(3)
		w.record(3)
		w.f.write(append([]byte(journalMagic), word(1)...), 0)
		w.play(w.f, 3)
		w.wantBelow(3)
	}},
	{"damaged record", func(p *place) {
		d := p.database(3, usual)
		w := p.hotJournal(d, 1, 2)
		content := p.disk.Content(journalName)
		at := int64(journalSector + d.size() + 8)
		content[at+4+50] ^= 1 // no byte that the checksum samples
		p.disk.Put(journalName, content)
		c := p.connect()
		c.main(d.params...)
		f := c.journal()
		f.wantRead([]byte(journalMagic), 0)
		f.wantRead(word(2), at)
		f.wantRefused(d.size(), at+4, codeIOErrData)
		w.play(p.second(d), 1)
	}},
	{"name of a super-journal", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		w.record(2)
		name, at := []byte("/somewhere/clinic.db-mj0123ABCD"), w.off
		w.f.write(word(uint32(1<<30/d.size())+1), at)
		w.f.write(name, at+4)
		at += 4 + int64(len(name))
		w.f.write(word(uint32(len(name))), at)
		w.f.write(word(0x1234), at+4)
		w.f.write([]byte(journalMagic), at+8)
		w.f.wantRead([]byte(journalMagic), at+8)
		w.f.wantRead(word(0x1234), at+4)
		w.f.wantRead(word(uint32(len(name))), at)
		w.f.wantRead(name, at-int64(len(name)))
	}},
	{"what is no record is refused", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		w.record(2)
		before := p.disk.Content(journalName)
		for _, n := range []int{29, 100, 512, d.size() - 1, d.size(), d.size() + 1, 2 * d.size()} {
			p.want(codeIOErrWrite, w.f.tryWrite(bytes.Repeat([]byte{'x'}, n), w.off+4), "write of %d bytes", n)
		}
		p.wantSame(journalName, before)
	}},
	{"super-journal", func(p *place) { // names, which are no secret
		f := p.connect().open("clinic.db-mj0123ABCD", openSuperJournal|openReadWrite|openCreate|openExclusive)
		f.write([]byte("/a/clinic.db-journal\x00/b/other.db-journal\x00"), 0)
		f.wantRead([]byte("/b/other.db-journal\x00"), 21)
		f.wantShort([]byte("l\x00"), 10, 39)
		f.wantSize(41)
	}},
}
