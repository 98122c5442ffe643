package modernc_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestPool has many goroutines move amounts between accounts in a rollback
// mode; the sum must stay.
func TestPool(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "TRUNCATE", "PERSIST"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			const accounts, workers, rounds = 50, 16, 12
			path := filepath.Join(t.TempDir(), "bank.db")
			setup := openDB(t, path, options()...)
			must(t, setup, `CREATE TABLE account(id INTEGER PRIMARY KEY, amount INTEGER, filler BLOB)`)
			must(t, setup, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < ?)
				INSERT INTO account SELECT i, 100, zeroblob(900) FROM n`, accounts)
			closeDB(t, setup)
			pool := sql.OpenDB(modernc.NewConnector(path, options(
				modernc.Param("_pragma", "busy_timeout(60000)"), modernc.Param("_pragma", "journal_mode("+mode+")"),
				modernc.Param("_pragma", "synchronous(OFF)"), modernc.Param("_pragma", "cache_size(5)"),
				modernc.Param("_txlock", "immediate"))...))
			defer closeDB(t, pool)
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			var wg sync.WaitGroup
			for w := range workers {
				wg.Go(func() {
					random := rand.New(rand.NewPCG(seed, uint64(w)))
					for range rounds {
						if err := transferOrRead(t.Context(), pool, random, accounts); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			want(t, pool, fmt.Sprint(100*accounts), `SELECT sum(amount) FROM account`)
			intact(t, pool)
			if err := pool.Close(); err != nil {
				t.Error(err)
			}
			verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
		})
	}
}

// transferOrRead moves an amount, or reads the sum; every fourth transfer is
// rolled back.
func transferOrRead(ctx context.Context, pool *sql.DB, random *rand.Rand, accounts int) error {
	if random.IntN(3) == 0 {
		var sum int
		if err := pool.QueryRowContext(ctx, `SELECT sum(amount) FROM account`).Scan(&sum); err != nil {
			return err
		}
		if sum != 100*accounts {
			return fmt.Errorf("the sum is %d", sum)
		}
		return nil
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	amount, from := random.IntN(20), 1+random.IntN(accounts)
	for _, change := range [][2]int{{from, -amount}, {1 + from%accounts, amount}} {
		if _, err := tx.ExecContext(ctx, `UPDATE account SET amount = amount + ? WHERE id = ?`, change[1], change[0]); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE account SET filler = randomblob(900)`); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if random.IntN(4) == 0 {
		return tx.Rollback()
	}
	return tx.Commit()
}

