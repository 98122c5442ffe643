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
)

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

// mains are the kinds of main database to which another is attached.
func mains(t *testing.T) map[string]func(t *testing.T, dir string) *sql.DB {
	return map[string]func(t *testing.T, dir string) *sql.DB{
		"strict": func(t *testing.T, dir string) *sql.DB {
			return openDB(t, filepath.Join(dir, "main.db"), options()...)
		},
		"bare": func(t *testing.T, dir string) *sql.DB {
			return openBare(t, bareURI(filepath.Join(dir, "main.db"), "key", "correct%20horse"))
		},
		"plaintext": func(t *testing.T, dir string) *sql.DB {
			return openDB(t, filepath.Join(dir, "main.db"), modernc.KeyOptional())
		},
		"empty": func(t *testing.T, dir string) *sql.DB {
			return openBare(t, uri("", "vfs", modernc.VFSName))
		},
		"memory": func(t *testing.T, dir string) *sql.DB {
			return openBare(t, uri(":memory:", "vfs", modernc.VFSName))
		},
		"other VFS": func(t *testing.T, dir string) *sql.DB {
			return openBare(t, uri(filepath.Join(dir, "main.db")))
		},
	}
}

// keyClauses are ways to give a key to ATTACH: the clause, its parameters, and
// the keyspec that it must come to.
var keyClauses = []struct {
	clause string
	args   []any
	key    string
}{
	{`KEY 'k1'`, nil, "k1"},
	{`key 'k1';`, nil, "k1"},
	{`KEY 'it''s'`, nil, "it's"},
	{`KEY "k1"`, nil, "k1"},
	{"KEY `k1`", nil, "k1"},
	{`KEY [k1]`, nil, "k1"},
	{`KEY k1`, nil, "k1"},
	{`KEY schlüssel`, nil, "schlüssel"},
	{`KEY x'6b31'`, nil, "k1"},
	{`KEY X'6B31FF00'`, nil, "k1\xff\x00"},
	{`KEY "x'` + rawDigits[:64] + `'"`, nil, "x'" + rawDigits[:64] + "'"},
	{`KEY 'x''` + rawDigits[:96] + `'''`, nil, "x'" + rawDigits[:96] + "'"},
	{`KEY 'x''` + rawDigits + `'''`, nil, "x'" + rawDigits + "'"},
	{`KEY 'x''00'''`, nil, "x'00'"},
	{`KEY 'a' || 'b'`, nil, "ab"},
	{`KEY ('a' || 'b')`, nil, "ab"},
	{`KEY lower('AB')`, nil, "ab"},
	{`KEY (SELECT 'a' || 'b')`, nil, "ab"},
	{`KEY CASE 1 WHEN 1 THEN 'ab' ELSE 'cd' END`, nil, "ab"},
	{`KEY CAST(12 AS TEXT)`, nil, "12"},
	{`KEY 'k1' -- KEY 'k2'`, nil, "k1"},
	{`/* KEY 'k2' */ KEY /* 'k2' */ 'k1' /* KEY 'k2' */`, nil, "k1"},
	{`KEY ?`, []any{"k1"}, "k1"},
	{`KEY ?`, []any{"it's"}, "it's"},
	{`KEY ?`, []any{"x'" + rawDigits[:64] + "'"}, "x'" + rawDigits[:64] + "'"},
	{`KEY ?`, []any{[]byte("k1")}, "k1"},
	{`KEY ?`, []any{[]byte{1, 0, 255}}, "\x01\x00\xff"},
	{`KEY ?`, []any{"one\x00two"}, "one\x00two"},
	{`KEY ? || ?`, []any{"a", "b"}, "ab"},
	{`KEY ?1 || ?1`, []any{"a"}, "aa"},
	{`KEY $key`, []any{sql.Named("key", "k1")}, "k1"},
	{`KEY :key || 'x'`, []any{sql.Named("key", "k1")}, "k1x"},
}

// TestAttachKey gives keys to databases that ATTACH creates.
func TestAttachKey(t *testing.T) {
	t.Parallel()
	for name, open := range mains(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := open(t, dir)
			for i, c := range keyClauses {
				path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
				u := "file:" + path + lowIter + "&vfs=" + modernc.VFSName
				must(t, db, fmt.Sprintf(`ATTACH '%s' AS aux %s`, u, c.clause), c.args...)
				fill(t, db, "aux")
				must(t, db, `DETACH aux`)
				filled(t, path, modernc.Keyspec(c.key), modernc.Setting("kdf_iter", kdfIter))
				if t.Failed() {
					t.Fatalf("%s %q", c.clause, c.args)
				}
				must(t, db, fmt.Sprintf(`ATTACH DATABASE ('%s') AS "aux" %s`, u, c.clause), c.args...)
				want(t, db, "200", `SELECT count(*) FROM aux.note`)
				must(t, db, `DETACH aux`)
			}
		})
	}
}

