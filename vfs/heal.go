package vfs

import (
	"encoding/binary"
	"io"
)

// SQLite does not journal a page that is free: when a transaction takes it into
// use again, its old content is of no interest. A crash may leave such a page
// half-written. SQLite never reads it, but it does not verify, and a copy of
// the database page by page, or a change of the key, would stumble over it. So
// after a crash, once the journal has been played back or the log has been
// copied, the free pages that do not verify are written anew.

// BeforeSync tells the database that SQLite is about to sync it, or would but
// for synchronous=OFF (SQLITE_FCNTL_SYNC).
func (m *MainDB) BeforeSync() error { return m.fail(m.heal()) }

// heal writes zeros to the free pages that a crash has left half-written.
func (m *MainDB) heal() error {
	if !m.unclean || m.state != proven || !m.set.UseHMAC {
		return nil
	}
	m.unclean = false
	page := m.base.Buffer(m.set.PageSize)
	if !m.load(1, page) {
		return nil
	}
	trunk, left := binary.BigEndian.Uint32(page[32:]), binary.BigEndian.Uint32(page[36:])
	for ; trunk != 0 && left > 0 && m.load(trunk, page); left-- {
		leaves := page[8:m.set.Geometry().Usable()]
		for n := binary.BigEndian.Uint32(page[4:]); n > 0 && len(leaves) >= 4 && left > 0; n-- {
			if err := m.healLeaf(binary.BigEndian.Uint32(leaves)); err != nil {
				return err
			}
			leaves, left = leaves[4:], left-1
		}
		trunk = binary.BigEndian.Uint32(page)
	}
	return nil
}

// load reads a page into memory of the caller; false if it does not verify.
func (m *MainDB) load(pgno uint32, page []byte) bool {
	n, err := m.base.ReadAt(page, int64(pgno-1)*m.pageSize())
	return n == len(page) && (err == nil || err == io.EOF) && m.decrypt(pgno, page) == nil
}

func (m *MainDB) healLeaf(pgno uint32) error {
	end, err := m.base.Size()
	if err != nil || pgno < 2 || int64(pgno)*m.pageSize() > end || m.load(pgno, m.page) {
		return err
	}
	return m.writePage(pgno, make([]byte, m.set.PageSize))
}