// TestPoolCreates has many connections create one database at the same time:
// they must agree on the salt.
func TestPoolCreates(t *testing.T) {
	t.Parallel()
	for range 10 {
		const workers = 8
		path := filepath.Join(t.TempDir(), "new.db")
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				db := openDB(t, path, options(modernc.Param("_pragma", "busy_timeout(60000)"), modernc.Param("_txlock", "immediate"))...)
				tx, err := db.BeginTx(t.Context(), nil)
				if err != nil {
					t.Error(err)
					return
				}
				for _, query := range []string{`CREATE TABLE IF NOT EXISTS t(x)`, `INSERT INTO t VALUES (1)`} {
					if _, err := tx.ExecContext(t.Context(), query); err != nil {
						t.Error(err)
					}
				}
				if err := tx.Commit(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		db := openDB(t, path, options()...)
		want(t, db, fmt.Sprint(workers), `SELECT sum(x) FROM t`)
		closeDB(t, db)
	}
}

// TestDerivations counts the runs of PBKDF2, which all tests of a process add
// to: one for a database, however many connections and pools it has.
func TestDerivations(t *testing.T) {
	t.Parallel()
	if !inChild(t) {
		return
	}
	const connections = 10
	path := filepath.Join(t.TempDir(), "clinic.db")
	count := func(what string, want int64, f func()) {
		t.Helper()
		before := vfs.Derivations()
		f()
		if n := vfs.Derivations() - before; n != want {
			t.Errorf("%s: %d derivations, want %d", what, n, want)
		}
	}
	all := func(pool *sql.DB) {
		t.Helper()
		var wg sync.WaitGroup
		conns := make([]*sql.Conn, connections)
		for i := range conns {
			wg.Go(func() {
				var err error
				if conns[i], err = pool.Conn(t.Context()); err != nil {
					t.Error(err)
					return
				}
				if _, err := tryRow(t, conns[i], digestQuery); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, c := range conns {
			if c != nil {
				_ = c.Close()
			}
		}
		closeDB(t, pool)
	}
	strict := func() *sql.DB { return sql.OpenDB(modernc.NewConnector(path, options()...)) }
	count("created", 1, func() {
		db := openDB(t, path, options()...)
		samples(t, db, 20)
		closeDB(t, db)
	})
	count("pools", 0, func() {
		all(strict())
		all(strict())
		db, err := sql.Open("sqlite", bareURI(path, "key", "correct%20horse"))
		if err != nil {
			t.Fatal(err)
		}
		all(db)
	})
	count("forgotten", 1, func() {
		vfs.ForgetKeys()
		all(strict())
	})
	count("wrong key", 1, func() {
		for range 3 {
			wrong := openDB(t, path, modernc.Passphrase("wrong"), modernc.Setting("kdf_iter", kdfIter))
			_ = wrong.PingContext(t.Context())
			closeDB(t, wrong)
		}
	})
	count("other iterations", 1, func() {
		other := openDB(t, path, options(modernc.Setting("kdf_iter", "11"))...)
		_ = other.PingContext(t.Context())
	})
	count("attached without a key", 0, func() {
		db := openDB(t, path, options()...)
		must(t, db, `ATTACH '`+filepath.Join(t.TempDir(), "other.db")+`' AS aux; CREATE TABLE aux.t(x)`)
	})
	count("raw key", 0, func() {
		db := openDB(t, filepath.Join(t.TempDir(), "raw.db"), modernc.RawKey(rawDigits[:64]))
		samples(t, db, 20)
	})
}

// TestSorterThreads lets SQLite sort in several threads, which all write to
// nameless files.
func TestSorterThreads(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, options(pageSizeOption(1024))...)
	must(t, db, `PRAGMA threads = 4; PRAGMA cache_size = 10; PRAGMA temp_store = FILE; PRAGMA synchronous = OFF`)
	must(t, db, `CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 20000)
		SELECT i, printf('%d %s', i*7919 % 100003, hex(zeroblob(50))) AS x FROM n`)
	must(t, db, `CREATE INDEX byx ON t(x, i)`)
	intact(t, db)
	rows, err := db.QueryContext(t.Context(), `SELECT x FROM t NOT INDEXED ORDER BY x DESC`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	last, n := "~", 0
	for ; rows.Next(); n++ {
		var x string
		if err := rows.Scan(&x); err != nil {
			t.Fatal(err)
		}
		if strings.Compare(x, last) > 0 {
			t.Fatalf("row %d is out of order", n)
		}
		last = x
	}
	if err := rows.Err(); err != nil || n != 20000 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// TestSharedCache has connections share one cache, and with it the one open
// file. That may be refused; else who has not the key must get nothing of it.
func TestSharedCache(t *testing.T) {
	t.Parallel()
	shared := modernc.Param("cache", "shared")
	path, sum := created(t, 100, options()...)
	db := openDB(t, path, options(shared)...)
	if err := db.PingContext(t.Context()); errors.Is(err, compat.ErrUnsupported) {
		return
	}
	want(t, db, sum, digestQuery)
	for name, opts := range map[string][]modernc.Option{
		"wrong key": {modernc.Passphrase("wrong"), modernc.Setting("kdf_iter", kdfIter), shared},
		"no key":    {modernc.KeyOptional(), shared},
	} {
		other := openDB(t, path, opts...)
		_, err := tryRow(t, other, digestQuery)
		if err == nil {
			t.Errorf("%s: read the database", name)
		}
	}
}
