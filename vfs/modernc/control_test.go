package modernc_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
	"modernc.org/sqlite"
)

// TestNothingMapped asks for memory-mapped reads, which would show SQLite the
// ciphertext.
func TestNothingMapped(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 200, options()...)
	for name, db := range map[string]*sql.DB{
		"pragma": openDB(t, path, options()...),
		"URI":    openDB(t, path, options(modernc.Param("_pragma", "mmap_size(268435456)"))...),
		"bare":   openBare(t, bareURI(path, "key", "correct%20horse", "_pragma", "mmap_size(268435456)")),
	} {
		t.Run(name, func(t *testing.T) {
			want(t, db, "0", `PRAGMA mmap_size = 268435456`)
			want(t, db, "0", `PRAGMA mmap_size`)
			must(t, db, `UPDATE sample SET body = zeroblob(length(body))`)
			want(t, db, sum, digestQuery)
			intact(t, db)
		})
	}
}

// engineConn is what the engine's connection can do beyond database/sql.
type engineConn interface {
	sqlite.FileControl
	IsReadOnly(schema string) (bool, error)
	NewBackup(uri string) (*sqlite.Backup, error)
	NewRestore(uri string) (*sqlite.Backup, error)
}

// withEngine calls f with the connection of the engine under ours.
func withEngine(t *testing.T, db *sql.DB, f func(engineConn) error) error {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		return f(c.(interface{ Unwrap() driver.Conn }).Unwrap().(engineConn))
	})
}

