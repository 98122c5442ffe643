package attach

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// main is a kind of main database to which another is attached.
type main struct {
	name  string
	keyed bool // with mainKey
	open  func(e Engine, t testing.TB, dir string) *sql.DB
}

// dsn opens a data source name: the path of a file between prefix and suffix,
// where there is one.
func dsn(prefix, suffix, setup string) func(e Engine, t testing.TB, dir string) *sql.DB {
	return func(e Engine, t testing.TB, dir string) *sql.DB {
		name := prefix
		if suffix != "" {
			name += filepath.Join(dir, "main.db") + suffix
		}
		db := single(t, e.Open(t, name))
		must(t, db, setup)
		return db
	}
}

const keyed = "?vfs=pageseal&key=correct%20horse&" + few

var mains = []main{
	{"connector", true, func(e Engine, t testing.TB, dir string) *sql.DB {
		return single(t, e.Connect(t, filepath.Join(dir, "main.db"), mainKey))
	}},
	{"URI", true, dsn("file:", keyed, "")},
	{"UTF-16", true, dsn("file:", keyed, "PRAGMA encoding = 'UTF-16le'")},
	{"UTF-16, big-endian", true, dsn("file:", keyed, "PRAGMA encoding = 'UTF-16be'")},
	{"in clear", false, dsn("file:", "?vfs=pageseal", "")},
	{"without a name", false, dsn("file:?vfs=pageseal", "", "")},
	{"in memory", false, dsn("file::memory:?vfs=pageseal", "", "")},
	{"of another VFS", false, dsn("file:", "?mode=rwc", "")},
}

// rawDigits are those of a raw key, of a key with its salt, and of both keys.
const rawDigits = "98483c6eb40b6c31a448c22a66ded3b5e5e8d5119cac8327b655c8b5c4836481" +
	"101112131415161718191a1b1c1d1e1f" + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// clauses are ways to give a key to ATTACH: the clause, its parameters, and the
// keyspec that it must come to.
var clauses = []struct {
	clause string
	args   []any
	key    string
}{
	{`KEY 'k1'`, nil, "k1"},
	{`key 'k1';`, nil, "k1"},
	{`KEY 'it''s'`, nil, "it's"},
	{`KEY "k1"`, nil, "k1"},
	{"KEY `k1`", nil, "k1"},
	{`KEY [k1]`, nil, "k1"},
	{`KEY k1`, nil, "k1"},
	{`KEY (k1)`, nil, "k1"},
	{`KEY (("k1"))`, nil, "k1"},
	{`KEY schlüssel`, nil, "schlüssel"},
	{`KEY 'schlüssel'`, nil, "schlüssel"},
	{`KEY x'6b31'`, nil, "k1"},
	{`KEY X'6B31FF00'`, nil, "k1\xff\x00"},
	{`KEY "x'` + rawDigits[:64] + `'"`, nil, "x'" + rawDigits[:64] + "'"},
	{`KEY 'x''` + rawDigits[:96] + `'''`, nil, "x'" + rawDigits[:96] + "'"},
	{`KEY 'x''` + rawDigits + `'''`, nil, "x'" + rawDigits + "'"},
	{`KEY 'x''00'''`, nil, "x'00'"},
	{`KEY 'a' || 'b'`, nil, "ab"},
	{`KEY ('a' || 'b')`, nil, "ab"},
	{`KEY lower('AB')`, nil, "ab"},
	{`KEY (SELECT 'a' || 'b')`, nil, "ab"},
	{`KEY CASE 1 WHEN 1 THEN 'ab' ELSE 'cd' END`, nil, "ab"},
	{`KEY CAST(12 AS TEXT)`, nil, "12"},
	{`KEY (SELECT k FROM keys)`, nil, "k1"},
	{`KEY 'k' || char(0) || '1'`, nil, "k\x001"},
	{"KEY -- KEY 'k2'\n'a'\n||\n'b'", nil, "ab"},
	{`KEY 'k1' -- KEY 'k2'`, nil, "k1"},
	{`/* KEY 'k2' */ KEY /* 'k2' */ 'k1' /* KEY 'k2' */`, nil, "k1"},
	{`KEY ?`, []any{"k1"}, "k1"},
	{`KEY ?`, []any{"it's"}, "it's"},
	{`KEY ?`, []any{"a\n-- b"}, "a\n-- b"},
	{`KEY ?`, []any{"schlüssel"}, "schlüssel"},
	{`KEY ?`, []any{"x'" + rawDigits[:64] + "'"}, "x'" + rawDigits[:64] + "'"},
	{`KEY ?`, []any{[]byte("k1")}, "k1"},
	{`KEY ?`, []any{[]byte{1, 0, 255}}, "\x01\x00\xff"},
	{`KEY ?`, []any{"one\x00two"}, "one\x00two"},
	{`KEY (?)`, []any{"one\x00two"}, "one\x00two"},
	{`KEY ? || ?`, []any{"a", "b"}, "ab"},
	{`KEY ?1 || ?1`, []any{"a"}, "aa"},
	{`KEY $key`, []any{sql.Named("key", "k1")}, "k1"},
	{`KEY :key || 'x'`, []any{sql.Named("key", "k1")}, "k1x"},
	{`KEY @key || @key`, []any{sql.Named("key", "k1")}, "k1k1"},
	{`KEY CAST(? AS TEXT)`, []any{int64(12)}, "12"},
}

