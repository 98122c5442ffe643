package modernc_test

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

func TestSnapshots(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			opts := options(modernc.Param("_pragma", "journal_mode("+mode+")"), modernc.Param("_pragma", "synchronous(OFF)"))
			vfstest.Snapshots(t, openDB(t, path, opts...), openDB(t, path, opts...))
		})
	}
}
