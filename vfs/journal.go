package vfs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
)

// Journal is the rollback journal of a database. On disk its page images are
// encrypted and their checksums go over ciphertext, as SQLCipher has them;
// SQLite sees both in clear. Page number, image and checksum come as three
// calls, so each call is understood from the one before.
type Journal struct {
	base   Base
	db     *MainDB
	image  []byte  // scratch, one page on disk
	behind *behind // records; the memory is the database's
	failed error   // of a flush: what SQLite takes for written is not there

	admitted  admission
	ours      bool  // this handle has written to the journal
	written   int64 // up to here are images of its transaction
	afterPgno int64 // where the image of the page number last seen begins
	pgno      uint32
	afterPage int64  // where the checksum of the image last seen begins
	delta     uint32 // what turns the checksum on this side into the other's
}

// nowhere is an offset that no call has.
const nowhere = -1

// NewJournal wraps the file below the rollback journal of a database.
func NewJournal(base Base, db *MainDB) *Journal {
	return &Journal{base: base, db: db, behind: new(behind), afterPgno: nowhere, afterPage: nowhere}
}

// scratch is memory for one page on disk.
func (j *Journal) scratch() []byte {
	if len(j.image) != j.db.set.PageSize {
		j.image = j.base.Buffer(j.db.set.PageSize)
	}
	return j.image
}

// isImage tells whether an access of n bytes at off is a page image: it
// follows a page number.
func (j *Journal) isImage(off int64, n int) bool {
	return off == j.afterPgno && n >= compat.SmallestPage
}

// isPgno tells whether the page number last seen is one of a page. The number
// of the lock-byte page stands before the name of a super-journal.
func (j *Journal) isPgno() bool {
	return j.pgno != 0 && j.pgno != j.db.set.Geometry().LockBytePage()
}

// isSuperName tells whether what follows the number of the lock-byte page is
// the name of a super-journal.
func (j *Journal) isSuperName(p []byte) bool {
	return j.pgno == j.db.set.Geometry().LockBytePage() && bytes.IndexByte(p, 0) < 0
}

// saw remembers an access of 4 bytes: a checksum if an image was before it,
// else perhaps a page number.
func (j *Journal) saw(off int64, word uint32) {
	j.afterPgno = nowhere
	if off != j.afterPage {
		j.afterPgno, j.pgno = off+4, word
	}
	j.afterPage = nowhere
}

// forget is for accesses that are part of no record.
func (j *Journal) forget() { j.afterPgno, j.afterPage = nowhere, nowhere }

// WriteAt writes a piece of the journal.
func (j *Journal) WriteAt(p []byte, off int64) (int, error) {
	if j.db.state == unkeyed {
		return j.base.WriteAt(p, off)
	}
	n, err := j.write(p, off)
	return n, j.db.fail(err)
}

func (j *Journal) write(p []byte, off int64) (int, error) {
	j.ours = true
	if err := j.own(); err != nil {
		return 0, err
	}
	switch {
	case len(p) == 4:
		return j.writeWord(p, off)
	case j.isImage(off, len(p)) && j.isPgno():
		return j.writeImage(p, off)
	case isHeader(p), off == j.afterPgno && j.isSuperName(p):
		j.forget()
		if off == 0 && len(p) >= journalHeader { // a sync writes less
			j.written = 0
		}
		if off == 0 && len(p) == journalHeader && allZero(p) {
			j.behind.drop() // the transaction is over
		}
		if err := j.flush(); err != nil {
			return 0, err
		}
		return j.base.WriteAt(p, off)
	}
	// What is not understood may be a page in clear.
	return 0, fmt.Errorf("%w: journal write of %d bytes at offset %d", compat.ErrUnsupported, len(p), off)
}

// own makes the journal that of the transaction, which takes over the memory.
func (j *Journal) own() error {
	if j.db.journal == j {
		return nil
	}
	if before := j.db.journal; before != nil {
		if err := before.flush(); err != nil {
			return err
		}
		before.behind = new(behind)
	}
	j.db.journal, j.behind = j, &j.db.records
	j.behind.base, j.behind.memory = j.base, j.db.base.Buffer
	return nil
}

