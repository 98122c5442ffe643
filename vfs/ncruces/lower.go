package ncruces

import (
	"io"

	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs"
)

// lower is a file of the VFS below: what a wrapper of package vfs reads and
// writes.
type lower struct {
	file    sqlitevfs.File
	buffers [][]byte
}

var _ vfs.Base = (*lower)(nil)

// ReadAt takes the end of the file for one only where the file does end: to
// SQLite the end of a journal is the end of what is rolled back.
func (l *lower) ReadAt(p []byte, off int64) (int, error) {
	// Another process may lengthen the file between the read and the look at
	// its size.
	for range 2 {
		n, err := l.file.ReadAt(p, off)
		switch {
		case n == len(p):
			return n, nil
		case err != io.EOF:
			return n, below(err)
		}
		size, err := l.Size()
		if err != nil {
			return 0, err
		}
		if off+int64(n) >= size {
			return n, io.EOF
		}
	}
	return 0, vfs.CodeIOErrRead
}

func (l *lower) WriteAt(p []byte, off int64) (int, error) {
	n, err := l.file.WriteAt(p, off)
	return n, below(err)
}

func (l *lower) Truncate(size int64) error { return below(l.file.Truncate(size)) }

func (l *lower) Size() (int64, error) {
	n, err := l.file.Size()
	return n, below(err)
}

func (l *lower) Sync(flags int) error { return below(l.file.Sync(sqlitevfs.SyncFlag(flags))) }

// Close wipes the buffers, which held pages in clear, and closes the file.
func (l *lower) Close() error {
	for _, b := range l.buffers {
		clear(b)
	}
	l.buffers = nil
	return below(l.file.Close())
}

// Buffer returns Go's memory: the VFS of this engine takes any.
func (l *lower) Buffer(n int) []byte {
	b := make([]byte, n)
	l.buffers = append(l.buffers, b)
	return b
}
