package cli

import "strings"

// compareCase is a run of the shell, to be the same in sqlite3 and in ours.
type compareCase struct {
	name  string
	args  []string          // behind the name of the program
	stdin string            // ignored by both where args hold SQL
	setup string            // SQL that prepares t.db
	files map[string]string // put into the folder first

	// differs says why ours may do something else, and ours what.
	differs string
	ours    outcome
}

// on makes the usual arguments: a database, then SQL or dot-commands.
func on(args ...string) []string { return append([]string{"t.db"}, args...) }

// compareCases is the whole table.
func compareCases() []compareCase {
	var all []compareCase
	for _, part := range [][]compareCase{
		inputCases, errorCases, argumentCases, flagCases, outputCases, dotCases, schemaCases,
		modeCases, columnCases, modeFlagCases, dumpCases, importCases, redirectCases,
		settingCases, explainCases, openCases, functionCases,
	} {
		all = append(all, part...)
	}
	return all
}

// inputCases are about where a statement on standard input begins and ends.
var inputCases = []compareCase{
	{name: "nothing", args: on()},
	{name: "no arguments at all", stdin: "create table t(a);insert into t values(1);select * from t;\n"},
	{name: "one statement", args: on(), stdin: "select 1;\n"},
	{name: "no line feed at the end", args: on(), stdin: "select 1;"},
	{name: "no semicolon at the end", args: on(), stdin: "select 1"},
	{name: "several statements on a line", args: on(), stdin: "select 1; select 2;select 3\n;"},
	{name: "a statement over lines", args: on(), stdin: "\n\n  select 1,\n\n2\n;\nselect 3;"},
	{name: "statements out of step with lines", args: on(), stdin: "select 1; select\n 2;select\n3"},
	{name: "comments", args: on(), stdin: "-- hello\nselect 1; -- t\n/* x\ny */ select 2;\n;;;\n -- a\n\nselect 3;/* end"},
	{name: "comment only", args: on(), stdin: "-- select 1;\n/* select 2; */\n/* a\n b\n */\n"},
	{name: "comment behind a statement that fails", args: on(), stdin: "bad; -- comment\nselect 1;\n"},
	{name: "comment with an apostrophe", args: on(), stdin: "select 1 -- don't\n;\nselect 2; /* isn't */\nselect 3;"},
	{name: "semicolon in a string", args: on(), stdin: "select 'a;\nb;', \"c;\";\nselect [d;\n] from (select 1 as [d;\n]);"},
	{name: "quote in a string", args: on(), stdin: "select 'it''s;\n', \"a\"\"b;\", `c``;`;select 2;"},
	{name: "open string", args: on(), stdin: "select 'abc\nselect 2;\n"},
	{name: "open comment", args: on(), stdin: "select 1;\n/* open\nselect 2;\n"},
	{name: "trigger", args: on(), stdin: "create table t(a);\ncreate trigger x after insert on t begin\n select 1;\n insert into t values(2);\nend;\nselect count(*) from sqlite_master;"},
	{name: "trigger without its end", args: on(), stdin: "create table t(a);\ncreate trigger x after insert on t begin\n select 1;\n"},
	{name: "slash", args: on(), stdin: "select 1\n/\nselect 2\n / \n/\nselect 3;"},
	{name: "go", args: on(), stdin: "select 1\ngo\nselect 2 as x\n  GO  \nselect 3 as x\ngo -- on\nselect 3\nGo;\nselect 4\ngone\n;"},
	{name: "slash that divides", args: on(), stdin: "select 8,\n/\nselect 2;"},
	{name: "slash in a trigger", args: on(), stdin: "create table t(a);\ncreate trigger x after insert on t begin\n select 8\n/\n2;\nend\n/\nselect count(*) from sqlite_master;"},
	{name: "quote in brackets", args: on(), stdin: "select [it's;] from (select 1 as [it's;]);\nselect 2;"},
	{name: "slash in a string", args: on(), stdin: "select 'a\n/\nb';"},
	{name: "carriage returns", args: on(), stdin: "select 1;\r\nselect\r\n 2;\r\n.print x\r\nselect 'a\r\nb';"},
	{name: "byte order mark", args: on(), stdin: "\xef\xbb\xbfselect 1;"},
	{name: "line with a hash", args: on(), stdin: "# select 1;\nselect 2,\n# 3\n;select 4;"},
	{name: "NUL behind a statement", args: on(), stdin: "select 1;\x00select 2;\nselect 3;\n"},
	{name: "NUL in a string", args: on(), stdin: "select 'a\x00b\nc';\nselect 3;\n"},
	{name: "NUL at the end", args: on(), stdin: "select 1;\n\x00select 2;\n"},
	{name: "invalid UTF-8", args: on(), stdin: "select '\xff\xfe', hex('\xff\xfe'), length('\xe4');\nselect \xff;"},
	{name: "long line", args: on(), stdin: "select length('" + strings.Repeat("0123456789", 100_000) + "');select 2;\n"},
	{name: "many lines", args: on(), stdin: "select 0\n" + strings.Repeat("+1\n", 900) + ";\nselect 'next';\n"},
	{name: "many statements on a line", args: on(), stdin: strings.Repeat("select 1;", 5000)},
	{name: "transaction left open", args: on(), stdin: "begin; insert into t values(2);\n", setup: "create table t(a)"},
	{name: "white space of every kind", args: on(), stdin: "\t\v\f\r select\v1\f;\n\t\n\v;\f\nselect 2;"},
}

