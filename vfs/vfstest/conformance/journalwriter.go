package conformance

import (
	"bytes"
	"encoding/binary"
)

const (
	journalMagic  = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
	journalSector = 512 // bytes
	journalHeader = 28  // bytes of the header that carry something
)

// journalWriter makes the calls that SQLite makes to a rollback journal, see
// https://sqlite.org/fileformat2.html#the_rollback_journal.
type journalWriter struct {
	p       *place
	d       *database
	f       *file
	nonce   uint32
	off     int64 // where the next write goes
	records int
}

func (p *place) newJournal(d *database, f *file) *journalWriter {
	return &journalWriter{p: p, d: d, f: f, nonce: 0x12345678}
}

func word(w uint32) []byte { return binary.BigEndian.AppendUint32(nil, w) }

// begin writes the header, which is not valid before the journal is synced.
func (w *journalWriter) begin(dbPages int) {
	w.p.Helper()
	h := make([]byte, journalSector)
	for i, v := range []uint32{w.nonce, uint32(dbPages), journalSector, uint32(w.d.size())} {
		binary.BigEndian.PutUint32(h[12+4*i:], v)
	}
	w.f.write(h, 0)
	w.off, w.records = journalSector, 0
}

// record writes a page of the database into the journal: its number, its image
// and a checksum. It returns the offset.
func (w *journalWriter) record(pgno int) (at int64) {
	w.p.Helper()
	at = w.off
	image := w.d.page(pgno)
	w.f.write(word(uint32(pgno)), at)
	w.f.write(image, at+4)
	w.f.write(word(w.nonce+sampled(image)), at+4+int64(len(image)))
	w.off += int64(len(image)) + 8
	w.records++
	return at
}

// sync makes the header valid.
func (w *journalWriter) sync() {
	w.p.Helper()
	next := (w.off + journalSector - 1) / journalSector * journalSector
	w.f.wantShort(nil, 8, next) // SQLite looks for an old header there
	w.p.want(codeOK, w.f.Sync(syncNormal), "sync of the journal")
	w.f.write(append([]byte(journalMagic), word(uint32(w.records))...), 0)
	w.p.want(codeOK, w.f.Sync(syncNormal), "sync of the header")
}

// play wants to read the journal as SQLite plays it back: those pages.
func (w *journalWriter) play(f *file, pgnos ...int) {
	w.p.Helper()
	f.wantRead([]byte(journalMagic[:1]), 0)
	f.wantRead([]byte(journalMagic), 0)
	for i, v := range []uint32{uint32(w.records), w.nonce} {
		f.wantRead(word(v), int64(8+4*i))
	}
	at := int64(journalSector)
	for _, pgno := range pgnos {
		image := w.d.page(pgno)
		f.wantRead(word(uint32(pgno)), at)
		f.wantRead(image, at+4)
		f.wantRead(word(w.nonce+sampled(image)), at+4+int64(len(image)))
		at += int64(len(image)) + 8
	}
}

// wantBelow wants the journal on the disk to be SQLCipher's: the images
// encrypted, the checksums over what stands there.
func (w *journalWriter) wantBelow(pgnos ...int) {
	w.p.Helper()
	file := w.p.disk.Content(journalName)
	at := journalSector
	for _, pgno := range pgnos {
		size := w.d.size()
		if len(file) < at+size+8 {
			w.p.Fatalf("%d bytes below, want a record of page %d at %d", len(file), pgno, at)
		}
		image := file[at+4:][:size]
		if !bytes.Equal(file[at:][:4], word(uint32(pgno))) {
			w.p.Errorf("record of page %d: number % x below", pgno, file[at:][:4])
		}
		w.d.wantCipher(w.p, pgno, image, w.d.page(pgno))
		if got := file[at+4+size:][:4]; !bytes.Equal(got, word(w.nonce+sampled(image))) {
			w.p.Errorf("record of page %d: checksum % x below, want % x", pgno, got, word(w.nonce+sampled(image)))
		}
		w.p.wantHidden(file, w.d.page(pgno)[100:])
		at += size + 8
	}
}

// sampled is the part of the checksum of a record that depends on the page.
func sampled(page []byte) (sum uint32) {
	for i := len(page) - 200; i > 0; i -= 200 {
		sum += uint32(page[i])
	}
	return sum
}
