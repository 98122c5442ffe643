package ncruces_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// otherKey is another raw key than rawKey.
const otherKey = "0000000000000000000000000000000000000000000000000000000000000001"

// TestAttach attaches a new file in each way that says a key or none, and
// opens it with the key that it must have got.
func TestAttach(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		query string // %s of the path is the first argument
		args  []any
		want  string // raw key, passphrase, or empty for none
	}{
		{"without a key it is that of the main database", "ATTACH ?1 AS a", nil, rawKey},
		{"NULL is none", "ATTACH ?1 AS a KEY NULL", nil, rawKey},
		{"string", `ATTACH ?1 AS a KEY 'se''same'`, nil, "se'same"},
		{"identifier", `ATTACH DATABASE ?1 AS key KEY sesame`, nil, "sesame"},
		{"double quotes", `ATTACH ?1 AS a KEY "sesame"`, nil, "sesame"},
		{"parameter", "ATTACH ?1 AS a KEY ?2", []any{"se'same"}, "se'same"},
		{"blob", "ATTACH ?1 AS a KEY ?2", []any{[]byte("sesame")}, "sesame"},
		{"raw key", "ATTACH ?1 AS a KEY ?2", []any{"x'" + otherKey + "'"}, otherKey},
		{"expression", "ATTACH ?1 AS a KEY ('ses' || lower(?2))", []any{"AME"}, "sesame"},
		{"subquery", "ATTACH ?1 AS a KEY (SELECT k FROM keys)", nil, "sesame"},
		{"subquery without a row", "ATTACH ?1 AS a KEY (SELECT k FROM keys WHERE 0)", nil, rawKey},
		{"comments", "/* KEY 'a' */ ATTACH ?1 AS a -- KEY 'b'\n KEY 'sesame' --", nil, "sesame"},
		{"empty", "ATTACH ?1 AS a KEY ''", nil, ""},
		{"in the URI", "ATTACH 'file:' || ?1 || '?key=sesame' AS a", nil, "sesame"},
		{"the clause goes before the URI", "ATTACH 'file:' || ?1 || '?key=other' AS a KEY 'sesame'", nil, "sesame"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "attached.db")
			db := open(t, uri(filepath.Join(dir, "main.db"), "rawkey", rawKey))
			mustExec(t, db, "CREATE TABLE keys(k); INSERT INTO keys VALUES('sesame')")
			mustExec(t, db, c.query, append([]any{path}, c.args...)...)
			schema := "a"
			if c.name == "identifier" {
				schema = "key"
			}
			mustExec(t, db, "CREATE TABLE "+schema+".t(x); INSERT INTO "+schema+".t VALUES(1)")
			mustExec(t, db, "DETACH "+schema)
			if isPlain(t, path) != (c.want == "") {
				t.Errorf("in clear: %v", isPlain(t, path))
			}
			wantAnswer(t, openAs(t, path, c.want), "1", "SELECT count(*) FROM t")
			mustExec(t, db, c.query, append([]any{path}, c.args...)...)
			wantAnswer(t, db, "1", "SELECT count(*) FROM "+schema+".t")
		})
	}
}

// openAs opens a file with a raw key, a passphrase, or none.
func openAs(t testing.TB, path, key string) *sql.DB {
	t.Helper()
	switch {
	case key == "":
		return open(t, uri(path))
	case len(key) == len(rawKey):
		return open(t, uri(path, "rawkey", key))
	}
	return open(t, uri(path, "key", key))
}

// TestAttachRefused wants nothing attached where the key cannot be told.
func TestAttachRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, query string }{
		{"unknown function", "ATTACH ?1 AS a KEY nosuch(1)"},
		{"number", "ATTACH ?1 AS a KEY 7"},
		{"not a raw key", "ATTACH 'file:' || ?1 || '?rawkey=12' AS a"},
		{"misspelt", "ATTACH 'file:' || ?1 || '?kee=sesame' AS a"},
		{"empty in the URI", "ATTACH 'file:' || ?1 || '?key=' AS a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "attached.db")
			db := open(t, uri(filepath.Join(dir, "main.db"), "rawkey", rawKey))
			if _, err := db.Exec(c.query, path); err == nil {
				t.Error("attached")
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("the file was made")
			}
		})
	}
}

// TestAttachToOthers attaches to a main database that is not one of ours, or
// has no key.
func TestAttachToOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, main string }{
		{"in memory", ":memory:"},
		{"of the operating system's VFS", "file:%s"},
		{"without a key", "file:%s?vfs=pageseal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := open(t, strings.Replace(c.main, "%s", filepath.Join(dir, "main.db"), 1))
			mustExec(t, db, "CREATE TABLE m(x)")
			for _, clause := range []struct{ query, want string }{
				{"ATTACH 'file:' || ?1 || '?vfs=pageseal' AS a KEY 'sesame'", "sesame"},
				{"ATTACH 'file:' || ?1 || '?vfs=pageseal&rawkey=" + rawKey + "' AS a", rawKey},
				{"ATTACH 'file:' || ?1 || '?vfs=pageseal' AS a", ""},
			} {
				path := filepath.Join(dir, "attached-"+clause.want+".db")
				mustExec(t, db, clause.query, path)
				mustExec(t, db, "CREATE TABLE a.t(x); INSERT INTO a.t VALUES(1)")
				mustExec(t, db, "DETACH a")
				if isPlain(t, path) != (clause.want == "") {
					t.Errorf("%s: in clear: %v", clause.query, isPlain(t, path))
				}
				wantAnswer(t, openAs(t, path, clause.want), "1", "SELECT count(*) FROM t")
			}
		})
	}
}

// TestAttachInURI attaches from a pragma of the data source name, before the
// engine knows its connection.
func TestAttachInURI(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "attached.db")
	db := open(t, uri(filepath.Join(dir, "main.db"), "rawkey", rawKey,
		"_pragma", "user_version; ATTACH '"+path+"' AS a KEY 'sesame'; CREATE TABLE IF NOT EXISTS a.t(x)"))
	mustExec(t, db, "INSERT INTO a.t VALUES(1)")
	if isPlain(t, path) {
		t.Error("in clear")
	}
	wantAnswer(t, openAs(t, path, "sesame"), "1", "SELECT count(*) FROM t")
}

// TestAttachedSettings lays out an attached database by the pragmas of its
// schema, and commits to both at once.
func TestAttachedSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "attached.db")
	db := open(t, uri(filepath.Join(dir, "main.db"), "rawkey", rawKey))
	mustExec(t, db, "CREATE TABLE t(x)")
	mustExec(t, db, "ATTACH ? AS a KEY ?", path, "x'"+otherKey+"'")
	mustExec(t, db, "PRAGMA a.cipher_page_size = 8192")
	mustExec(t, db, "PRAGMA a.cipher_use_hmac = OFF")
	mustExec(t, db, "CREATE TABLE a.t(x)")
	mustExec(t, db, "BEGIN; INSERT INTO main.t VALUES(1); INSERT INTO a.t VALUES(1); COMMIT")
	wantAnswer(t, db, "4096", "PRAGMA main.page_size")
	wantAnswer(t, db, "8192", "PRAGMA a.page_size")
	info, err := os.Stat(path)
	if err != nil || info.Size() != 2*8192 {
		t.Errorf("%v %v, want 2 pages of 8192 bytes", info, err)
	}
	other := open(t, uri(path, "rawkey", otherKey, "cipher_page_size", "8192", "cipher_use_hmac", "OFF"))
	wantAnswer(t, other, "1", "SELECT count(*) FROM t")
}