// errorCases are about messages, and what goes on behind an error.
var errorCases = []compareCase{
	{name: "goes on behind an error", args: on(), stdin: "select 1;\nselect x y z from;\nselect 2;\n"},
	{name: "drops the rest of the line", args: on(), stdin: "select 1; select nope; select 3;\nselect 4;"},
	{name: "line number of a statement's start", args: on(), stdin: "select 1;\n\n\nselect\n\n nope;\n\nbad;"},
	{name: "runtime error", args: on(), stdin: "insert into t values(1);\ninsert into t values(1);select 3;\nselect 4;", setup: "create table t(a primary key)"},
	{name: "runtime error behind rows", args: on(), stdin: "select 1 union all select abs(-9223372036854775808);\nselect 2;"},
	{name: "runtime error with code 1", args: on(), stdin: "begin; begin; select 4;"},
	{name: "raise", args: on(), stdin: "insert into t values(1);\nselect * from t;", setup: "create table t(a); create trigger x before insert on t begin select raise(abort,'no: way'); end"},
	{name: "foreign key", args: on(), stdin: "pragma foreign_keys=on;insert into c values(1);", setup: "create table p(a primary key); create table c(a references p)"},
	{name: "incomplete statement", args: on(), stdin: "select 1 from"},
	{name: "incomplete statement with a semicolon", args: on(), stdin: "select 1 from;"},
	{name: "dot that is no command", args: on(), stdin: " .tables\nselect 1;"},
	{name: "context ends at the window", args: on(), stdin: "select 1 frm a b c, " + strings.Repeat("long ", 30) + ";"},
	{name: "context begins at the window", args: on(), stdin: "select " + strings.Repeat("1234567890,", 9) + " a b c d e from (select 1) where ffffffffffffffffffffffffffffff;"},
	{name: "arrow at its turning point", args: on(), stdin: "select '012345678901' x y;\nselect '0123456789012' x y;\nselect '01234567890123' x y;"},
	{name: "context with line feeds", args: on(), stdin: "select 1 +                  2\n\t frm bad bad bad;"},
	{name: "context in UTF-8 to the right", args: on(), stdin: "select 1 frm \"" + strings.Repeat("é日本語", 8) + "\" wher xxx;"},
	{name: "context in UTF-8 to the left", args: on(), stdin: "select \"" + strings.Repeat("é日本語", 8) + "\", x y z;"},
	{name: "context of a later statement", args: on(), stdin: "select 1;   select 2;\t bad; select 3;\n"},
	{name: "unknown column", args: on(), stdin: "select a, nope from t;\nselect t.nope from t;", setup: "create table t(a)"},
	{name: "unknown table", args: on(), stdin: "select * from nope;\ninsert into nope values(1);"},
	{name: "unknown function", args: on(), stdin: "select nope(1);\nselect abs(1,2);"},
	{name: "wrong number of values", args: on(), stdin: "insert into t values(1,2);", setup: "create table t(a)"},
	{name: "ambiguous column", args: on(), stdin: "select a from t, u;", setup: "create table t(a); create table u(a)"},
	{name: "table that exists", args: on(), stdin: "create table t(a);", setup: "create table t(a)"},
	{name: "column named key", args: on(), stdin: "select * frm t where key='x';\ncreate table u(key text, primary key(key) bad);", setup: "create table t(key)"},
	{name: "not a database", args: []string{"g.db"}, stdin: "select * from t;\n.tables\n.schema\n.print still here\n", files: map[string]string{"g.db": "this is not a database at all"}},
	{name: "constant of what is not a database", args: []string{"g.db"}, stdin: "select 1;", files: map[string]string{"g.db": "this is not a database at all"},
		differs: "SQLite 3.54 reads the schema for every SELECT",
		ours:    outcome{stderr: "Parse error near line 1: file is not a database (26)\n", status: 1, files: "g.db"}},
	{name: "parameters", args: on(), stdin: "select ?1, :a, 'x';"},
	{name: "too big", args: on(), stdin: "select zeroblob(1000000001);\nselect 1;"},
	{name: "attach of a folder", args: on(), stdin: "attach '/' as x;\nselect 1;"},
}

