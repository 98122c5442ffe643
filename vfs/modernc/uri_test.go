package modernc_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestURIOfDatabase opens a database by the driver of the engine, which sees no
// key, and no more once it was released.
func TestURIOfDatabase(t *testing.T) {
	t.Parallel()
	key, err := compat.RawKeyspec([]byte(rawDigits))
	if err != nil {
		t.Fatal(err)
	}
	uri, release := modernc.URI(convert.Database{Path: filepath.Join(t.TempDir(), "a.db"), Key: key})
	if strings.Contains(uri, rawDigits[:8]) {
		t.Error("the key is in the URI")
	}
	for _, sql1 := range []string{"CREATE TABLE t(a)", "INSERT INTO t VALUES(1)"} {
		db, err := sql.Open("sqlite", uri)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(sql1); err != nil {
			t.Errorf("%s: %v", sql1, err)
		}
		_ = db.Close()
	}
	release()
	db, err := sql.Open("sqlite", uri)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("SELECT * FROM t"); err == nil {
		t.Error("it still opens")
	}
}