func TestIsReadOnly(t *testing.T) {
	t.Parallel()
	path, _ := created(t, 10, options()...)
	for mode, want := range map[string]bool{"ro": true, "rw": false, "rwc": false} {
		db := openDB(t, path, options(modernc.Param("mode", mode))...)
		err := withEngine(t, db, func(c engineConn) error {
			got, err := c.IsReadOnly("main")
			if got != want {
				t.Errorf("mode=%s: read-only is %v", mode, got)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestDataVersion has one connection learn of a commit of another.
func TestDataVersion(t *testing.T) {
	t.Parallel()
	path, _ := created(t, 10, options()...)
	db, other := openDB(t, path, options()...), openDB(t, path, options()...)
	version := func() (v uint32) {
		t.Helper()
		err := withEngine(t, db, func(c engineConn) (err error) {
			v, err = c.FileControlDataVersion("main")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want(t, db, "10", `SELECT count(*) FROM sample`)
	first, pragma := version(), row(t, db, `PRAGMA data_version`)
	if version() != first {
		t.Error("the version changes by itself")
	}
	must(t, other, `DELETE FROM sample WHERE id = 1`)
	want(t, db, "9", `SELECT count(*) FROM sample`)
	if version() == first || row(t, db, `PRAGMA data_version`) == pragma {
		t.Error("the version did not change with the database")
	}
}

// TestBackup copies databases page by page. A page with another reserve than
// the encryption needs must not get into an encrypted file.
func TestBackup(t *testing.T) {
	t.Parallel()
	key := []string{"vfs", modernc.VFSName, "kdf_iter", kdfIter, "key", "correct%20horse"}
	for _, c := range []struct {
		name   string
		source []modernc.Option
		target []string // parameters of its URI
		open   []modernc.Option
	}{
		{"same key", options(), key, options()},
		{"other key", options(), []string{"vfs", modernc.VFSName, "kdf_iter", kdfIter, "key", "other"},
			[]modernc.Option{modernc.Passphrase("other"), modernc.Setting("kdf_iter", kdfIter)}},
		{"to other page size", options(), append(key, "cipher_page_size", "1024"), options(pageSizeOption(1024))},
		{"from other page size", options(pageSizeOption(8192)), key, options()},
		{"to other MAC", options(), append(key, "cipher_hmac_algorithm", "HMAC_SHA1"),
			options(modernc.Setting("cipher_hmac_algorithm", "HMAC_SHA1"))},
		{"from other MAC", options(modernc.Setting("cipher_hmac_algorithm", "HMAC_SHA1")), key, options()},
		{"from plaintext", []modernc.Option{modernc.KeyOptional()}, key, options()},
	} {
		for _, there := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, target there %v", c.name, there), func(t *testing.T) {
				t.Parallel()
				source, sum := created(t, 200, c.source...)
				target, before := filepath.Join(t.TempDir(), "target.db"), ""
				if there {
					target, before = created(t, 50, c.open...)
				}
				db := openDB(t, source, c.source...)
				err := withEngine(t, db, func(c2 engineConn) error {
					b, err := c2.NewBackup(uri(target, c.target...))
					if err != nil {
						return err
					}
					for more := true; more && err == nil; {
						more, err = b.Step(7)
					}
					return errors.Join(err, b.Finish())
				})
				closeDB(t, db)
				unhurt(t, source, sum, c.source...)
				switch {
				case err == nil:
					encrypted(t, target, "name 0000")
					unhurt(t, target, sum, c.open...)
				case there:
					unhurt(t, target, before, c.open...)
				}
			})
		}
	}
}

// TestInterrupt cancels statements that read and write.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 200, options()...)
	db := openDB(t, path, options(modernc.Param("_pragma", "cache_size(5)"))...)
	const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) `
	for _, query := range []string{
		endless + `SELECT count(*) FROM n, sample WHERE body > i`,
		endless + `INSERT INTO sample(name, body) SELECT 'new ' || i, zeroblob(1000) FROM n`,
		endless + `UPDATE sample SET body = (SELECT zeroblob(count(*)) FROM n)`,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		started := make(chan struct{})
		go func() {
			<-started
			cancel()
		}()
		close(started)
		_, err := db.ExecContext(ctx, query)
		if !errors.Is(err, context.Canceled) {
			fails(t, err, nil, codeInterrupt)
		}
		want(t, db, sum, digestQuery)
		intact(t, db)
	}
	// In the middle of a transaction that has spilled.
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	must(t, tx, `UPDATE sample SET body = randomblob(length(body))`)
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := tx.QueryContext(ctx, endless+`SELECT i FROM n`)
	if err != nil {
		t.Fatal(err)
	}
	rows.Next()
	cancel()
	for rows.Next() {
	}
	_ = rows.Close()
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	intact(t, db)
	closeDB(t, db)
	unhurt(t, path, sum, options()...)
	verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
}

// TestCancelledTransaction lets database/sql roll back when a context ends.
func TestCancelledTransaction(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 200, options()...)
	db := openDB(t, path, options(modernc.Param("_pragma", "cache_size(5)"))...)
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	must(t, tx, `UPDATE sample SET body = randomblob(length(body)); DELETE FROM sample WHERE id > 10`)
	cancel()
	if err := tx.Commit(); err == nil {
		t.Error("committed")
	}
	want(t, db, sum, digestQuery)
	intact(t, db)
}

// TestSavepoints nests transactions that spill, and takes some of them back.
func TestSavepoints(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "TRUNCATE", "PERSIST", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			db := openDB(t, path, options(modernc.Param("_pragma", "journal_mode("+mode+")"),
				modernc.Param("_pragma", "cache_size(5)"), modernc.Param("_pragma", "temp_store(1)"))...)
			must(t, db, `CREATE TABLE t(id INTEGER PRIMARY KEY, depth, filler)`)
			must(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 300)
				INSERT INTO t SELECT i, 0, zeroblob(700) FROM n`)
			const depth = 6
			for d := 1; d <= depth; d++ {
				must(t, db, fmt.Sprintf(`SAVEPOINT s%d; UPDATE t SET depth = %d, filler = randomblob(700)`, d, d))
			}
			for d := depth; d >= 1; d-- {
				want(t, db, fmt.Sprint(d), `SELECT DISTINCT depth FROM t`)
				if d == 3 {
					break
				}
				must(t, db, fmt.Sprintf(`ROLLBACK TO s%d; RELEASE s%d`, d, d))
			}
			must(t, db, `DELETE FROM t WHERE id % 3 = 0; ROLLBACK TO s2; UPDATE t SET depth = depth + 10; RELEASE s1`)
			want(t, db, "11 300", `SELECT DISTINCT depth || ' ' || (SELECT count(*) FROM t) FROM t`)
			intact(t, db)
			closeDB(t, db)
			db = openDB(t, path, options()...)
			want(t, db, "11", `SELECT DISTINCT depth FROM t`)
			intact(t, db)
			closeDB(t, db)
			verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
		})
	}
}

// TestLocked reads a database on which another connection holds a lock: that
// is told as such, not as a wrong key.
func TestLocked(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 20, options()...)
	holder := openDB(t, path, options()...)
	must(t, holder, `BEGIN EXCLUSIVE`)
	db := openDB(t, path, options()...)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer conn.Close()
	_, err = tryRow(t, conn, digestQuery)
	fails(t, err, nil, 5) // SQLITE_BUSY
	if errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("error %v", err)
	}
	must(t, holder, `ROLLBACK`)
	want(t, conn, sum, digestQuery)
}