// argumentCases are about SQL on the command line.
var argumentCases = []compareCase{
	{name: "argument", args: on("select 1")},
	{name: "arguments", args: on("select 1; select 2", "select 3;"), stdin: "select 'ignored';"},
	{name: "empty argument", args: on("")},
	{name: "comment as an argument", args: on("/* nothing */")},
	{name: "blank argument", args: on(" \n\t", "select 1")},
	{name: "error in an argument", args: on("select 1; select nope; select 3", "select 4")},
	{name: "error behind a blank", args: on("  bad")},
	{name: "error in a later statement", args: on("select 1;   bad")},
	{name: "incomplete argument", args: on("select 1 from")},
	{name: "open string in an argument", args: on("select 'a", "select 2")},
	{name: "constraint in an argument", args: on("insert into t values(1);select 9", "select 4"), setup: "create table t(a primary key); insert into t values(1)"},
	{name: "runtime error of code 1 in an argument", args: on("begin; begin")},
	{name: "exit argument", args: on("select 1", ".exit 4", "select 2")},
	{name: "exit of zero as an argument", args: on("select 1", ".exit 0", "select 2")},
	{name: "quit argument", args: on("select 1", ".quit", "select 2")},
	{name: "unknown dot argument", args: on(".foo", "select 1")},
	{name: "wrong dot argument", args: on(".headers", "select 1")},
	{name: "dot argument", args: on(".headers on", "select 1 as a", ".print x 'y  z'")},
	{name: "dot and SQL in one argument", args: on(".print a\nselect 1;")},
	{name: "hash argument", args: on("# x")},
	{name: "no such folder", args: []string{"nope/x.db", "select 1"}},
	{name: "no such folder on standard input", args: []string{"nope/x.db"}, stdin: ".print a\nselect 1;\n.print b\n"},
	{name: "a folder", args: []string{"/", "select 1"}},
	{name: "file with no use", args: on(), stdin: ".print hello\n"},
	{name: "file with no use but an empty statement", args: on(), stdin: ";\n-- x\n"},
	{name: "temporary database", args: []string{"", "create table t(a); select count(*) from sqlite_master"}},
	{name: "memory", args: []string{":memory:", "create table t(a); select count(*) from sqlite_master"}},
	{name: "URI in memory", args: []string{"file:t.db?mode=memory", "create table t(a); select 1"}},
	{name: "URI to read", args: []string{"file:t.db?mode=ro", "insert into t values(1)"}, setup: "create table t(a)"},
	{name: "URI of a missing file", args: []string{"file:t.db?mode=rw", "select 1"}},
	{name: "URI with an unknown VFS", args: []string{"file:t.db?vfs=nope", "select 1"}},
	{name: "not a database as an argument", args: []string{"g.db", "select * from t"}, files: map[string]string{"g.db": "this is not a database at all"}},
	{name: "not a database with tables", args: []string{"g.db", ".tables", "select 1"}, files: map[string]string{"g.db": "this is not a database at all"}},
}

