package cli

// openCases are about other databases.
var openCases = []compareCase{
	{name: "databases", args: on(), stdin: ".databases\nattach 'o.db' as o;\nattach ':memory:' as m;\ncreate temp table x(a);\n.databases\nbegin;insert into t values(1);select * from t;\n.databases\nrollback;begin;select * from t;\n.databases\n", setup: "create table t(a)"},
	{name: "databases to read", args: on("-readonly", ".databases"), setup: "create table t(a)"},
	{name: "databases of attached names", args: on(), stdin: "attach ':memory:' as \"a b\";\n.databases\n"},
	{name: "open another", args: on(), stdin: "create table t(a);\n.open o.db\n.tables\ncreate table o(a);\n.show\n.open t.db\n.tables\n"},
	{name: "open none", args: on(), stdin: "create table t(a);\n.open\n.show\n.tables\n.databases\ncreate table x(a);\n.open :memory:\n.show\n.tables\n", setup: "create table t0(a)"},
	{name: "open anew", args: on(), stdin: ".open --new t.db\n.tables\ncreate table x(a);\n", setup: "create table t(a)"},
	{name: "open to read", args: on(), stdin: ".open --readonly t.db\ninsert into t values(1);\n.open t.db\ninsert into t values(1);select * from t;\n", setup: "create table t(a)"},
	{name: "open fails", args: on(), stdin: ".open nope/x.db\nselect 1;\n.tables\n.databases\n.show\n", setup: "create table t(a)"},
	{name: "open with wrong arguments", args: on(), stdin: ".open --foo\n.open a b\n.tables\n", setup: "create table t(a)"},
	{name: "open a URI", args: on(), stdin: ".open file:o.db?mode=memory\ncreate table x(a);\n.tables\n.show\n"},
	{name: "open within a transaction", args: on(), stdin: "begin;insert into t values(1);\n.open t.db\nselect count(*) from t;\n", setup: "create table t(a)"},
	{name: "backup", args: on(), stdin: ".backup b.db\n.open b.db\nselect * from t;\n.save s.db\n.open s.db\nselect * from t;\n", setup: "create table t(a); insert into t values(1),(2)"},
	{name: "backup of a database by name", args: on(), stdin: "attach ':memory:' as m;create table m.x(a);\n.backup m b.db\n.open b.db\n.tables\n"},
	{name: "backup with async", args: on(), stdin: ".backup --async main b.db\n.open b.db\n.tables\n", setup: "create table t(a)"},
	{name: "backup over another", args: on(), stdin: "attach 'b.db' as b;create table b.x(a);detach b;\n.backup b.db\n.open b.db\n.tables\n", setup: "create table t(a)"},
	{name: "backup with wrong arguments", args: on(), stdin: ".backup\n.save\n.backup a b c\n.backup --foo x\n.backup /nope/x\nselect 1;\n", setup: "create table t(a)"},
	{name: "backup of a database that is not there", args: on(), stdin: ".backup nodb b.db\n", setup: "create table t(a)",
		differs: "we look for the database before we create the file",
		ours:    outcome{stderr: "Error: unknown database nodb\n", status: 1, files: "t.db"}},
	{name: "restore", args: on(), stdin: ".backup b.db\ndelete from t;\n.restore b.db\nselect * from t;\nattach ':memory:' as m;\n.restore m b.db\nselect * from m.t;\n", setup: "create table t(a); insert into t values(1),(2)"},
	{name: "restore with wrong arguments", args: on(), stdin: ".restore\n.restore a b c\n.restore nodb t.db\n.restore /nope/x\n.restore g.db\nselect 1;\n", setup: "create table t(a)", files: map[string]string{"g.db": "this is not a database at all"}},
	{name: "clone", args: on(), stdin: ".clone c.db\n.open c.db\n.dump\n", setup: "create table t(a unique, b); insert into t values(1,x'00ff'),(null,'a'),(2.5,''); create index i on t(b); create view v as select 1; create table w(a primary key) without rowid; insert into w values('x')"},
	{name: "clone with wrong arguments", args: on(), stdin: ".clone\n.clone a b\n.clone t.db\n.clone /nope/x\nselect 1;\n", setup: "create table t(a)"},
	{name: "clone with the output elsewhere", args: on(), stdin: ".output f.out\n.clone c.db\n", setup: "create table t(a)"},
}
