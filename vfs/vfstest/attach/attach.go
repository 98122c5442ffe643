// Package attach holds the tests of ATTACH with a KEY clause and of VACUUM INTO
// that every adapter passes. Stock SQLite reads the clause and forgets it, so an
// adapter has to find it by itself; where it does not, a database is in clear
// or has a key that nobody knows. It is imported by tests only.
package attach

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// Engine is an adapter under test. Its VFS is registered as "pageseal".
type Engine struct {
	// Open opens a data source name with the engine's own driver.
	Open func(t testing.TB, dsn string) *sql.DB
	// Connect opens a file with the Connector of the adapter.
	Connect func(t testing.TB, path, passphrase string) *sql.DB
	// Nest makes the function nested(sql, parameters...) known to the one
	// connection of db. It carries out a statement within the one that calls
	// it and is an empty text.
	Nest func(t testing.TB, db *sql.DB)
}

const (
	// mainKey opens the main databases that are encrypted.
	mainKey = "correct horse"
	// secret must not be readable in any file.
	secret = "a diagnosis that is nobody's business"
	// few keeps PBKDF2 out of the tests.
	few = "kdf_iter=10"
)

// target is the URI of a database to be attached.
func target(path string) string { return "file:" + path + "?vfs=pageseal&" + few }

// single limits a database to one connection and closes it after the test.
func single(t testing.TB, db *sql.DB) *sql.DB {
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func must(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s %q: %v", query, args, err)
	}
}

// row is the value of a query as text.
func row(t testing.TB, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var s sql.NullString
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s.String
}

// fill makes a table with the secret in a schema.
func fill(t testing.TB, db *sql.DB, schema string) {
	t.Helper()
	must(t, db, "PRAGMA "+schema+".synchronous = OFF; CREATE TABLE "+schema+".note(id INTEGER PRIMARY KEY, text TEXT)")
	must(t, db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100) INSERT INTO "+
		schema+".note SELECT i, ? FROM n", secret)
}

// opens tells why a key does not open every page of a file, without SQLite.
func opens(path, key string, settings ...string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	s := compat.Latest.Settings()
	for i, set := 0, append([]string{"kdf_iter", "10"}, settings...); i < len(set); i += 2 {
		if err := s.Set(set[i], set[i+1]); err != nil {
			return err
		}
	}
	if len(file) == 0 || len(file)%s.PageSize != 0 {
		return fmt.Errorf("%s has %d bytes", name, len(file))
	}
	if bytes.HasPrefix(file, []byte(compat.Magic)) || bytes.Contains(file, []byte(secret)) {
		return fmt.Errorf("%s is in clear", name)
	}
	spec, err := compat.ParseKeyspec([]byte(key))
	if err != nil {
		return err
	}
	keys, err := spec.Derive(s, file[:hmacpage.SaltSize])
	if err != nil {
		return err
	}
	codec, err := hmacpage.New(s.Geometry(), keys)
	if err != nil {
		return err
	}
	plain := make([]byte, s.PageSize)
	for pgno := uint32(1); len(file) > 0; pgno++ {
		page := hmacpage.Page{Pgno: pgno, Cipher: file[:s.PageSize], Plain: plain}
		if err := codec.Decrypt([]hmacpage.Page{page}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		file = file[s.PageSize:]
	}
	return nil
}

// nothing fails the test where a file has content.
func nothing(t testing.TB, path string) {
	t.Helper()
	if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
		t.Errorf("%s has %d bytes, in clear: %v", filepath.Base(path), len(b), strings.HasPrefix(string(b), compat.Magic))
	}
}

func contains(list, name string) bool { return strings.Contains(","+list+",", ","+name+",") }

// quote makes a text of SQL.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func replace(s string, by map[string]string) string {
	for name, value := range by {
		s = strings.ReplaceAll(s, name, value)
	}
	return s
}