// TestAttachText has texts of ATTACH in which the clause is hard to find.
func TestAttachText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDB(t, filepath.Join(dir, "main.db"), options()...)
	for i, text := range []string{
		`ATTACH $file AS aux KEY 'k1'`,
		`  -- first
		/* second */ attach database $file as aux key 'k1' ; `,
		`ATTACH $file AS key KEY 'k1'`,
		`ATTACH $file AS "key" KEY 'k1'`,
		`ATTACH $file AS 'as' KEY 'k1'`,
		`ATTACH $file AS "KEY 'k2'" KEY 'k1'`,
		`ATTACH (SELECT $file AS key) AS aux KEY 'k1'`,
		`ATTACH (SELECT $file AS x) AS aux KEY 'k1'`,
		`ATTACH CASE WHEN 1 THEN $file ELSE CAST('x' AS TEXT) END AS aux KEY 'k1'`,
		`ATTACH CAST($file AS TEXT) AS aux KEY 'k1'`,
		`ATTACH $file || '' AS 'au' || 'x' KEY 'k1'`,
		`SELECT 1; ATTACH $file AS aux KEY 'k1'; SELECT 2`,
		`ATTACH $file AS aux KEY'k1'`,
		`ATTACH $file AS[aux]KEY[k1]`,
	} {
		path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
		must(t, db, strings.Replace(text, "$file", "'file:"+path+lowIter+"'", 1))
		schema := row(t, db, `SELECT name FROM pragma_database_list WHERE file = ?`, path)
		fill(t, db, `"`+schema+`"`)
		must(t, db, `DETACH "`+schema+`"`)
		filled(t, path, modernc.Passphrase("k1"), modernc.Setting("kdf_iter", kdfIter))
		if t.Failed() {
			t.Fatal(text)
		}
	}
}

// TestAttachPrepared runs one statement twice with other parameters.
func TestAttachPrepared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := openDB(t, filepath.Join(dir, "main.db"), options()...)
	st, err := db.PrepareContext(t.Context(), `ATTACH ? AS ? KEY ?`)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, name := range []string{"one", "two", "three"} {
		path := filepath.Join(dir, name+".db")
		if _, err := st.ExecContext(t.Context(), "file:"+path+lowIter, name, "key of "+name); err != nil {
			t.Fatal(err)
		}
		fill(t, db, name)
	}
	closeDB(t, db)
	for _, name := range []string{"one", "two", "three"} {
		filled(t, filepath.Join(dir, name+".db"), modernc.Passphrase("key of "+name), modernc.Setting("kdf_iter", kdfIter))
	}
}

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
					path := filepath.Join(dir, "aux.db")
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

// TestAttachByURI has the key in the URI of the file.
func TestAttachByURI(t *testing.T) {
	t.Parallel()
	for name, open := range mains(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := open(t, dir)
			for i, param := range []string{"key=k1", "hexkey=6b31", "_key=k1", "key=k1&cipher_page_size=1024"} {
				path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
				must(t, db, fmt.Sprintf(`ATTACH 'file:%s%s&vfs=%s&%s' AS aux`, path, lowIter, modernc.VFSName, param))
				fill(t, db, "aux")
				must(t, db, `DETACH aux`)
				opts := []modernc.Option{modernc.Passphrase("k1"), modernc.Setting("kdf_iter", kdfIter)}
				if strings.Contains(param, "page_size") {
					opts = append(opts, modernc.Setting("cipher_page_size", "1024"))
				}
				filled(t, path, opts...)
			}
			// The clause goes before the URI.
			path := filepath.Join(dir, "both.db")
			must(t, db, fmt.Sprintf(`ATTACH 'file:%s%s&vfs=%s&key=k1' AS aux KEY 'k2'`, path, lowIter, modernc.VFSName))
			fill(t, db, "aux")
			must(t, db, `DETACH aux`)
			filled(t, path, modernc.Passphrase("k2"), modernc.Setting("kdf_iter", kdfIter))
		})
	}
}

// TestAttachRefused has keys that cannot be: nothing is attached, and there is
// no file.
func TestAttachRefused(t *testing.T) {
	t.Parallel()
	for name, open := range mains(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := open(t, dir)
			path := filepath.Join(dir, "aux.db")
			for _, c := range []struct {
				params, clause string
				args           []any
			}{
				{"", `KEY 5`, nil},
				{"", `KEY -1.5`, nil},
				{"", `KEY 1 + 1`, nil},
				{"", `KEY ?`, []any{int64(7)}},
				{"", `KEY zeroblob(0) + 1`, nil},
				{"", `KEY nosuchfunction('k')`, nil},
				{"", `KEY (SELECT x FROM nosuchtable)`, nil},
				{"&key=", ``, nil},
				{"&kye=k1", ``, nil},
				{"&rawkey=00", ``, nil},
				{"&key=k1&hexkey=00", ``, nil},
				{"&cipher_page_size=1000", `KEY 'k1'`, nil},
				{"&cipher_pagesize=1024", `KEY 'k1'`, nil},
			} {
				text := fmt.Sprintf(`ATTACH 'file:%s%s&vfs=%s%s' AS aux %s`, path, lowIter, modernc.VFSName, c.params, c.clause)
				_, err := db.ExecContext(t.Context(), text, c.args...)
				fails(t, err, nil, codeError)
				want(t, db, "0", `SELECT count(*) FROM pragma_database_list WHERE name = 'aux'`)
				if _, err := os.Stat(path); err == nil {
					t.Error("there is a file")
				}
				if t.Failed() {
					t.Fatal(text)
				}
			}
		})
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
