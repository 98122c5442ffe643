package conformance

import (
	"bytes"
	"encoding/binary"
)

const (
	walHeader   = 32 // bytes
	frameHeader = 24 // bytes
	walMagic    = 0x377f0682
)

// littleEndian and bigEndian are the byte orders in which the checksums of a
// log read its words: that of the machine which has begun the log.
var littleEndian, bigEndian binary.ByteOrder = binary.LittleEndian, binary.BigEndian

var orders = []binary.ByteOrder{littleEndian, bigEndian}

// logWriter makes the calls that SQLite makes to a write-ahead log, see
// https://sqlite.org/fileformat2.html#the_write_ahead_log.
type logWriter struct {
	*file
	log    Log
	d      *database
	order  binary.ByteOrder
	header []byte
	frames int
}

// openLog opens the log of the database of the question.
func (c *conn) openLog() *file {
	c.p.Helper()
	return c.open(walName, openWAL|openReadWrite|openCreate)
}

func (p *place) newLog(d *database, f *file, order binary.ByteOrder) *logWriter {
	p.Helper()
	log, ok := f.File.(Log)
	if !ok {
		p.Fatal("the binding has no running checksum for a log")
	}
	return &logWriter{file: f, log: log, d: d, order: order}
}

// at is where a frame begins; the first has number 1.
func (w *logWriter) at(frame int) int64 {
	return walHeader + int64(frame-1)*int64(frameHeader+w.d.size())
}

func (w *logWriter) salt() (salt [8]byte) {
	copy(salt[:], w.header[16:])
	return salt
}

// begin writes the header of the log.
func (w *logWriter) begin() {
	w.p.Helper()
	magic := uint32(walMagic)
	if w.order == bigEndian {
		magic++
	}
	w.header = nil
	for _, v := range []uint32{magic, 3007000, uint32(w.d.size()), 0, 0x51a70001, 0x51a70002} {
		w.header = append(w.header, word(v)...)
	}
	sum := chain(w.order, [2]uint32{}, w.header)
	w.header = append(append(w.header, word(sum[0])...), word(sum[1])...)
	w.write(w.header, 0)
	w.knows(sum, 0)
}

// knows sets both what SQLite has in its memory: after a rollback, or once it has
// seen what another connection committed.
func (w *logWriter) knows(running [2]uint32, frames int) {
	w.log.SetRunning(running, w.salt())
	w.count(frames)
}

// count sets how many frames SQLite counts on.
func (w *logWriter) count(frames int) {
	w.frames = frames
	w.log.SetLast(frames)
}

// frame appends a page. A commit says how many pages the database has then; 0
// is for a frame that is none.
func (w *logWriter) frame(pgno int, page []byte, commit int) {
	w.p.Helper()
	w.p.must(codeOK, w.tryFrame(pgno, page, commit), "write of a frame of page %d", pgno)
}

func (w *logWriter) tryFrame(pgno int, page []byte, commit int) int {
	w.p.Helper()
	h := append(word(uint32(pgno)), word(uint32(commit))...)
	sum := chain(w.order, chain(w.order, w.log.Running(), h), page)
	salt := w.salt()
	h = append(append(append(h, salt[:]...), word(sum[0])...), word(sum[1])...)
	w.log.SetRunning(sum, salt)
	at := w.at(w.frames + 1)
	w.write(h, at)
	code := w.tryWrite(page, at+frameHeader)
	if code == codeOK {
		w.count(w.frames + 1)
	}
	return code
}

// below is a frame as it stands on disk.
func (w *logWriter) below(frame int) []byte {
	w.p.Helper()
	file := w.p.below(w.name)
	if int64(len(file)) < w.at(frame+1) {
		w.p.Fatalf("%d bytes below, want frame %d", len(file), frame)
	}
	return file[w.at(frame):w.at(frame+1)]
}

// wantBelow wants the log on the disk to be SQLCipher's: encrypted pages, and a
// chain of checksums over what stands there, which the running one is the end
// of.
func (w *logWriter) wantBelow(pgnos []int, pages [][]byte) {
	w.p.Helper()
	file := w.p.below(w.name)
	if !bytes.HasPrefix(file, w.header) {
		w.p.Fatal("another header below")
	}
	sum := chain(w.order, [2]uint32{}, w.header[:24])
	for i, pgno := range pgnos {
		frame := w.below(i + 1)
		sum = chain(w.order, chain(w.order, sum, frame[:8]), frame[frameHeader:])
		if !bytes.Equal(frame[:4], word(uint32(pgno))) || !bytes.Equal(frame[8:16], w.header[16:24]) {
			w.p.Errorf("frame %d of page %d has the header % x", i+1, pgno, frame[:frameHeader])
		}
		if !bytes.Equal(frame[16:24], append(word(sum[0]), word(sum[1])...)) {
			w.p.Errorf("frame %d has the checksum % x, want %08x", i+1, frame[16:24], sum)
		}
		w.d.wantCipher(w.p, pgno, frame[frameHeader:], pages[i])
		w.p.wantHidden(file, pages[i][100:])
	}
	if got := w.log.Running(); got != sum {
		w.p.Errorf("the checksum in SQLite's memory is %08x, want %08x", got, sum)
	}
}

// chain continues a checksum over a multiple of 8 bytes.
func chain(order binary.ByteOrder, sum [2]uint32, b []byte) [2]uint32 {
	for ; len(b) > 0; b = b[8:] {
		sum[0] += order.Uint32(b) + sum[1]
		sum[1] += order.Uint32(b[4:]) + sum[0]
	}
	return sum
}
