//go:build unix

package modernc_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestReadOnlyFile takes the permission to write from a file, and from the
// directory, where journals are made.
func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		// No permission holds root back.
		if !inChild(t) {
			return
		}
		becomeNobody(t)
	}
	t.Run("file", func(t *testing.T) {
		path, sum := created(t, 100, options()...)
		chmod(t, path, 0o444)
		before := snapshot(t, filepath.Dir(path))
		readOnly(t, path, sum, options()...)
		wrong := openDB(t, path, modernc.Passphrase("wrong"))
		fails(t, wrong.PingContext(t.Context()), compat.ErrWrongKey, codeNotADB)
		unchanged(t, filepath.Dir(path), before)
	})
	t.Run("directory", func(t *testing.T) {
		path, sum := created(t, 100, options()...)
		dir := filepath.Dir(path)
		chmod(t, dir, 0o555)
		t.Cleanup(func() { chmod(t, dir, 0o755) })
		before := snapshot(t, dir)
		db := openDB(t, path, options()...)
		want(t, db, sum, digestQuery)
		_, err := db.ExecContext(t.Context(), `DELETE FROM sample`)
		fails(t, err, nil, codeReadOnly) // there is no place for a journal
		want(t, db, sum, digestQuery)
		closeDB(t, db)
		unchanged(t, dir, before)

		db = openDB(t, filepath.Join(dir, "new.db"), options()...)
		fails(t, db.PingContext(t.Context()), nil, codeCantOpen)
	})
	t.Run("unreadable", func(t *testing.T) {
		path, sum := created(t, 100, options()...)
		chmod(t, path, 0)
		db := openDB(t, path, options()...)
		fails(t, db.PingContext(t.Context()), nil, codeCantOpen)
		closeDB(t, db)
		chmod(t, path, 0o644)
		unhurt(t, path, sum, options()...)
	})
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// becomeNobody gives up the rights of root, for good.
func becomeNobody(t *testing.T) {
	t.Helper()
	const nobody = 65534
	for _, set := range []func() error{
		func() error { return syscall.Setgroups(nil) },
		func() error { return syscall.Setgid(nobody) },
		func() error { return syscall.Setuid(nobody) },
	} {
		if err := set(); err != nil {
			t.Fatal(err)
		}
	}
}
