package modernc

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
)

// opened opens a database and finds our file.
func opened(t *testing.T, path string) (*sql.DB, *file) {
	t.Helper()
	db := sql.OpenDB(NewConnector(path, Passphrase("k"), Setting("kdf_iter", "10")))
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec("CREATE TABLE IF NOT EXISTS t(a)"); err != nil {
		t.Fatal(err)
	}
	for _, f := range *open.files.Load() {
		if f != nil && f.db != nil && strings.HasSuffix(libc.GoString(f.name), filepath.Base(path)) {
			return db, f
		}
	}
	t.Fatal("the file is not found")
	return nil, nil
}

// TestSwapFails has a file not be there when it is opened again: every access is
// an error of SQLite then, and it can be closed.
func TestSwapFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "removed-by-swap.db")
	db, f := opened(t, path)
	if err := f.swap(func() error { return os.Remove(path) }); err == nil || !strings.Contains(err.Error(), "cannot be opened again") {
		t.Errorf("swap: %v", err)
	}
	for _, query := range []string{"SELECT * FROM t", "INSERT INTO t VALUES (1)", "PRAGMA journal_mode = WAL", "VACUUM", "PRAGMA integrity_check"} {
		if _, err := db.ExecContext(context.Background(), query); err == nil || vfs.CodeOf(codeError(err), 0)&0xff != vfs.CodeIOErr {
			t.Errorf("%s: %v", query, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	release, err := vfs.Claim(path, "another engine")
	if err != nil {
		t.Fatalf("the file is still claimed: %v", err)
	}
	release()
}

// TestSwapClaims has another engine ask for the file that was put into place.
func TestSwapClaims(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "claimed-after-swap.db")
	db, f := opened(t, path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	err = f.swap(func() error {
		if err := os.WriteFile(path+"2", content, 0o600); err != nil {
			return err
		}
		if err := os.Rename(path+"2", path); err != nil {
			return err
		}
		return fs.ErrClosed // which swap returns
	})
	if !errors.Is(err, fs.ErrClosed) {
		t.Errorf("swap: %v", err)
	}
	if _, err := vfs.Claim(path, "another engine"); !errors.Is(err, vfs.ErrOtherEngine) {
		t.Errorf("claim: %v", err)
	}
	if _, err := db.Exec("INSERT INTO t VALUES (1)"); err != nil {
		t.Error(err)
	}
}
