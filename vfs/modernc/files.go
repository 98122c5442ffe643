package modernc

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// file is one open file of ours. SQLite knows it by its number in a table, as
// no Go pointer may stand in the engine's memory.
type file struct {
	core vfs.File
	low  *lower
	addr uintptr // of our sqlite3_file
	vfs  uintptr // sqlite3_vfs that it was opened with
	name uintptr // that SQLite opened it by, valid as long as it is open

	db      *vfs.MainDB // main database only
	release func()      // main database only, of vfs.Claim
	parent  *file       // journal only: its main database
	pdb     uintptr     // main database only: where SQLite notes the connection
}

// cFile is a sqlite3_file of ours. The file of the operating system's VFS
// follows at lowerOffset.
type cFile struct {
	methods uintptr
	number  int
}

const lowerOffset = 16

// fileTable holds the open files of the process. It is read with every call
// and written when a file is opened or closed, so readers see a copy that does
// not change.
type fileTable struct {
	mu    sync.Mutex
	files atomic.Pointer[[]*file]
}

var open fileTable

// add gives a file its number, from 1.
func (t *fileTable) add(f *file) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	var files []*file
	if p := t.files.Load(); p != nil {
		files = slices.Clone(*p)
	}
	number := slices.Index(files, nil)
	if number < 0 {
		number = len(files)
		files = append(files, f)
	}
	files[number] = f
	t.files.Store(&files)
	return number + 1
}

func (t *fileTable) remove(number int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	files := slices.Clone(*t.files.Load())
	files[number-1] = nil
	t.files.Store(&files)
}

func (t *fileTable) get(number int) *file { return (*t.files.Load())[number-1] }

// lookup finds the file behind a sqlite3_file and notes under which thread
// state it, and the database that its journal belongs to, are used.
func lookup(tls *libc.TLS, addr uintptr) *file {
	f := open.get(at[cFile](addr).number)
	f.low.tls = tls
	if f.parent != nil {
		f.parent.low.tls = tls
	}
	return f
}

// ours tells whether a sqlite3_file is one of this adapter.
func ours(addr uintptr) bool {
	return addr != 0 && at[sqlite3.Tsqlite3_file](addr).FpMethods == ioMethodsAddr
}
