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

	held     [frameHeader]byte // a frame header that waits for its page
	heldAt   int64
	wholeAt  int64 // where a whole frame was read just now
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
}

// NewWAL wraps the file below the write-ahead log of a database. A log whose
// frames would be read or copied under a key that is not proven is refused.
func NewWAL(base Base, db *MainDB, chain Chain) (*WAL, error) {
	w := &WAL{base: base, db: db, chain: chain, heldAt: nowhere, wholeAt: nowhere}
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
	w.wholeAt = nowhere
	if err := w.admit(); err != nil {
		return 0, err
	}
	if w.db.state == unkeyed || off < walHeader {
		return w.base.ReadAt(p, off)
	}
	at, within := w.frameOf(off)
	if within == frameHeader {
		return w.readContent(p, at)
	}
	if within == 0 && len(p) == frameHeader+w.db.set.PageSize {
		w.wholeAt = at
		w.db.unclean = w.db.unclean || !w.ours
	}
	return w.base.ReadAt(p, off)
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
	if err := w.db.decrypt(pgno, page); err != nil {
		clear(p)
		return 0, &compat.PageError{Pgno: pgno}
	}
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
	whole := w.wholeAt
	w.wholeAt, w.ours = nowhere, true
	if off == 0 && len(p) == walHeader {
		if got := int64(binary.BigEndian.Uint32(p[8:])); got != w.db.pageSize() {
			return 0, fmt.Errorf("%w: log with pages of %d bytes", compat.ErrUnsupported, got)
		}
		w.heldAt = nowhere
		return w.base.WriteAt(p, off)
	}
	at, within := w.frameOf(off)
	switch {
	case within == 0 && len(p) == frameHeader && whole == at:
		// The checksums anew: SQLite made them from the bytes of the disk.
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

// appendFrame writes the header held back and its page in one piece.
func (w *WAL) appendFrame(plain []byte, at int64) error {
	if err := w.db.prove(w); err != nil {
		return err
	}
	frame := w.scratch()
	header, page := frame[:frameHeader], frame[frameHeader:]
	copy(header, w.held[:])
	if err := w.db.encrypt(binary.BigEndian.Uint32(header), page, plain); err != nil {
		return err
	}
	// Once SQLite has overwritten a frame of the transaction, it leaves out
	// salt and checksum and makes them at the commit.
	if allZero(header[8:]) {
		_, err := w.base.WriteAt(frame, at)
		return err
	}
	old := storedChecksum(header[16:])
	sum, err := w.chainBefore(at)
	if err != nil {
		return err
	}
	sum = sum.add(header[:8]).add(page)
	sum.store(header[16:])
	if _, err := w.base.WriteAt(frame, at); err != nil {
		return err
	}
	return w.chain.SetFrameChecksum(old, sum.checksum, header[8:16])
}

// overwrite replaces the page of a frame that this transaction has written.
func (w *WAL) overwrite(plain []byte, at int64) error {
	var pgno [4]byte
	if err := readFull(w.base, pgno[:], at); err != nil {
		return err
	}
	page := w.scratch()[frameHeader:]
	if err := w.db.encrypt(binary.BigEndian.Uint32(pgno[:]), page, plain); err != nil {
		return err
	}
	_, err := w.base.WriteAt(page, at+frameHeader)
	return err
}

// chainBefore is the checksum that the frame at an offset continues: that of
// the frame before it on disk, or of the header.
func (w *WAL) chainBefore(at int64) (running, error) {
	var b [walHeader]byte
	if err := readFull(w.base, b[:], 0); err != nil {
		return running{}, err
	}
	sum, ok := headerChecksum(b[:])
	if !ok {
		return running{}, fmt.Errorf("%w: not a write-ahead log", compat.ErrUnsupported)
	}
	if at > walHeader {
		before := at - frameHeader - w.db.pageSize()
		if err := readFull(w.base, b[:8], before+16); err != nil {
			return running{}, err
		}
		sum.checksum = storedChecksum(b[:])
	}
	return sum, nil
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
	return w.base.Truncate(size)
}

// Size is the size in bytes, the same in clear and on disk.
func (w *WAL) Size() (int64, error) { return w.base.Size() }

// Sync makes the log durable.
func (w *WAL) Sync(flags int) error { return w.base.Sync(flags) }

// Close closes the file.
func (w *WAL) Close() error { return w.base.Close() }
