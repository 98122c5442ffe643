package modernc_test

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestFilePages reads the file of a database below SQLite, as conversions do, unless
// it has a log.
func TestFilePages(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "correct horse"} {
		db := convert.Database{Path: filepath.Join(t.TempDir(), "a.db")}
		if key != "" {
			var err error
			if db.Key, err = compat.ParseKeyspec([]byte(key)); err != nil {
				t.Fatal(err)
			}
		}
		c, err := modernc.Open(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		exec := func(sql string) {
			t.Helper()
			if _, err := c.(driver.ExecerContext).ExecContext(t.Context(), sql, nil); err != nil {
				t.Fatal(err)
			}
		}
		pages := c.(interface {
			Pages(size int) (*vfs.Pages, error)
		}).Pages
		exec("CREATE TABLE t(a); INSERT INTO t VALUES ('first'); BEGIN; SELECT * FROM t")
		p, err := pages(4096)
		if err != nil {
			t.Fatal(err)
		}
		got := p.Buffer(2)
		if err := p.Read(got, 1); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(got, []byte(compat.Magic)) || !bytes.Contains(got[4096:], []byte("first")) {
			t.Errorf("with key %t: it reads %.20q", key != "", got)
		}
		p.Close()
		exec("ROLLBACK; PRAGMA journal_mode = WAL; INSERT INTO t VALUES ('second')")
		if _, err := pages(4096); !errors.Is(err, compat.ErrUnsupported) {
			t.Errorf("with key %t and a log: %v", key != "", err)
		}
		exec("PRAGMA journal_mode = DELETE")
		if p, err = pages(4096); err != nil {
			t.Fatalf("with key %t, without the log: %v", key != "", err)
		}
		p.Close()
	}
}
