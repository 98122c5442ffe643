package convert

import (
	"context"
	"database/sql/driver"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestCopyBeside copies a database that another process uses. With a rollback journal
// that one cannot commit meanwhile, with a log it can: the copy is of one moment.
func (e Engine) TestCopyBeside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to form
		mode     string
	}{{inClear, inClear, "delete"}, {phrase, level4, "persist"}, {level1, inClear, "delete"}, {inClear, inClear, "wal"}, {phrase, level4, "wal"}} {
		if c.mode == "wal" && !e.Trees {
			continue // pages of the log come by sqlite_dbpage
		}
		t.Run(c.from.name+"/"+c.mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from, to := c.from.database(t, filepath.Join(dir, "from.db")), c.to.database(t, filepath.Join(dir, "to.db"))
			made(t, from.Path, c.from, everything+"UPDATE big SET body = zeroblob(40000)")
			was := dump(t, peers.SQLCipher414, from.Path, c.from)
			other := peer(t, peers.SQLCipher414, from.Path, c.from)
			other.MustExec("PRAGMA journal_mode = " + c.mode + "; PRAGMA busy_timeout = 0; SELECT count(*) FROM big")
			const changes = "BEGIN; UPDATE big SET h = 'changed', body = randomblob(length(body)); COMMIT"
			tried := false
			err := convert.CopyPages(t.Context(), e.Convert, from, to, func(done, total uint64) error {
				if done != 5 {
					return nil
				}
				tried = true
				const locked = 5
				if got := other.Exec(changes); c.mode != "wal" && got.Code != locked || c.mode == "wal" && got.Code != 0 {
					t.Errorf("of %d pages 5 were read, and it writes: %d, %s", total/2, got.Code, got.Message)
				}
				if c.mode != "wal" {
					other.MustExec("ROLLBACK")
				}
				return nil
			})
			if err != nil || !tried {
				t.Fatalf("tried %v, %v", tried, err)
			}
			if is := dump(t, peers.SQLCipher414, to.Path, c.to); is != was {
				t.Errorf("the copy is\n%s\nwant\n%s", is, was)
			}
			other.MustExec(changes)
			if got := other.MustExec("SELECT count(*) FROM big WHERE h = 'changed'").Text(); got != "60" {
				t.Errorf("after the copy it has changed %s rows", got)
			}
		})
	}
}

// TestCopyLaidOutAnew copies a database that gets pages of another size once the
// connection to it is open.
func (e Engine) TestCopyLaidOutAnew(t *testing.T) {
	t.Parallel()
	for _, size := range []string{"1024", "16384"} {
		dir := t.TempDir()
		from, to := filepath.Join(dir, "from.db"), filepath.Join(dir, "to.db")
		made(t, from, inClear, everything)
		opened := false
		open := func(ctx context.Context, db convert.Database) (driver.Conn, error) {
			c, err := e.Convert(ctx, db)
			if err == nil && !opened {
				opened = true
				p := peer(t, peers.SQLCipher414, from, inClear)
				p.MustExec("PRAGMA journal_mode = DELETE; PRAGMA page_size = " + size + "; VACUUM")
				p.Quit()
			}
			return c, err
		}
		if err := convert.CopyPages(t.Context(), open, inClear.database(t, from), inClear.database(t, to), nil); err != nil {
			t.Errorf("pages of %s bytes: %v", size, err)
		} else if is, was := dump(t, peers.SQLCipher414, to, inClear), dump(t, peers.SQLCipher414, from, inClear); is != was {
			t.Errorf("pages of %s bytes: the copy is\n%s\nwant\n%s", size, is, was)
		}
	}
}
