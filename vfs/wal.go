package vfs

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
)

// WAL is the write-ahead log of a database. On disk it is SQLCipher's: frames
// of encrypted pages, and a chain of checksums over what stands on disk.
//
// SQLite looks at the content of a page only where it reads it behind a frame
// header. Whole frames it reads for their checksums alone: those reads get the
// bytes of the disk, and recovery and the checksums that SQLite writes anew
// after it has overwritten a frame come out right by themselves. What is left
// are frames that are appended. SQLite gives them a checksum over the page in
// clear, which is replaced here and in SQLite's memory.
type WAL struct {
	base  Base
	db    *MainDB
	chain Chain
	frame []byte // scratch, one frame on disk

	behind behind   // frames of a transaction
	tip    checksum // SQLite's running checksum, as far as is known
	of     [8]byte  // salt of the log that it is of

	held     [frameHeader]byte // a frame header that waits for its page
	heldAt   int64
	wholeAt  int64 // where the last call read a whole frame, into frame
	anewAt   int64 // where the last call wrote a header anew, or the one before that read
	ours     bool  // this handle has written to the log
	admitted admission
}

// Chain is SQLite's running checksum, which the next frame of any process
// starts from.
type Chain interface {
	// SetFrameChecksum replaces the running checksum of the connection. It is
	// an error if it is not old, or not of a log with that salt (8 bytes): the
	// write of the frame then fails.
	SetFrameChecksum(old, new [2]uint32, walSalt []byte) error
	// LastFrame is the number of the last frame that the connection counts on,
	// if that is its running checksum, in a log with that salt; ok tells whether
	// it is. While SQLite appends frames they are yet to be counted.
	LastFrame(sum [2]uint32, walSalt []byte) (number uint32, ok bool, err error)
}

// NewWAL wraps the file below the write-ahead log of a database. A log whose
// frames would be read or copied under a key that is not proven is refused.
func NewWAL(base Base, db *MainDB, chain Chain) (*WAL, error) {
	w := &WAL{base: base, db: db, chain: chain, behind: behind{db: db, base: base, memory: base.Buffer, written: db.rekeep}, heldAt: nowhere, wholeAt: nowhere, anewAt: nowhere}
	db.wal = w
	db.ahead.logged = true
	return w, db.fail(w.admit())
}

// admit makes sure of the key before SQLite sees the log: it copies what it
// takes for committed into the database.
func (w *WAL) admit() (err error) {
	// A checkpoint of another process may be writing page 1 just now, so that
	// it takes more than one look.
	for range 3 {
		if err = w.admitted.grant(w.db, w); err == nil {
			break
		}
	}
	return err
}

// scratch is memory for one frame on disk.
func (w *WAL) scratch() []byte {
	if n := frameHeader + w.db.set.PageSize; len(w.frame) != n {
		w.frame = w.base.Buffer(n)
	}
	return w.frame
}

// frameOf tells in which frame an offset lies, as the offset of the frame and
// the place within it.
func (w *WAL) frameOf(off int64) (at, within int64) {
	within = (off - walHeader) % (frameHeader + w.db.pageSize())
	return off - within, within
}

// ReadAt reads a piece of the log: the content of a frame in clear, everything
// else as it is on disk.
func (w *WAL) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.read(p, off)
	return n, w.db.fail(err)
}

