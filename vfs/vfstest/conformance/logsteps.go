package conformance

import (
	"bytes"
	"encoding/binary"

	"github.com/pageseal/pageseal/compat"
)

// begunLog is a log without a frame, of a database that a connection has open.
func (p *place) begunLog(d *database, order binary.ByteOrder) *logWriter {
	p.Helper()
	c := p.connect()
	c.main(d.params...).wantRead(d.page(1), 0)
	w := p.newLog(d, c.openLog(), order)
	w.begin()
	return w
}

// joins has another connection open a log, and know what the shared memory says:
// the checksum and the number of frames.
func (p *place) joins(d *database, w *logWriter, running [2]uint32, frames int) *logWriter {
	p.Helper()
	c := p.connect()
	c.main(d.params...)
	other := p.newLog(d, c.openLog(), littleEndian)
	other.header = w.header
	other.knows(running, frames)
	return other
}

// overwritten writes a page of an open transaction a second time. SQLite makes
// the checksums anew at the commit, from what it reads of whole frames.
func (p *place) overwritten(d *database) {
	p.Helper()
	w := p.begunLog(d, littleEndian)
	pages := [][]byte{d.newPage(2), d.newPage(3)}
	w.frame(2, pages[0], 0)
	w.frame(3, pages[1], 3)
	pages[0] = d.newPage(2)
	w.write(pages[0], w.at(1)+frameHeader)
	w.wantRead(pages[0], w.at(1)+frameHeader)
	w.sumAnew()
	w.wantBelow([]int{2, 3}, pages)
	pages = append(pages, d.newPage(1))
	w.frame(1, pages[2], 3)
	w.wantBelow([]int{2, 3, 1}, pages)
}

// unsummed appends a page as SQLite does once a frame is overwritten.
func (w *logWriter) unsummed(pgno int, page []byte, commit int) {
	w.p.Helper()
	at := w.at(w.frames + 1)
	w.write(append(append(word(uint32(pgno)), word(uint32(commit))...), make([]byte, 16)...), at)
	w.write(page, at+frameHeader)
	w.count(w.frames + 1)
}

// sumAnew makes the checksums of all frames anew, as SQLite does at a commit.
func (w *logWriter) sumAnew() {
	w.p.Helper()
	sum, salt := chain(w.order, [2]uint32{}, w.header[:24]), w.salt()
	for i := 1; i <= w.frames; i++ {
		frame := w.below(i)
		w.wantRead(frame, w.at(i))
		sum = chain(w.order, chain(w.order, sum, frame[:8]), frame[frameHeader:])
		copy(frame[8:], append(append(salt[:], word(sum[0])...), word(sum[1])...))
		w.write(frame[:frameHeader], w.at(i))
	}
	w.log.SetRunning(sum, salt)
}

// recovers reads a log as SQLite does after a crash.
func (p *place) recovers(d *database, f *file, pgnos []int, pages [][]byte) {
	p.Helper()
	w := p.newLog(d, f, littleEndian)
	w.header, _ = w.try(walHeader, 0)
	sum := chain(w.order, [2]uint32{}, w.header[:24])
	for i := range pgnos {
		frame, code := w.try(frameHeader+d.size(), w.at(i+1))
		p.must(codeOK, code, "read of frame %d", i+1)
		sum = chain(w.order, chain(w.order, sum, frame[:8]), frame[frameHeader:])
		if !bytes.Equal(frame[16:24], append(word(sum[0]), word(sum[1])...)) {
			p.Fatalf("frame %d is not valid in the eyes of SQLite", i+1)
		}
	}
	w.wantShort(nil, frameHeader+d.size(), w.at(len(pgnos)+1))
	for i, page := range pages {
		w.wantRead(page, w.at(i+1)+frameHeader)
	}
}

// logRefused wants a log not to be opened or not to be shown, lest SQLite copies
// it into the database.
func (p *place) logRefused(d *database, list []compat.Param) {
	p.Helper()
	w := p.begunLog(d, littleEndian)
	page := d.newPage(2)
	w.frame(2, page, 3)
	before := p.below(walName)
	c := p.connect()
	c.main(list...)
	f, code := c.Open(walName, openWAL|openReadWrite|openCreate)
	if code == codeOK {
		opened := &file{File: f, p: p, name: walName}
		opened.wantRefused(walHeader, 0, codeNotADB)
		opened.wantRefused(frameHeader+d.size(), w.at(1), codeNotADB)
		opened.close()
	} else {
		p.want(codeNotADB, code, "open of the log")
	}
	p.wantSame(walName, before)
	p.wantSame(mainName, d.disk)
	w.wantRead(page, w.at(1)+frameHeader) // the right key finds it as it was
}

// checkpoints copies a log into its database. What is encrypted is the same in
// both.
func (p *place) checkpoints(d *database) {
	p.Helper()
	c := p.connect()
	main := c.main(d.params...)
	main.wantRead(d.page(1), 0)
	w := p.newLog(d, c.openLog(), littleEndian)
	w.begin()
	pgnos := []int{3, 1, 4}
	var pages [][]byte
	for i, pgno := range pgnos {
		pages = append(pages, d.newPage(pgno))
		w.frame(pgno, pages[i], 4*(i/2))
	}
	checkpoints, ok := main.File.(Checkpoints)
	if !ok {
		p.Fatal("the binding cannot begin a checkpoint")
	}
	started := checkpoints.Checkpoint(true)
	for i, pgno := range pgnos {
		b, code := w.try(d.size(), w.at(i+1)+frameHeader)
		p.must(codeOK, code, "read of frame %d", i+1)
		main.write(b, d.off(pgno))
		if !bytes.Equal(p.below(mainName)[d.off(pgno):][:d.size()], w.below(i + 1)[frameHeader:]) {
			p.Errorf("page %d is encrypted anew", pgno)
		}
	}
	if code := main.tryWrite(d.newPage(2), d.off(2)); code == codeOK {
		p.Error("a checkpoint writes what it has not read")
	}
	if done := checkpoints.Checkpoint(false); done != started || done != codeOK && done != codeNotFound {
		p.Errorf("the checkpoint begins with code %d and ends with %d", started, done)
	}
	main.wantRead(pages[1], 0)
	main.wantRead(pages[0], d.off(3))
	d.wantBelow(p, pages[1], d.page(2), pages[0], pages[2])
	main.write(d.page(1), 0) // and all is as before
	w.wantRead(pages[2], w.at(3)+frameHeader)
}
