package modernc

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/compat"
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
