//go:build platforms

package interop

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// exchange is a database as a side leaves it.
type exchange struct {
	name   string
	layout layout
	work   string // what the database is to hold
	lost   string // what is not committed when the side is killed; it quits where this is empty
	wal    bool
}

var exchanges = []exchange{
	{name: "closed", layout: levels[3], work: fill + change},
	{name: "hot journal", layout: layout{key: rawKey64}, work: fill + change, lost: spill},
	{name: "hot log", layout: layout{key: rawKey96}, work: "PRAGMA journal_mode=WAL;" + fill + walWork, lost: spill, wal: true},
}

// TestExchange has each adapter on each platform, and SQLCipher, leave a
// database, one with a hot journal, and one with a hot log. All the others
// recover them and go on, and SQLCipher reads what comes of it.
func TestExchange(t *testing.T) {
	all := everybody(t)
	for _, e := range exchanges {
		for _, maker := range all {
			t.Run(e.name+" of "+maker.name, func(t *testing.T) {
				t.Parallel()
				dir, want := e.leave(t, maker)
				for _, reader := range all {
					if reader.name != maker.name {
						t.Run(reader.name, func(t *testing.T) { e.takeOver(t, reader, copyDir(t, dir), want) })
					}
				}
			})
		}
	}
}

// open starts a side on the database.
func (e exchange) open(t *testing.T, who side, dir string) *peers.Proc {
	t.Helper()
	l := e.layout
	if e.wal && who.name == "windows/amd64/ncruces" {
		// Without shared memory, see testdata/platforms/bcryptprimitives.c.
		l.pragmas += "PRAGMA locking_mode=EXCLUSIVE;"
	}
	return l.open(t, who, filepath.Join(dir, "exchange.db"))
}

// leave makes the database and returns its folder and the digest of what is
// committed.
func (e exchange) leave(t *testing.T, maker side) (dir, want string) {
	t.Helper()
	dir = t.TempDir()
	path := filepath.Join(dir, "exchange.db")
	p := e.open(t, maker, dir)
	p.MustExec(e.work)
	want = p.MustExec(digest).Text()
	before := hash(t, path)
	if e.lost == "" {
		p.Quit()
		return dir, want
	}
	p.MustExec(e.lost)
	p.Kill()
	switch {
	case e.wal:
		if n := len(frames(t, path+"-wal")); n < 20 {
			t.Fatalf("the log has %d frames: the test tests nothing", n)
		}
		// The checksums are in the byte order of the machine that SQLite takes
		// itself to run on; the one of ncruces is little-endian everywhere.
		magic := byte(0x82)
		if maker.name == "linux/s390x/modernc" {
			magic = 0x83
		}
		if got := read(t, path+"-wal")[3]; got != magic {
			t.Errorf("the log begins with %#x, want %#x", got, magic)
		}
	case hash(t, path) == before:
		t.Fatal("nothing was spilled: the test tests nothing")
	default:
		if journal := read(t, path+"-journal"); len(journal) < 1024 || journal[0] != 0xd9 {
			t.Fatalf("there is no hot journal: %d bytes", len(journal))
		}
	}
	return dir, want
}

// takeOver has a side read the database, or what it recovers of it, and go on. A
// log is continued, and hot again then.
func (e exchange) takeOver(t *testing.T, reader side, dir, want string) {
	if !reader.isPeer(peers.SQLCipher414) {
		e.refuses(t, reader, dir)
	}
	p := e.open(t, reader, dir)
	if got := p.MustExec(digest).Text(); got != want {
		t.Fatalf("%s reads %q, want %q", reader.name, got, want)
	}
	check(t, reader, p)
	var magic string
	if e.wal {
		magic = string(read(t, filepath.Join(dir, "exchange.db-wal"))[:4])
		p.MustExec("PRAGMA wal_autocheckpoint=0")
	}
	p.MustExec("UPDATE t SET name = name || '+' WHERE id<500; INSERT INTO t(name, body) VALUES('more', hex(zeroblob(9000)))")
	want = p.MustExec(digest).Text()
	if e.wal {
		p.Kill()
		if got := string(read(t, filepath.Join(dir, "exchange.db-wal"))[:4]); got != magic {
			t.Errorf("%s has started the log anew: the test tests nothing", reader.name)
		}
	} else {
		p.Quit()
	}
	c := peerSide(peers.SQLCipher414)
	p = e.open(t, c, dir)
	if got := p.MustExec(digest).Text(); got != want {
		t.Errorf("%s then reads %q, want %q", c.name, got, want)
	}
	check(t, c, p)
	p.Quit()
}

// refuses asserts that a side answers a wrong key with an error and leaves every
// file as it is.
func (e exchange) refuses(t *testing.T, who side, dir string) {
	t.Helper()
	before := hashDir(t, dir)
	p := who.start(t)
	p.MustOpen(filepath.Join(dir, "exchange.db"))
	p.MustExec("PRAGMA key = " + quote(rawKey160) + ";")
	if r := p.Exec(digest); r.Code != 26 {
		t.Errorf("a wrong key gives %d %s, want 26", r.Code, r.Message)
	}
	p.Quit()
	if after := hashDir(t, dir); after != before {
		t.Errorf("after a wrong key the files are\n%swere\n%s", after, before)
	}
}
