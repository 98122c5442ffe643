package interop

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// spill changes so much with so small a cache that pages reach the database
// before the commit.
const spill = `
PRAGMA cache_size=5;
BEGIN;
UPDATE t SET body = 'lost' || body, name = name || ' lost';
INSERT INTO t SELECT id+100000, name, body FROM t WHERE id<250;
DELETE FROM t WHERE id%11=0;
`

// TestHotJournals kills the adapter and each peer inside a spilled transaction
// and lets the other roll it back, in the three modes of the rollback journal.
func (e Engine) TestHotJournals(t *testing.T) {
	with := sides(peers.SQLCipher414, peers.SQLCipher455, peers.Signal418)
	for _, mode := range []string{"delete", "truncate", "persist"} {
		for _, s := range with {
			t.Run(mode+"/killed "+s.name, func(t *testing.T) {
				t.Parallel()
				e.hotJournal(t, levels[3], mode, s, e.side())
			})
			t.Run(mode+"/killed "+e.Name+" for "+s.name, func(t *testing.T) {
				t.Parallel()
				e.hotJournal(t, levels[3], mode, e.side(), s)
			})
		}
	}
	t.Run("level 3/killed sqlcipher-3.4.1", func(t *testing.T) {
		t.Parallel()
		e.hotJournal(t, levels[2], "delete", peerSide(peers.SQLCipher341), e.side())
	})
	t.Run("level 1/killed "+e.Name, func(t *testing.T) {
		t.Parallel()
		e.hotJournal(t, levels[0], "delete", e.side(), peerSide(peers.SQLCipher414))
	})
	t.Run("page size 65536/killed "+e.Name, func(t *testing.T) {
		t.Parallel()
		l := layout{key: rawKey64, pragmas: "PRAGMA cipher_page_size=65536;"}
		e.hotJournal(t, l, "delete", e.side(), peerSide(peers.SQLCipher414))
	})
}

func (e Engine) hotJournal(t *testing.T, l layout, mode string, killed, survivor side) {
	dir := t.TempDir()
	path := filepath.Join(dir, "hot.db")
	p := l.open(t, killed, path)
	p.MustExec("PRAGMA journal_mode=" + mode + ";" + fill + change)
	want := p.MustExec(digest).Text()
	before := hash(t, path)
	p.MustExec(spill)
	p.Kill()
	if hash(t, path) == before {
		t.Fatal("nothing was spilled: the test tests nothing")
	}
	if journal := read(t, path+"-journal"); len(journal) < 1024 || journal[0] != 0xd9 {
		t.Fatalf("there is no hot journal: %d bytes", len(journal))
	}

	e.refuses(t, dir, path, "PRAGMA key='not the key';")
	e.refuses(t, dir, path, "")

	q := l.open(t, survivor, path)
	if got := q.MustExec(digest).Text(); got != want {
		t.Errorf("%s rolled back to %q, want %q", survivor.name, got, want)
	}
	check(t, survivor, q)
	q.MustExec("INSERT INTO t VALUES(77777, 'after', 'after')")
	want = q.MustExec(digest).Text()
	q.Quit()

	q = l.open(t, killed, path)
	if got := q.MustExec(digest).Text(); got != want {
		t.Errorf("%s then reads %q, want %q", killed.name, got, want)
	}
	check(t, killed, q)
}

// refuses asserts that the adapter answers a wrong or missing key with an error
// and leaves every file as it is.
func (e Engine) refuses(t *testing.T, dir, path, prologue string) {
	t.Helper()
	before := hashDir(t, dir)
	p := e.start(t)
	p.MustOpen(path)
	p.MustExec(prologue)
	if r := p.Exec(digest); r.Code != 26 {
		t.Errorf("after %q a query returns %d %s, want 26", prologue, r.Code, r.Message)
	}
	p.Quit()
	if after := hashDir(t, dir); after != before {
		t.Errorf("after %q the files are\n%swere\n%s", prologue, after, before)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hash(t testing.TB, path string) string {
	t.Helper()
	return fmt.Sprintf("%x", sha256.Sum256(read(t, path)))
}

// hashDir lists the files of a folder with what they hold.
func hashDir(t testing.TB, dir string) (list string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list += e.Name() + " " + hash(t, filepath.Join(dir, e.Name())) + "\n"
	}
	return list
}
