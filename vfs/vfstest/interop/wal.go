package interop

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestAlternate has the adapter and Signal's build of SQLCipher, which is
// another release and compiled in another way, write to one log in turns, both
// connected all the time.
func (e Engine) TestAlternate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "signal.db")
	l := layout{key: rawKey64}
	all := []side{peerSide(peers.Signal418), e.side()}
	var procs []*peers.Proc
	for _, s := range all {
		p := l.open(t, s, path)
		p.MustExec("PRAGMA journal_mode=WAL; PRAGMA busy_timeout=20000; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=5; CREATE TABLE IF NOT EXISTS m(n INTEGER PRIMARY KEY, body TEXT);")
		procs = append(procs, p)
	}
	const rounds = 30
	for i := range rounds {
		p := procs[i%2]
		p.MustExec(fmt.Sprintf("BEGIN IMMEDIATE; INSERT INTO m VALUES(%d, hex(randomblob(5000))); UPDATE m SET body = body || 'x' WHERE n%%3=0; COMMIT;", i))
		want := fmt.Sprint(i + 1)
		for k, q := range procs {
			if got := q.MustExec("SELECT count(*) FROM m").Text(); got != want {
				t.Fatalf("round %d: %s counts %s, want %s", i, all[k].name, got, want)
			}
		}
		if i%7 == 6 {
			procs[(i+1)%2].MustExec("PRAGMA wal_checkpoint(PASSIVE)")
		}
	}
	for _, p := range procs {
		p.Kill()
	}
	for _, s := range append(all, peerSide(peers.SQLCipher414)) {
		p := l.open(t, s, filepath.Join(copyDir(t, dir), "signal.db"))
		if got := p.MustExec("SELECT count(*) FROM m").Text(); got != fmt.Sprint(rounds) {
			t.Errorf("%s recovers %s rows, want %d", s.name, got, rounds)
		}
		check(t, s, p)
		p.Quit()
	}
}

// TestForeignByteOrder recovers and continues a log from a machine of the other
// byte order, whose checksums are over words of that order.
func (e Engine) TestForeignByteOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "foreign.db")
	l := layout{key: rawKey64}
	p := l.open(t, peerSide(peers.SQLCipher414), path)
	p.MustExec("PRAGMA journal_mode=WAL;" + fill + walWork)
	want := p.MustExec(digest).Text()
	p.Kill()
	log := read(t, path+"-wal")
	swapByteOrder(log)
	if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path + "-shm"); err != nil {
		t.Fatal(err)
	}
	for _, s := range []side{e.side(), peerSide(peers.SQLCipher414), e.side()} {
		p := l.open(t, s, path)
		if got := p.MustExec(digest).Text(); got != want {
			t.Fatalf("%s recovers %q, want %q", s.name, got, want)
		}
		check(t, s, p)
		p.MustExec("PRAGMA wal_autocheckpoint=0; INSERT INTO t(name, body) VALUES('more', hex(zeroblob(9000)));")
		want = p.MustExec(digest).Text()
		p.Kill()
		if magic := read(t, path+"-wal")[:4]; string(magic) != string(log[:4]) {
			t.Fatalf("%s has started the log anew: the test tests nothing", s.name)
		}
	}
}

// swapByteOrder rewrites the checksums of a log for the other byte order.
func swapByteOrder(log []byte) {
	log[3] ^= 1
	var order binary.ByteOrder = binary.LittleEndian
	if log[3]&1 == 1 {
		order = binary.BigEndian
	}
	var s0, s1 uint32
	add := func(b []byte) {
		for ; len(b) > 0; b = b[8:] {
			s0 += order.Uint32(b) + s1
			s1 += order.Uint32(b[4:]) + s0
		}
	}
	put := func(b []byte) {
		binary.BigEndian.PutUint32(b, s0)
		binary.BigEndian.PutUint32(b[4:], s1)
	}
	add(log[:24])
	put(log[24:])
	size := 24 + int(binary.BigEndian.Uint32(log[8:]))
	for at := 32; at+size <= len(log); at += size {
		frame := log[at : at+size]
		add(frame[:8])
		add(frame[24:])
		put(frame[16:])
	}
}

// TestCheckpointMoves checks that a checkpoint copies pages as they are: the
// database then holds, byte for byte, the last frame of each page.
func (e Engine) TestCheckpointMoves(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "moved.db")
	l := layout{key: rawKey64}
	p := l.open(t, e.side(), path)
	p.MustExec("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;" + fill + change)
	pages := len(read(t, path)) / 4096
	got := p.MustExec("PRAGMA wal_checkpoint(FULL)").Text()
	if !strings.HasPrefix(got, "0|") {
		t.Fatalf("wal_checkpoint: %s", got)
	}
	db, log := read(t, path), read(t, path+"-wal")
	last := map[uint32][]byte{}
	for at := 32; at+24+4096 <= len(log); at += 24 + 4096 {
		last[binary.BigEndian.Uint32(log[at:])] = log[at+24 : at+24+4096]
	}
	if len(last) < 50 || len(db)/4096 <= pages {
		t.Fatalf("the log has %d pages: the test tests nothing", len(last))
	}
	for pgno, page := range last {
		if at := int(pgno-1) * 4096; string(db[at:at+4096]) != string(page) {
			t.Errorf("page %d of the database is not its frame", pgno)
		}
	}
	check(t, e.side(), p)
}
