package conformance

import (
	"bytes"
	"encoding/binary"
)

const (
	journalMagic   = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
	journalSector  = 512 // bytes, where the disk is not said to need more
	journalHeader  = 28  // bytes of the header that carry something
	recordOverhead = 8   // bytes: page number and checksum
)

// journalWriter makes the calls that SQLite makes to a rollback journal, see
// https://sqlite.org/fileformat2.html#the_rollback_journal.
type journalWriter struct {
	p        *place
	d        *database
	f        *file
	sector   int    // bytes
	off      int64  // where the next write goes
	dbPages  uint32 // before the transaction
	segments []segment
}

// segment is a header and the records behind it.
type segment struct {
	header int64 // offset
	nonce  uint32
	pgnos  []int
}

func (p *place) newJournal(d *database, f *file) *journalWriter {
	return &journalWriter{p: p, d: d, f: f, sector: journalSector}
}

func word(w uint32) []byte { return binary.BigEndian.AppendUint32(nil, w) }

// begin begins a transaction of a database of so many pages.
func (w *journalWriter) begin(dbPages int) {
	w.p.Helper()
	w.off, w.dbPages, w.segments = 0, uint32(dbPages), nil
	w.segment(0)
}

// segment writes a header, as often as it takes to fill a sector. records is 0
// until the journal is synced, and ffffffff where it never will be.
func (w *journalWriter) segment(records uint32) {
	w.p.Helper()
	w.off = w.aligned()
	nonce := 0x12345678 + 77*uint32(len(w.segments))
	w.segments = append(w.segments, segment{header: w.off, nonce: nonce})
	h := make([]byte, min(w.sector, w.d.size()))
	if records != 0 {
		copy(h, journalMagic)
	}
	for i, v := range []uint32{records, nonce, w.dbPages, uint32(w.sector), uint32(w.d.size())} {
		binary.BigEndian.PutUint32(h[8+4*i:], v)
	}
	for range w.sector / len(h) {
		w.f.write(h, w.off)
		w.off += int64(len(h))
	}
}

// aligned is the next place where a header may stand.
func (w *journalWriter) aligned() int64 {
	s := int64(w.sector)
	return (w.off + s - 1) / s * s
}

// record writes a page of the database into the journal: its number, its image
// and a checksum. It returns the offset.
func (w *journalWriter) record(pgno int) (at int64) {
	w.p.Helper()
	s := &w.segments[len(w.segments)-1]
	at = w.off
	image := w.d.page(pgno)
	w.f.write(word(uint32(pgno)), at)
	w.f.write(image, at+4)
	w.f.write(word(s.nonce+sampled(image)), at+4+int64(len(image)))
	w.off += int64(len(image)) + recordOverhead
	s.pgnos = append(s.pgnos, pgno)
	return at
}

// sync makes the header valid.
func (w *journalWriter) sync() {
	w.p.Helper()
	s := w.segments[len(w.segments)-1]
	w.f.wantShort(nil, 8, w.aligned()) // SQLite looks for an old header there
	w.p.want(codeOK, w.f.Sync(syncNormal), "sync of the journal")
	w.f.write(append([]byte(journalMagic), word(uint32(len(s.pgnos)))...), s.header)
	w.p.want(codeOK, w.f.Sync(syncNormal), "sync of the header")
}

// play wants to read from a file what was written, as SQLite plays it back.
func (w *journalWriter) play(f *file) {
	w.p.Helper()
	f.wantRead([]byte(journalMagic[:1]), 0)
	for _, s := range w.segments {
		f.wantRead([]byte(journalMagic), s.header)
		f.wantRead(word(uint32(len(s.pgnos))), s.header+8)
		f.wantRead(word(s.nonce), s.header+12)
		w.playRecords(f, s)
	}
}

func (w *journalWriter) playRecords(f *file, s segment) {
	w.p.Helper()
	at := s.header + int64(w.sector)
	for _, pgno := range s.pgnos {
		image := w.d.page(pgno)
		f.wantRead(word(uint32(pgno)), at)
		f.wantRead(image, at+4)
		f.wantRead(word(s.nonce+sampled(image)), at+4+int64(len(image)))
		at += int64(len(image)) + recordOverhead
	}
}

// wantBelow wants the journal on the disk to be SQLCipher's: the images
// encrypted, the checksums over what stands there.
func (w *journalWriter) wantBelow() {
	w.p.Helper()
	file, size := w.p.below(journalName), w.d.size()
	if int64(len(file)) < w.off {
		w.p.Fatalf("%d bytes below, want %d", len(file), w.off)
	}
	for _, s := range w.segments {
		at := int(s.header) + w.sector
		for _, pgno := range s.pgnos {
			image := file[at+4:][:size]
			if !bytes.Equal(file[at:][:4], word(uint32(pgno))) {
				w.p.Errorf("record of page %d: number % x below", pgno, file[at:][:4])
			}
			w.d.wantCipher(w.p, pgno, image, w.d.page(pgno))
			want := word(s.nonce + sampled(image))
			if got := file[at+4+size:][:4]; !bytes.Equal(got, want) {
				w.p.Errorf("record of page %d: checksum % x below, want % x", pgno, got, want)
			}
			w.p.wantHidden(file, w.d.page(pgno)[100:])
			at += size + recordOverhead
		}
	}
}

// sampled is the part of the checksum of a record that depends on the page.
func sampled(page []byte) (sum uint32) {
	for i := len(page) - 200; i > 0; i -= 200 {
		sum += uint32(page[i])
	}
	return sum
}
