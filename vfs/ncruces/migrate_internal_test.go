package ncruces

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/vfs"
)

// TestSwapFails has a file not be there when it is opened again: every access is
// an error of SQLite then, and it can be closed.
func TestSwapFails(t *testing.T) {
	t.Parallel()
	db, f := database(t, "&rawkey="+rawKey)
	if err := db.Exec("CREATE TABLE t(a)"); err != nil {
		t.Fatal(err)
	}
	if err := f.swap(func() error { return os.Remove(f.name) }); err == nil || !strings.Contains(err.Error(), "cannot be opened again") {
		t.Errorf("swap: %v", err)
	}
	for _, query := range []string{"SELECT * FROM t", "INSERT INTO t VALUES (1)", "PRAGMA journal_mode = WAL", "VACUUM", "PRAGMA integrity_check"} {
		if err := db.Exec(query); !errors.Is(err, sqlite3.IOERR) {
			t.Errorf("%s: %v", query, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	release, err := vfs.Claim(f.name, "another engine")
	if err != nil {
		t.Fatalf("the file is still claimed: %v", err)
	}
	release()
}

// TestSwapClaims has another engine ask for the file that was put into place.
func TestSwapClaims(t *testing.T) {
	t.Parallel()
	db, f := database(t, "&rawkey="+rawKey)
	if err := db.Exec("CREATE TABLE t(a)"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(f.name)
	if err != nil {
		t.Fatal(err)
	}
	err = f.swap(func() error {
		if err := os.WriteFile(f.name+"2", content, 0o600); err != nil {
			return err
		}
		if err := os.Rename(f.name+"2", f.name); err != nil {
			return err
		}
		return fs.ErrClosed // which swap returns
	})
	if !errors.Is(err, fs.ErrClosed) {
		t.Errorf("swap: %v", err)
	}
	if _, err := vfs.Claim(f.name, "another engine"); !errors.Is(err, vfs.ErrOtherEngine) {
		t.Errorf("claim: %v", err)
	}
	if err := db.Exec("INSERT INTO t VALUES (1)"); err != nil {
		t.Error(err)
	}
}
