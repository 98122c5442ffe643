package modernc_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest/attach"
)

var attaching = attach.Engine{
	Open: func(t testing.TB, dsn string) *sql.DB {
		db, err := sql.Open("sqlite", dsn)
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Connect: func(t testing.TB, path, passphrase string) *sql.DB {
		return sql.OpenDB(modernc.NewConnector(path, modernc.Passphrase(passphrase), modernc.Setting("kdf_iter", kdfIter)))
	},
	Nest: func(testing.TB, *sql.DB) {}, // every connection has it
}

func TestAttachKey(t *testing.T)        { attaching.TestKey(t) }
func TestAttachOnce(t *testing.T)       { attaching.TestOnce(t) }
func TestAttachText(t *testing.T)       { attaching.TestText(t) }
func TestAttachParameters(t *testing.T) { attaching.TestParameters(t) }
func TestAttachNone(t *testing.T)       { attaching.TestNone(t) }
func TestAttachURI(t *testing.T)        { attaching.TestURI(t) }
func TestAttachRefused(t *testing.T)    { attaching.TestRefused(t) }
func TestAttachNested(t *testing.T)     { attaching.TestNested(t) }
func TestVacuumIntoKey(t *testing.T)    { attaching.TestVacuumInto(t) }
func TestVacuumWithin(t *testing.T)     { attaching.TestVacuumWithin(t) }

// secret is data that the files of these tests must not show.
const secret = "a diagnosis that is nobody's business"

// fill makes a table with the secret in a schema.
func fill(t *testing.T, db execer, schema string) {
	t.Helper()
	must(t, db, `CREATE TABLE `+schema+`.note(id INTEGER PRIMARY KEY, text TEXT)`)
	must(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 200)
		INSERT INTO `+schema+`.note SELECT i, ? FROM n`, secret)
}

// filled fails the test unless the file is encrypted, opens, and has what fill
// wrote.
func filled(t *testing.T, path string, options ...modernc.Option) {
	t.Helper()
	encrypted(t, path, secret)
	db := openDB(t, path, options...)
	want(t, db, "200", `SELECT count(*) FROM note WHERE text = ?`, secret)
	intact(t, db)
	closeDB(t, db)
}

// lowIter is the parameter that keeps PBKDF2 out of an attached database.
const lowIter = "?kdf_iter=" + kdfIter

// TestAttachInherits attaches without a key: the file takes over that of the
// main database, also where SQLite makes it only now.
func TestAttachInherits(t *testing.T) {
	t.Parallel()
	for name, main := range map[string][]modernc.Option{
		"passphrase": options(),
		"raw key":    {modernc.RawKey(rawDigits[:64])},
		"raw keys":   {modernc.RawKey(rawDigits)},
	} {
		for _, clause := range []string{``, `KEY NULL`, `KEY (SELECT NULL)`} {
			for _, used := range []bool{false, true} {
				t.Run(fmt.Sprint(name, clause, used), func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					db := openDB(t, filepath.Join(dir, "main.db"), main...)
					if used {
						fill(t, db, "main")
					}
					path := filepath.Join(dir, "other.db")
					must(t, db, fmt.Sprintf(`ATTACH 'file:%s%s' AS aux %s`, path, lowIter, clause))
					fill(t, db, "aux")
					want(t, db, "200", `SELECT count(*) FROM aux.note`)
					closeDB(t, db)
					filled(t, path, main...)
				})
			}
		}
	}
}

// TestAttachWrongKey attaches files that the key does not open, and then those
// same with the right one.
func TestAttachWrongKey(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 100, options()...)
	plain := filepath.Join(t.TempDir(), "plain.db")
	bare := openBare(t, uri(plain))
	samples(t, bare, 100)
	closeDB(t, bare)
	before, beforePlain := snapshot(t, filepath.Dir(path)), snapshot(t, filepath.Dir(plain))
	db := openDB(t, filepath.Join(t.TempDir(), "main.db"), modernc.Passphrase("main"), modernc.Setting("kdf_iter", kdfIter))
	fill(t, db, "main")
	for _, c := range []struct {
		path, clause string
		target       error
	}{
		{path, `KEY 'wrong'`, compat.ErrWrongKey},
		{path, ``, compat.ErrWrongKey},
		{path, `KEY ''`, compat.ErrNoKey},
		{plain, ``, compat.ErrPlaintext},
		{plain, `KEY 'any'`, compat.ErrPlaintext},
	} {
		_, err := db.ExecContext(t.Context(), fmt.Sprintf(`ATTACH 'file:%s%s' AS aux %s`, c.path, lowIter, c.clause))
		fails(t, err, c.target, codeNotADB)
		want(t, db, "0", `SELECT count(*) FROM pragma_database_list WHERE name = 'aux'`)
	}
	must(t, db, fmt.Sprintf(`ATTACH 'file:%s%s' AS aux KEY '%s'`, path, lowIter, passphrase))
	want(t, db, sum, strings.Replace(digestQuery, "FROM sample", "FROM aux.sample", 1))
	must(t, db, `ATTACH '`+plain+`' AS plain KEY ''`)
	want(t, db, sum, strings.Replace(digestQuery, "FROM sample", "FROM plain.sample", 1))
	closeDB(t, db)
	unchanged(t, filepath.Dir(path), before)
	unchanged(t, filepath.Dir(plain), beforePlain)
}

// TestAttachPlaintext makes a plaintext file on purpose, next to an encrypted
// one, and copies both ways.
func TestAttachPlaintext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, plain, back := filepath.Join(dir, "main.db"), filepath.Join(dir, "plain.db"), filepath.Join(dir, "back.db")
	db := openDB(t, path, options()...)
	fill(t, db, "main")
	must(t, db, `ATTACH '`+plain+`' AS plain KEY ''`)
	must(t, db, `CREATE TABLE plain.note AS SELECT * FROM main.note`)
	must(t, db, `ATTACH 'file:`+back+lowIter+`' AS back KEY 'k1'`)
	must(t, db, `CREATE TABLE back.note AS SELECT * FROM plain.note`)
	closeDB(t, db)
	filled(t, path, options()...)
	filled(t, back, modernc.Passphrase("k1"), modernc.Setting("kdf_iter", kdfIter))
	bare := openBare(t, uri(plain))
	intact(t, bare)
	want(t, bare, "200", `SELECT count(*) FROM note WHERE text = ?`, secret)
}

// TestAttachedTransaction commits, and rolls back, transactions over files with
// different keys: with a super-journal.
func TestAttachedTransaction(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "TRUNCATE", "PERSIST", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			schemas := []string{"main", "one", "two", "plain"}
			db := openDB(t, filepath.Join(dir, "main.db"), options()...)
			must(t, db, `ATTACH 'file:`+filepath.Join(dir, "one.db")+lowIter+`' AS one KEY 'k1'`)
			must(t, db, `ATTACH 'file:`+filepath.Join(dir, "two.db")+lowIter+`&cipher_page_size=1024' AS two KEY 'k2'`)
			must(t, db, `ATTACH '`+filepath.Join(dir, "plain.db")+`' AS plain KEY ''`)
			for _, schema := range schemas {
				fill(t, db, schema)
				must(t, db, `PRAGMA `+schema+`.journal_mode = `+mode)
				must(t, db, `PRAGMA `+schema+`.cache_size = 5`)
			}
			for i, end := range []string{"COMMIT", "ROLLBACK", "COMMIT"} {
				must(t, db, `BEGIN`)
				for _, schema := range schemas {
					must(t, db, fmt.Sprintf(`UPDATE %s.note SET text = text || '%d'`, schema, i))
					must(t, db, fmt.Sprintf(`INSERT INTO %s.note(text) SELECT text FROM %s.note`, schema, schema))
				}
				must(t, db, end)
			}
			for _, schema := range schemas {
				want(t, db, "800", `SELECT count(*) FROM `+schema+`.note WHERE text LIKE '%02' AND text NOT LIKE '%1%'`)
				want(t, db, "800", `SELECT count(*) FROM `+schema+`.note`)
			}
			intact(t, db)
			closeDB(t, db)
			for name := range snapshot(t, dir) {
				if filepath.Base(name) == "plain.db" || filepath.Base(name) == "plain.db-journal" {
					continue
				}
				content, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(content), secret) {
					t.Errorf("%s shows the secret", name)
				}
			}
		})
	}
}

// TestAttachConcurrently attaches from many connections at once, each a file
// with a key of its own.
func TestAttachConcurrently(t *testing.T) {
	t.Parallel()
	const workers, rounds = 8, 10
	dir := t.TempDir()
	path := filepath.Join(dir, "main.db")
	setup := openDB(t, path, options()...)
	fill(t, setup, "main")
	pool := sql.OpenDB(modernc.NewConnector(path, options()...))
	defer closeDB(t, pool)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for r := range rounds {
				if err := attachOne(t, pool, dir, w, r); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	for w := range workers {
		for r := range rounds {
			filled(t, filepath.Join(dir, fmt.Sprintf("%d-%d.db", w, r)),
				modernc.Passphrase(fmt.Sprintf("key %d %d", w, r)), modernc.Setting("kdf_iter", kdfIter))
		}
	}
}

func attachOne(t *testing.T, pool *sql.DB, dir string, w, r int) error {
	conn, err := pool.Conn(t.Context())
	if err != nil {
		return err
	}
	defer conn.Close()
	file := fmt.Sprintf("file:%s/%d-%d.db%s", dir, w, r, lowIter)
	for _, query := range []string{
		fmt.Sprintf(`ATTACH '%s' AS aux KEY 'key %d %d'`, file, w, r),
		`PRAGMA aux.synchronous = OFF`,
		`CREATE TABLE aux.note AS SELECT * FROM main.note`,
		`DETACH aux`,
	} {
		if _, err := conn.ExecContext(t.Context(), query); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
	}
	return nil
}