func (w *WAL) read(p []byte, off int64) (int, error) {
	before := w.anewAt
	w.wholeAt, w.anewAt = nowhere, nowhere
	if err := w.admit(); err != nil {
		return 0, err
	}
	if err := w.settle(); err != nil {
		return 0, err
	}
	if w.behind.overlaps(off, len(p)) != nil {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	if w.db.state == unkeyed || off < walHeader {
		return w.base.ReadAt(p, off)
	}
	at, within := w.frameOf(off)
	if within == frameHeader {
		return w.readContent(p, at)
	}
	if within == 0 && len(p) == frameHeader+w.db.set.PageSize {
		if before == at-int64(len(p)) {
			w.anewAt = before
		}
		return w.readWhole(p, at)
	}
	return w.base.ReadAt(p, off)
}

// readWhole reads a frame as it is on disk, and keeps a copy: its header may be
// written next.
func (w *WAL) readWhole(p []byte, at int64) (int, error) {
	w.db.unclean = w.db.unclean || !w.ours
	n, err := w.base.ReadAt(p, at)
	if copy(w.scratch(), p[:n]) == len(p) {
		w.wholeAt = at
	}
	return n, err
}

// readContent reads the page of the frame at an offset. During a checkpoint it
// stays encrypted: it is about to be written to the database as it is.
func (w *WAL) readContent(p []byte, at int64) (int, error) {
	frame := w.scratch()
	if err := readFull(w.base, frame, at); err != nil {
		return 0, err
	}
	pgno, page := binary.BigEndian.Uint32(frame), frame[frameHeader:]
	if w.db.moving != nil {
		w.db.moving.hold(pgno, page)
		return copy(p, page), nil
	}
	if pgno == 0 {
		return 0, fmt.Errorf("%w: a frame without a page", compat.ErrDamaged)
	}
	seal := w.db.verified[:copy(w.db.verified[:], w.db.sealOf(page))]
	if k, ok := w.db.cached(pgno); ok && !failsToDecrypt() && verifiedPages.get(k, seal, p, 0, 0) {
		return min(len(p), len(page)), nil
	}
	if err := w.db.decrypt(pgno, page); err != nil {
		clear(p)
		return 0, &compat.PageError{Pgno: pgno}
	}
	w.db.keep(pgno, seal, page, 0)
	return copy(p, page), nil
}

// WriteAt writes a piece of the log.
func (w *WAL) WriteAt(p []byte, off int64) (int, error) {
	if w.db.state == unkeyed {
		return w.base.WriteAt(p, off)
	}
	n, err := w.write(p, off)
	return n, w.db.fail(err)
}

func (w *WAL) write(p []byte, off int64) (int, error) {
	whole, before := w.wholeAt, w.anewAt
	w.wholeAt, w.anewAt, w.ours = nowhere, nowhere, true
	if off == 0 && len(p) == walHeader {
		if got := int64(binary.BigEndian.Uint32(p[8:])); got != w.db.pageSize() {
			return 0, fmt.Errorf("%w: log with pages of %d bytes", compat.ErrUnsupported, got)
		}
		w.heldAt = nowhere
		w.behind.drop() // a new log: what waits was taken back
		return w.base.WriteAt(p, off)
	}
	at, within := w.frameOf(off)
	switch {
	case within == 0 && len(p) == frameHeader && whole == at && (before == at-frameHeader-w.db.pageSize() || w.isAnew(p, at)):
		// The checksums anew: SQLite made them from the bytes of the disk.
		if err := w.settled(); err != nil {
			return 0, err
		}
		w.anewAt = at
		return w.base.WriteAt(p, off)
	case within == 0 && len(p) == frameHeader:
		copy(w.held[:], p)
		w.heldAt = at
		return len(p), nil
	case within == frameHeader && len(p) == w.db.set.PageSize && w.heldAt == at:
		w.heldAt = nowhere
		return len(p), w.appendFrame(p, at)
	case within == frameHeader && len(p) == w.db.set.PageSize:
		return len(p), w.overwrite(p, at)
	}
	return 0, fmt.Errorf("%w: log write of %d bytes at offset %d", compat.ErrUnsupported, len(p), off)
}

// isAnew tells whether a header has the checksum of the page that stands behind it
// on the disk, in the frame that was read just now. Recovery too reads whole frames,
// and what it finds invalid is where the next one is appended. Once one header is
// known to be written anew, those of the frames behind it are that are read and
// written by turns.
func (w *WAL) isAnew(header []byte, at int64) bool {
	sum, err := w.chainBefore(at)
	return err == nil && sum.add(header[:8]).add(w.frame[frameHeader:]).checksum == storedChecksum(header[16:])
}

// readFull reads what must be there: SQLite has written it or knows it from the
// wal-index.
func readFull(f File, p []byte, off int64) error {
	n, err := f.ReadAt(p, off)
	switch {
	case n == len(p):
		return nil
	case err == nil || err == io.EOF:
		return CodeIOErrRead
	}
	return err
}

// Truncate cuts the log to size bytes.
func (w *WAL) Truncate(size int64) error {
	w.heldAt = nowhere
	if err := w.settled(); err != nil {
		return w.db.fail(err)
	}
	return w.base.Truncate(size)
}

// Size is the size in bytes, the same in clear and on disk.
func (w *WAL) Size() (int64, error) {
	if err := w.settled(); err != nil {
		return 0, w.db.fail(err)
	}
	return w.base.Size()
}

// Sync makes the log durable.
func (w *WAL) Sync(flags int) error {
	if err := w.settled(); err != nil {
		return w.db.fail(err)
	}
	return w.base.Sync(flags)
}

// Close closes the file. What waits was never committed.
func (w *WAL) Close() error {
	w.behind.wipe()
	if w.db.wal == w {
		w.db.wal = nil
	}
	return w.base.Close()
}
