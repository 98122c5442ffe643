package ncruces_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/ncruces"
)

// pass is a quick key: a raw one, and as text.
const rawKey = "98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481"

// uri is the data source name of a file with pairs of parameters.
func uri(path string, params ...string) string {
	values := url.Values{"vfs": {ncruces.VFSName}}
	for i := 0; i < len(params); i += 2 {
		values.Add(params[i], params[i+1])
	}
	return compat.URI(path, values)
}

// open opens a database with one connection.
func open(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// answer is the one value of a query, or its error.
func answer(db *sql.DB, query string, args ...any) string {
	var s sql.NullString
	if err := db.QueryRow(query, args...).Scan(&s); err != nil {
		return err.Error()
	}
	return s.String
}

func wantAnswer(t testing.TB, db *sql.DB, want, query string, args ...any) {
	t.Helper()
	if got := answer(db, query, args...); got != want {
		t.Errorf("%s: %s, want %s", query, got, want)
	}
}

// wantError wants a statement to fail with a text in its error.
func wantError(t testing.TB, db *sql.DB, part, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err == nil || !strings.Contains(err.Error(), part) {
		t.Errorf("%s: %v, want an error with %q", query, err, part)
	}
}

// isPlain tells whether a file exists and is not encrypted.
func isPlain(t testing.TB, path string) bool {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(string(b), compat.Magic)
}

func TestRegister(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, vfs, base, want string }{
		{"twice", ncruces.VFSName, "", "registered already"},
		{"no name", "", "", "is taken"},
		{"the name of the operating system's", "os", "", "is taken"},
		{"over nothing", "register-1", "no such VFS", "there is no VFS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := ncruces.Register(c.vfs, c.base); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want an error with %q", err, c.want)
			}
		})
	}
	if err := ncruces.Register("register-2", "os"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "other.db")
	db := open(t, "file:"+path+"?vfs=register-2&rawkey="+rawKey)
	mustExec(t, db, "CREATE TABLE t(a); INSERT INTO t VALUES(1)")
	if isPlain(t, path) {
		t.Error("the file is not encrypted")
	}
}

// TestKey gives the key in each place that takes one, for a new file and for
// one that is there.
func TestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		params []string
		pragma string
	}{
		{"passphrase in the URI", []string{"key", "correct horse", "kdf_iter", "10"}, ""},
		{"raw key in the URI", []string{"rawkey", rawKey}, ""},
		{"settings in the URI", []string{"rawkey", rawKey, "cipher_page_size", "8192", "cipher_use_hmac", "OFF"}, ""},
		{"pragma in the URI", []string{"_pragma", "key('x''" + rawKey + "''')"}, ""},
		{"pragma", nil, "PRAGMA key = \"x'" + rawKey + "'\""},
		{"pragma and settings", nil, "PRAGMA key = \"x'" + rawKey + "'\"; PRAGMA cipher_page_size = 1024; PRAGMA cipher_hmac_algorithm = HMAC_SHA1"},
		{"settings by pragma after the key in the URI", []string{"rawkey", rawKey}, "PRAGMA cipher_page_size = 16384"},
		{"level 1", nil, "PRAGMA key = \"x'" + rawKey + "'\"; PRAGMA cipher_compatibility = 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "key.db")
			for i := range 3 {
				db := open(t, uri(path, c.params...))
				mustExec(t, db, c.pragma)
				mustExec(t, db, "CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES(hex(randomblob(20000)))")
				wantAnswer(t, db, fmt.Sprint(i+1), "SELECT count(*) FROM t")
				wantAnswer(t, db, "ok", "PRAGMA integrity_check")
				db.Close()
				if isPlain(t, path) {
					t.Fatal("the file is not encrypted")
				}
			}
			wantAnswer(t, open(t, uri(path)), "sqlite3: file is not a database", "SELECT count(*) FROM t")
			other := strings.Repeat("0", 64)
			wantAnswer(t, open(t, uri(path, "rawkey", other)), "sqlite3: file is not a database", "SELECT count(*) FROM t")
		})
	}
}

// TestPragmas reads and sets settings, also where the answer has no row.
func TestPragmas(t *testing.T) {
	t.Parallel()
	db := open(t, uri(filepath.Join(t.TempDir(), "pragma.db"), "rawkey", rawKey))
	wantAnswer(t, db, "4096", "PRAGMA cipher_page_size")
	wantAnswer(t, db, "4096", "PRAGMA page_size")
	wantAnswer(t, db, "sql: no rows in result set", "PRAGMA cipher_page_size = 8192")
	wantAnswer(t, db, "8192", "PRAGMA page_size")
	wantAnswer(t, db, "1024", "PRAGMA page_size = 1024")
	wantAnswer(t, db, "1024", "PRAGMA cipher_page_size")
	wantAnswer(t, db, "ok", "PRAGMA key = 'another'")
	wantAnswer(t, db, "4096", "PRAGMA cipher_page_size")
	wantAnswer(t, db, compat.Version, "PRAGMA cipher_version")
	wantAnswer(t, db, "sql: no rows in result set", "PRAGMA mmap_size = 1000000") // nothing is mapped
	wantError(t, db, "bad value", "PRAGMA cipher_page_size = 7")
	wantError(t, db, compat.KeyPragmaError, "PRAGMA key = ''")
	mustExec(t, db, "CREATE TABLE t(a)")
	wantAnswer(t, db, "ok", "PRAGMA key = 'too late'")
	wantAnswer(t, db, "4096", "PRAGMA page_size = 1024")
	wantAnswer(t, db, "0", "SELECT count(*) FROM t")
}

// TestKeyInTransaction refuses a key for pages that are being made already.
func TestKeyInTransaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "late.db")
	db := open(t, uri(path))
	mustExec(t, db, "BEGIN; CREATE TABLE t(a)")
	wantError(t, db, "a transaction is open", "PRAGMA key = \"x'"+rawKey+"'\"")
	_, _ = db.Exec("COMMIT")
	if b, err := os.ReadFile(path); err != nil || len(b) > 0 && isPlain(t, path) {
		t.Errorf("%d bytes in clear after a key was given, %v", len(b), err)
	}
}
