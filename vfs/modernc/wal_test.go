package modernc_test

import (
	"database/sql"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
)

func openWAL(t testing.TB, path string, options ...modernc.Option) *sql.DB {
	t.Helper()
	options = append([]modernc.Option{
		modernc.Passphrase("pool"), modernc.Setting("kdf_iter", "10"),
		modernc.Param("_pragma", "busy_timeout(20000)"), modernc.Param("_pragma", "journal_mode(WAL)"),
		modernc.Param("_pragma", "synchronous(NORMAL)"), modernc.Param("_txlock", "immediate"),
	}, options...)
	db := sql.OpenDB(modernc.NewConnector(path, options...))
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t testing.TB, db interface {
	Exec(string, ...any) (sql.Result, error)
}, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// TestPoolWAL lets the connections of a pool read and write in WAL mode at the
// same time: transfers between accounts keep their sum, whoever looks.
func TestPoolWAL(t *testing.T) {
	t.Parallel()
	db := openWAL(t, filepath.Join(t.TempDir(), "pool.db"))
	db.SetMaxOpenConns(8)
	const accounts, sum = 50, 5000
	mustExec(t, db, "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INT)")
	mustExec(t, db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50) INSERT INTO account SELECT i, 100 FROM n")
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := range 40 {
				if err := transfer(db, 1+(w*13+i)%accounts, 1+(w*7+i*3)%accounts); err != nil {
					t.Errorf("transfer: %v", err)
				}
			}
		})
		workers.Go(func() {
			for range 80 {
				var got int
				if err := db.QueryRow("SELECT sum(balance) FROM account").Scan(&got); err != nil || got != sum {
					t.Errorf("sum %d, %v, want %d", got, err, sum)
				}
			}
		})
	}
	workers.Wait()
	var integrity string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
		t.Errorf("integrity_check: %s %v", integrity, err)
	}
}

func transfer(db *sql.DB, from, to int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("UPDATE account SET balance = balance - 1 WHERE id = ?", from); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE account SET balance = balance + 1 WHERE id = ?", to); err != nil {
		return err
	}
	return tx.Commit()
}

// TestReadOnlyWAL reads a log that another connection has left unfinished
// through a connection that may not write.
func TestReadOnlyWAL(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ro.db")
	writer := openWAL(t, path)
	mustExec(t, writer, "CREATE TABLE t(a)")
	mustExec(t, writer, "INSERT INTO t VALUES(1),(2),(3)")
	reader := sql.OpenDB(modernc.NewConnector(path, modernc.Passphrase("pool"),
		modernc.Setting("kdf_iter", "10"), modernc.Param("mode", "ro")))
	defer reader.Close()
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM t").Scan(&n); err != nil || n != 3 {
		t.Errorf("count %d, %v, want 3", n, err)
	}
	if _, err := reader.Exec("DELETE FROM t"); err == nil {
		t.Error("a read-only connection has written")
	}
}
