package vfs

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// NewWAL wraps the write-ahead log of a database. The log of an encrypted one
// is refused: its frames would not be SQLCipher's.
func NewWAL(base Base, db *MainDB) (File, error) {
	if db.Encrypted() {
		return nil, db.fail(fmt.Errorf("%w: write-ahead log", compat.ErrUnsupported))
	}
	return base, nil
}