// flagCases are about the flags.
var flagCases = []compareCase{
	{name: "unknown flag", args: []string{"-foo", "t.db"}},
	{name: "unknown flag with two dashes", args: []string{"--foo", "t.db"}},
	{name: "unknown flag at the end", args: on("select 1", "-foo")},
	{name: "one dash", args: on("-", "select 1")},
	{name: "two dashes", args: []string{"--", "t.db", "select 1"}},
	{name: "comment taken for a flag", args: on("-- comment")},
	{name: "flag without its argument", args: on("-separator")},
	{name: "flag without its argument with two dashes", args: on("select 1", "--nullvalue")},
	{name: "cmd without its argument", args: on("-cmd")},
	{name: "header", args: []string{"-header", "t.db", "select 1 as a, 2 as \"b c\", 3; select 4 where 0; select 5"}},
	{name: "header on standard input", args: on("-header"), stdin: "select 1 as a;\nselect 2 as a, 3 as a;\n"},
	{name: "header with two dashes behind the file", args: on("--header", "select 1 as a")},
	{name: "noheader", args: []string{"-header", "-noheader", "t.db", "select 1 as a"}},
	{name: "separator", args: []string{"-separator", ", ", "-header", "t.db", "select 1 as a, 2 as b, 3 as c"}},
	{name: "empty separator", args: on("-separator", "", "select 1, 2")},
	{name: "separator like a flag", args: on("-separator", "-header", "select 1 as a, 2")},
	{name: "separator with a backslash", args: on("-separator", `\t`, "select 1, 2")},
	{name: "nullvalue", args: on("--nullvalue", "NULL", "select null, '', x'', 'NULL'")},
	{name: "cmd", args: []string{"-cmd", "select 'cmd'", "t.db", "select 2"}},
	{name: "cmd and standard input", args: []string{"-cmd", ".headers on", "-cmd", "select 1 as a", "t.db"}, stdin: "select 2 as b;"},
	{name: "cmd among flags", args: on("-cmd", "select 2 as q", "-header", "select 1 as a")},
	{name: "cmd that fails", args: on("-cmd", "bad", "select 2")},
	{name: "cmd that fails under bail", args: on("-cmd", "bad", "-bail", "select 2")},
	{name: "cmd that is unknown", args: on("-cmd", ".foo", "select 2")},
	{name: "cmd that is unknown under bail", args: on("-bail", "-cmd", ".foo", "select 2")},
	{name: "cmd to exit", args: on("-cmd", ".exit 5", "select 2")},
	{name: "cmd to quit", args: on("-cmd", ".quit", "select 2")},
	{name: "cmd to quit under bail", args: on("-bail", "-cmd", ".quit", "select 2")},
	{name: "cmd on a database that does not open", args: []string{"-cmd", "select 1", "nope/x.db", "select 2"}},
	{name: "cmd before an unknown flag", args: []string{"-cmd", "select 1", "-foo", "t.db"}},
	{name: "cmd with a constraint", args: on("-bail", "-cmd", "insert into t values(1)"), setup: "create table t(a primary key); insert into t values(1)"},
	{name: "bail", args: []string{"-bail", "t.db"}, stdin: "select 1;\nbad;\nselect 2;\n"},
	{name: "bail at a dot-command", args: []string{"-bail", "t.db"}, stdin: ".foo\nselect 2;\n"},
	{name: "bail with a statement pending", args: []string{"-bail", "t.db"}, stdin: "bad;\nselect 2\n"},
	{name: "bail with arguments", args: []string{"-bail", "t.db", "bad", "select 2"}},
	{name: "batch", args: []string{"-batch", "t.db"}, stdin: "select 1;\nbad;\nselect 2;\n"},
	{name: "readonly", args: []string{"-readonly", "t.db", "insert into t values(1)"}, setup: "create table t(a)"},
	{name: "readonly on standard input", args: []string{"t.db", "-readonly"}, stdin: "insert into t values(1);\nselect count(*) from t;", setup: "create table t(a)"},
	{name: "readonly without a file", args: []string{"-readonly", "t.db", "select 1"}},
	{name: "flag before the database that does not open", args: []string{"nope/x.db", "-foo"}},
	{name: "flag behind a file that does not open", args: []string{"/", "-foo"}},
}
