package convert

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// refusedBackup is how a backup ends that must not be made.
var refusedBackup = form{name: "refused"}

// TestBackup copies databases of a real build page by page, by the connection of
// a driver, and back. A copy is encrypted where the original is, and only there.
func (e Engine) TestBackup(t *testing.T) {
	t.Parallel()
	other := form{"another key", "third horse", []string{"kdf_iter", "10"}}
	for _, c := range []struct {
		name   string
		source form
		dsn    string // behind the path; the VFS is that of the operating system where it says so
		target form
	}{
		{"encrypted", phrase, "", phrase},
		{"encrypted, by level 3", level3, "", level3},
		{"encrypted, by a raw key", level4, "", level4},
		{"encrypted, under another key", phrase, "?key=third+horse&kdf_iter=10", other},
		{"encrypted, with other pages", phrase, "?key=third+horse&kdf_iter=10&cipher_page_size=8192", refusedBackup},
		{"encrypted to in clear", phrase, "?vfs=" + e.Plain, refusedBackup},
		{"encrypted, with a key for no VFS of ours", phrase, "?key=third+horse&vfs=" + e.Plain, refusedBackup},
		{"encrypted, with settings and no key", phrase, "?kdf_iter=10", refusedBackup},
		{"encrypted, with a key that is misspelt", phrase, "?kye=third+horse", refusedBackup},
		{"in clear", inClear, "", inClear},
		{"in clear, by the VFS below", inClear, "?vfs=" + e.Plain, inClear},
		{"in clear to encrypted", inClear, "?key=third+horse", refusedBackup},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path, to := filepath.Join(dir, "source.db"), filepath.Join(dir, "to.db")
			made(t, path, c.source, everything)
			was := dump(t, peers.SQLCipher414, path, c.source)
			db := doors[0].one(e, t, path, c.source)
			copying := func(restore bool) error {
				conn, err := db.Conn(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				return conn.Raw(func(driverConn any) error { return e.Backup(driverConn, to+c.dsn, restore) })
			}
			err := copying(false)
			if c.target.name == refusedBackup.name {
				if b, _ := os.ReadFile(to); err == nil || len(b) > 0 {
					t.Errorf("%v, and %d bytes are written", err, len(b))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if isClear(t, to) != (c.source.key == "") {
				t.Fatalf("in clear: %v", isClear(t, to))
			}
			if got := dump(t, peers.SQLCipher414, to, c.target); got != was {
				t.Errorf("the copy differs\n%s\nnot\n%s", got, was)
			}
			must(t, db, "DELETE FROM big; DROP TABLE later")
			if err := copying(true); err != nil {
				t.Fatal(err)
			}
			if got := dump(t, peers.SQLCipher414, path, c.source); got != was {
				t.Errorf("what is restored differs\n%s\nnot\n%s", got, was)
			}
		})
	}
}

// TestBackupOfDamaged: a database with a damaged page is still one that is
// encrypted, and no part of it gets into a file in clear.
func (e Engine) TestBackupOfDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, to := filepath.Join(dir, "source.db"), filepath.Join(dir, "to.db")
	made(t, path, phrase, "CREATE TABLE t(a); INSERT INTO t VALUES (randomblob(30000))")
	flip(t, path, 5*4096+77)
	db := doors[0].one(e, t, path, phrase)
	if err := db.QueryRowContext(t.Context(), "SELECT sum(length(hex(a))) FROM t").Scan(new(int)); !errors.Is(err, compat.ErrDamaged) {
		t.Errorf("the page is read: %v", err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(driverConn any) error { return e.Backup(driverConn, fmt.Sprintf("%s?vfs=%s", to, e.Plain), false) })
	if b, _ := os.ReadFile(to); !errors.Is(err, compat.ErrUnsupported) || len(b) > 0 {
		t.Errorf("%v, and %d bytes are written", err, len(b))
	}
}
