package convert

import (
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// defaults is the form of a database that was migrated.
func (f form) defaults() form { return form{key: f.key} }

// old are the forms that older releases of SQLCipher have left behind. Those
// with a raw key spare PBKDF2.
var old = []form{
	{"level 3", "correct horse", []string{"cipher_compatibility", "3"}},
	{"level 2", "x'" + rawDigits[:64] + "'", []string{"cipher_compatibility", "2"}},
	{"level 1", "correct horse", []string{"cipher_compatibility", "1"}},
	{"a key with its salt", "x'" + rawDigits + "'", []string{"cipher_compatibility", "3"}},
	{"a long key", strings.Repeat("it's \"long\" ", 9), []string{"cipher_compatibility", "2"}},
	{"2.0, big-endian", "correct horse", []string{"cipher_compatibility", "2", "cipher_hmac_pgno", "be"}},
	{"2.0 beta", "correct horse", []string{"cipher_compatibility", "2", "fast_kdf_iter", "4000", "cipher_hmac_salt_mask", "\"x'00'\""}},
}

// ways are those to have a database migrated. They return the connection after
// it, of which there is one.
var ways = []struct {
	name string
	run  func(e Engine, t testing.TB, path string, f form) *sql.DB
}{
	{"URI", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		db := doors[1].one(e, t, path, f.defaults())
		migrate(t, db)
		return db
	}},
	{"pragmas", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		db := doors[0].one(e, t, path, inClear)
		must(t, db, "PRAGMA key = "+quote(f.key))
		migrate(t, db)
		return db
	}},
	{"several statements in one", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		db := doors[0].one(e, t, path, inClear)
		must(t, db, "PRAGMA key = "+quote(f.key)+"; PRAGMA cipher_migrate; CREATE TABLE x(a); DROP TABLE x")
		return db
	}},
	{"after a wrong key", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		db := doors[0].one(e, t, path, inClear)
		must(t, db, "PRAGMA key = 'wrong'")
		e.fails(t, db, 26, "", "SELECT count(*) FROM sqlite_schema")
		e.fails(t, db, 26, "wrong key", "PRAGMA cipher_migrate")
		must(t, db, "PRAGMA key = "+quote(f.key))
		migrate(t, db)
		return db
	}},
	{"option", func(e Engine, t testing.TB, path string, f form) *sql.DB {
		db := e.Migrating(t, path, f.key)
		db.SetMaxOpenConns(1)
		return db
	}},
}

// migrate runs the pragma, which answers 0.
func migrate(t testing.TB, db *sql.DB) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "PRAGMA cipher_migrate")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil || len(columns) != 1 || !rows.Next() {
		t.Fatalf("columns %q, %v", columns, err)
	}
	var answer string
	if err := rows.Scan(&answer); err != nil || answer != "0" || rows.Next() {
		t.Fatalf("answer %q, %v", answer, err)
	}
}

// TestMigrate brings databases that a real build has made to the defaults. A real
// build then finds all that was in them.
func (e Engine) TestMigrate(t *testing.T) {
	t.Parallel()
	for i, f := range old {
		for j, w := range ways {
			if i > 0 && j != i%len(ways) {
				continue
			}
			mode := []string{"delete", "wal"}[j%2]
			t.Run(f.name+"/"+w.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "it's.db")
				made(t, path, f, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = "+mode+";"+everything)
				if err := os.Chmod(path, 0o640); err != nil {
					t.Fatal(err)
				}
				was := dump(t, peers.SQLCipher414, path, f)
				db := w.run(e, t, path, f)
				want(t, db, "two", "SELECT n FROM seen WHERE n = 'two'")
				want(t, db, "2", "PRAGMA auto_vacuum")
				want(t, db, mode, "PRAGMA journal_mode")
				must(t, db, "BEGIN; DELETE FROM big; ROLLBACK; CREATE TABLE later2(a); DROP TABLE later2")
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				only(t, dir, "it's.db")
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 && runtime.GOOS != "windows" {
					t.Errorf("mode %v, %v", info.Mode(), err)
				}
				if is := dump(t, peers.SQLCipher414, path, f.defaults()); is != was {
					t.Errorf("the database differs\n%s\nnot\n%s", is, was)
				}
				p := peer(t, peers.SQLCipher455, path, f.defaults())
				if got := p.MustExec(lookups).Text(); got != lookedUp {
					t.Errorf("found %q, want %q", got, lookedUp)
				}
			})
		}
	}
}

// TestMigrateOldest migrates what SQLCipher 3.4.1 itself has made.
func (e Engine) TestMigrateOldest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "oldest.db")
	p := peers.Require(t, peers.SQLCipher341).Start(t)
	p.MustOpen(path)
	p.MustExec("PRAGMA key = 'horse'; CREATE TABLE t(a, b); CREATE INDEX i ON t(b); INSERT INTO t VALUES (1, zeroblob(70000)), (2, 'x')")
	p.Quit()
	db := doors[0].one(e, t, path, inClear)
	must(t, db, "PRAGMA key = 'horse'")
	migrate(t, db)
	want(t, db, "70000", "SELECT length(b) FROM t WHERE a = 1")
	must(t, db, "INSERT INTO t VALUES (3, 'y')")
	q := peer(t, peers.SQLCipher414, path, form{key: "horse"})
	if got := q.MustExec("SELECT a FROM t ORDER BY b; PRAGMA integrity_check; PRAGMA cipher_integrity_check").Text(); got != "2\n3\n1\nok" {
		t.Errorf("found %q", got)
	}
}

// TestMigrateSmall migrates databases that are shorter than a page of the
// defaults.
func (e Engine) TestMigrateSmall(t *testing.T) {
	t.Parallel()
	for _, f := range old[1:4] {
		path := filepath.Join(t.TempDir(), "small.db")
		made(t, path, f, "PRAGMA user_version = 5")
		db := doors[1].one(e, t, path, f.defaults())
		migrate(t, db)
		want(t, db, "5", "PRAGMA user_version")
	}
}

// TestMigrateNothing asks for a migration where there is nothing to do.
func (e Engine) TestMigrateNothing(t *testing.T) {
	t.Parallel()
	for _, f := range []form{level4.defaults(), {key: "correct horse"}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "new.db")
		db := doors[0].one(e, t, path, inClear)
		must(t, db, "PRAGMA key = "+quote(f.key))
		migrate(t, db)
		must(t, db, "CREATE TABLE t(a); INSERT INTO t VALUES (1)")
		migrate(t, db) // it was used, but with these settings
		must(t, db, "BEGIN IMMEDIATE")
		migrate(t, db)
		must(t, db, "COMMIT")
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		again := doors[0].one(e, t, path, inClear)
		must(t, again, "PRAGMA key = "+quote(f.key))
		must(t, again, "PRAGMA cipher_compatibility = 3") // which it has not
		migrate(t, again)
		want(t, again, "1", "SELECT a FROM t")
		if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
			t.Errorf("the file is another one, %v", err)
		}
		only(t, dir, "new.db")
	}
	db := doors[0].one(e, t, filepath.Join(t.TempDir(), "plain.db"), inClear)
	must(t, db, "CREATE TABLE t(a); PRAGMA cipher_migrate") // without a key there is no such pragma
}
