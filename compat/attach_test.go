package compat

import (
	"strings"
	"testing"
)

// attachCases are ATTACH statements with the expression of their KEY clause.
var attachCases = []struct{ name, sql, expr string }{
	{"text", "ATTACH 'f.db' AS a KEY 'secret'", "'secret'"},
	{"DATABASE", "ATTACH DATABASE 'f.db' AS a KEY 'secret'", "'secret'"},
	{"lower case", "attach database 'f.db' as a key 'secret'", "'secret'"},
	{"mixed case", "aTTach 'f.db' aS a kEy 'secret'", "'secret'"},
	{"no blanks", "ATTACH'f.db'AS'a'KEY'secret'", "'secret'"},
	{"all kinds of blanks", "\t\n\v\f\r ATTACH\t'f.db'\nAS\fa\rKEY \v'secret' ", "'secret'"},
	{"byte order mark", "\ufeffATTACH 'f.db' AS a KEY 'secret'", "'secret'"},
	{"byte order marks", " \ufeff\ufeff ATTACH \ufeff'f.db' AS a KEY\n\ufeff 'secret'", "'secret'"},
	{"semicolon in front", ";ATTACH 'f.db' AS a KEY 'secret'", "'secret'"},
	{"semicolons and comments in front", " ;-- x\n;/* ; */;ATTACH 'f.db' AS a KEY 'secret'", "'secret'"},

	{"no KEY", "ATTACH 'f.db' AS a", ""},
	{"no AS", "ATTACH 'f.db'", ""},
	{"nothing", "ATTACH", ""},
	{"KEY without expression", "ATTACH 'f.db' AS a KEY", ""},
	{"KEY without expression, semicolon", "ATTACH 'f.db' AS a KEY ; 'x'", ""},
	{"KEY before AS", "ATTACH 'f.db' KEY 'secret' AS a", ""},
	{"KEY in a comment", "ATTACH 'f.db' AS a -- KEY 'secret'", ""},
	{"KEY in another comment", "ATTACH 'f.db' AS a /* KEY 'secret' */", ""},
	{"KEY in a comment that never ends", "ATTACH 'f.db' AS a /* KEY 'secret'", ""},
	{"KEY in a string", "ATTACH 'f.db' AS 'a KEY ''secret'''", ""},
	{"KEY in a name", "ATTACH 'f.db' AS aKEY", ""},
	{"KEY in a longer word", "ATTACH 'f.db' AS a KEYS 'secret'", ""},
	{"Kelvin sign", "ATTACH 'f.db' AS a \u212aEY 'secret'", ""},
	{"KEY behind the semicolon", "ATTACH 'f.db' AS a; KEY 'secret'", ""},

	{"file named AS", "ATTACH 'x AS y KEY z' AS a KEY 'secret'", "'secret'"},
	{"file in double quotes", `ATTACH "x AS y KEY z" AS a KEY 'secret'`, "'secret'"},
	{"file in brackets", "ATTACH [x AS y KEY z] AS a KEY 'secret'", "'secret'"},
	{"file in backticks", "ATTACH `x AS y KEY z` AS a KEY 'secret'", "'secret'"},
	{"file with quotes", "ATTACH 'it''s AS x KEY ''y''' AS a KEY 'secret'", "'secret'"},
	{"file is a CAST", "ATTACH CAST('f.db' AS TEXT) AS a KEY 'secret'", "'secret'"},
	{"file is a query", "ATTACH (SELECT f AS key FROM files AS x) AS a KEY 'secret'", "'secret'"},
	{"file is a CASE", "ATTACH CASE WHEN 1 THEN 'f' ELSE 'g' END AS a KEY 'secret'", "'secret'"},
	{"file is a column named key", "ATTACH key AS a KEY 'secret'", "'secret'"},
	{"file is a function named key", "ATTACH key('AS') AS a KEY 'secret'", "'secret'"},
	{"file is a sum", "ATTACH 'a' || 'b' AS a KEY 'secret'", "'secret'"},
	{"comments everywhere",
		"/*AS*/ATTACH--AS x KEY y\n'f'/*AS x KEY y*/AS/**/a--KEY 'no'\nKEY/*'no'*/'secret'/*KEY*/", "'secret'"},
	{"comment with stars", "ATTACH 'f' /***/ AS a /*/ KEY 'no' /*/ KEY 'secret'", "'secret'"},

	{"schema named key", "ATTACH 'f.db' AS key KEY 'secret'", "'secret'"},
	{"schema named KEY, no key", "ATTACH 'f.db' AS KEY", ""},
	{"schema named KEY, key missing", "ATTACH 'f.db' AS key KEY", ""},
	{"schema quoted", "ATTACH 'f.db' AS \"key\" KEY 'secret'", "'secret'"},
	{"schema in brackets", "ATTACH 'f.db' AS [a KEY] KEY 'secret'", "'secret'"},
	{"schema named database", "ATTACH database 'f.db' AS database KEY 'secret'", "'secret'"},
	{"schema in parentheses", "ATTACH 'f.db' AS (key) KEY 'secret'", "'secret'"},
	{"schema is a query", "ATTACH 'f.db' AS (SELECT 'a' AS key) KEY 'secret'", "'secret'"},
	{"schema is a sum", "ATTACH 'f.db' AS 'a'||'b' KEY 'secret'", "'secret'"},
	{"schema is a parameter named key", "ATTACH 'f.db' AS :key KEY 'secret'", "'secret'"},
	{"schema not ASCII", "ATTACH 'f.db' AS ключ KEY 'secret'", "'secret'"},
	{"schema with a Kelvin sign", "ATTACH 'f.db' AS 'a'||\u212aey KEY 'secret'", "'secret'"},
	{"file is a parameter named AS", "ATTACH @as AS a KEY 'secret'", "'secret'"},

	{"key is a blob", "ATTACH 'f' AS a KEY x'616263'", "x'616263'"},
	{"key is a raw key", `ATTACH 'f' AS a KEY "x'00'"`, `"x'00'"`},
	{"key is a raw key in single quotes", "ATTACH 'f' AS a KEY 'x''00'''", "'x''00'''"},
	{"key is empty", "ATTACH 'f' AS a KEY ''", "''"},
	{"key is NULL", "ATTACH 'f' AS a KEY NULL", "NULL"},
	{"key is a number", "ATTACH 'f' AS a KEY 1.5", "1.5"},
	{"key is negative", "ATTACH 'f' AS a KEY -1", "-1"},
	{"key is a word", "ATTACH 'f' AS a KEY secret", "secret"},
	{"key is the word key", "ATTACH 'f' AS a KEY key", "key"},
	{"key is a question mark", "ATTACH ? AS ? KEY ?", "?"},
	{"key is a numbered parameter", "ATTACH ?1 AS ?2 KEY ?3", "?3"},
	{"key is a named parameter", "ATTACH $file AS @schema KEY :key", ":key"},
	{"key is a function", "ATTACH 'f' AS a KEY lower('SECRET')", "lower('SECRET')"},
	{"key is a sum", "ATTACH 'f' AS a KEY 'se' || 'cret'", "'se' || 'cret'"},
	{"key is a CASE", "ATTACH 'f' AS a KEY CASE WHEN 1 THEN 'k' ELSE 'l' END", "CASE WHEN 1 THEN 'k' ELSE 'l' END"},
	{"key is a CAST", "ATTACH 'f' AS a KEY CAST(x'6b' AS TEXT)", "CAST(x'6b' AS TEXT)"},
	{"key is a query", "ATTACH 'f' AS a KEY (SELECT k AS key FROM t AS x)", "(SELECT k AS key FROM t AS x)"},
	{"key is collated", "ATTACH 'f' AS a KEY 'k' COLLATE NOCASE", "'k' COLLATE NOCASE"},
	{"key with semicolons", "ATTACH 'f' AS a KEY ';;' || \";\"", `';;' || ";"`},
	{"key with comment marks", "ATTACH 'f' AS a KEY '-- /* '", "'-- /* '"},
	{"comment in the key", "ATTACH 'f' AS a KEY 'a'/*;*/||--;\n'b'", "'a'/*;*/||--;\n'b'"},
	{"minus minus", "ATTACH 'f' AS a KEY 1 --1", "1"},
	{"not UTF-8", "ATTACH 'f' AS a KEY '\xff\xfe'", "'\xff\xfe'"},
	{"KEY in the key", "ATTACH 'f' AS a KEY 'AS b KEY ''c'''", "'AS b KEY ''c'''"},

	{"semicolon behind", "ATTACH 'f' AS a KEY 'k';", "'k'"},
	{"semicolon and garbage behind", "ATTACH 'f' AS a KEY 'k' ; KEY 'other'; garbage '", "'k'"},
	{"blanks and comments behind", "ATTACH 'f' AS a KEY 'k' /* x */ -- y\n ", "'k'"},
	{"comment that never ends behind", "ATTACH 'f' AS a KEY 'k' /* x", "'k'"},
	{"string that never ends", "ATTACH 'f' AS a KEY 'k", "'k"},
	{"bracket that never ends", "ATTACH 'f' AS a KEY [k", "[k"},
	{"file that never ends", "ATTACH 'f AS a KEY k", ""},
	{"parenthesis that never ends", "ATTACH ('f' AS a KEY 'k'", ""},
	{"parenthesis that never began", "ATTACH 'f') AS a KEY 'k'", ""},
}