// texts are statements in which the clause KEY 'k1' is hard to find.
var texts = []string{
	`ATTACH $file AS aux KEY 'k1'`,
	`  -- first
	/* second */ attach database $file as aux key 'k1' ; `,
	`ATTACH $file AS key KEY 'k1'`,
	`ATTACH $file AS "key" KEY 'k1'`,
	`ATTACH $file AS 'as' KEY 'k1'`,
	`ATTACH $file AS "KEY 'k2'" KEY 'k1'`,
	`ATTACH $file AS "a ""KEY"" 'b" KEY 'k1'`,
	`ATTACH (SELECT $file AS key) AS aux KEY 'k1'`,
	`ATTACH (SELECT $file AS x) AS aux KEY 'k1'`,
	`ATTACH CASE WHEN 1 THEN $file ELSE CAST('x' AS TEXT) END AS aux KEY 'k1'`,
	`ATTACH CAST($file AS TEXT) AS aux KEY 'k1'`,
	`ATTACH $file || '' AS 'au' || 'x' KEY 'k1'`,
	`SELECT 1; ATTACH $file AS aux KEY 'k1'; SELECT 2`,
	`ATTACH $file AS aux KEY'k1'`,
	`ATTACH $file AS[aux]KEY[k1]`,
	";;ATTACH\n$file\nAS\naux\n--\nKEY\n'k1'\n",
}

// refused have keys and settings that cannot be.
var refused = []struct {
	params, clause string
	args           []any
}{
	{"", `KEY 5`, nil},
	{"", `KEY -1.5`, nil},
	{"", `KEY 1 + 1`, nil},
	{"", `KEY ?`, []any{int64(7)}},
	{"", `KEY ?`, []any{1.5}},
	{"", `KEY zeroblob(0) + 1`, nil},
	{"", `KEY nosuchfunction('k')`, nil},
	{"", `KEY (SELECT x FROM nosuchtable)`, nil},
	{"&key=", ``, nil},
	{"&kye=k1", ``, nil},
	{"&rawkey=00", ``, nil},
	{"&key=k1&hexkey=00", ``, nil},
	{"&cipher_page_size=1000", `KEY 'k1'`, nil},
	{"&cipher_pagesize=1024", `KEY 'k1'`, nil},
}

// empty are the clauses that say that a file is not encrypted, and none those
// that leave it to the main database.
var (
	empty = []string{`KEY ''`, `KEY x''`, `KEY ('' || '')`, `KEY zeroblob(0)`}
	none  = []string{``, `KEY NULL`, `KEY (SELECT NULL)`, `KEY (SELECT 1 WHERE 0)`, `KEY nullif(1, 1)`}
)
