package vfs

import "encoding/binary"

// SQLite does not journal a page that is free: when a transaction takes it into
// use again, its old content is of no interest. A crash may leave such a page
// half-written. SQLite never reads it, but it does not verify, and a copy of
// the database page by page, or a change of the key, would stumble over it. So
// after a crash, once the journal has been played back or the log has been
// copied, the free pages that do not verify are written anew.

// heal writes zeros to the free pages that a crash, or a write that failed, has
// left half-written. It runs when SQLite makes the database durable.
func (m *MainDB) heal() error {
	if !m.unclean || m.state != proven || !m.set.UseHMAC {
		return nil
	}
	size, err := m.base.Size()
	if err != nil {
		return err
	}
	pages := uint32(size / m.pageSize())
	page := m.base.Buffer(m.set.PageSize)
	if ok, err := m.load(1, page); !ok || err != nil {
		return err
	}
	// A list longer than the file is none.
	trunk, left := binary.BigEndian.Uint32(page[32:]), min(binary.BigEndian.Uint32(page[36:]), pages)
	for ; trunk > 1 && trunk <= pages && left > 0; left-- {
		if ok, err := m.load(trunk, page); !ok || err != nil {
			return err
		}
		leaves := page[8:m.set.Geometry().Usable()]
		for n := binary.BigEndian.Uint32(page[4:]); n > 0 && len(leaves) >= 4 && left > 0; n-- {
			if leaf := binary.BigEndian.Uint32(leaves); leaf > 1 && leaf <= pages {
				if err := m.healLeaf(leaf); err != nil {
					return err
				}
			}
			leaves, left = leaves[4:], left-1
		}
		trunk = binary.BigEndian.Uint32(page)
	}
	m.unclean = false
	return nil
}

// load reads a page into memory of the caller; ok tells whether it verifies.
func (m *MainDB) load(pgno uint32, page []byte) (ok bool, err error) {
	n, err := m.base.ReadAt(page, int64(pgno-1)*m.pageSize())
	if n < len(page) {
		return false, m.shortRead(pgno, n, err)
	}
	return m.decrypt(pgno, page) == nil, nil
}

func (m *MainDB) healLeaf(pgno uint32) error {
	if ok, err := m.load(pgno, m.page); ok || err != nil {
		return err
	}
	return m.writePage(pgno, make([]byte, m.set.PageSize))
}
