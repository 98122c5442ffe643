package modernc

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestSharedCacheConnections has connections share one open file. None may be
// remembered when it is closed: what stands there then is not a connection.
func TestSharedCacheConnections(t *testing.T) {
	for name, closeFirst := range map[string]bool{"first closed": true, "second closed": false} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "clinic.db")
			before := connections()
			first, firstAddr := openShared(t, path, before)
			if first == nil {
				return
			}
			second, secondAddr := openShared(t, path, append(before, firstAddr))
			gone, stays, goneAddr := first, second, firstAddr
			if !closeFirst {
				gone, stays, goneAddr = second, first, secondAddr
			}
			if _, err := gone.Exec(`CREATE TABLE t(x)`); err != nil {
				t.Fatal(err)
			}
			if err := gone.Close(); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(connections(), goneAddr) {
				t.Error("the closed connection is remembered")
			}
			for _, f := range *open.files.Load() {
				if f != nil && f.pdb != 0 && *at[uintptr](f.pdb) == goneAddr && f.connection() != nil {
					t.Error("the file belongs to the closed connection")
				}
			}
			if t.Failed() {
				t.FailNow() // to go on would write to freed memory
			}
			if _, err := stays.Exec(`INSERT INTO t VALUES (1)`); err != nil {
				t.Error(err)
			}
			if err := stays.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// openShared opens a connection with a shared cache and finds its address,
// which is 0 if it is not remembered. It returns nil where sharing is refused.
func openShared(t *testing.T, path string, known []uintptr) (*sql.DB, uintptr) {
	t.Helper()
	db := sql.OpenDB(NewConnector(path, Passphrase("k"), Setting("kdf_iter", "10"), Param("cache", "shared")))
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PingContext(context.Background()); err != nil {
		if errors.Is(err, compat.ErrUnsupported) {
			return nil, 0
		}
		t.Fatal(err)
	}
	for _, addr := range connections() {
		if !slices.Contains(known, addr) {
			return db, addr
		}
	}
	return db, 0
}

func connections() (addrs []uintptr) {
	conns.Lock()
	defer conns.Unlock()
	for addr := range conns.byDB {
		addrs = append(addrs, addr)
	}
	return addrs
}

// TestFileControls asks files for what SQLite, an extension or a program may
// ask them for.
func TestFileControls(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clinic.db")
	before := connections()
	db := sql.OpenDB(NewConnector(path, Passphrase("k"), Setting("kdf_iter", "10")))
	db.SetMaxOpenConns(1)
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE t(x); INSERT INTO t VALUES (zeroblob(10000))`); err != nil {
		t.Fatal(err)
	}
	addrs := slices.DeleteFunc(connections(), func(addr uintptr) bool { return slices.Contains(before, addr) })
	if len(addrs) != 1 {
		t.Fatalf("%d connections", len(addrs))
	}
	c := conns.byDB[addrs[0]]
	out := sqlite3.Xsqlite3_malloc(c.tls, 16)
	defer sqlite3.Xsqlite3_free(c.tls, out)
	control := func(op int32, value int64) (rc int32, after int64) {
		*at[int64](out) = value
		rc = sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, op, out)
		return rc, *at[int64](out)
	}
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	whole := size()
	if rc, name := control(sqlite3.SQLITE_FCNTL_VFSNAME, 0); rc != sqlite3.SQLITE_OK {
		t.Errorf("VFSNAME: %d", rc)
	} else if got := libc.GoString(uintptr(name)); !strings.HasPrefix(got, VFSName+"/") {
		t.Errorf("the name is %q", got)
	} else {
		sqlite3.Xsqlite3_free(c.tls, uintptr(name))
	}
	for _, op := range []int32{sqlite3.SQLITE_FCNTL_CHUNK_SIZE, sqlite3.SQLITE_FCNTL_SIZE_HINT} {
		control(op, 1<<20)
		if _, err := db.Exec(`INSERT INTO t VALUES (1)`); err != nil {
			t.Error(err)
		}
		if size() != whole {
			t.Errorf("after %d the file has %d bytes, before %d", op, size(), whole)
		}
	}
	for _, limit := range []int64{1 << 20, -1} { // -1 asks
		if rc, n := control(sqlite3.SQLITE_FCNTL_MMAP_SIZE, limit); rc != sqlite3.SQLITE_OK || n != 0 {
			t.Errorf("MMAP_SIZE: %d, %d bytes", rc, n)
		}
	}
	for _, op := range []int32{
		sqlite3.SQLITE_FCNTL_BEGIN_ATOMIC_WRITE, sqlite3.SQLITE_FCNTL_COMMIT_ATOMIC_WRITE,
		sqlite3.SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE, sqlite3.SQLITE_FCNTL_ZIPVFS, sqlite3.SQLITE_FCNTL_RBU, 99999,
	} {
		if rc, _ := control(op, 0); rc != sqlite3.SQLITE_NOTFOUND {
			t.Errorf("%d is answered with %d", op, rc)
		}
	}
	const subPageRead, atomic = 0x8000, 0x7ff
	if flags := xDeviceCharacteristics(c.tls, c.fileOf("main").addr); flags&(subPageRead|atomic|sqlite3.SQLITE_IOCAP_BATCH_ATOMIC) != 0 {
		t.Errorf("device characteristics %#x", flags)
	}
}
