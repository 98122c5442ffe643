// Package convert holds the tests of conversions that every adapter passes:
// sqlcipher_export, PRAGMA cipher_migrate, VACUUM INTO and backups, with real
// SQLCipher builds that make the databases and read what has become of them. It
// is imported by tests only.
package convert

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// Engine is an adapter under test. Its VFS is registered as "pageseal".
type Engine struct {
	// Open opens a data source name with the engine's own driver.
	Open func(t testing.TB, dsn string) *sql.DB
	// Defensive opens one with SQLITE_DBCONFIG_DEFENSIVE, and without strings in
	// double quotes.
	Defensive func(t testing.TB, dsn string) *sql.DB
	// Connect opens a file with the Connector of the adapter, with a key or,
	// if it is empty, without one, and with settings: names and values.
	Connect func(t testing.TB, path, key string, settings ...string) *sql.DB
	// Migrating opens a file with the option to migrate it.
	Migrating func(t testing.TB, path, key string) *sql.DB
	// Watching opens a file with the option Progress.
	Watching func(t testing.TB, path, key string, progress func(done, total uint64) error) *sql.DB
	// Convert is the adapter's function Open.
	Convert convert.Opener
	// Backup copies the main database of a driver's connection to another one, or
	// from it, page by page.
	Backup func(driverConn any, dsn string, restore bool) error
	// Plain is the name of the VFS that our own is over.
	Plain string
	// Code is the result code of SQLite in an error of the engine.
	Code func(error) int
	// Modules tells that fts5 and rtree are there.
	Modules bool
	// Trees tells that there is the virtual table sqlite_dbpage, which a copy tree
	// by tree takes where there is a log.
	Trees bool
}

// form is how a database is encrypted.
type form struct {
	name     string
	key      string   // as PRAGMA key takes it; empty for none
	settings []string // names of pragmas and values
}

var (
	inClear = form{name: "in clear"}
	level4  = form{"level 4", "x'" + rawDigits + "'", nil}
	phrase  = form{"a passphrase", "correct horse", []string{"kdf_iter", "10"}}
	level3  = form{"level 3", "old horse", []string{"cipher_compatibility", "3", "kdf_iter", "10"}}
	level1  = form{"level 1", "older horse", []string{"cipher_compatibility", "1", "kdf_iter", "10"}}
	large   = form{"pages of 16384 bytes", "large horse", []string{"kdf_iter", "10", "cipher_page_size", "16384", "cipher_hmac_algorithm", "HMAC_SHA256"}}
)

// rawDigits are those of a raw key with its salt.
const rawDigits = "98483c6eb40b6c31a448c22a66ded3b5e5e8d5119cac8327b655c8b5c4836481" +
	"101112131415161718191a1b1c1d1e1f"

// pragmas are those that open a database of the form as a schema.
func (f form) pragmas(schema string) string {
	if f.key == "" {
		return ""
	}
	return "PRAGMA " + schema + ".key = " + quote(f.key) + ";" + f.set(schema)
}

func (f form) set(schema string) string {
	text := ""
	for i := 0; i < len(f.settings); i += 2 {
		text += fmt.Sprintf("PRAGMA %s.%s = %s;", schema, f.settings[i], f.settings[i+1])
	}
	return text
}

// uri is the URI of a database of the form.
func (f form) uri(path string) string {
	params := url.Values{"vfs": {"pageseal"}}
	if f.key != "" {
		params.Set("key", f.key)
	}
	for i := 0; i < len(f.settings); i += 2 {
		params.Set(f.settings[i], f.settings[i+1])
	}
	return compat.URI(path, params)
}

// attach attaches a database of the form, which is new or not.
func (f form) attach(t testing.TB, db *sql.DB, path, schema string) {
	t.Helper()
	if f.key == "" {
		must(t, db, "ATTACH ? AS "+schema+" KEY ''", path)
		return
	}
	must(t, db, "ATTACH ? AS "+schema, f.uri(path))
}

// door is a way in which a database is opened.
type door struct {
	name string
	open func(e Engine, t testing.TB, path string, f form) *sql.DB
}

var doors = []door{
	{"connector", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		return e.Connect(t, path, f.key, f.settings...)
	}},
	{"URI", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		return e.Open(t, f.uri(path))
	}},
}

func (d door) one(e Engine, t testing.TB, path string, f form) *sql.DB {
	t.Helper()
	db := d.open(e, t, path, f)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// peer opens a database with a real build.
func peer(t testing.TB, name, path string, f form) *peers.Proc {
	t.Helper()
	p := peers.Require(t, name).Start(t)
	p.MustOpen(path)
	p.MustExec(f.pragmas("main"))
	return p
}

func must(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%.200s %q: %v", query, args, err)
	}
}

// row is the value of a query as text.
func row(t testing.TB, db *sql.DB, query string, args ...any) string {
	t.Helper()
	s, err := tryRow(t, db, query, args...)
	if err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
	return s
}

func tryRow(t testing.TB, db *sql.DB, query string, args ...any) (string, error) {
	t.Helper()
	var s sql.NullString
	err := db.QueryRowContext(t.Context(), query, args...).Scan(&s)
	return s.String, err
}

func want(t testing.TB, db *sql.DB, value, query string, args ...any) {
	t.Helper()
	if got := row(t, db, query, args...); got != value {
		t.Errorf("%.200s: %q, want %q", query, got, value)
	}
}

// fails fails the test unless the query does, with a message of which text is
// a part and a result code.
func (e Engine) fails(t testing.TB, db *sql.DB, code int, text, query string, args ...any) {
	t.Helper()
	_, err := tryRow(t, db, query, args...)
	switch {
	case err == nil || errors.Is(err, sql.ErrNoRows):
		t.Errorf("%s %q: no error", query, args)
	case !strings.Contains(err.Error(), text):
		t.Errorf("%s %q: %v, want %q", query, args, err, text)
	case e.Code(err)&0xff != code:
		t.Errorf("%s %q: %v, result code %d, want %d", query, args, err, e.Code(err), code)
	}
}

// isClear tells whether a file is a database in clear.
func isClear(t testing.TB, path string) bool {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(string(b), compat.Magic)
}

// only fails the test where other files are beside those named.
func only(t testing.TB, dir string, names ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = filepath.Base(f)
	}
	if got, want := strings.Join(files, " "), strings.Join(names, " "); got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
