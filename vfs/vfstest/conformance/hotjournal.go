package conformance

import "github.com/pageseal/pageseal/compat"

// hotJournals are about what a crash has left, which the next connection plays
// back into the database.
var hotJournals = []question{
	{"right key", everyLayout(3, func(p *place, d *database) {
		w := p.hotJournal(d, 3, 1)
		c := p.connect()
		main := c.main(d.params...)
		w.play(c.journal())
		for _, pgno := range []int{3, 1} {
			main.write(d.page(pgno), d.off(pgno))
		}
		d.wantBelow(p, d.page(1), d.page(2), d.page(3))
	})},
	{"wrong key", everyLayout(3, func(p *place, d *database) {
		w := p.hotJournal(d, 2, 1)
		p.notServed(w, append(params("rawkey", rawKey), settingsOf(d.params)...))
		c := p.connect() // the right key finds it as it was
		c.main(d.params...)
		w.play(c.journal())
	})},
	{"no key", func(p *place) {
		d := p.database(3, usual)
		p.notServed(p.hotJournal(d, 2, 1), nil)
	}},
	// A journal that is empty or begins with a zero is not hot, and SQLite must
	// be let know whatever the key is.
	{"not hot", func(p *place) {
		d := p.database(3, usual)
		w := p.hotJournal(d, 2)
		content := p.below(journalName)
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
	{"interrupted creation", func(p *place) {
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
	{"damaged record", func(p *place) {
		d := p.database(3, usual)
		p.hotJournal(d, 1, 2)
		content := p.below(journalName)
		at := int64(journalSector + d.size() + recordOverhead)
		content[at+4+50] ^= 1 // no byte that the checksum samples
		p.disk.Put(journalName, content)
		c := p.connect()
		c.main(d.params...)
		f := c.journal()
		f.wantRead([]byte(journalMagic), 0)
		f.wantRead(word(2), at)
		f.wantRefused(d.size(), at+4, codeIOErrData)
		f = p.second(d) // what is before it is whole
		f.wantRead(word(1), journalSector)
		f.wantRead(d.page(1), journalSector+4)
	}},
}

// hotJournal leaves a journal of those pages on the disk, and something else
// in the database.
func (p *place) hotJournal(d *database, pgnos ...int) *journalWriter {
	p.Helper()
	c := p.connect()
	main := c.main(d.params...)
	w := p.newJournal(d, c.journal())
	w.begin(3)
	for _, pgno := range pgnos {
		w.record(pgno)
	}
	w.sync()
	for _, pgno := range pgnos {
		main.write(d.newPage(pgno), d.off(pgno))
	}
	w.f.close()
	main.close()
	return w
}

// second is the journal of the place, opened by another connection.
func (p *place) second(d *database) *file {
	p.Helper()
	c := p.connect()
	c.main(d.params...)
	return c.journal()
}

// notServed wants no byte of a hot journal to be shown under those parameters,
// lest SQLite plays it back or takes it for finished and deletes it.
func (p *place) notServed(w *journalWriter, list []compat.Param) {
	p.Helper()
	ops := p.disk.Ops()
	for _, r := range []struct {
		n   int
		off int64
	}{{1, 0}, {8, 0}, {4, 8}, {4, journalSector}, {w.d.size(), journalSector + 4}} {
		c := p.connect()
		main := c.main(list...)
		f := c.journal()
		f.wantRefused(r.n, r.off, codeNotADB)
		f.wantRefused(r.n, r.off, codeNotADB)
		f.close()
		main.close()
	}
	p.wantOps(ops)
}

// settingsOf are the parameters without those of the key.
func settingsOf(list []compat.Param) (rest []compat.Param) {
	for _, param := range list {
		if param.Name != "key" {
			rest = append(rest, param)
		}
	}
	return rest
}
