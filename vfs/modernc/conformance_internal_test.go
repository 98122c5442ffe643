package modernc

import (
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/conformance"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestConformance calls our VFS as SQLite does: through the function pointers
// that it is registered with, in the engine's memory.
func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformance.Binding{
		Disk: func(t testing.TB, d *vfstest.Disk) conformance.Connection {
			dir, unmount := MountDisk(d)
			t.Cleanup(unmount)
			return newCaller(t, EncryptedDiskVFS, func(name string) string { return dir + "/" + name })
		},
		Folder: func(t testing.TB, dir string) conformance.Connection {
			return newCaller(t, VFSName, func(name string) string { return filepath.Join(dir, name) })
		},
	})
}

// caller is a connection of SQLite without SQLite.
type caller struct {
	t    testing.TB
	tls  *libc.TLS
	vfs  uintptr
	path func(name string) string
	main map[string]uintptr // sqlite3_file of the databases that are open, by name
}

func newCaller(t testing.TB, vfs string, path func(name string) string) *caller {
	c := &caller{t: t, tls: libc.NewTLS(), path: path, main: map[string]uintptr{}}
	t.Cleanup(c.tls.Close)
	zName := c.text(vfs)
	if c.vfs = sqlite3.Xsqlite3_vfs_find(c.tls, zName); c.vfs == 0 {
		t.Fatalf("there is no VFS %q", vfs)
	}
	return c
}

func (c *caller) methods() *sqlite3.Tsqlite3_vfs { return at[sqlite3.Tsqlite3_vfs](c.vfs) }

// memory is the engine's, freed when the test is over.
func (c *caller) memory(n int) uintptr {
	addr := sqlite3.Xsqlite3_malloc(c.tls, int32(n+1))
	if addr == 0 {
		c.t.Fatal("out of memory")
	}
	clear(bytesAt(addr, n+1))
	c.t.Cleanup(func() { sqlite3.Xsqlite3_free(c.tls, addr) })
	return addr
}

func (c *caller) text(s string) uintptr {
	addr := c.memory(len(s))
	copy(bytesAt(addr, len(s)), s)
	return addr
}

// filename is a name as SQLite hands it to xOpen, see sqlite3PagerOpen: the
// pager, 4 zero bytes, the database, its parameters, the journal, the log. It
// returns the addresses of the three names.
func (c *caller) filename(name string, params []compat.Param) (db, journal, wal uintptr) {
	const word = unsafe.Sizeof(uintptr(0))
	path := c.path(name)
	s := path + "\x00"
	for _, p := range params {
		s += p.Name + "\x00" + p.Value + "\x00"
	}
	s += "\x00"
	at1 := uintptr(len(s))
	s += path + "-journal\x00"
	at2 := uintptr(len(s))
	s += path + "-wal\x00\x00\x00"
	block := c.memory(int(word) + 4 + len(s))
	*at[uintptr](block) = c.pager(c.main[name])
	db = block + word + 4
	copy(bytesAt(db, len(s)), s)
	return db, db + at1, db + at2
}

// pager says of each of its fields that it is the file.
func (c *caller) pager(file uintptr) uintptr {
	const fields = 64
	pager := c.memory(fields * int(unsafe.Sizeof(file)))
	for i := range uintptr(fields) {
		*at[uintptr](pager + i*unsafe.Sizeof(file)) = file
	}
	return pager
}

// Open is of conformance.Connection.
func (c *caller) Open(name string, flags int, params ...compat.Param) (conformance.File, int) {
	f := &called{caller: c, name: name}
	// SQLite allocates a log and its file in one piece.
	f.wal = c.memory(int(unsafe.Sizeof(sqlite3.TWal{})) + int(c.methods().FszOsFile))
	f.addr = f.wal + unsafe.Sizeof(sqlite3.TWal{})
	var zName uintptr
	switch {
	case name == "":
	case strings.HasSuffix(name, "-journal"):
		_, zName, _ = c.filename(strings.TrimSuffix(name, "-journal"), nil)
	case strings.HasSuffix(name, "-wal"):
		db := strings.TrimSuffix(name, "-wal")
		_, _, zName = c.filename(db, nil)
		at[sqlite3.TWal](f.wal).FpWalFd, at[sqlite3.TWal](f.wal).FpDbFd = f.addr, c.main[db]
	default:
		zName, _, _ = c.filename(name, params)
	}
	rc := function[openFunc](c.methods().FxOpen)(c.tls, c.vfs, zName, f.addr, int32(flags), 0)
	if (at[sqlite3.Tsqlite3_file](f.addr).FpMethods != 0) != (rc == sqlite3.SQLITE_OK) {
		c.t.Errorf("open %q: code %d, and SQLite would not know whether to close it", name, rc)
	}
	if rc == sqlite3.SQLITE_OK && flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0 {
		c.main[name] = f.addr
	}
	return f, int(rc)
}

func (c *caller) Delete(name string, syncDir bool) int {
	return int(function[deleteFunc](c.methods().FxDelete)(c.tls, c.vfs, c.text(c.path(name)), libc.BoolInt32(syncDir)))
}

func (c *caller) Access(name string, flags int) (bool, int) {
	out := c.memory(4)
	rc := function[accessFunc](c.methods().FxAccess)(c.tls, c.vfs, c.text(c.path(name)), int32(flags), out)
	return *at[int32](out) != 0, int(rc)
}

func (c *caller) FullPathname(name string) (string, int) {
	n := c.methods().FmxPathname + 1
	out := c.memory(int(n))
	rc := function[pathnameFunc](c.methods().FxFullPathname)(c.tls, c.vfs, c.text(c.path(name)), n, out)
	return libc.GoString(out), int(rc)
}
