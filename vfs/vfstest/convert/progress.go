package convert

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestProgress follows long work to its end, and ends it halfway: nothing has
// changed then, and the connection goes on.
func (e Engine) TestProgress(t *testing.T) {
	t.Parallel()
	key := "x'" + rawDigits + "'"
	for _, c := range []struct {
		name, query string
		sweeps      uint64 // of all pages
	}{
		{"a check", "PRAGMA cipher_integrity_check", 1},
		{"a new key", "PRAGMA rekey = 'other'", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.db")
			made(t, path, level4, "CREATE TABLE t(a); INSERT INTO t VALUES (randomblob(400000))")
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pages := uint64(len(before) / 4096)
			for stop := range c.sweeps + 1 {
				enough, last, stopAt := errors.New("enough"), uint64(0), pages*(2*stop+1)/2
				db := e.Watching(t, path, key, func(done, total uint64) error {
					if done <= last || total != c.sweeps*pages {
						t.Errorf("%d of %d pages behind %d, want %d", done, total, last, c.sweeps*pages)
					}
					last = done
					if done >= stopAt {
						return enough
					}
					return nil
				})
				defer db.Close()
				db.SetMaxOpenConns(1)
				_, err := db.ExecContext(t.Context(), c.query)
				if done := stopAt > c.sweeps*pages; done != (err == nil) || !done && !errors.Is(err, enough) {
					t.Errorf("stopped at %d of %d: %v", stopAt, c.sweeps*pages, err)
				}
				want(t, db, "400000", "SELECT length(a) FROM t")
				if err != nil {
					after, err := os.ReadFile(path)
					if err != nil || string(after[:len(before)]) != string(before) {
						t.Errorf("the file has changed, %v", err)
					}
				}
			}
		})
	}
}
