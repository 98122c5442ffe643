package modernc_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestNoLock has two connections take turns at a file that SQLite is told not to
// lock. What the first one has read ahead is of a state that the second one ends.
func TestNoLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	opts := options(modernc.Param("nolock", "1"), modernc.Param("_pragma", "synchronous(OFF)"))
	reader, writer := openDB(t, path, opts...), openDB(t, path, opts...)
	reader.SetMaxOpenConns(1)
	for i := range 12 { // so that the root of the table is not next to page 1
		mustExec(t, writer, fmt.Sprintf("CREATE TABLE before%d(a)", i))
	}
	mustExec(t, writer, "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, filler BLOB)")
	mustExec(t, writer, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"+
		"INSERT INTO t SELECT i, 0, zeroblob(900) FROM n")
	var n int
	if err := reader.QueryRow("SELECT count(v) FROM (SELECT v FROM t LIMIT 130)").Scan(&n); err != nil || n != 130 {
		t.Fatal(n, err)
	}
	mustExec(t, writer, "UPDATE t SET v = 1")
	for id := 130; id < 400; id += 17 {
		var v int
		if err := reader.QueryRow("SELECT v FROM t WHERE id = ?", id).Scan(&v); err != nil || v != 1 {
			t.Errorf("row %d: version %d, %v", id, v, err)
		}
	}
}
