package cli

// outputCases are about how values come out.
var outputCases = []compareCase{
	{name: "every type", args: on(), stdin: "select 1, -2, 1.5, 'text', x'414243', null, '';"},
	{name: "NUL in a value", args: on(), stdin: "select x'414200434400', 'a'||char(0)||'b', zeroblob(2), x'00';"},
	{name: "empty values", args: on(), stdin: "select x'', zeroblob(0), '', null;"},
	{name: "line feed and separator in a value", args: on(), stdin: "select 'a'||char(10)||'b|c', char(9), char(13);"},
	{name: "blob that is no UTF-8", args: on(), stdin: "select x'fffe41', x'c3a9';"},
	{name: "floats", args: on(), stdin: "select 1.0, 1e100, 0.1, 1.25, 9e999, -9e999, 1e14, -0.0, 2.5e-10, 1.5e300*1e10, 123456789.123, 1e-5, 100000000000000000000, 3.14159265358979, 1e21;"},
	{name: "floats of many digits", args: on(), stdin: "select 1/3.0, 0.1+0.2, 1e15, 1e16, 5e-324, 1.7976931348623157e308;",
		differs: "SQLite 3.54 writes 17 digits where 3.40 wrote 15",
		ours:    outcome{stdout: "0.33333333333333332|0.30000000000000004|1000000000000000.0|10000000000000000.0|4.9406564584124654e-324|1.7976931348623157e+308\n", files: "t.db"}},
	{name: "integers", args: on(), stdin: "select 9223372036854775807, -9223372036854775808, 0x10, -0;\nselect 7/2, 7.0/2, 7%3;"},
	{name: "digits in groups", args: on(), stdin: "select 1_000;",
		differs: "SQLite 3.46 introduced digit separators",
		ours:    outcome{stdout: "1000\n", files: "t.db"}},
	{name: "no rows", args: on("-header"), stdin: "select 1 as a where 0;\nselect * from t;\n", setup: "create table t(a)"},
	{name: "statements without rows", args: on(), stdin: "create table t(a);insert into t values(1),(2);update t set a=3;delete from t;drop table t;vacuum;\n"},
	{name: "returning", args: on("-header"), stdin: "insert into t values(1),(2) returning a, a*2 as b;", setup: "create table t(a)"},
	{name: "pragma with a row", args: on(), stdin: "pragma journal_mode=wal;\npragma user_version=7;pragma user_version;pragma table_info(t);", setup: "create table t(a)"},
	{name: "pragma that does not exist", args: on(), stdin: "pragma nope=1;\nselect 1;"},
	{name: "many rows", args: on(), stdin: "with recursive n(i) as (select 1 union all select i+1 from n where i<20000) select i, i*i from n;"},
	{name: "many columns", args: on("-header"), stdin: "select 1,2,3,4,5,6,7,8,9,10 as ten,'a','b' as \"a|b\";"},
	{name: "quoted string", args: on(), stdin: "select \"abc\", 'x' like 'X', 'é' like 'É';"},
	{name: "query plan", args: on(), stdin: "explain query plan select 1;\nexplain query plan select * from t;", setup: "create table t(a)"},
	{name: "query plan as a tree", args: on(), stdin: "explain query plan select * from t where a=(select a from u) union all select (select a+b from u limit 1) from t order by 1;\nexplain query plan insert into t values(1);select 2;", setup: "create table t(a); create table u(a,b)"},
	{name: "query plan of an argument", args: on("-header", "explain query plan select * from t, u"), setup: "create table t(a); create table u(a,b)"},
	{name: "dates and JSON", args: on(), stdin: "select date(0,'unixepoch'), json('{ \"a\" : [1, 2] }'), json_extract('{\"a\":1.50}','$.a');"},
	{name: "full text search", args: on(), stdin: "create virtual table f using fts5(a);insert into f values('hello world');select * from f('hello');"},
	{name: "WAL is put away", args: on(), stdin: "pragma journal_mode=wal; create table t(a); insert into t values(1);\n"},
	{name: "WAL is put away behind an error", args: on("pragma journal_mode=wal; create table t(a); insert into t values(1)", "bad"),
		differs: "sqlite3 does not close the database on its way out, and leaves the files of the WAL",
		ours: outcome{stdout: "wal\n", stderr: "Error: in prepare, near \"bad\": syntax error\n  bad\n  ^--- error here\n",
			status: 1, files: "t.db"}},
}

