package vfs_test

import (
	"errors"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestShrunkWithoutLock has another connection make the file shorter, while this one
// knows of it by the change counter alone: a page that SQLite then leaves out is
// written all the same.
func TestShrunkWithoutLock(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 20)
	file := vfstest.NewMem(d.disk)
	db := d.open(t, file, passphrase)
	readFull(t, db, make([]byte, 1024), 0)
	write(t, db, d.page(20), 19*1024)
	if err := errors.Join(db.Flush(), file.Truncate(10*1024)); err != nil {
		t.Fatal(err)
	}
	readFull(t, db, make([]byte, 16), 24)
	write(t, db, d.page(15), 14*1024)
	problems(t, db)
}