func TestAttachKey(t *testing.T) {
	t.Parallel()
	for _, c := range attachCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expr, isAttach := AttachKey(c.sql)
			if expr != c.expr || !isAttach {
				t.Errorf("%q: %q, %v, want %q", c.sql, expr, isAttach, c.expr)
			}
			if IsVacuum(c.sql) {
				t.Errorf("%q is taken for a VACUUM", c.sql)
			}
		})
	}
}

func TestAttachKeyOthers(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		"", " ", ";", ";;", "--", "-- ATTACH 'f' AS a KEY 'k'", "/*", "/* ATTACH */",
		"'", "\"", "[", "`", "x'", "(", ")", "\xef\xbb", "\x00",
		"'ATTACH' 'f' AS a KEY 'k'", "\"ATTACH\" 'f' AS a KEY 'k'", "[ATTACH] 'f' AS a KEY 'k'", "(ATTACH 'f' AS a KEY 'k')",
		"ATTACHED 'f' AS a KEY 'k'", "XATTACH 'f' AS a KEY 'k'", "_ATTACH 'f' AS a KEY 'k'",
		"@ATTACH 'f' AS a KEY 'k'", "ATTACH$ 'f' AS a KEY 'k'",
		"DETACH a", "SELECT 'ATTACH' AS a", "SELECT 1; ATTACH 'f' AS a KEY 'k'", "EXPLAIN ATTACH 'f' AS a KEY 'k'",
		"CREATE TABLE t(a PRIMARY KEY)", "VACUUM INTO 'f'", "PRAGMA key = 'k'",
	} {
		if expr, isAttach := AttachKey(sql); expr != "" || isAttach {
			t.Errorf("%q: %q, %v", sql, expr, isAttach)
		}
	}
}

