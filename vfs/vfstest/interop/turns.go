package interop

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

const (
	rawKey64  = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'"
	rawKey96  = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C483648100112233445566778899AABBCCDDEEFF'"
	rawKey160 = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481" +
		"0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF00112233445566778899AABBCCDDEEFF'"
)

// levels are SQLCipher's four.
var levels = []layout{
	{name: "level 1", key: "pass one", pragmas: "PRAGMA cipher_compatibility=1;", mc: "PRAGMA legacy=1;",
		v3: "PRAGMA kdf_iter=4000; PRAGMA cipher_use_hmac=OFF;"},
	{name: "level 2", key: "pass'two", pragmas: "PRAGMA cipher_compatibility=2;", mc: "PRAGMA legacy=2;",
		v3: "PRAGMA kdf_iter=4000;"},
	{name: "level 3", key: "pass three äöü", pragmas: "PRAGMA cipher_compatibility=3;", mc: "PRAGMA legacy=3;"},
	{name: "level 4", key: "correct horse", mc: "PRAGMA legacy=4;"},
}

// variants are settings that differ from the levels. Few iterations keep them
// quick where the key is a passphrase.
var variants = []layout{
	{name: "raw key", key: rawKey64},
	{name: "raw key with salt", key: rawKey96},
	{name: "page size 1024", key: rawKey64, pragmas: "PRAGMA cipher_page_size=1024;"},
	{name: "page size 8192", key: rawKey64, pragmas: "PRAGMA cipher_page_size=8192;"},
	{name: "page size 65536", key: rawKey64, pragmas: "PRAGMA cipher_page_size=65536;"},
	{name: "no HMAC", key: rawKey64, pragmas: "PRAGMA cipher_use_hmac=OFF;"},
	{name: "HMAC SHA1", key: rawKey64, pragmas: "PRAGMA cipher_hmac_algorithm=HMAC_SHA1;"},
	{name: "HMAC SHA256", key: rawKey64, pragmas: "PRAGMA cipher_hmac_algorithm=HMAC_SHA256;"},
	{name: "KDF SHA1", key: "p", pragmas: "PRAGMA kdf_iter=100; PRAGMA cipher_kdf_algorithm=PBKDF2_HMAC_SHA1;"},
	{name: "KDF SHA256", key: "p", pragmas: "PRAGMA kdf_iter=100; PRAGMA cipher_kdf_algorithm=PBKDF2_HMAC_SHA256;"},
	{name: "big-endian pages", key: rawKey64, pragmas: "PRAGMA cipher_hmac_pgno=be;"},
	{name: "salt mask, fast iterations", key: rawKey64,
		pragmas: "PRAGMA cipher_hmac_salt_mask=\"x'00'\"; PRAGMA fast_kdf_iter=4000;"},
	{name: "plaintext header", key: rawKey64,
		pragmas: "PRAGMA cipher_plaintext_header_size=32; PRAGMA cipher_salt=\"x'000102030405060708090a0b0c0d0e0f'\";"},
}

// only414 are settings that older releases do not know, or that last longer
// than a connection there.
var only414 = []layout{
	{name: "raw key with MAC key and salt", key: rawKey160},
}

// digest sums up the table that fill makes.
const digest = "SELECT count(*), sum(id), sum(length(body)), sum(unicode(body)) FROM t;"

// fill makes a table with an index and values of many pages, frees some pages
// again and leaves a hole in the rowids.
const fill = `
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, body TEXT);
CREATE INDEX t_name ON t(name);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300)
  INSERT INTO t SELECT i, 'name ' || (i*7919%1000), char(97+i%26) || hex(zeroblob(i*3)) FROM n;
INSERT INTO t VALUES(1000, 'large', 'z' || hex(zeroblob(100000)));
DELETE FROM t WHERE id%7=0;
`

// change works on what fill made.
const change = `
UPDATE t SET body = 'u' || body WHERE id%3=0;
INSERT INTO t SELECT id+10000, name || ' copy', body FROM t WHERE id<200;
DELETE FROM t WHERE id%5=0;
CREATE INDEX t_length ON t(length(body));
`

// TestTurns has the adapter and each peer make databases that the other reads,
// changes and hands back.
func (e Engine) TestTurns(t *testing.T) {
	modern := sides(peers.SQLCipher414, peers.SQLCipher455, peers.Signal418)
	for _, l := range levels {
		e.turns(t, l, append(modern, peerSide(peers.SQLite3MC)))
	}
	for _, l := range levels[:3] {
		e.turns(t, l, sides(peers.SQLCipher341))
	}
	for _, l := range variants {
		e.turns(t, l, modern[:2])
	}
	for _, l := range only414 {
		e.turns(t, l, modern[:1])
	}
}

func (e Engine) turns(t *testing.T, l layout, with []side) {
	for _, s := range with {
		t.Run(l.name+"/"+s.name+" first", func(t *testing.T) {
			t.Parallel()
			takeTurns(t, l, s, e.side())
		})
		t.Run(l.name+"/"+e.Name+" first for "+s.name, func(t *testing.T) {
			t.Parallel()
			takeTurns(t, l, e.side(), s)
		})
	}
}

// takeTurns lets a make a database, b change it, and a look at it again.
func takeTurns(t *testing.T, l layout, a, b side) {
	path := filepath.Join(t.TempDir(), "turns.db")
	p := l.open(t, a, path)
	p.MustExec(fill)
	want := p.MustExec(digest).Text()
	p.Quit()

	p = l.open(t, b, path)
	if got := p.MustExec(digest).Text(); got != want {
		t.Fatalf("%s reads %q, %s wrote %q", b.name, got, a.name, want)
	}
	check(t, b, p)
	p.MustExec(change)
	want = p.MustExec(digest).Text()
	check(t, b, p)
	p.Quit()

	p = l.open(t, a, path)
	if got := p.MustExec(digest).Text(); got != want {
		t.Fatalf("%s reads %q, %s wrote %q", a.name, got, b.name, want)
	}
	check(t, a, p)
	p.MustExec("VACUUM")
	p.Quit()

	p = l.open(t, b, path)
	if got := p.MustExec(digest).Text(); got != want {
		t.Errorf("after VACUUM by %s, %s reads %q, want %q", a.name, b.name, got, want)
	}
	check(t, b, p)
}
