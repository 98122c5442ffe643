package modernc_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs/modernc"
	"modernc.org/sqlite"
)

// passphrase opens the databases of these tests.
const passphrase = "correct horse"

// kdfIter keeps PBKDF2 out of tests that are not about it.
const kdfIter = "10"

// options open the databases of these tests with the strict driver; extra
// goes before the defaults.
func options(extra ...modernc.Option) []modernc.Option {
	return append([]modernc.Option{
		modernc.Passphrase(passphrase),
		modernc.Setting("kdf_iter", kdfIter),
	}, extra...)
}

// openDB opens path with one connection, as most tests need to know which one
// they talk to.
func openDB(t *testing.T, path string, options ...modernc.Option) *sql.DB {
	t.Helper()
	return single(t, sql.OpenDB(modernc.NewConnector(path, options...)))
}

// openBare opens a URI with the driver of the engine.
func openBare(t *testing.T, uri string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", uri)
	if err != nil {
		t.Fatal(err)
	}
	return single(t, db)
}

func single(t *testing.T, db *sql.DB) *sql.DB {
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { closeDB(t, db) })
	return db
}

func closeDB(t *testing.T, db *sql.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// execer is a *sql.DB, a *sql.Conn or a *sql.Tx.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func must(t *testing.T, db execer, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
}

// row is the first column of the only row that the query has, as text.
func row(t *testing.T, db execer, query string, args ...any) string {
	t.Helper()
	s, err := tryRow(t, db, query, args...)
	if err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
	return s
}

func tryRow(t *testing.T, db execer, query string, args ...any) (string, error) {
	t.Helper()
	var s sql.NullString
	err := db.QueryRowContext(t.Context(), query, args...).Scan(&s)
	return s.String, err
}

// want fails the test where the query does not have that row.
func want(t *testing.T, db execer, value, query string, args ...any) {
	t.Helper()
	if got := row(t, db, query, args...); got != value {
		t.Errorf("%s: got %.200q, want %q", query, got, value)
	}
}

// intact fails the test where SQLite finds the database damaged.
func intact(t *testing.T, db execer) {
	t.Helper()
	want(t, db, "ok", "PRAGMA integrity_check")
}

// samples fills a database with a table and an index of rows lines. A page
// of 4096 bytes holds some 13 of them; every tenth has an overflow chain.
func samples(t *testing.T, db execer, rows int) {
	t.Helper()
	must(t, db, `CREATE TABLE sample(id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB)`)
	must(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < ?)
		INSERT INTO sample SELECT i, printf('name %09d', i*7919 % 100003),
			zeroblob(CASE WHEN i % 10 THEN 200 ELSE 9000 END) FROM n`, rows)
}

// digestQuery stands for all that samples wrote.
const digestQuery = `SELECT printf('%d %d %d %d', count(*), sum(id), sum(length(body)), sum(id*substr(name, 6)))
	FROM sample`

// created is a new database with samples in a directory of its own. It is
// closed.
func created(t *testing.T, rows int, options ...modernc.Option) (path, sum string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, options...)
	samples(t, db, rows)
	sum = row(t, db, digestQuery)
	closeDB(t, db)
	return path, sum
}

// unhurt fails the test where the database does not hold what it was created
// with.
func unhurt(t *testing.T, path, sum string, options ...modernc.Option) {
	t.Helper()
	db := openDB(t, path, options...)
	intact(t, db)
	want(t, db, sum, digestQuery)
	closeDB(t, db)
}

// snapshot is a hash of each file below a directory.
func snapshot(t *testing.T, dir string) map[string][sha256.Size]byte {
	t.Helper()
	files := map[string][sha256.Size]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// unchanged fails the test where the files of the directory are not those of
// the snapshot.
func unchanged(t *testing.T, dir string, before map[string][sha256.Size]byte) {
	t.Helper()
	after := snapshot(t, dir)
	if maps.Equal(before, after) {
		return
	}
	t.Errorf("files changed: before %q, after %q",
		slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
}

// fails fails the test unless err is target, where that is not nil, over a
// result code of the engine with the given low byte, where that is not 0.
func fails(t *testing.T, err, target error, code int) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %v (%d)", target, code)
		return
	}
	if target != nil && !errors.Is(err, target) {
		t.Errorf("error %q is not %q", err, target)
	}
	var engine *sqlite.Error
	switch {
	case code == 0:
	case !errors.As(err, &engine):
		t.Errorf("error %q has no result code, want %d", err, code)
	case engine.Code()&0xff != code:
		t.Errorf("error %q has result code %d, want %d", err, engine.Code(), code)
	}
}

// verified fails the test where a page of the file does not verify under the
// key, whether or not SQLite would ever look at it. It returns the number of
// pages.
func verified(t *testing.T, path, keyspec string, settings compat.Settings) int {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) == 0 || len(file)%settings.PageSize != 0 {
		t.Errorf("%s has %d bytes with pages of %d", filepath.Base(path), len(file), settings.PageSize)
		return 0
	}
	spec, err := compat.ParseKeyspec([]byte(keyspec))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := spec.Derive(settings, file[:hmacpage.SaltSize])
	if err != nil {
		t.Fatal(err)
	}
	codec, err := hmacpage.New(settings.Geometry(), keys)
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, settings.PageSize)
	pages := 0
	for page := range slices.Chunk(file, settings.PageSize) {
		pages++
		err := codec.Decrypt([]hmacpage.Page{{Pgno: uint32(pages), Cipher: page, Plain: plain}})
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
	return pages
}

// settings are the default ones with the named values in place.
func settings(t *testing.T, values ...string) compat.Settings {
	t.Helper()
	s := compat.Latest.Settings()
	for i := 0; i < len(values); i += 2 {
		if err := s.Set(values[i], values[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// encrypted fails the test where the file has a readable header or marker.
func encrypted(t *testing.T, path string, markers ...string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) < compat.SmallestPage {
		t.Errorf("%s has only %d bytes", filepath.Base(path), len(file))
	}
	for _, marker := range append(markers, compat.Magic[:15]) {
		if bytes.Contains(file, []byte(marker)) {
			t.Errorf("%s holds %q", filepath.Base(path), marker)
		}
	}
}

// uri is a file: URI with parameters, given as name and value by turns.
func uri(path string, params ...string) string {
	u := "file:" + path
	for i := 0; i < len(params); i += 2 {
		u += fmt.Sprintf("%c%s=%s", "?&"[min(i, 1)], params[i], params[i+1])
	}
	return u
}
