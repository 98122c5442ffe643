package modernc_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
	"modernc.org/sqlite"
)

func connect(t *testing.T, path, key string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(modernc.NewConnector(path, modernc.Keyspec(key)))
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestRekey changes the key in each journal mode and opens the database with
// the new one only.
func TestRekey(t *testing.T) {
	t.Parallel()
	const old, next = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'", "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'"
	for _, mode := range []string{"delete", "truncate", "persist", "memory", "off", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.db")
			db := connect(t, path, old)
			db.SetMaxOpenConns(1)
			must(t, db, "PRAGMA journal_mode="+mode)
			must(t, db, "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO t SELECT hex(randomblob(400)) FROM n")
			var got string
			if err := db.QueryRow(`PRAGMA rekey = "` + next + `"`).Scan(&got); err != nil || got != "ok" {
				t.Fatalf("%q, %v", got, err)
			}
			var n int
			if err := db.QueryRow("SELECT count(*) FROM t").Scan(&n); err != nil || n != 500 {
				t.Fatalf("%d, %v", n, err)
			}
			must(t, db, "INSERT INTO t VALUES(1)")
			if err := db.QueryRow("PRAGMA journal_mode").Scan(&got); err != nil || got != mode {
				t.Errorf("journal mode %q, %v; want %s", got, err, mode)
			}
			_ = db.Close()
			if err := connect(t, path, old).Ping(); !errors.Is(err, compat.ErrWrongKey) {
				t.Errorf("the old key: %v", err)
			}
			if err := connect(t, path, next).QueryRowContext(context.Background(), "SELECT count(*) FROM t").Scan(&n); err != nil || n != 501 {
				t.Errorf("the new key: %d, %v", n, err)
			}
		})
	}
}

// TestRekeyOfPool changes the key on one connection of a pool: the others are
// replaced by such that have the new key. A connection of somebody else is told.
func TestRekeyOfPool(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db, other := connect(t, path, "old"), connect(t, path, "old")
	must(t, db, "CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(20000))")
	must(t, other, "SELECT count(*) FROM t")
	ctx := context.Background()
	var idle [3]*sql.Conn
	for i := range idle {
		var err error
		if idle[i], err = db.Conn(ctx); err != nil {
			t.Fatal(err)
		}
		must(t, idle[i], "SELECT count(*) FROM t")
	}
	for _, c := range idle {
		_ = c.Close()
	}
	must(t, db, "PRAGMA rekey = 'new'")
	for range 8 {
		c, err := db.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		must(t, c, "INSERT INTO t VALUES(1)")
	}
	if _, err := other.Exec("INSERT INTO t VALUES(2)"); !errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("another pool: %v, want %v", err, compat.ErrWrongKey)
	}
}

// TestRekeyFails leaves everything as it is and says why.
func TestRekeyFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db := connect(t, path, "old")
	db.SetMaxOpenConns(1)
	must(t, db, "CREATE TABLE t(a); INSERT INTO t VALUES(1)")
	rekey := func(db *sql.DB) error {
		_, err := db.Exec("PRAGMA rekey = 'new'")
		return err
	}
	t.Run("inside of a transaction", func(t *testing.T) {
		must(t, db, "BEGIN; INSERT INTO t VALUES(2)")
		if err := rekey(db); !errors.Is(err, compat.ErrUnsupported) {
			t.Errorf("%v, want %v", err, compat.ErrUnsupported)
		}
		must(t, db, "ROLLBACK")
	})
	t.Run("busy", func(t *testing.T) {
		reader := connect(t, path, "old")
		tx, err := reader.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		must(t, tx, "SELECT * FROM t")
		if err := rekey(db); codeOf(err)&0xff != 5 {
			t.Errorf("%v, want SQLITE_BUSY", err)
		}
	})
	t.Run("read-only", func(t *testing.T) {
		reader := sql.OpenDB(modernc.NewConnector(path, modernc.Passphrase("old"), modernc.Param("mode", "ro")))
		defer reader.Close()
		if err := rekey(reader); codeOf(err)&0xff != 8 {
			t.Errorf("%v, want SQLITE_READONLY", err)
		}
	})
	t.Run("no key", func(t *testing.T) {
		plain := sql.OpenDB(modernc.NewConnector(filepath.Join(t.TempDir(), "b.db"), modernc.KeyOptional()))
		defer plain.Close()
		if err := rekey(plain); !errors.Is(err, compat.ErrKeyState) {
			t.Errorf("%v, want %v", err, compat.ErrKeyState)
		}
	})
	t.Run("empty", func(t *testing.T) {
		if _, err := db.Exec("PRAGMA rekey = ''"); !errors.Is(err, compat.ErrKeyState) {
			t.Errorf("%v, want %v", err, compat.ErrKeyState)
		}
	})
	var n int
	if err := db.QueryRow("SELECT count(*) FROM t").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
	if err := connect(t, path, "old").Ping(); err != nil {
		t.Errorf("the old key: %v", err)
	}
}

func codeOf(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
