package vfs

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// fits refuses a page 1 that says another page size than that of the file, or
// leaves less room at the end of each page than the encryption takes. SQLite
// makes one when it copies a database of another layout over this one: by
// VACUUM after PRAGMA page_size, or by a backup.
func (m *MainDB) fits(pgno uint32, plain []byte) error {
	if pgno != 1 || string(plain[:len(compat.Magic)]) != compat.Magic {
		return nil
	}
	size, reserve := int(plain[16])<<8|int(plain[17])<<16, int(plain[20])
	if size == m.set.PageSize && reserve >= m.set.Geometry().Reserve() {
		return nil
	}
	return fmt.Errorf("%w: pages of %d bytes with %d reserved for pages of %d with %d",
		compat.ErrUnsupported, size, reserve, m.set.PageSize, m.set.Geometry().Reserve())
}
