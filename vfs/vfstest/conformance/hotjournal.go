package conformance

import "github.com/pageseal/pageseal/compat"

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
