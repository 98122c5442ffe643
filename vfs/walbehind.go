package vfs

import (
	"encoding/binary"
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// Frames of a transaction wait to be encrypted and written together. What is told
// here is which of them SQLite still counts on, and what their checksums are.

// appendFrame takes the header held back and its page. They wait for the frame
// that commits: nobody reads them before, and if they cannot be written it is the
// commit that fails.
func (w *WAL) appendFrame(plain []byte, at int64) error {
	if err := w.db.prove(w); err != nil {
		return err
	}
	header := w.held[:]
	pgno, pages := binary.BigEndian.Uint32(header), binary.BigEndian.Uint32(header[4:])
	if err := w.db.fits(pgno, plain); err != nil {
		return err
	}
	w.takenBack(at)
	w.behind.add(at, header, rawPiece, 0)
	w.behind.add(at+frameHeader, plain, pagePiece, pgno)
	known := true
	if allZero(header[8:]) {
		var err error
		if _, known, err = w.chain.LastFrame(w.tip, w.of[:]); err != nil {
			return err
		}
	} else {
		w.tip, w.of = storedChecksum(header[16:]), [8]byte(header[8:])
	}
	// SQLite's running checksum is that of this frame, so that now is the time to
	// flush, and not before the next one. A frame that has none waits with the last
	// one that does, as long as it can be told from one that is taken back.
	full := !w.behind.fits(frameHeader + len(plain))
	if commits := pages != 0; commits || full || !known || noBehind {
		return w.flush()
	}
	return nil
}

// takenBack drops the frames from an offset on: SQLite writes others there. It
// drops all where there is a gap before it, which others have filled.
func (w *WAL) takenBack(at int64) {
	n := len(w.behind.pieces)
	for n > 0 && w.behind.pieces[n-2].off >= at {
		n -= 2
	}
	if n > 0 && w.behind.pieces[n-1].off+w.db.pageSize() != at {
		n = 0
	}
	w.behind.cut(n)
}

// flush writes the frames that wait, and has SQLite's running checksum be that of
// the last one. What cannot be written goes on waiting: SQLite may take back no
// more than the last statement.
func (w *WAL) flush() error {
	if len(w.behind.pieces) == 0 {
		return nil
	}
	last := [frameHeader]byte(w.behind.inClear(w.behind.pieces[len(w.behind.pieces)-2]))
	var l link
	err := w.behind.flush(func() (err error) {
		l, err = w.relink()
		return err
	})
	if err != nil || !l.known {
		return err
	}
	if err := w.chain.SetFrameChecksum(storedChecksum(last[16:]), l.checksum, last[8:16]); err != nil {
		return err
	}
	w.tip = l.checksum
	return nil
}

// settle drops the frames that wait for nothing: SQLite has taken them back, as
// its running checksum is that of an earlier frame, or of one of another process.
// Frames that SQLite counts on are followed by nothing but more of them. It is not
// for the middle of a write of SQLite.
func (w *WAL) settle() error {
	for n := len(w.behind.pieces); n > 0; n -= 2 {
		alive, err := w.alive(w.behind.pieces[n-2])
		if alive || err != nil {
			return err
		}
		w.behind.cut(n - 2)
	}
	return nil
}

// alive tells whether SQLite counts on a frame that waits, given that it does not
// on a later one. A frame without a checksum leaves the running one as it is.
func (w *WAL) alive(header piece) (bool, error) {
	h := w.behind.inClear(header)
	if !allZero(h[8:]) {
		_, ok, err := w.chain.LastFrame(storedChecksum(h[16:]), h[8:16])
		return ok, err
	}
	last, ok, err := w.chain.LastFrame(w.tip, w.of[:])
	return ok && header.off <= w.offsetOf(last), err
}

// offsetOf is where the frame with a number stands, the first one being 1.
func (w *WAL) offsetOf(number uint32) int64 {
	return walHeader + (int64(number)-1)*(frameHeader+w.db.pageSize())
}

// settled flushes what waits, as far as SQLite counts on it.
func (w *WAL) settled() error {
	if err := w.settle(); err != nil {
		return err
	}
	return w.flush()
}

// link is the chain of checksums up to a frame.
type link struct {
	running
	known bool
}

// relink makes the checksums of the frames that wait those of what goes to the
// disk. Once SQLite has overwritten a frame of the transaction, it leaves out salt
// and checksum and makes them at the commit: those stay as they are.
func (w *WAL) relink() (l link, err error) {
	for i := 0; i < len(w.behind.pieces); i += 2 {
		header, page := w.behind.onDisk(w.behind.pieces[i]), w.behind.onDisk(w.behind.pieces[i+1])
		if allZero(header[8:]) {
			l.known = false
			continue
		}
		at := w.behind.pieces[i].off
		if follows := i > 0 && w.behind.pieces[i-1].off+w.db.pageSize() == at; !l.known || !follows {
			if l.running, err = w.chainBefore(at); err != nil {
				return l, err
			}
		}
		l.running = l.running.add(header[:8]).add(page)
		l.known = true
		l.store(header[16:])
	}
	return l, nil
}

// overwrite replaces the page of a frame that this transaction has written.
func (w *WAL) overwrite(plain []byte, at int64) error {
	if waits := w.behind.overlaps(at+frameHeader, len(plain)); waits != nil {
		if err := w.db.fits(waits.pgno, plain); err != nil {
			return err
		}
		w.behind.replace(waits, plain)
		return nil
	}
	var pgno [4]byte
	if err := readFull(w.base, pgno[:], at); err != nil {
		return err
	}
	page, number := w.scratch()[frameHeader:], binary.BigEndian.Uint32(pgno[:])
	if err := w.db.fits(number, plain); err != nil {
		return err
	}
	if err := w.db.encrypt([]hmacpage.Page{{Pgno: number, Plain: plain, Cipher: page}}); err != nil {
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
