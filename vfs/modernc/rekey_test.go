package modernc_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
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
			mustExec(t, db, "PRAGMA journal_mode="+mode)
			mustExec(t, db, "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO t SELECT hex(randomblob(400)) FROM n")
			var got string
			if err := db.QueryRow(`PRAGMA rekey = "` + next + `"`).Scan(&got); err != nil || got != "ok" {
				t.Fatalf("%q, %v", got, err)
			}
			var n int
			if err := db.QueryRow("SELECT count(*) FROM t").Scan(&n); err != nil || n != 500 {
				t.Fatalf("%d, %v", n, err)
			}
			mustExec(t, db, "INSERT INTO t VALUES(1)")
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
