package modernc

import (
	"io"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// lower is a file of the operating system's VFS: what a wrapper of package vfs
// reads and writes.
type lower struct {
	tls     *libc.TLS // of the call under way
	file    uintptr   // sqlite3_file
	small   uintptr   // bounce buffer of smallBuffer bytes, and 8 for a size
	buffers []uintptr
}

// Ranges up to this many bytes may be Go's memory and go through a buffer; a
// longer one is always the engine's, see vfs.Base.
const smallBuffer = 512

func (l *lower) methods() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](l.file).FpMethods)
}

type (
	readFunc  = func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	longFunc  = func(*libc.TLS, uintptr, int64) int32
	intFunc   = func(*libc.TLS, uintptr, int32) int32
	outFunc   = func(*libc.TLS, uintptr, uintptr) int32
	plainFunc = func(*libc.TLS, uintptr) int32
	ctlFunc   = func(*libc.TLS, uintptr, int32, uintptr) int32
)

// check makes an error of a result code.
func check(rc int32) error {
	if rc == sqlite3.SQLITE_OK {
		return nil
	}
	return vfs.Code(rc)
}

// bounce is the engine's memory for a short range.
func (l *lower) bounce(n int) []byte {
	if l.small == 0 {
		l.small = address(l.Buffer(smallBuffer + 8))
	}
	return bytesAt(l.small, n)
}

func (l *lower) ReadAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	to := p
	if len(p) <= smallBuffer {
		to = l.bounce(len(p))
		defer func() { copy(p, to) }()
	}
	// Another process may lengthen the file between the read and the look at
	// its size.
	for range 2 {
		rc := function[readFunc](l.methods().FxRead)(l.tls, l.file, address(to), int32(len(to)), off)
		if rc == sqlite3.SQLITE_OK {
			return len(p), nil
		}
		if rc != sqlite3.SQLITE_IOERR_SHORT_READ {
			return 0, vfs.Code(rc)
		}
		n, err := l.before(off, len(p))
		if err != nil || n < len(p) {
			return n, err
		}
	}
	return 0, vfs.CodeIOErrRead
}

// before tells how much of a range the file has. After a short read the engine
// has filled the rest with zeros and does not say where it begins.
func (l *lower) before(off int64, n int) (int, error) {
	size, err := l.Size()
	if err != nil {
		return 0, err
	}
	if size-off >= int64(n) {
		return n, nil
	}
	return int(max(0, size-off)), io.EOF
}

func (l *lower) WriteAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	from := p
	if len(p) <= smallBuffer {
		from = l.bounce(len(p))
		copy(from, p)
	}
	rc := function[readFunc](l.methods().FxWrite)(l.tls, l.file, address(from), int32(len(from)), off)
	if rc != sqlite3.SQLITE_OK {
		return 0, vfs.Code(rc)
	}
	return len(p), nil
}

func (l *lower) Truncate(size int64) error {
	return check(function[longFunc](l.methods().FxTruncate)(l.tls, l.file, size))
}

func (l *lower) Size() (int64, error) {
	out := l.bounce(smallBuffer + 8)[smallBuffer:] // a short read asks for it, and keeps its own
	err := check(function[outFunc](l.methods().FxFileSize)(l.tls, l.file, address(out)))
	return *at[int64](address(out)), err
}

func (l *lower) Sync(flags int) error {
	return check(function[intFunc](l.methods().FxSync)(l.tls, l.file, int32(flags)))
}

func (l *lower) Close() error {
	for _, b := range l.buffers {
		clear(bytesAt(b, int(sqlite3.Xsqlite3_msize(l.tls, b))))
		sqlite3.Xsqlite3_free(l.tls, b)
	}
	l.buffers, l.small = nil, 0
	return check(function[plainFunc](l.methods().FxClose)(l.tls, l.file))
}

// Buffer returns memory of the engine, wiped and freed at Close.
func (l *lower) Buffer(n int) []byte {
	b := sqlite3.Xsqlite3_malloc64(l.tls, sqlite3.Tsqlite3_uint64(n))
	if b == 0 {
		// The wrappers' buffers are a few pages; without them nothing can go
		// on, and Go's own memory would be gone as well.
		panic("modernc: out of memory")
	}
	l.buffers = append(l.buffers, b)
	p := bytesAt(b, n)
	clear(p)
	return p
}

var _ vfs.Base = (*lower)(nil)