func TestIsVacuum(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"VACUUM":                  true,
		"vacuum;":                 true,
		"VaCuUm main INTO 'f'":    true,
		"-- x\n /* y */ VACUUM":   true,
		";VACUUM":                 true,
		"\ufeffVACUUM":            true,
		"VACUUM--":                true,
		"VACUUM'main'":            true,
		"":                        false,
		"VACUUMS":                 false,
		"'VACUUM'":                false,
		"-- VACUUM":               false,
		"EXPLAIN VACUUM":          false,
		"PRAGMA auto_vacuum":      false,
		"SELECT 1; VACUUM":        false,
		"ATTACH 'VACUUM' AS x":    false,
		"VAC\u016aUM":             false,
		"/* */ \"VACUUM\"":        false,
		"incremental VACUUM":      false,
		"\u212aVACUUM":            false,
		"VACUUM$":                 false,
		"VACUUM.main":             true, // SQLite refuses it
		"ATTACH 'f' AS a; VACUUM": false,
	} {
		if got := IsVacuum(sql); got != want {
			t.Errorf("%q: %v", sql, got)
		}
	}
}

func TestIsVacuumTarget(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"ATTACH 'f.db' AS vacuum_0123456789abcdef":         true,
		"ATTACH '' AS vacuum_fedcba9876543210":             true,
		"ATTACH 'it''s AS x' AS vacuum_0123456789abcdef":   true,
		"ATTACH 'f.db' AS vacuum_0123456789abcdef KEY 'k'": false,
		"ATTACH 'f.db' AS vacuum_0123456789abcde":          false,
		"ATTACH 'f.db' AS vacuum_0123456789abcdef0":        false,
		"ATTACH 'f.db' AS vacuum_0123456789ABCDEF":         false,
		"ATTACH 'f.db' AS vacuum_0123456789abcdeg":         false,
		"ATTACH 'f.db' AS 'vacuum_0123456789abcdef'":       false,
		"ATTACH 'f.db' AS a":                               false,
		"ATTACH f AS vacuum_0123456789abcdef":              false,
		"ATTACH 'f' || 'g' AS vacuum_0123456789abcdef":     false,
		"VACUUM": false,
		"":       false,
	} {
		if got := IsVacuumTarget(sql); got != want {
			t.Errorf("%q: %v", sql, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expr, text string }{
		{"'secret'", "secret"},
		{"''", ""},
		{`""`, ""},
		{"``", ""},
		{"[]", ""},
		{"'it''s'", "it's"},
		{"''''", "'"},
		{"''''''", "''"},
		{`'say "x"'`, `say "x"`},
		{`"x'00'"`, "x'00'"},
		{`"a""b"`, `a"b`},
		{"`a``b`", "a`b"},
		{"[a'b\"c`d[e]", "a'b\"c`d[e"},
		{" 'a b' ", "a b"},
		{"/* x */ 'a' -- y", "a"},
		{"'a\x00b'", "a\x00b"},
		{"'\xff'", "\xff"},
		{"secret", "secret"},
		{"_a1$", "_a1$"},
		{"ключ", "ключ"},
		{"KEY", "KEY"},
		{"TRUE", "TRUE"}, // SQLite 3.54 takes it as a word here
		{"x", "x"},
		{"nullo", "nullo"},
		{"'NULL'", "NULL"},
		{`"current_date"`, "current_date"},
	} {
		if got, ok := literal(c.expr); !ok || got != c.text {
			t.Errorf("%q: %q, %v, want %q", c.expr, got, ok, c.text)
		}
	}
	for _, expr := range []string{
		"", " ", "-- x", "/*", ";", "NULL", "null", "Null", "1", "1.5", "0x10", ".5", "1e3", "-1", "+a",
		"x'6162'", "X''", "x'61",
		"?", "?1", ":a", "@a", "$a", "$", "#a", "(a)", "('a')", "a b", "a.b",
		"'a' || 'b'", "'a' 'b'", "lower('a')", "'a' COLLATE nocase",
		"CASE WHEN 1 THEN 'a' END", "current_date", "CURRENT_TIME", "Current_Timestamp",
		"'", `"`, "`", "[", "'a", `"a`, "`a", "[a", "'''", "'a''", `"a""`, "]", "%", "\x00",
	} {
		if got, ok := literal(expr); ok || got != "" {
			t.Errorf("%q: %q, %v", expr, got, ok)
		}
	}
}

// TestScanCovers wants tokens and the gaps between them to make up the text.
func TestScanCovers(t *testing.T) {
	t.Parallel()
	for _, c := range attachCases {
		end := 0
		for _, token := range scan(c.sql) {
			if token.from < end || c.sql[token.from:token.to] != token.text || token.text == "" {
				t.Fatalf("%q: token %q at %d..%d after %d", c.sql, token.text, token.from, token.to, end)
			}
			end = token.to
		}
		if tail := strings.TrimSpace(c.sql[end:]); tail != "" && strings.IndexAny(tail, "/-;") != 0 {
			t.Errorf("%q: %q is left over", c.sql, tail)
		}
	}
}
