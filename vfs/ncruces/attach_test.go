package ncruces_test

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/vfs/ncruces"
	"github.com/pageseal/pageseal/vfs/vfstest/attach"
)

// otherKey is another raw key than rawKey.
const otherKey = "0000000000000000000000000000000000000000000000000000000000000001"

var attaching = attach.Engine{
	Open: func(t testing.TB, dsn string) *sql.DB {
		db, err := sql.Open("sqlite3", dsn)
		if err != nil {
			t.Fatal(err)
		}
		return db
	},
	Connect: func(t testing.TB, path, passphrase string) *sql.DB {
		return sql.OpenDB(ncruces.NewConnector(path, ncruces.Passphrase(passphrase), ncruces.Setting("kdf_iter", "10")))
	},
	Nest: func(t testing.TB, db *sql.DB) {
		err := raw(t, db, func(c *sqlite3.Conn) error { return c.CreateFunction("nested", -1, 0, nested) })
		if err != nil {
			t.Fatal(err)
		}
	},
}

// nested carries out a statement with parameters.
func nested(ctx sqlite3.Context, args ...sqlite3.Value) {
	st, _, err := ctx.Conn().Prepare(args[0].Text())
	if err != nil {
		ctx.ResultError(err)
		return
	}
	defer st.Close()
	for i, arg := range args[1:] {
		if err := st.BindValue(i+1, arg); err != nil {
			ctx.ResultError(err)
			return
		}
	}
	if err := st.Exec(); err != nil {
		ctx.ResultError(err)
		return
	}
	ctx.ResultText("")
}

func TestAttachKey(t *testing.T)        { attaching.TestKey(t) }
func TestAttachOnce(t *testing.T)       { attaching.TestOnce(t) }
func TestAttachText(t *testing.T)       { attaching.TestText(t) }
func TestAttachParameters(t *testing.T) { attaching.TestParameters(t) }
func TestAttachNone(t *testing.T)       { attaching.TestNone(t) }
func TestAttachURI(t *testing.T)        { attaching.TestURI(t) }
func TestAttachRefusedKey(t *testing.T) { attaching.TestRefused(t) }
func TestAttachNested(t *testing.T)     { attaching.TestNested(t) }
func TestVacuumIntoKey(t *testing.T)    { attaching.TestVacuumInto(t) }
func TestVacuumWithin(t *testing.T)     { attaching.TestVacuumWithin(t) }

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

// TestAttachInURI attaches from a pragma of the data source name, before the
// engine knows its connection. The key is used, or nothing is attached.
func TestAttachInURI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, main, clause string
		key                string // of the file, refused, or empty for none
	}{
		{"key", "file:$dir/main.db?vfs=pageseal&rawkey=" + rawKey, "KEY 'sesame'", "sesame"},
		{"no key", "file:$dir/main.db?vfs=pageseal&rawkey=" + rawKey, "", rawKey},
		{"main in clear", "file:$dir/main.db?vfs=pageseal", "KEY 'sesame'", "sesame"},
		{"main of another VFS", "file:$dir/main.db?mode=rwc", "KEY 'sesame'", "refused"},
		{"main of another VFS, parameter", "file:$dir/main.db?mode=rwc", "KEY ('ses' || 'ame')", "refused"},
		{"main of another VFS, no key", "file:$dir/main.db?mode=rwc", "", ""},
		{"main in memory", "file::memory:?mode=memory", "KEY 'sesame'", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "attached.db")
			pragma := "user_version; ATTACH 'file:" + path + "?vfs=pageseal' AS a " + c.clause + "; CREATE TABLE IF NOT EXISTS a.t(x)"
			db := open(t, strings.Replace(c.main, "$dir", dir, 1)+"&_pragma="+url.QueryEscape(pragma))
			_, err := db.Exec("INSERT INTO a.t VALUES(1)")
			if c.key == "refused" {
				if b, _ := os.ReadFile(path); err == nil || len(b) > 0 {
					t.Errorf("error %v, %d bytes were written", err, len(b))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if isPlain(t, path) != (c.key == "") {
				t.Errorf("in clear: %v", isPlain(t, path))
			}
			wantAnswer(t, openAs(t, path, c.key), "1", "SELECT count(*) FROM t")
		})
	}
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
