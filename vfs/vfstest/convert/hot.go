package convert

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestMigrateHot migrates what a process left behind that was killed: a journal
// to be rolled back, or a log in which committed rows are.
func (e Engine) TestMigrateHot(t *testing.T) {
	t.Parallel()
	for _, f := range []form{old[2], old[3]} { // without a MAC, and with one
		for _, mode := range []string{"delete", "wal"} {
			t.Run(f.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "old.db")
				made(t, path, f, "PRAGMA journal_mode = "+mode+";"+everything)
				p := peer(t, peers.SQLCipher414, path, f)
				p.MustExec("PRAGMA cache_size = 5; BEGIN; PRAGMA user_version = 99; UPDATE big SET h = 'killed', body = zeroblob(length(body))")
				hot := path + "-journal"
				if mode == "wal" {
					p.MustExec("COMMIT; INSERT INTO counted(a) VALUES ('committed'); BEGIN; UPDATE big SET h = 'not'")
					hot = path + "-wal"
				}
				p.Kill()
				if info, err := os.Stat(hot); err != nil || info.Size() < 20000 {
					t.Fatalf("nothing is hot: %v, %v", info, err)
				}
				if mode == "delete" && f.name != "level 1" {
					flip(t, path, 600) // page 1 was being written
				}
				db := doors[1].one(e, t, path, f.defaults())
				migrate(t, db)
				if mode == "wal" {
					want(t, db, "60", "SELECT count(*) FROM big WHERE h = 'killed'")
					want(t, db, "committed", "SELECT a FROM counted ORDER BY id DESC")
				} else {
					want(t, db, "0", "SELECT count(*) FROM big WHERE h = 'killed'")
				}
				want(t, db, mode, "PRAGMA journal_mode")
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				only(t, dir, "old.db")
				if got := dump(t, peers.SQLCipher414, path, f.defaults()); !strings.Contains(got, "hundred") {
					t.Error("rows are missing")
				}
			})
		}
	}
}

// TestMigrateKilled kills a process at moments of a migration. The file is the
// old one or the new one then, and a migration after it ends well.
func (e Engine) TestMigrateKilled(t *testing.T) {
	t.Parallel()
	f := old[3]
	source := filepath.Join(t.TempDir(), "source.db")
	made(t, source, f, everything+`CREATE TABLE more(a);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO more SELECT hex(randomblob(100)) FROM n`)
	content, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	migrated := 0
	for _, part := range []int64{0, 1, 10, 50, 90, 100, 200} { // percent of the copy that is there
		dir := t.TempDir()
		path := filepath.Join(dir, "old.db")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		p := peers.Command(t, exe, nil, []string{"PAGESEAL_TEST_SERVE=1"})
		p.MustOpen(path)
		p.MustExec("PRAGMA key = " + quote(f.key))
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = p.Do("exec", []byte("PRAGMA cipher_migrate"))
		}()
		for size := int64(-1); size*100 < part*int64(len(content)); {
			select {
			case <-done:
				size = int64(len(content)) * part
			default:
				if info, err := os.Stat(path + "-migrated"); err == nil {
					size = info.Size()
				}
			}
		}
		p.Kill()
		<-done
		q := peer(t, peers.SQLCipher414, path, f.defaults())
		if q.Exec("SELECT count(*) FROM sqlite_master").Code == 0 {
			migrated++
		} else {
			q = peer(t, peers.SQLCipher414, path, f)
		}
		if got := q.MustExec("SELECT count(*) FROM more; PRAGMA cipher_integrity_check").Text(); got != "20000" {
			t.Errorf("killed at %d%%: %q", part, got)
		}
		q.Quit()
		db := doors[1].one(e, t, path, f.defaults())
		migrate(t, db)
		want(t, db, "20000", "SELECT count(*) FROM more")
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		only(t, dir, "old.db")
	}
	t.Logf("%d of 7 were migrated already", migrated)
}