// dotCases are about the dot-commands.
var dotCases = []compareCase{
	{name: "quit", args: on(), stdin: ".quit\nselect 1;"},
	{name: "quit behind an error", args: on(), stdin: "bad;\n.quit\nselect 1;"},
	{name: "quit with an argument", args: on(), stdin: ".quit 5\n"},
	{name: "quit within a statement", args: on(), stdin: "select 1,\n.quit\n;\nselect 2;"},
	{name: "exit", args: on(), stdin: "bad;\n.exit\nselect 1;"},
	{name: "exit with a status", args: on(), stdin: ".exit 3\nselect 1;"},
	{name: "exit with zero behind an error", args: on(), stdin: "bad;\n.exit 0\n"},
	{name: "exit with a status of more than a byte", args: on(), stdin: ".exit 300\n"},
	{name: "exit with a negative status", args: on(), stdin: ".exit -1\n"},
	{name: "exit with a status in hex", args: on(), stdin: ".exit 0x10\n"},
	{name: "exit with a suffix", args: on(), stdin: ".exit 1K\n"},
	{name: "exit with a word", args: on(), stdin: ".exit x\n"},
	{name: "exit with digits and a word", args: on(), stdin: ".exit 12x\n"},
	{name: "exit with two arguments", args: on(), stdin: ".exit 1 2\n"},
	{name: "unknown command", args: on(), stdin: ".foo\nselect 1;\n.tables;\n.QUIT\n..tables\n"},
	{name: "nothing behind the dot", args: on(), stdin: ".\n. \n.\"\"\nselect 1;"},
	{name: "blanks behind the dot", args: on(), stdin: ". \t print  a\n.'print' b\n"},
	{name: "headers", args: on(), stdin: ".headers on\nselect 1 as a;\n.headers off\nselect 1 as a;\n.headers yes\nselect 1 as a;\n.headers 0\nselect 1 as a;\n.headers 0x1\nselect 1 as a;\n"},
	{name: "headers without a switch", args: on(), stdin: ".headers\n.headers on off\n.headers maybe\nselect 1 as a;\n.headers 1x\n.headers ''\n.headers 0xg\n.headers on\n.headers 0x\nselect 1 as a;\n"},
	{name: "print", args: on(), stdin: ".print\n.print a 'b  c' \"d\\te\" f\\x\n.print \\101\\12z \\0a \\7\\78\n.print 'a\\n' \"a\\\"b\" 'open\n.print \"open\\\n.print a\\\n.print a;b 'c'd\n"},
	{name: "print of many words", args: on(), stdin: ".print 1 2 3 4 5 6 7 8 9 10 1 2 3 4 5 6 7 8 9 20 1 2 3 4 5 6 7 8 9 30 1 2 3 4 5 6 7 8 9 40 1 2 3 4 5 6 7 8 9 50 1 2 3\n"},
	{name: "abbreviations", args: on(), stdin: ".h on\n.ta\n.sch\n.pri x\n.he off\n.header on\n.tab\n.ex 3\n", setup: "create table t(a)"},
	{name: "abbreviation of quit", args: on(), stdin: ".q\nselect 1;"},
	{name: "too long for a command", args: on(), stdin: ".tablesx\n.quits\n.printx\n"},
}

// schema is a database with something of everything.
const schema = `create table "t 1"(a, "b c", [d]);
CREATE TABLE 'q'(a);
create table t2(a -- end
);
create view v as select 1 as x, 2 as "group", 3 as "A b", 4 as "1st", 5 as "ü";
create view v2(p) as select 1 -- tail
;
create view v3(p) as select 1 /* tail */;
create virtual table ft using fts5(a,b);
create index i1 on t2(a);
create unique index "i 2" on "t 1"(a);
create table auto(id integer primary key autoincrement, u unique);
create trigger tr after insert on t2 begin select 1; end;
`

// attached goes on where the database of the schema is main.
const attached = `create temp table tt(z);
create temp view tv as select 1 as o;
attach ':memory:' as "o x";
create table "o x".mm(a);
attach ':memory:' as aux1;
create table aux1.nn(a);
create view aux1.vv as select 5 as q;
create view vbad as select nope from t2 -- tail
;
`

// schemaCases are about .schema and .tables.
var schemaCases = []compareCase{
	{name: "schema", args: on(".schema"), setup: schema},
	{name: "schema of attached databases", args: on(), stdin: attached + ".schema\n", setup: schema},
	{name: "schema of a table", args: on(), stdin: ".schema t2\n.schema T2\n.schema 't 1'\n.schema nope\n", setup: schema},
	{name: "schema of a pattern", args: on(), stdin: attached + ".schema v%\n.schema v*\n.schema V*\n.schema aux1.%\n.schema AUX1.nn\n.schema main.t_\n.schema ft\\\\_data\n.schema ft\\\\_d%\n.schema [q]\n", setup: schema},
	{name: "schema without the system's tables", args: on(), stdin: ".schema --nosys\n.schema -nosys auto\n.schema auto -nosys\n", setup: schema},
	{name: "schema of the schema", args: on(), stdin: ".schema sqlite_master\n.schema SQLITE_TEMP_SCHEMA\n.schema sqlite_m%\n.schema sqlite_se*\n", setup: schema},
	{name: "schema of a table function", args: on(), stdin: ".schema pragma_database_list\n.schema pragma_data*\n"},
	{name: "schema of a table function yet unused", args: on(), stdin: ".schema json_tree\n",
		differs: "SQLite 3.54 registers the functions of JSON at their first use",
		ours:    outcome{files: "t.db"}},
	{name: "schema that ends in a comment", args: on(".schema"), setup: "create table t(a); create view w as select nope from t /* open"},
	{name: "schema of nothing", args: on(".schema")},
	{name: "schema with too many arguments", args: on(), stdin: ".schema a b\n.schema --foo\n.schema -foo\n", setup: schema},
	{name: "schema under other settings", args: on("-header", "-separator", ",", ".schema t2"), setup: schema},
	{name: "tables", args: on(".tables"), setup: schema},
	{name: "tables of attached databases", args: on(), stdin: attached + ".tables\n.tables t%\n.tables 'T_'\n.tables nope\n", setup: schema},
	{name: "tables of nothing", args: on(".tables")},
	{name: "tables in columns", args: on(".tables"), setup: "create table a1(x);create table b22(x);create table c333(x);create table d4444(x);create table e55555(x);create table f666666(x);create table g7777777(x);create table h88888888(x);create table i999999999(x);"},
	{name: "tables with long names", args: on(".tables"), setup: "create table aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa(x);create table b(x);"},
	{name: "tables with names in UTF-8", args: on(".tables"), setup: "create table \"日本語\"(x);create table b(x);create table \"éé\"(x);"},
	{name: "tables with two patterns", args: on(".tables t2 q"), setup: schema},
}
