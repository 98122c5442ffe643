package convert

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
)

// TestMigratePool has several connections of a pool be the first.
func (e Engine) TestMigratePool(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "old.db")
	made(t, path, old[3], everything)
	db := e.Migrating(t, path, old[3].key)
	defer db.Close()
	var wait sync.WaitGroup
	hold := make(chan struct{})
	for range 6 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			c, err := db.Conn(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			<-hold
			var n int
			if err := c.QueryRowContext(context.Background(), "SELECT count(*) FROM big").Scan(&n); err != nil || n != 60 {
				t.Errorf("%d rows, %v", n, err)
			}
		}()
	}
	close(hold)
	wait.Wait()
	must(t, db, "CREATE TABLE t(a)")
	only(t, dir, "old.db")
	if got := dump(t, "sqlcipher-4.14", path, old[3].defaults()); len(got) < 1000 {
		t.Errorf("found %q", got)
	}
}

// TestMigrateStale migrates on one of two connections: the other, which has the
// old file open, is used no more.
func (e Engine) TestMigrateStale(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "old.db")
	made(t, path, old[3], everything)
	db := e.Connect(t, path, "")
	defer db.Close()
	db.SetMaxOpenConns(2)
	one, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	two, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.ExecContext(t.Context(), "PRAGMA busy_timeout = 4321"); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"PRAGMA key = " + quote(old[3].key), "PRAGMA cipher_migrate"} {
		if _, err := one.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if got := row(t, db, "PRAGMA busy_timeout"); got == "4321" {
		t.Error("the other connection is used again")
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAutoVacuum sets the pragma in new databases that get their key in every
// way.
func (e Engine) TestAutoVacuum(t *testing.T) {
	t.Parallel()
	for _, f := range []form{phrase, level3, large, inClear} {
		for _, d := range doors {
			t.Run(f.name+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
				db := d.one(e, t, path, f)
				must(t, db, "PRAGMA auto_vacuum = INCREMENTAL")
				f.attach(t, db, other, "other")
				must(t, db, "PRAGMA other.auto_vacuum = FULL; CREATE TABLE other.t(a); INSERT INTO other.t VALUES (zeroblob(100000)); DELETE FROM other.t")
				must(t, db, "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(100000)); DELETE FROM t")
				want(t, db, "2", "PRAGMA auto_vacuum")
				want(t, db, "1", "PRAGMA other.auto_vacuum")
				must(t, db, "PRAGMA auto_vacuum = NONE; PRAGMA incremental_vacuum; BEGIN; PRAGMA auto_vacuum = FULL; COMMIT")
				want(t, db, "ok", "PRAGMA integrity_check")
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				for path, vacuum := range map[string]string{path: "1", other: "1"} {
					p := peer(t, "sqlcipher-4.14", path, f)
					if got := p.MustExec("PRAGMA auto_vacuum; PRAGMA page_count; PRAGMA integrity_check").Text(); got != vacuum+"\n3\nok" {
						t.Errorf("%s: %q", filepath.Base(path), got)
					}
				}
			})
		}
	}
}
