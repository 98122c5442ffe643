package ncruces_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/ncruces"
)

// connect opens a database by a Connector.
func connect(t testing.TB, path string, options ...ncruces.Option) *sql.DB {
	t.Helper()
	db := sql.OpenDB(ncruces.NewConnector(path, options...))
	t.Cleanup(func() { db.Close() })
	return db
}

// TestConnectorOptions wants what is wrong with the options told by the first
// use of the database.
func TestConnectorOptions(t *testing.T) {
	t.Parallel()
	key := ncruces.RawKey(rawKey)
	for _, c := range []struct {
		name    string
		options []ncruces.Option
		want    error
	}{
		{"no key", nil, compat.ErrNoKey},
		{"two keys", []ncruces.Option{key, ncruces.Passphrase("b")}, compat.ErrKeyspec},
		{"empty passphrase", []ncruces.Option{ncruces.Passphrase("")}, compat.ErrKeyspec},
		{"not a raw key", []ncruces.Option{ncruces.RawKey("12")}, compat.ErrKeyspec},
		{"unknown setting", []ncruces.Option{key, ncruces.Setting("cipher_page_sise", "1024")}, compat.ErrUnknownParam},
		{"bad setting", []ncruces.Option{key, ncruces.Setting("cipher_page_size", "7")}, compat.ErrSetting},
		{"passphrase", []ncruces.Option{ncruces.Passphrase([]byte("a")), ncruces.Setting("kdf_iter", "10")}, nil},
		{"keyspec", []ncruces.Option{ncruces.Keyspec("x'" + rawKey + "'")}, nil},
		{"VFS of ours", []ncruces.Option{key, ncruces.Param("vfs", "pageseal")}, nil},
		{"VFS that does not encrypt", []ncruces.Option{key, ncruces.Param("vfs", "os")}, compat.ErrUnsupported},
		{"no such VFS", []ncruces.Option{key, ncruces.Param("vfs", "pagesea")}, compat.ErrUnsupported},
		{"parameter", []ncruces.Option{key, ncruces.Param("_pragma", "user_version(7)"), ncruces.Param("mode", "rwc")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "options.db")
			_, err := connect(t, path, c.options...).Exec("CREATE TABLE t(a)")
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if c.want == nil && isPlain(t, path) {
				t.Error("the file is not encrypted")
			}
		})
	}
}

// TestTypedErrors opens files that cannot be, and wants the cause told besides
// the result code of the engine.
func TestTypedErrors(t *testing.T) {
	t.Parallel()
	page := &compat.PageError{}
	for _, c := range []struct {
		name   string
		spoil  func(file []byte) []byte
		key    string
		query  string
		want   error
		code   sqlite3.ErrorCode
		damage uint32 // page
	}{
		{"nothing wrong", nil, rawKey, "SELECT count(*) FROM t", nil, 0, 0},
		{"wrong key", nil, otherKey, "SELECT 1", compat.ErrWrongKey, sqlite3.NOTADB, 0},
		{"not encrypted", func(b []byte) []byte { clear(b); copy(b, compat.Magic); return b }, rawKey, "SELECT 1", compat.ErrPlaintext, sqlite3.NOTADB, 0},
		{"cut", func(b []byte) []byte { return b[:1000] }, rawKey, "SELECT 1", compat.ErrShortFile, sqlite3.NOTADB, 0},
		{"damaged page", func(b []byte) []byte { b[2*4096+7] ^= 1; return b }, rawKey, "SELECT sum(length(b)) FROM t", compat.ErrDamaged, sqlite3.CORRUPT, 3},
		{"pragma that cannot be", nil, rawKey, "PRAGMA cipher_log = stderr", compat.ErrUnavailable, sqlite3.ERROR, 0},
		{"attached with a wrong key", nil, rawKey, "ATTACH 'file:' || (SELECT file FROM pragma_database_list) AS a KEY 'x'", compat.ErrWrongKey, sqlite3.NOTADB, 0},
		{"attached with a bad key", nil, rawKey, "ATTACH 'file:a.db?rawkey=1' AS a", compat.ErrKeyspec, sqlite3.ERROR, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "typed.db")
			db := connect(t, path, ncruces.RawKey(rawKey))
			mustExec(t, db, fill)
			db.Close()
			if c.spoil != nil {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, c.spoil(b), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var n any
			err := connect(t, path, ncruces.RawKey(c.key)).QueryRow(c.query).Scan(&n)
			if c.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, c.want) || !errors.Is(err, c.code) {
				t.Errorf("%v, want %v and code %d", err, c.want, c.code)
			}
			if c.damage != 0 && (!errors.As(err, &page) || page.Pgno != c.damage) {
				t.Errorf("%v, want page %d", err, c.damage)
			}
		})
	}
}

// TestSavepoint uses what the engine's driver offers beyond database/sql.
func TestSavepoint(t *testing.T) {
	t.Parallel()
	db := connect(t, filepath.Join(t.TempDir(), "savepoint.db"), ncruces.RawKey(rawKey))
	mustExec(t, db, "CREATE TABLE t(a)")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	savepoint := sqlite.Savepoint(tx)
	if _, err := tx.Exec("INSERT INTO t VALUES(?)", 1); err != nil {
		t.Fatal(err)
	}
	if err := savepoint.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, db, "0", "SELECT count(*) FROM t")
}

// TestPool lets the connections of a pool read and write at the same time, in
// both journal modes, one database with a passphrase each: transfers between
// accounts keep their sum, whoever looks.
func TestPool(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			db := connect(t, filepath.Join(t.TempDir(), "pool.db"),
				ncruces.Passphrase("pool"), ncruces.Setting("kdf_iter", "10"),
				ncruces.Param("_pragma", "busy_timeout(60000)"), ncruces.Param("_pragma", "journal_mode("+mode+")"),
				ncruces.Param("_pragma", "synchronous(OFF)"), ncruces.Param("_txlock", "immediate"))
			db.SetMaxOpenConns(6)
			db.SetMaxIdleConns(2)
			pool(t, db)
		})
	}
}

func pool(t *testing.T, db *sql.DB) {
	const accounts, sum = 50, 5000
	mustExec(t, db, "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INT)")
	mustExec(t, db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50) INSERT INTO account SELECT i, 100 FROM n")
	var workers sync.WaitGroup
	for w := range 3 {
		workers.Go(func() {
			for i := range 25 {
				if err := transfer(db, 1+(w*13+i)%accounts, 1+(w*7+i*3)%accounts); err != nil {
					t.Errorf("transfer: %v", err)
				}
			}
		})
		workers.Go(func() {
			for range 50 {
				var got int
				if err := db.QueryRow("SELECT sum(balance) FROM account").Scan(&got); err != nil || got != sum {
					t.Errorf("sum %d, %v, want %d", got, err, sum)
				}
			}
		})
	}
	workers.Wait()
	wantAnswer(t, db, "ok", "PRAGMA integrity_check")
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
