package ncruces_test

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

func TestSnapshots(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"DELETE", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			dsn := uri(path, "rawkey", rawKey, "_pragma", "journal_mode("+mode+")", "_pragma", "synchronous(OFF)")
			vfstest.Snapshots(t, open(t, dsn), open(t, dsn))
		})
	}
}
