//go:build ciphertest

package modernc_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestMigrationFails is not parallel: what fails, fails in the whole process.
func TestMigrationFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	old := sql.OpenDB(modernc.NewConnector(path, modernc.RawKey(rawDigits), modernc.Setting("cipher_compatibility", "3")))
	if _, err := old.Exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"); err != nil {
		t.Fatal(err)
	}
	_ = old.Close()
	db := sql.OpenDB(modernc.NewConnector(path, modernc.KeyOptional()))
	defer db.Close()
	db.SetMaxOpenConns(1)
	migrate := func(flag string) error {
		_, err := db.Exec("PRAGMA key = \"x'" + rawDigits + "'\"; PRAGMA cipher_test_" + flag + " = fail_migrate; PRAGMA cipher_migrate")
		return err
	}
	defer func() { _, _ = db.Exec("PRAGMA cipher_test_off = fail_migrate") }()
	var code vfs.Code
	if err := migrate("on"); !errors.As(err, &code) || code != vfs.CodeError {
		t.Errorf("the migration ends with %v", err)
	}
	if err := migrate("off"); err != nil {
		t.Errorf("and then with %v", err)
	}
	var n int
	if err := db.QueryRow("SELECT a FROM t").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
}
