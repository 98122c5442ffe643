package ncruces

import (
	"encoding/binary"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/conformance"
)

// TestConformance calls our VFS as SQLite does: through the functions that the
// engine's copy of SQLite imports, in the engine's memory.
func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformance.Binding{
		Disk: func(t testing.TB, d *vfstest.Disk) conformance.Connection {
			dir := MountDisk(t, d)
			return newCaller(t, EncryptedDiskVFS, func(name string) string { return dir + "/" + name })
		},
		Folder: func(t testing.TB, dir string) conformance.Connection {
			return newCaller(t, VFSName, func(name string) string { return filepath.Join(dir, name) })
		},
		Lacks: map[string]string{
			"controls/name": "the engine asks no file for the name of its VFS",
			"pragmas/key":   "it runs SQL on the connection of the file, which has none here",
		},
	})
}

// imports are the functions that SQLite calls for a VFS and its files.
type imports interface {
	engine
	Xgo_open(vfs, name, file, flags, outFlags, outVFS int32) int32
	Xgo_delete(vfs, name, syncDir int32) int32
	Xgo_access(vfs, name, flags, out int32) int32
	Xgo_full_pathname(vfs, name, n, out int32) int32

	Xgo_close(file int32) int32
	Xgo_read(file, p, n int32, off int64) int32
	Xgo_write(file, p, n int32, off int64) int32
	Xgo_truncate(file int32, size int64) int32
	Xgo_sync(file, flags int32) int32
	Xgo_file_size(file, out int32) int32
	Xgo_lock(file, level int32) int32
	Xgo_unlock(file, level int32) int32
	Xgo_check_reserved_lock(file, out int32) int32
	Xgo_file_control(file, op, arg int32) int32
	Xgo_sector_size(file int32) int32
	Xgo_device_characteristics(file int32) int32
	Xgo_shm_map(file, region, size, extend, out int32) int32
	Xgo_shm_lock(file, offset, n, flags int32) int32
	Xgo_shm_barrier(file int32)
	Xgo_shm_unmap(file, remove int32) int32
}

// caller is a connection of the engine whose SQLite has nothing to do with the
// files: they are opened and used from here.
type caller struct {
	imports
	t    testing.TB
	vfs  int32 // sqlite3_vfs
	path func(name string) string
	main map[string]int32 // sqlite3_file of the databases that are open, by name
}

func newCaller(t testing.TB, vfsName string, path func(name string) string) *caller {
	db, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	wrapper := reflect.ValueOf(db).Elem().FieldByName(fieldWrapper)
	// The same pointer, without the mark of an unexported field.
	engine := reflect.NewAt(wrapper.Type().Elem(), wrapper.UnsafePointer()).Interface()
	c := &caller{imports: engine.(imports), t: t, path: path, main: map[string]int32{}}
	const name, size = 16, 88 // sqlite3_vfs.zName, sizeof(sqlite3_vfs)
	c.vfs = c.memory(size)
	c.put32(c.vfs+name, uint32(c.text(vfsName)))
	return c
}

// memory is the engine's, and goes with the connection.
func (c *caller) memory(n int) int32 {
	addr := c.Xsqlite3_malloc64(int64(n) + 1)
	if addr == 0 {
		c.t.Fatal("out of memory")
	}
	clear(c.bytes(addr, n+1))
	return addr
}

func (c *caller) bytes(addr int32, n int) []byte { return memory(c.imports, pointer(addr), n) }

func (c *caller) put32(addr int32, v uint32) { binary.LittleEndian.PutUint32(c.bytes(addr, 4), v) }

func (c *caller) get32(addr int32) uint32 { return word(c.imports, pointer(addr)) }

func (c *caller) text(s string) int32 {
	addr := c.memory(len(s))
	copy(c.bytes(addr, len(s)), s)
	return addr
}

// filename is a name as SQLite hands it to xOpen, see sqlite3PagerOpen: the
// pager, 4 zero bytes, the database, its parameters, the journal, the log. It
// returns the addresses of the three names.
func (c *caller) filename(name string, params []compat.Param) (db, journal, wal int32) {
	path := c.path(name)
	s := path + "\x00"
	for _, p := range params {
		s += p.Name + "\x00" + p.Value + "\x00"
	}
	s += "\x00"
	journal = int32(len(s))
	s += path + "-journal\x00"
	wal = int32(len(s))
	s += path + "-wal\x00\x00\x00"
	block := c.memory(8 + len(s))
	c.put32(block, uint32(c.pager(c.main[name])))
	db = block + 8
	copy(c.bytes(db, len(s)), s)
	return db, db + journal, db + wal
}

// pager says of each of its fields that it is the file.
func (c *caller) pager(file int32) int32 {
	pager := c.memory(pagerSize)
	for i := int32(0); i < pagerSize; i += 4 {
		c.put32(pager+i, uint32(file))
	}
	return pager
}

// Open is of conformance.Connection.
func (c *caller) Open(name string, flags int, params ...compat.Param) (conformance.File, int) {
	const fileSize = 8 // sqlite3_file with the number of the Go file
	f := &called{caller: c, name: name, addr: c.memory(fileSize)}
	var zName int32
	switch {
	case name == "":
	case strings.HasSuffix(name, "-journal"):
		_, zName, _ = c.filename(strings.TrimSuffix(name, "-journal"), nil)
	case strings.HasSuffix(name, "-wal"):
		_, _, zName = c.filename(strings.TrimSuffix(name, "-wal"), nil)
		f.running = c.memory(24) + 8 // behind the number of the last frame
	default:
		zName, _, _ = c.filename(name, params)
	}
	out := c.memory(8)
	rc := c.Xgo_open(c.vfs, zName, f.addr, int32(flags), out, out+4)
	f.offers = c.get32(out + 4)
	if rc == 0 && flags&vfs.OpenMainDB != 0 {
		c.main[name] = f.addr
	}
	return f, int(rc)
}

func (c *caller) Delete(name string, syncDir bool) int {
	return int(c.Xgo_delete(c.vfs, c.text(c.path(name)), number(syncDir)))
}

func (c *caller) Access(name string, flags int) (bool, int) {
	out := c.memory(4)
	rc := c.Xgo_access(c.vfs, c.text(c.path(name)), int32(flags), out)
	return c.get32(out) != 0, int(rc)
}

func (c *caller) FullPathname(name string) (string, int) {
	const n = 1024
	out := c.memory(n)
	rc := c.Xgo_full_pathname(c.vfs, c.text(c.path(name)), n, out)
	return text(c.imports, pointer(out)), int(rc)
}

func number(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
