package convert

import (
	"context"
	"database/sql/driver"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// database is a file of that form for package convert.
func (f form) database(t testing.TB, path string) convert.Database {
	t.Helper()
	db := convert.Database{Path: path}
	if f.key != "" {
		var err error
		if db.Key, err = compat.ParseKeyspec([]byte(f.key)); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(f.settings); i += 2 {
		if err := db.Settings.Set(f.settings[i], f.settings[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// TestCopy makes a new file of another one.
func (e Engine) TestCopy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to form }{
		{inClear, phrase}, {phrase, inClear}, {level3, large}, {large, level1},
	} {
		for _, mode := range []string{"delete", "wal"} {
			t.Run(c.from.name+" to "+c.to.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				from, to := c.from.database(t, filepath.Join(dir, "from.db")), c.to.database(t, filepath.Join(dir, "to.db"))
				made(t, from.Path, c.from, "PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = "+mode+";"+everything)
				p := peer(t, peers.SQLCipher414, from.Path, c.from) // which does not hinder a copy
				p.MustExec("BEGIN; SELECT count(*) FROM big")
				before := files(t, dir)
				if err := convert.Copy(t.Context(), e.Convert, from, to); err != nil {
					t.Fatal(err)
				}
				if after := files(t, dir); mode == "delete" && !strings.HasPrefix(after, before) {
					t.Errorf("files were\n%sand are\n%s", before, after)
				}
				if isClear(t, to.Path) != (c.to.key == "") {
					t.Errorf("in clear: %v", isClear(t, to.Path))
				}
				if got, want := dump(t, peers.SQLCipher414, to.Path, c.to), dump(t, peers.SQLCipher414, from.Path, c.from); got != want {
					t.Errorf("the copy differs\n%s\nnot\n%s", got, want)
				}
				q := peer(t, peers.SQLCipher414, to.Path, c.to)
				if got := q.MustExec("PRAGMA auto_vacuum; PRAGMA journal_mode").Text(); got != "1\n"+mode {
					t.Errorf("auto_vacuum and journal mode are %q", got)
				}
				// What is there is not written over.
				before = files(t, dir)
				if err := convert.Copy(t.Context(), e.Convert, from, to); !errors.Is(err, fs.ErrExist) {
					t.Errorf("a copy over a file: %v", err)
				}
				if after := files(t, dir); after != before {
					t.Errorf("files were\n%sand are\n%s", before, after)
				}
			})
		}
	}
}

// TestReplace gives a database another key, and none, in its place, by way of a
// symbolic link.
func (e Engine) TestReplace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to form }{{inClear, phrase}, {phrase, inClear}, {level4, level3}} {
		t.Run(c.from.name+" to "+c.to.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path, link := filepath.Join(dir, "a.db"), filepath.Join(t.TempDir(), "link.db")
			made(t, path, c.from, everything)
			if err := os.Symlink(path, link); err != nil {
				t.Fatal(err)
			}
			was := dump(t, peers.SQLCipher414, path, c.from)
			// Left behind by a migration that was killed.
			for _, suffix := range []string{"", "-journal", "-wal"} {
				if err := os.WriteFile(path+"-migrated"+suffix, []byte("left"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := convert.Replace(t.Context(), e.Convert, c.from.database(t, link), c.to.database(t, ""), nil); err != nil {
				t.Fatal(err)
			}
			only(t, dir, "a.db")
			if to, err := os.Readlink(link); err != nil || to != path {
				t.Errorf("the link is to %s, %v", to, err)
			}
			if isClear(t, path) != (c.to.key == "") {
				t.Errorf("in clear: %v", isClear(t, path))
			}
			if is := dump(t, peers.SQLCipher414, path, c.to); is != was {
				t.Errorf("the database differs\n%s\nnot\n%s", is, was)
			}
		})
	}
}

// TestReplaceFails has something happen to the copy, or to the original, before
// the one is put into the place of the other. The original stays.
func (e Engine) TestReplaceFails(t *testing.T) {
	t.Parallel()
	const suffix = "-migrated"
	for _, c := range []struct {
		name string
		// meddle is called when a file is opened, and at the end for "swap".
		meddle func(t *testing.T, path string)
		at     string // the name of that file
		target error
	}{
		{"a byte of the copy changes", func(t *testing.T, path string) { flip(t, path, 3*4096+100) }, "a.db" + suffix, compat.ErrDamaged},
		{"a byte of a free page of the copy changes", func(t *testing.T, path string) {
			p := peer(t, peers.SQLCipher414, path, phrase)
			p.MustExec("CREATE TABLE free(a); INSERT INTO free VALUES (zeroblob(50000)); DROP TABLE free")
			p.Quit()
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			flip(t, path, info.Size()-100)
		}, "a.db" + suffix, convert.ErrDiffers},
		{"a row of the copy goes", func(t *testing.T, path string) {
			p := peer(t, peers.SQLCipher414, path, phrase)
			p.MustExec("DELETE FROM sparse WHERE a = 'five'")
			p.Quit()
		}, "a.db" + suffix, convert.ErrDiffers},
		{"an index of the copy has no row", func(t *testing.T, path string) {
			p := peer(t, peers.SQLCipher414, path, phrase)
			p.MustExec("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX ondesc ON big(id)' WHERE name = 'ondesc'")
			p.Quit()
		}, "a.db" + suffix, convert.ErrDiffers},
		{"the original is replaced", func(t *testing.T, path string) {
			made(t, path+".new", level3, "CREATE TABLE other(a)")
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, "a.db", nil},
		{"the swap fails", nil, "swap", fs.ErrClosed},
	} {
		for _, mode := range []string{"delete", "wal"} {
			t.Run(c.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "a.db")
				made(t, path, level3, "PRAGMA journal_mode = "+mode+"; "+everything)
				was := dump(t, peers.SQLCipher414, path, level3)
				open := func(ctx context.Context, db convert.Database) (driver.Conn, error) {
					if c.meddle != nil && filepath.Base(db.Path) == c.at {
						c.meddle(t, db.Path)
					}
					return e.Convert(ctx, db)
				}
				swap := func(rename func() error) error {
					if c.at == "swap" {
						return fs.ErrClosed
					}
					return rename()
				}
				err := convert.Replace(t.Context(), open, level3.database(t, path), phrase.database(t, ""), swap)
				if err == nil || c.target != nil && !errors.Is(err, c.target) {
					t.Errorf("error %v, want %v", err, c.target)
				}
				only(t, dir, "a.db")
				p := peer(t, peers.SQLCipher414, path, level3)
				if c.at == "a.db" {
					p.MustExec("SELECT * FROM other")
					return
				}
				if got := p.MustExec("PRAGMA journal_mode").Text(); got != mode {
					t.Errorf("journal mode %s", got)
				}
				p.Quit()
				if is := dump(t, peers.SQLCipher414, path, level3); is != was {
					t.Errorf("the original differs\n%s\nnot\n%s", is, was)
				}
			})
		}
	}
}
