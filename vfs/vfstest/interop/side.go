package interop

import (
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// side is who opens a database: the adapter under test or a peer.
type side struct {
	name  string
	start func(testing.TB) *peers.Proc
}

func (e Engine) side() side { return side{e.Name, e.start} }

// isPeer tells whether the side is one of the real builds.
func (s side) isPeer(names ...string) bool {
	for _, n := range names {
		if s.name == n {
			return true
		}
	}
	return false
}

// peerSide is a real build; without it the test is skipped, or fails under CI.
func peerSide(name string) side {
	return side{name, func(t testing.TB) *peers.Proc { return peers.Require(t, name).Start(t) }}
}

func sides(names ...string) (all []side) {
	for _, n := range names {
		all = append(all, peerSide(n))
	}
	return all
}

// layout is how a database is encrypted: what follows PRAGMA key.
type layout struct {
	name string
	key  string // as PRAGMA key takes it, unquoted
	// pragmas are set after the key, whoever opens the database.
	pragmas string
	// defaults are set before the key in SQLCipher 3.4.1, which has no levels.
	v3 string
	// mc are those of SQLite3MultipleCiphers.
	mc string
}

// prologue are the statements with which a side opens the database.
func (l layout) prologue(s side) string {
	key := "PRAGMA key = " + quote(l.key) + ";"
	switch s.name {
	case peers.SQLCipher341:
		return key + l.v3
	case peers.SQLite3MC:
		return "PRAGMA cipher='sqlcipher';" + l.mc + key
	}
	return key + l.pragmas
}

// open starts a process of the side on the database.
func (l layout) open(t testing.TB, s side, path string) *peers.Proc {
	t.Helper()
	p := s.start(t)
	p.MustOpen(path)
	p.MustExec(l.prologue(s))
	return p
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// check asserts that a database is whole, as far as the side can tell.
func check(t testing.TB, s side, p *peers.Proc) {
	t.Helper()
	if got := p.MustExec("PRAGMA integrity_check").Text(); got != "ok" {
		t.Errorf("%s: integrity_check: %s", s.name, got)
	}
	if s.isPeer(peers.SQLCipher414, peers.SQLCipher455, peers.Signal418) {
		got := p.MustExec("PRAGMA cipher_integrity_check").Text()
		if got != "" && !strings.Contains(got, "HMAC is not enabled") {
			t.Errorf("%s: cipher_integrity_check: %s", s.name, got)
		}
	}
}
