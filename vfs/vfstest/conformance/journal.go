package conformance

import (
	"bytes"
	"fmt"
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
		w.play(w.f)
		w.wantBelow()
		w.f.wantSize(journalSector + 3*(d.size()+recordOverhead))
	})},
	{"segments", everyLayout(3, func(p *place, d *database) { // the cache has spilled
		for _, sector := range []int{512, 4096} {
			p.sub(fmt.Sprint("sectors of ", sector), func(p *place) {
				p.disk.Put(mainName, d.disk)
				c := p.connect()
				c.main(d.params...)
				w := p.newJournal(d, c.journal())
				w.sector = sector
				w.begin(3)
				w.record(3)
				w.sync()
				w.segment(0)
				w.record(1)
				w.record(2)
				w.sync()
				w.play(w.f)
				w.wantBelow()
				w.play(p.second(d))
			})
		}
	})},
	{"never synced", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.segment(0xffffffff)
		w.record(3)
		w.record(2)
		p.below(journalName) // which is before a page of the database is written
		f := p.second(d)
		f.wantRead(word(0xffffffff), 8)
		w.playRecords(f, w.segments[0])
		w.wantBelow()
		f.wantShort(nil, 4, w.off)
	}},
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
		w.play(w.f)
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
		w.play(w.f)
		w.wantBelow()
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
		before := p.below(journalName)
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
