package ncruces_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs/ncruces"
)

// watching is the VFS of the operating system, which tells of each file before
// it is deleted.
type watching struct {
	sqlitevfs.VFSFilename
	deletes func(name string)
}

func (w watching) Delete(name string, syncDir bool) error {
	w.deletes(name)
	return w.VFSFilename.Delete(name, syncDir)
}

// TestSuperJournal stops a commit of two databases before its last step, the
// deletion of the super-journal, and rolls them back one by one: for the other
// one SQLite asks the journal alone, whose database is not open.
func TestSuperJournal(t *testing.T) {
	t.Parallel()
	dir, stopped := t.TempDir(), filepath.Join(t.TempDir(), "stopped")
	sqlitevfs.Register("watching", watching{
		VFSFilename: sqlitevfs.Find("os").(sqlitevfs.VFSFilename),
		deletes: func(name string) {
			if strings.Contains(filepath.Base(name), "-mj") {
				if err := os.CopyFS(stopped, os.DirFS(dir)); err != nil {
					t.Error(err)
				}
			}
		},
	})
	if err := ncruces.Register("watched", "watching"); err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	db := open(t, "file:"+a+"?vfs=watched&rawkey="+rawKey)
	mustExec(t, db, "ATTACH ? AS b KEY ?; ", b, "x'"+otherKey+"'")
	mustExec(t, db, "CREATE TABLE main.t(x); CREATE TABLE b.t(x)")
	mustExec(t, db, "INSERT INTO main.t VALUES('before'); INSERT INTO b.t VALUES('before')")
	mustExec(t, db, "BEGIN; UPDATE main.t SET x='after'; UPDATE b.t SET x='after'; COMMIT")
	wantAnswer(t, db, "after", "SELECT x FROM main.t")
	db.Close()

	for _, together := range []bool{false, true} {
		restore(t, dir, stopped)
		first := open(t, uri(a, "rawkey", rawKey))
		if together {
			mustExec(t, first, "ATTACH ? AS b KEY ?", b, "x'"+otherKey+"'")
		}
		wantAnswer(t, first, "before", "SELECT x FROM main.t")
		if together {
			wantAnswer(t, first, "before", "SELECT x FROM b.t")
		} else {
			second := open(t, uri(b, "rawkey", otherKey))
			wantAnswer(t, second, "before", "SELECT x FROM t")
			second.Close()
		}
		first.Close()
		left, err := filepath.Glob(filepath.Join(dir, "*-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left over: %q %v", left, err)
		}
	}
}

// restore puts the files of a folder back to where they were.
func restore(t *testing.T, dir, from string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if super, _ := filepath.Glob(filepath.Join(dir, "*-mj*")); len(super) != 1 {
		t.Fatalf("super-journals %q: the test tests nothing", super)
	}
}
