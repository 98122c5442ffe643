package convert

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestCopyPages makes a new file with the same pages, of databases at rest and of
// those that a killed process left behind.
func (e Engine) TestCopyPages(t *testing.T) {
	t.Parallel()
	other3 := form{"level 3, another key", "third horse", level3.settings}
	for _, c := range []struct{ from, to form }{
		{phrase, level4}, {phrase, inClear}, {level3, other3}, {level1, inClear}, {large, large}, {inClear, inClear},
	} {
		for _, state := range []string{"at rest", "delete", "wal"} {
			t.Run(c.from.name+" to "+c.to.name+"/"+state, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				from, to := c.from.database(t, filepath.Join(dir, "from.db")), c.to.database(t, filepath.Join(dir, "to.db"))
				made(t, from.Path, c.from, "PRAGMA auto_vacuum = INCREMENTAL;"+everything+"DELETE FROM big WHERE id > 50;")
				if state != "at rest" {
					p := peer(t, peers.SQLCipher414, from.Path, c.from)
					p.MustExec("PRAGMA journal_mode = " + state + "; PRAGMA cache_size = 5; UPDATE big SET h = 'committed'")
					p.MustExec("BEGIN; UPDATE big SET h = 'not', body = zeroblob(length(body))")
					p.Kill()
				}
				var told, of uint64
				err := convert.CopyPages(t.Context(), e.Convert, from, to, func(done, total uint64) error {
					if done != told+1 || of > 0 && of != total {
						t.Errorf("%d of %d behind %d of %d", done, total, told, of)
					}
					told, of = done, total
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if told != of || of == 0 {
					t.Errorf("%d of %d", told, of)
				}
				if isClear(t, to.Path) != (c.to.key == "") {
					t.Errorf("in clear: %v", isClear(t, to.Path))
				}
				const layout = "PRAGMA page_count; PRAGMA freelist_count; PRAGMA auto_vacuum; SELECT group_concat(rootpage) FROM sqlite_schema"
				was := peer(t, peers.SQLCipher414, from.Path, c.from).MustExec(layout).Text() // which merges the log
				if is := peer(t, peers.SQLCipher414, to.Path, c.to).MustExec(layout).Text(); is != was {
					t.Errorf("the pages are %q, were %q", is, was)
				}
				if is, was := dump(t, peers.SQLCipher414, to.Path, c.to), dump(t, peers.SQLCipher414, from.Path, c.from); is != was {
					t.Errorf("the copy differs\n%s\nnot\n%s", is, was)
				}
			})
		}
	}
}

// TestCopyPagesFails leaves no file.
func (e Engine) TestCopyPagesFails(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for _, c := range []struct {
		name     string
		from, to form
		damage   int   // page
		cut      int64 // bytes at the end
		stop     uint64
		want     error
	}{
		{"another reserve", inClear, phrase, 0, 0, 0, convert.ErrPages},
		{"another size", level3, phrase, 0, 0, 0, convert.ErrPages},
		{"stopped while it writes", phrase, level4, 0, 0, 3, enough},
		{"stopped while it compares", phrase, level4, 0, 0, 60, enough},
		{"a damaged page", phrase, level4, 7, 0, 0, compat.ErrDamaged},
		{"cut inside a page", phrase, level4, 0, 100, 0, compat.ErrShortFile},
		{"in clear, cut inside a page", inClear, inClear, 0, 100, 0, compat.ErrShortFile},
		{"cut by a page", phrase, level4, 0, 4096, 0, nil},
		{"in clear, cut by a page", inClear, inClear, 0, 4096, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from, to := c.from.database(t, filepath.Join(dir, "from.db")), c.to.database(t, filepath.Join(dir, "to.db"))
			made(t, from.Path, c.from, "CREATE TABLE t(a); INSERT INTO t VALUES (randomblob(180000))")
			if c.damage > 0 {
				flip(t, from.Path, int64(c.damage-1)*4096+77)
			}
			info, err := os.Stat(from.Path)
			if err == nil {
				err = os.Truncate(from.Path, info.Size()-c.cut)
			}
			if err != nil {
				t.Fatal(err)
			}
			err = convert.CopyPages(t.Context(), e.Convert, from, to, func(done, total uint64) error {
				if done == c.stop {
					return enough
				}
				return nil
			})
			if err == nil || c.want != nil && !errors.Is(err, c.want) || c.damage > 0 && !strings.Contains(fmt.Sprint(err), fmt.Sprintf("damaged page %d", c.damage)) {
				t.Errorf("error %v", err)
			}
			if _, err := os.Stat(to.Path); err == nil {
				t.Error("a file is left")
			}
		})
	}
	dir := t.TempDir()
	there := filepath.Join(dir, "there.db")
	made(t, there, inClear, everything)
	if err := convert.CopyPages(t.Context(), e.Convert, convert.Database{Path: there}, convert.Database{Path: there}, nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("over itself: %v", err)
	}
	if dump(t, peers.SQLCipher414, there, inClear) == "" {
		t.Error("the file has gone")
	}
}

// TestRekeyByValue changes the key with no text of SQL that has it.
func (e Engine) TestRekeyByValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to form }{
		{phrase, form{"", "it's \x00 of any \"bytes\"", phrase.settings}}, {level4, form{"", "x'" + strings.Repeat("5a", 32) + "'", nil}}, {level3, form{"", "newer horse", level3.settings}},
	} {
		t.Run(c.from.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.db")
			made(t, path, c.from, everything)
			was := dump(t, peers.SQLCipher414, path, c.from)
			from, to := c.from.database(t, path), c.to.database(t, path)
			if err := convert.Rekey(t.Context(), e.Convert, from, to.Key); err != nil {
				t.Fatal(err)
			}
			if err := convert.Rekey(t.Context(), e.Convert, from, to.Key); err == nil {
				t.Error("the old key still opens it")
			}
			// SQL has no text with a zero in it, so back again for the peer.
			if err := convert.Rekey(t.Context(), e.Convert, to, from.Key); err != nil {
				t.Fatal(err)
			}
			if is := dump(t, peers.SQLCipher414, path, c.from); is != was {
				t.Errorf("the database differs\n%s\nnot\n%s", is, was)
			}
		})
	}
}
