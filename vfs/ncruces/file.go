package ncruces

import (
	"errors"
	"io"

	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs"
)

// file is an open file that is not a main database: a journal, a log, or one
// that only this process reads. Its content goes through a wrapper of package
// vfs; the locks are those of the file below. Of the optional methods it has
// none: SQLite asks them of main databases.
type file struct {
	sqlitevfs.File          // below
	core           vfs.File // over it
	closed         bool
}

var _ sqlitevfs.FileUnwrap = (*file)(nil)

// Unwrap is the file below.
func (f *file) Unwrap() sqlitevfs.File { return f.File }

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.core.ReadAt(p, off)
	switch {
	case n == len(p):
		return n, nil
	case err == nil, errors.Is(err, io.EOF):
		return n, io.EOF
	}
	clear(p) // nothing of what did not verify
	return 0, result(err, vfs.CodeIOErrRead)
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.core.WriteAt(p, off)
	return n, result(err, vfs.CodeIOErrWrite)
}

func (f *file) Truncate(size int64) error { return result(f.core.Truncate(size), vfs.CodeIOErrTrunc) }

func (f *file) Sync(flags sqlitevfs.SyncFlag) error {
	return result(f.core.Sync(int(flags)), vfs.CodeIOErr)
}

func (f *file) Size() (int64, error) {
	n, err := f.core.Size()
	return n, result(err, vfs.CodeIOErrFstat)
}

// Close closes the file once: SQLITE_FCNTL_NULL_IO is carried out by closing a
// file that stays in use.
func (f *file) Close() error {
	if f.closed {
		return nil
	}
	f.closed = true
	return result(f.core.Close(), vfs.CodeIOErr)
}

// DeviceCharacteristics are those that hold for encrypted pages.
func (f *file) DeviceCharacteristics() sqlitevfs.DeviceCharacteristic {
	below := int(f.File.DeviceCharacteristics())
	return sqlitevfs.DeviceCharacteristic(vfs.DeviceCharacteristics(below))
}
