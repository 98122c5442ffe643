package ncruces_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"
)

// fill makes a table of many pages.
const fill = `CREATE TABLE t(a, b);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300)
	INSERT INTO t SELECT i, hex(randomblob(200)) FROM n;`

const digest = "SELECT count(*) || ' ' || sum(a) || ' ' || sum(length(b)) FROM t"

const filled = "300 45150 120000"

// TestVacuumInto copies a database: the target takes over key and settings of
// what is copied, or has its own.
func TestVacuumInto(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		key     string   // of the source, empty for none
		params  []string // and its settings
		target  string   // query of the URI
		want    string   // key of the target, refused, or empty for none
		wantSet []string
	}{
		{"key and settings of the source", rawKey, []string{"cipher_page_size", "8192", "cipher_hmac_algorithm", "HMAC_SHA256"}, "", rawKey,
			[]string{"cipher_page_size", "8192", "cipher_hmac_algorithm", "HMAC_SHA256"}},
		{"passphrase of the source", "sesame", []string{"kdf_iter", "10"}, "", "sesame", []string{"kdf_iter", "10"}},
		{"own key", rawKey, nil, "?rawkey=" + otherKey, otherKey, nil},
		{"own key with less reserve", rawKey, nil, "?rawkey=" + otherKey + "&cipher_use_hmac=OFF", otherKey, []string{"cipher_use_hmac", "OFF"}},
		{"own key with more reserve", rawKey, []string{"cipher_use_hmac", "OFF"}, "?rawkey=" + otherKey, otherKey, nil},
		{"own key with other pages", rawKey, nil, "?rawkey=" + otherKey + "&cipher_page_size=8192", "refused", nil},
		{"source in clear", "", nil, "", "", nil},
		{"key for a source in clear", "", nil, "?rawkey=" + otherKey, otherKey, nil},
	} {
		for _, schema := range []string{"main", "a b"} {
			t.Run(c.name+"/"+schema, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
				make := openAs(t, source, c.key)
				if c.key != "" {
					make = open(t, uri(source, append([]string{keyParam(c.key), c.key}, c.params...)...))
				}
				mustExec(t, make, fill)
				db := make
				if schema != "main" {
					make.Close()
					db = open(t, uri(filepath.Join(dir, "main.db"), "rawkey", otherKey))
					mustExec(t, db, "CREATE TABLE other(x)")
					clause := ""
					if c.key == "" {
						clause = " KEY ''"
					}
					params := []string{}
					if c.key != "" {
						params = append([]string{keyParam(c.key), c.key}, c.params...)
					}
					mustExec(t, db, "ATTACH ? AS \""+schema+"\""+clause, uri(source, params...))
				}
				_, err := db.Exec("VACUUM \""+schema+"\" INTO ?", "file:"+target+c.target)
				if c.want == "refused" {
					if b, _ := os.ReadFile(target); err == nil || len(b) > 0 {
						t.Errorf("error %v, %d bytes were written", err, len(b))
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if isPlain(t, target) != (c.want == "") {
					t.Errorf("in clear: %v", isPlain(t, target))
				}
				copied := openAs(t, target, c.want)
				if c.want != "" {
					copied = open(t, uri(target, append([]string{keyParam(c.want), c.want}, c.wantSet...)...))
				}
				wantAnswer(t, copied, filled, digest)
				wantAnswer(t, copied, "ok", "PRAGMA integrity_check")
			})
		}
	}
}

func keyParam(key string) string {
	if len(key) == len(rawKey) {
		return "rawkey"
	}
	return "key"
}

