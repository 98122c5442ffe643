package interop

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// walWork commits, overwrites pages of the log within one transaction, rolls
// savepoints back, and leaves a transaction open that has spilled.
const walWork = `
PRAGMA wal_autocheckpoint=0;
PRAGMA cache_size=5;
` + change + `
BEGIN;
UPDATE t SET body = body || 'x' WHERE id%2=0;
SAVEPOINT s;
UPDATE t SET body = 'gone' || body;
ROLLBACK TO s;
UPDATE t SET name = name || 'y';
UPDATE t SET body = body || 'z';
COMMIT;
INSERT INTO t VALUES(55555, 'last', 'committed');
`

// TestHotWAL kills the adapter and each peer with a hot log, lets the other
// recover it, go on and be killed, and lets the first recover that.
func (e Engine) TestHotWAL(t *testing.T) {
	small := layout{name: "page size 1024", key: rawKey64, pragmas: "PRAGMA cipher_page_size=1024;"}
	large := layout{name: "page size 65536", key: rawKey64, pragmas: "PRAGMA cipher_page_size=65536;"}
	noMAC := layout{name: "no HMAC", key: rawKey64, pragmas: "PRAGMA cipher_use_hmac=OFF;"}
	for _, s := range sides(peers.SQLCipher414, peers.SQLCipher455, peers.Signal418) {
		e.hotWALs(t, levels[3], s)
	}
	for _, l := range []layout{levels[2], small, large, noMAC} {
		e.hotWALs(t, l, peerSide(peers.SQLCipher414))
	}
	t.Run("exclusive", func(t *testing.T) {
		l := levels[3]
		l.pragmas += "PRAGMA locking_mode=EXCLUSIVE;"
		e.hotWALs(t, l, peerSide(peers.SQLCipher414))
	})
}

func (e Engine) hotWALs(t *testing.T, l layout, s side) {
	for _, keepShm := range []bool{true, false} {
		name := fmt.Sprintf("%s/shm %v/", l.name, keepShm)
		t.Run(name+s.name+" killed first", func(t *testing.T) {
			t.Parallel()
			e.hotWAL(t, l, s, e.side(), keepShm)
		})
		t.Run(name+e.Name+" killed first for "+s.name, func(t *testing.T) {
			t.Parallel()
			e.hotWAL(t, l, e.side(), s, keepShm)
		})
	}
}

func (e Engine) hotWAL(t *testing.T, l layout, a, b side, keepShm bool) {
	dir := t.TempDir()
	path := filepath.Join(dir, "hot.db")
	p := l.open(t, a, path)
	p.MustExec("PRAGMA journal_mode=WAL;" + fill)
	p.MustExec(walWork)
	want := p.MustExec(digest).Text()
	p.MustExec(spill)
	p.Kill()
	e.checkHot(t, l, dir, path)
	for _, s := range []side{b, a} {
		if !keepShm {
			_ = os.Remove(path + "-shm") // an exclusive connection has none
		}
		p = l.open(t, s, path)
		if got := p.MustExec(digest).Text(); got != want {
			t.Fatalf("%s recovers %q, want %q", s.name, got, want)
		}
		check(t, s, p)
		p.MustExec("PRAGMA wal_autocheckpoint=0; UPDATE t SET name = name || '+' WHERE id<500;")
		p.MustExec("INSERT INTO t(name, body) VALUES('more', hex(zeroblob(9000)))")
		want = p.MustExec(digest).Text()
		p.MustExec(spill)
		p.Kill()
	}
	if !keepShm {
		_ = os.Remove(path + "-shm")
	}
	p = l.open(t, b, path)
	p.MustExec("PRAGMA wal_checkpoint(TRUNCATE)")
	if got := p.MustExec(digest).Text(); got != want {
		t.Errorf("after the checkpoint %s reads %q, want %q", b.name, got, want)
	}
	check(t, b, p)
}

// checkHot asserts that there is a log to recover, and that the adapter does
// not touch it without the right key.
func (e Engine) checkHot(t *testing.T, l layout, dir, path string) {
	t.Helper()
	if n := len(frames(t, path+"-wal")); n < 20 {
		t.Fatalf("the log has %d frames: the test tests nothing", n)
	}
	wrong := "PRAGMA key='not the key';" + l.pragmas
	for _, prologue := range []string{wrong, ""} {
		e.refuses(t, dir, path, prologue)
	}
}

// frames are the page numbers in a log, the frames after the last commit and
// of earlier rounds included.
func frames(t testing.TB, path string) (pgnos []uint32) {
	t.Helper()
	log := read(t, path)
	if len(log) < 32 {
		return nil
	}
	size := int(binary.BigEndian.Uint32(log[8:])) + 24
	for at := 32; at+size <= len(log); at += size {
		pgnos = append(pgnos, binary.BigEndian.Uint32(log[at:]))
	}
	return pgnos
}

// TestSameFrames runs one workload through the adapter and through SQLCipher
// and compares which pages their logs hold.
func (e Engine) TestSameFrames(t *testing.T) {
	t.Parallel()
	logs := map[string][]uint32{}
	for _, s := range []side{e.side(), peerSide(peers.SQLCipher414)} {
		path := filepath.Join(t.TempDir(), "same.db")
		p := levels[3].open(t, s, path)
		// What the two engines are built with differs; what decides the pages
		// is set for both.
		p.MustExec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=0;")
		p.MustExec(fill + change)
		p.MustExec("PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t(name, body) VALUES('a','b');")
		p.MustExec("UPDATE t SET body = 'w' || body WHERE id%3=0; DELETE FROM t WHERE id%4=0; CREATE INDEX t_name2 ON t(name, body);")
		logs[s.name] = frames(t, path+"-wal")
		p.Quit()
	}
	ours, theirs := logs[e.Name], logs[peers.SQLCipher414]
	if len(ours) < 20 || !slices.Equal(ours, theirs) {
		t.Errorf("%s writes the pages\n%v, SQLCipher\n%v", e.Name, ours, theirs)
	}
}