// isHeader tells whether the bytes are the start of a segment header or the
// whole of it, padded. The magic is zero until the segment is synced, and a
// header is ended by zeros over it.
func isHeader(p []byte) bool {
	magic, rest := p[:min(8, len(p))], p[min(journalHeader, len(p)):]
	if len(p) < journalHeader && allZero(magic) {
		rest = p // nothing but the end of a header is that short
	}
	return (string(magic) == journalMagic || allZero(magic)) && allZero(rest)
}

// writeWord takes a page number or a checksum, which goes behind the image that
// it is of.
func (j *Journal) writeWord(p []byte, off int64) (int, error) {
	word, isSum := binary.BigEndian.Uint32(p), off == j.afterPage
	j.saw(off, word)
	if !isSum {
		return len(p), j.put(off, p, rawPiece, 0, len(p)+j.db.set.PageSize+recordOverhead)
	}
	if n := len(j.behind.pieces); n > 0 && j.behind.pieces[n-1].kind == pagePiece {
		j.behind.add(off, p, sumPiece, 0) // there is room for it, see below
		return len(p), nil
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], word+j.delta)
	return len(p), j.put(off, b[:], rawPiece, 0, len(p))
}

func (j *Journal) writeImage(p []byte, off int64) (int, error) {
	j.forget()
	if len(p) != j.db.set.PageSize {
		return 0, fmt.Errorf("%w: journal image of %d bytes with pages of %d",
			compat.ErrUnsupported, len(p), j.db.set.PageSize)
	}
	if err := j.db.prove(nil); err != nil {
		return 0, err
	}
	if err := j.put(off, p, pagePiece, j.pgno, 0); err != nil {
		return 0, err
	}
	j.afterPage = off + int64(len(p))
	j.written = max(j.written, j.afterPage)
	return len(p), nil
}

// put lets a piece wait. A record waits as a whole: with its page number comes how
// much room all of it takes.
func (j *Journal) put(off int64, p []byte, kind pieceKind, pgno uint32, room int) error {
	if j.failed != nil {
		return j.failed
	}
	if room > 0 && !j.behind.fits(room) || j.behind.overlaps(off, len(p)) != nil {
		if err := j.flush(); err != nil {
			return err
		}
	}
	j.behind.add(off, p, kind, pgno)
	if noBehind {
		return j.flush()
	}
	return nil
}

// flush writes what waits. Should that fail, SQLite takes records for written
// that are not there, and would leave the pages of them in its cache as they are
// when it rolls back. So nothing is read from the journal any more: the rollback
// fails, SQLite forgets its cache, and plays back what is on the disk. None of the
// pages whose records are missing has been written.
func (j *Journal) flush() error {
	if j.failed == nil {
		j.failed = j.behind.flush(j.complete)
	}
	return j.failed
}

// rollbackFails lets the rollback fail that begins after a flush has, with an I/O
// error, after which SQLite does not trust its cache. From then on the file counts.
func (j *Journal) rollbackFails() error {
	err := fmt.Errorf("%w: %w", compat.ErrJournal, j.failed)
	j.failed = nil
	j.behind.drop()
	return err
}

// complete makes the checksums those of the images on the disk.
func (j *Journal) complete() error {
	for i, p := range j.behind.pieces {
		if p.kind != pagePiece {
			continue
		}
		j.delta = sampled(j.behind.onDisk(p)) - sampled(j.behind.inClear(p))
		if i+1 < len(j.behind.pieces) && j.behind.pieces[i+1].kind == sumPiece {
			sum := j.behind.onDisk(j.behind.pieces[i+1])
			binary.BigEndian.PutUint32(sum, binary.BigEndian.Uint32(sum)+j.delta)
		}
	}
	return nil
}