// TestPageSize sets PRAGMA page_size wherever it may be set and lets VACUUM
// follow: an encrypted database keeps its pages.
func TestPageSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, pragmas string
		fails         bool
	}{
		{"on the database", "PRAGMA page_size = 1024", false},
		{"on the database, by its name", "PRAGMA main.page_size = 16384", false},
		{"on another schema of ours", "PRAGMA p.page_size = 1024", false},
		{"on one of another VFS", "PRAGMA o.page_size = 1024", false},
		{"on the temporary schema", "PRAGMA temp.page_size = 1024", false},
		{"with the lock held", "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO t VALUES(1, 'x'); DELETE FROM t WHERE b='x'; PRAGMA o.page_size = 1024", true},
	} {
		for _, mode := range []string{"delete", "wal"} {
			t.Run(c.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "size.db")
				db := open(t, uri(path, "rawkey", rawKey))
				mustExec(t, db, "PRAGMA journal_mode="+mode)
				mustExec(t, db, fill)
				mustExec(t, db, "ATTACH ? AS p KEY ''", filepath.Join(dir, "plain.db"))
				mustExec(t, db, "ATTACH ? AS o", "file:"+filepath.Join(dir, "os.db")+"?vfs=os")
				mustExec(t, db, c.pragmas)
				_, err := db.Exec("VACUUM")
				if (err != nil) != (c.fails && mode == "delete") {
					t.Errorf("VACUUM: %v", err)
				}
				mustExec(t, db, c.pragmas)
				if _, err := db.Exec("VACUUM INTO ?", filepath.Join(dir, "into.db")); err != nil {
					t.Errorf("VACUUM INTO: %v", err)
				}
				wantAnswer(t, db, "4096", "PRAGMA page_size")
				wantAnswer(t, db, filled, digest)
				db.Close()
				for _, name := range []string{"size.db", "into.db"} {
					db = open(t, uri(filepath.Join(dir, name), "rawkey", rawKey))
					wantAnswer(t, db, filled, digest)
					wantAnswer(t, db, "4096", "PRAGMA page_size")
					wantAnswer(t, db, "ok", "PRAGMA integrity_check")
				}
			})
		}
	}
}

// TestPageSizeBeforeKey sets a page size before the key of a database that has
// another one.
func TestPageSizeBeforeKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "before.db")
	mustExec(t, open(t, uri(path, "rawkey", rawKey)), fill)
	db := open(t, uri(path))
	mustExec(t, db, "PRAGMA page_size = 1024; PRAGMA key = \"x'"+rawKey+"'\"; DELETE FROM t WHERE a > 300; VACUUM")
	wantAnswer(t, db, filled, digest)
	wantAnswer(t, open(t, uri(path, "rawkey", rawKey)), filled, digest)
}

// TestBackup copies a database page by page with the engine's backup, both
// ways. A copy of ours takes over key and settings; pages without room for the
// encryption are refused.
func TestBackup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		source, target []string // parameters; nil for the VFS of the operating system
		want           string   // key of the target, or refused
		set            []string
	}{
		{"key and settings of the source", []string{"rawkey", rawKey, "cipher_page_size", "8192"}, []string{}, rawKey, []string{"cipher_page_size", "8192"}},
		{"own key", []string{"rawkey", rawKey}, []string{"rawkey", otherKey}, otherKey, nil},
		{"own key by pragma", []string{"rawkey", rawKey}, []string{"_pragma", "key('x''" + otherKey + "''')"}, otherKey, nil},
		{"other pages", []string{"rawkey", rawKey}, []string{"rawkey", otherKey, "cipher_page_size", "8192"}, "refused", nil},
		{"from a database in clear", []string{}, []string{"rawkey", otherKey}, "refused", nil},
		{"from one of another VFS", nil, []string{"rawkey", otherKey}, "refused", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
			name := func(path string, params []string) string {
				if params == nil {
					return "file:" + path
				}
				return uri(path, params...)
			}
			db := open(t, name(source, c.source))
			mustExec(t, db, fill)
			err := raw(t, db, func(c2 *sqlite3.Conn) error { return c2.Backup("main", name(target, c.target)) })
			if c.want == "refused" {
				if b, _ := os.ReadFile(target); err == nil || len(b) > 0 {
					t.Errorf("error %v, %d bytes were written", err, len(b))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			copied := open(t, uri(target, append([]string{"rawkey", c.want}, c.set...)...))
			wantAnswer(t, copied, filled, digest)
			wantAnswer(t, copied, "ok", "PRAGMA integrity_check")
			mustExec(t, copied, "DELETE FROM t; VACUUM")
			err = raw(t, copied, func(c2 *sqlite3.Conn) error { return c2.Restore("main", name(source, c.source)) })
			if err != nil {
				t.Fatal(err)
			}
			wantAnswer(t, copied, filled, digest)
		})
	}
}

// raw calls f with the engine's connection.
func raw(t testing.TB, db *sql.DB, f func(*sqlite3.Conn) error) error {
	t.Helper()
	c, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Raw(func(driverConn any) error {
		conn, ok := driverConn.(sqlite.Conn)
		if !ok {
			return fmt.Errorf("a connection of type %T", driverConn)
		}
		return f(conn.Raw())
	})
}
