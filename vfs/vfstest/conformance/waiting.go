package conformance

import "bytes"

// waiting are about what an adapter may hold back before it writes it, and when
// it must not.
var waiting = []question{
	{"a commit is in the log at once", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3)}
		w.frame(2, pages[0], 0)
		w.frame(3, pages[1], 3)
		if got, want := int64(len(p.disk.Content(walName))), w.at(3); got != want {
			p.Fatalf("%d bytes below, want %d", got, want)
		}
		w.wantBelow([]int{2, 3}, pages)
	}},
	{"frames that are taken back", func(p *place) { // ROLLBACK, and another connection commits
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.newPage(2), 3)
		committed := w.log.Running()
		w.frame(3, d.newPage(3), 0)
		w.frame(1, d.newPage(1), 0)
		w.knows(committed, 1)

		other := p.joins(d, w, committed, 1)
		page, later := d.newPage(3), d.newPage(2)
		other.frame(3, page, 3)
		p.wantLogged(w, other, page, later)
	}},
	{"frames that are taken back to a savepoint", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(1)}
		w.frame(2, pages[0], 0)
		savepoint := w.log.Running()
		w.frame(3, d.newPage(3), 0)
		w.frame(1, d.newPage(1), 0)
		w.knows(savepoint, 1)
		w.frame(3, pages[1], 0)
		w.wantRead(pages[0], w.at(1)+frameHeader)
		w.frame(1, pages[2], 3)
		w.wantBelow([]int{2, 3, 1}, pages)
	}},
	{"frames without checksums that are taken back to a savepoint", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(1)}
		w.frame(2, pages[0], 0)
		w.unsummed(3, pages[1], 0)
		w.unsummed(1, d.newPage(1), 0)
		w.unsummed(2, d.newPage(2), 0)
		waits := int64(len(p.disk.Content(walName))) < w.at(3)
		w.count(2)
		w.wantRead(pages[1], w.at(2)+frameHeader)
		if waits { // not all adapters have to
			w.wantShort(nil, frameHeader+d.size(), w.at(3))
		}
		w.unsummed(1, pages[2], 3)
		w.sumAnew()
		w.wantBelow([]int{2, 3, 1}, pages)
	}},
	{"frames without checksums that are taken back", func(p *place) { // and another commits as many
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.newPage(2), 3)
		committed := w.log.Running()
		w.frame(3, d.newPage(3), 0)
		w.unsummed(1, d.newPage(1), 0)
		w.knows(committed, 1)

		other := p.joins(d, w, committed, 1)
		pages := [][]byte{d.newPage(1), d.newPage(3), d.newPage(2)}
		other.frame(1, pages[0], 0)
		other.frame(3, pages[1], 3)
		w.knows(other.log.Running(), 3) // as the shared memory has it
		w.wantRead(pages[1], w.at(3)+frameHeader)
		w.wantRead(pages[0], w.at(2)+frameHeader)
		w.frame(2, pages[2], 3)
		other.wantRead(pages[1], other.at(3)+frameHeader)
		other.wantRead(pages[2], other.at(4)+frameHeader)
	}},
	{"frames without checksums behind a savepoint", func(p *place) { // that was taken back
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(1)}
		w.frame(2, pages[0], 0)
		savepoint := w.log.Running()
		w.frame(3, d.newPage(3), 0)
		w.knows(savepoint, 1)
		w.unsummed(3, pages[1], 0)
		w.wantRead(pages[1], w.at(2)+frameHeader)
		w.unsummed(1, pages[2], 3)
		w.sumAnew()
		w.wantBelow([]int{2, 3, 1}, pages)
	}},
	{"a frame that waits is overwritten", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(1)}
		w.frame(2, d.newPage(2), 0)
		w.frame(3, pages[1], 0)
		w.write(pages[0], w.at(1)+frameHeader)
		w.unsummed(1, pages[2], 3)
		w.sumAnew()
		w.wantBelow([]int{2, 3, 1}, pages)
	}},
	{"frames that were written before a savepoint is taken back", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3)}
		w.frame(2, pages[0], 0)
		savepoint := w.log.Running() // over the page in clear, if it waits
		w.frame(3, d.newPage(3), 0)
		p.below(walName) // now nothing waits
		w.knows(savepoint, 1)
		w.wantRead(pages[0], w.at(1)+frameHeader)
		w.frame(3, pages[1], 3)
		w.wantBelow([]int{2, 3}, pages)
	}},
	{"pages before the database is durable", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		pages := [][]byte{d.newPage(2), d.newPage(3)}
		f.write(d.newPage(3), d.off(3))
		f.write(pages[0], d.off(2))
		f.write(pages[1], d.off(3)) // once more
		f.wantRead(pages[1], d.off(3))
		p.must(codeOK, f.Sync(syncNormal), "sync")
		if !bytes.Equal(p.disk.Content(mainName)[:d.off(2)], d.disk[:d.off(2)]) {
			p.Error("page 1 has changed")
		}
		d.wantBelow(p, d.page(1), pages[0], pages[1])
	}},
	{"records go before pages", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		f := c.main(d.params...)
		f.wantRead(d.page(1), 0)
		w := p.newJournal(d, c.journal())
		w.segment(0xffffffff) // synchronous=OFF
		w.record(2)
		f.write(d.newPage(2), d.off(2))
		p.must(codeOK, f.Sync(syncNormal), "sync")
		if got := int64(len(p.disk.Content(journalName))); got != w.off {
			p.Errorf("%d bytes in the journal, want %d", got, w.off)
		}
		w.wantBelow()
	}},
}

// wantLogged wants a log to hold the frame that another connection has put where
// frames of this one were, and both to go on.
func (p *place) wantLogged(w, other *logWriter, page, later []byte) {
	p.Helper()
	w.knows(other.log.Running(), 2) // as the shared memory has it
	w.wantRead(page, w.at(2)+frameHeader)
	w.frame(2, later, 3)
	other.wantRead(page, w.at(2)+frameHeader)
	other.wantRead(later, w.at(3)+frameHeader)
}