// ReadAt reads a piece of the journal. A journal that would be played back
// under a key that is not proven is not served: SQLite keeps it then.
func (j *Journal) ReadAt(p []byte, off int64) (int, error) {
	n, err := j.read(p, off)
	return n, j.db.fail(err)
}

func (j *Journal) read(p []byte, off int64) (int, error) {
	if err := j.flush(); err != nil {
		return 0, err
	}
	if hot, n, err := j.admit(p, off); !hot {
		return n, err
	}
	if j.db.state == unkeyed {
		return j.base.ReadAt(p, off)
	}
	if j.isImage(off, len(p)) {
		return j.readImage(p, off)
	}
	n, err := j.base.ReadAt(p, off)
	if n != 4 || len(p) != 4 {
		j.forget()
		return n, err
	}
	word := binary.BigEndian.Uint32(p)
	if off == j.afterPage {
		binary.BigEndian.PutUint32(p, word+j.delta)
	}
	j.saw(off, word)
	return n, err
}

func (j *Journal) readImage(p []byte, off int64) (int, error) {
	pgno := j.pgno
	j.forget()
	if len(p) != j.db.set.PageSize {
		return 0, fmt.Errorf("%w: images of %d bytes with pages of %d", compat.ErrJournal, len(p), j.db.set.PageSize)
	}
	j.db.unclean = j.db.unclean || !j.ours
	n, err := j.base.ReadAt(p, off)
	if n < len(p) || err != nil && err != io.EOF {
		clear(p)
		return 0, err // the journal ends here, as SQLite sees it
	}
	if !j.isPgno() {
		clear(p) // SQLite reads it and then sees the number
		return n, nil
	}
	disk := sampled(p)
	if j.db.decrypt(pgno, p) != nil {
		clear(p)
		if off < j.written || j.intact(off, disk) {
			return 0, fmt.Errorf("%w: %w", compat.ErrJournal, &compat.PageError{Pgno: pgno})
		}
		// A torn record: the checksum will not fit, and SQLite stops here.
	}
	j.afterPage, j.delta = off+int64(len(p)), sampled(p)-disk
	return n, nil
}

// intact tells whether the checksum of the record at off is right, so that the
// record was written whole and its image is of another key or damaged.
func (j *Journal) intact(off int64, disk uint32) bool {
	var b [4]byte
	n, err := j.base.ReadAt(b[:], off+int64(j.db.set.PageSize))
	if err != nil && err != io.EOF {
		return true // not known: SQLite must not take it for the end
	}
	if n < len(b) {
		return false
	}
	whole := false
	records(j.base, uint32(j.db.set.PageSize), func(r record) bool {
		if r.image == off {
			whole = binary.BigEndian.Uint32(b[:]) == r.nonce+disk
		}
		return r.image < off
	})
	return whole
}

// Truncate cuts the journal to size bytes.
func (j *Journal) Truncate(size int64) error {
	j.forget()
	j.written = min(j.written, size)
	if size == 0 {
		j.behind.drop() // the transaction is over
		j.failed = nil
	} else if err := j.flush(); err != nil {
		return j.db.fail(err)
	}
	return j.base.Truncate(size)
}

// Size is the size in bytes, the same in clear and on disk.
func (j *Journal) Size() (int64, error) {
	if j.failed != nil { // a rollback begins with the size
		return 0, j.db.fail(j.rollbackFails())
	}
	if err := j.flush(); err != nil {
		return 0, j.db.fail(err)
	}
	return j.base.Size()
}

// Sync makes the journal durable.
func (j *Journal) Sync(flags int) error {
	if err := j.flush(); err != nil {
		return j.db.fail(err)
	}
	return j.base.Sync(flags)
}

// Close closes the file. What waits belongs to a transaction that is over, and
// is not needed any more, or that could not be written.
func (j *Journal) Close() error {
	j.behind.drop()
	if j.db.journal == j {
		j.db.journal = nil
	}
	return j.base.Close()
}
