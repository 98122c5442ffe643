package convert

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// files are the names and the hashes of what a folder holds.
func files(t testing.TB, dir string) (all string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprintf("%s %d %x\n", filepath.Base(name), len(b), sha256.Sum256(b))
	}
	return all
}

// TestMigrateRefused has migrations fail: no file changes.
func (e Engine) TestMigrateRefused(t *testing.T) {
	t.Parallel()
	f := old[3]
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, path string)
		setup  string // after the key
		code   int
		text   string
	}{
		{"wrong key", nil, "PRAGMA key = 'wrong'", 26, "not those of any release of SQLCipher"},
		{"in a transaction", nil, "BEGIN", 1, "inside of a transaction"},
		{"after it was read", nil, "PRAGMA cipher_compatibility = 3; SELECT count(*) FROM sqlite_schema", 1, "after the database was read"},
		{"another page is damaged", func(t *testing.T, path string) { flip(t, path, 40*1024+77) }, "", 11, "damaged page 41"},
		{"the first page is damaged", func(t *testing.T, path string) { flip(t, path, 77) }, "", 26, "damaged page 1"},
		{"both first pages are damaged", func(t *testing.T, path string) { flip(t, path, 77); flip(t, path, 1024+77) }, "", 26, "wrong key"},
		{"cut short", func(t *testing.T, path string) {
			if err := os.Truncate(path, 300); err != nil {
				t.Fatal(err)
			}
		}, "", 26, "the file ends inside a page"},
		{"cut to whole pages", func(t *testing.T, path string) {
			if err := os.Truncate(path, 30*1024); err != nil {
				t.Fatal(err)
			}
		}, "", 11, "malformed"},
		{"noise", func(t *testing.T, path string) {
			if err := os.WriteFile(path, make([]byte, 8192), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "", 26, "wrong key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "old.db")
			made(t, path, f, everything)
			if c.damage != nil {
				c.damage(t, path)
			}
			before := files(t, dir)
			db := doors[0].one(e, t, path, inClear)
			must(t, db, "PRAGMA key = "+quote(f.key)+";"+c.setup)
			e.fails(t, db, c.code, c.text, "PRAGMA cipher_migrate")
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if after := files(t, dir); after != before {
				t.Errorf("files were\n%sand are\n%s", before, after)
			}
		})
	}
	t.Run("in clear", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		path := filepath.Join(dir, "plain.db")
		made(t, path, inClear, everything)
		before := files(t, dir)
		db := doors[0].one(e, t, path, inClear)
		must(t, db, "PRAGMA key = 'x'")
		e.fails(t, db, 26, "the database is not encrypted", "PRAGMA cipher_migrate")
		if after := files(t, dir); after != before {
			t.Errorf("files were\n%sand are\n%s", before, after)
		}
	})
	t.Run("attached", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		made(t, filepath.Join(dir, "old.db"), f, everything)
		db := doors[0].one(e, t, filepath.Join(dir, "main.db"), level4)
		must(t, db, "ATTACH ? AS other", f.uri(filepath.Join(dir, "old.db")))
		must(t, db, "ATTACH ? AS new", level4.uri(filepath.Join(dir, "new.db")))
		e.fails(t, db, 1, "after the database was read", "PRAGMA other.cipher_migrate")
		e.fails(t, db, 1, "of an attached database", "PRAGMA new.cipher_migrate")
	})
	t.Run("read-only", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "old.db")
		made(t, path, f, everything)
		db := e.Open(t, f.defaults().uri(path)+"&mode=ro")
		defer db.Close()
		e.fails(t, db, 8, "", "PRAGMA cipher_migrate")
		if b := files(t, filepath.Dir(path)); len(b) > 100 {
			t.Errorf("there is more than the file: %s", b)
		}
	})
}

// TestMigrateBusy migrates while somebody else uses the database, in the
// rollback modes and in that of the log.
func (e Engine) TestMigrateBusy(t *testing.T) {
	t.Parallel()
	f := old[3]
	for _, mode := range []string{"delete", "wal"} {
		for _, begin := range []string{"BEGIN; SELECT count(*) FROM big", "BEGIN IMMEDIATE; INSERT INTO log VALUES (1)"} {
			t.Run(mode+"/"+begin[:8], func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "old.db")
				made(t, path, f, "PRAGMA journal_mode = "+mode+";"+everything)
				other := peer(t, peers.SQLCipher414, path, f)
				other.MustExec(begin)
				// What a migration that was killed has left behind is not
				// touched without the lock.
				left := filepath.Join(dir, "old.db-migrated")
				if err := os.WriteFile(left, []byte("left"), 0o600); err != nil {
					t.Fatal(err)
				}
				db := doors[0].one(e, t, path, inClear)
				must(t, db, "PRAGMA busy_timeout = 0; PRAGMA key = "+quote(f.key))
				e.fails(t, db, 5, "database is locked", "PRAGMA cipher_migrate")
				if b, err := os.ReadFile(left); err != nil || string(b) != "left" {
					t.Errorf("left are %q, %v", b, err)
				}
				other.MustExec("INSERT INTO log VALUES (2); COMMIT; SELECT count(*) FROM big")
				if mode == "wal" {
					other.Quit() // or the log stays open
				}
				migrate(t, db)
				want(t, db, mode, "PRAGMA journal_mode")
				want(t, db, "2", "SELECT max(what) FROM log")
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				only(t, dir, "old.db")
			})
		}
	}
}

// flip changes a byte of a file.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}
