package ncruces_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestOtherEngine opens one file with both engines of this process: whichever
// comes second is refused until the first has closed it.
func TestOtherEngine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "both.db"), filepath.Join(dir, "link.db")
	mine := func(path string) *sql.DB { return open(t, uri(path, "rawkey", rawKey)) }
	theirs := func(path string) *sql.DB { return sql.OpenDB(modernc.NewConnector(path, modernc.RawKey(rawKey))) }

	first := mine(path)
	mustExec(t, first, "CREATE TABLE t(a); INSERT INTO t VALUES(1)")
	if err := os.Link(path, link); err != nil {
		t.Skip(err)
	}
	second := theirs(link)
	defer second.Close()
	if err := second.Ping(); !errors.Is(err, vfs.ErrOtherEngine) {
		t.Errorf("modernc opens it too: %v", err)
	}
	first.Close()

	wantAnswer(t, second, "1", "SELECT count(*) FROM t")
	first = mine(path)
	wantError(t, first, "unable to open", "SELECT 1")
	memory := open(t, uri(filepath.Join(dir, "main.db"), "rawkey", rawKey))
	wantError(t, memory, "unable to open", "ATTACH ? AS b", path)
	second.Close()
	wantAnswer(t, first, "1", "SELECT count(*) FROM t")
	mustExec(t, memory, "ATTACH ? AS b", path)
	wantAnswer(t, memory, "1", "SELECT count(*) FROM b.t")
}
