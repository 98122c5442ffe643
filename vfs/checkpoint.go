package vfs

import (
	"bytes"
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// A frame and the same page of the database are the same ciphertext, as the
// MAC covers the number of the page and not its place. So a checkpoint moves
// pages without decrypting them: between StartCheckpoint and EndCheckpoint a
// read of the log leaves them as they are, and the write to the database that
// follows is known by its content.

// moved is the page that a checkpoint has read and not yet written.
type moved struct {
	pgno uint32
	page []byte
}

// hold remembers a page on its way.
func (v *moved) hold(pgno uint32, page []byte) {
	v.pgno = pgno
	v.page = append(v.page[:0], page...)
}

// StartCheckpoint tells the database that SQLite begins to copy the log into
// it (SQLITE_FCNTL_CKPT_START).
func (m *MainDB) StartCheckpoint() {
	m.ahead.drop()
	if m.state != unkeyed {
		m.moving = &moved{}
	}
}

// EndCheckpoint tells the database that the copying is over
// (SQLITE_FCNTL_CKPT_DONE).
func (m *MainDB) EndCheckpoint() {
	m.moving = nil
	m.ahead.drop()
}

// writeMoved writes a page that came from the log.
func (m *MainDB) writeMoved(p []byte, off int64) (int, error) {
	if off != int64(m.moving.pgno-1)*m.pageSize() || !bytes.Equal(p, m.moving.page) {
		return 0, fmt.Errorf("%w: a checkpoint writes what it has not read", compat.ErrUnsupported)
	}
	if err := m.prove(nil); err != nil {
		return 0, err
	}
	if err := m.fillGap(off); err != nil {
		return 0, err
	}
	if err := m.flush(); err != nil {
		return 0, err
	}
	return len(p), m.store(p, off)
}
