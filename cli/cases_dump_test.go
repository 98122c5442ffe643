package cli

// content is a database whose dump says it all.
const content = `create table t(a integer primary key, b text, c blob, d real);
insert into t values(1,'it''s',x'00ff',1.5),(2,null,null,2.25),(3,'line
two',x'',3.0),(4,'cr'||char(13)||char(10)||'\n\012','é',-0.0);
create table "t 2"(x unique, "group" text, primary key(x));
insert into "t 2" values('a','b');
create table w(k text primary key, v) without rowid; insert into w values('z',9e999),('y',-9e999);
create table noid(rowid, _rowid_, oid); insert into noid values(1,2,3);
create table someid(rowid, b); insert into someid values(1,2);
create table [br [k](a); create table q(a); insert into q(rowid,a) values(7,8);
create index i1 on t(b); create view v as select 1 -- c
;
create trigger tr after insert on w begin select 1; end;
create table au(id integer primary key autoincrement); insert into au values(5);
create virtual table ft using fts5(x); insert into ft values('hello');
create table t_more(a); insert into t_more values(1);
`

// dumpCases are about .dump, .fullschema and the like.
var dumpCases = []compareCase{
	{name: "dump", args: on(".dump"), setup: content},
	{name: "dump of nothing", args: on(".dump")},
	{name: "dump of a table", args: on(".dump t"), setup: content},
	{name: "dump of patterns", args: on(".dump T% w", ".dump nope", ".dump 't 2'", `.dump t\_%`), setup: content},
	{name: "dump of a virtual table", args: on(".dump ft"), setup: content},
	{name: "dump of data", args: on(".dump --data-only"), setup: content},
	{name: "dump with rowids", args: on(".dump --preserve-rowids"), setup: content},
	{name: "dump with line feeds", args: on(".dump -newlines t"), setup: content},
	{name: "dump without the system's tables", args: on(".dump --nosys"), setup: content},
	{name: "dump with an unknown option", args: on(), stdin: ".dump --foo\n.dump -x t\n.dump t --foo\n", setup: content},
	{name: "dump under other settings", args: on(), stdin: ".headers on\n.mode csv\n.nullvalue X\n.dump t\n.show\n", setup: content},
	{name: "dump of what ANALYZE found", args: on(".dump sqlite_stat1", ".dump sq%"), setup: "create table t(a); create index i on t(a); insert into t values(1),(2); analyze;"},
	{name: "dump of floats", args: on(".dump"), setup: "create table t(a); insert into t values(0.1);",
		differs: "SQLite 3.54 writes 17 digits, which are enough",
		ours:    outcome{files: "t.db", stdout: "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\nINSERT INTO t VALUES(0.1000000000000000056);\nCOMMIT;\n"}},
	{name: "dump of a table without its module", args: on(".dump"), setup: "create table t(a); insert into t values(1); create view v as select * from nope; pragma writable_schema=on; insert into sqlite_schema values('table','x','x',0,'CREATE VIRTUAL TABLE x USING nope(a)');"},
	{name: "dump of a temporary table", args: on(), stdin: "create temp table t(a);insert into t values(1);\n.dump\n"},
	{name: "dump in a transaction", args: on(), stdin: "begin;insert into q values(9);\n.dump q\nrollback;select count(*) from q;\n", setup: content},
	{name: "dump of what is no database", args: []string{"g.db", ".dump"}, files: map[string]string{"g.db": "this is not a database at all"}},
	{name: "fullschema", args: on(".fullschema"), setup: content},
	{name: "fullschema with indentation", args: on(".fullschema --indent"), setup: content},
	{name: "fullschema with too much", args: on(), stdin: ".fullschema x\n.fullschema --foo\n"},
	{name: "schema with indentation", args: on(".schema --indent"), setup: content + `
create table longtable(aaaaaaaaaaaaaaaaa integer primary key, bbbbbbbbbbbbbbbbbbbbbbb text not null default 'x,(y', cccccccccccccc check(cccccccccccccc > 0), key2 text, -- comment
 dd);
create table   spaced  (  a  ,  b  )   ;
create table other("a,b" text, [c,(d] text, ` + "`e``f`" + ` int, constraint xxxxxxxxxxxxxxxxxxxxxxxxx check(length("a,b")>0 and (1,2)<(3,4)));
create index longindex on longtable(aaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccc, key2, dd, 1+2);`},
	{name: "schema with indentation of a pattern", args: on(".schema --indent t%", ".schema -indent sqlite_schema"), setup: content},
	{name: "indexes", args: on(), stdin: ".indexes\n.indexes t\n.indices t%\n.indexes nope\n.indexes a b\n.in\n", setup: content},
	{name: "indexes of attached databases", args: on(), stdin: "attach ':memory:' as x;create table x.t(a unique);create temp table tt(b unique);\n.indexes\n.indexes t\n", setup: content},
}
