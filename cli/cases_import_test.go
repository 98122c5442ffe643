package cli

// sheet is a file with a row that is too short, and one that is too long.
var sheet = map[string]string{"in.csv": "a,b,c\n1,2,3\n\"x \"\"q\"\"\",y\n4,5,6,7\n"}

// importOf is a run of .import --csv on a file of that content.
func importOf(name, csv string) compareCase {
	return compareCase{name: "import " + name, args: on(),
		stdin: ".import --csv in.csv t\nselect * from t;\nselect quote(a) from t;\n.schema\n",
		files: map[string]string{"in.csv": csv}}
}

// importCases are about .import.
var importCases = []compareCase{
	{name: "import", args: on(), stdin: ".import --csv in.csv t\nselect * from t;\n.schema\n", files: sheet},
	{name: "import into a table", args: on(), stdin: ".import --csv in.csv t\n.import --csv --skip 1 in.csv t\nselect * from t;\n", files: sheet, setup: "create table t(x,y,z)"},
	{name: "import in the mode of the output", args: on(), stdin: ".mode csv\n.import in.csv t\nselect * from t;\n.show\n.mode tabs\n.import in.csv u\nselect * from u;\n", files: sheet},
	{name: "import with words", args: on(), stdin: ".mode csv\n.import -v in.csv t\n.import -v -v in.csv t\n.import -v --csv in.csv t\n.import -v -v --csv --skip 1 in.csv t3\n", files: sheet},
	{name: "import with wrong arguments", args: on(), stdin: ".import --csv\n.import x\n.import a b c\n.import -x a b\n.import\nselect 1;\n"},
	{name: "import of a missing file", args: on(), stdin: ".import nope.csv t\n.import --csv / t\n.tables\n",
		differs: "sqlite3 opens a folder as if it were a file",
		ours:    outcome{stderr: "Error: cannot open \"nope.csv\"\nError: cannot open \"/\"\n", status: 1, files: "t.db"}},
	{name: "import of what a command prints", args: on(), stdin: ".import --csv \"|printf 'a,b\\n1,2\\n'\" t\nselect * from t;\n.import --csv '|exit 3' u\n"},
	{name: "import with ASCII separators", args: on(), stdin: ".import --ascii in.txt t\nselect * from t;\n.mode ascii\n.import in.txt u\n.mode list\nselect * from u;\n.schema\n", files: map[string]string{"in.txt": "a\x1fb\x1e1\x1f\"2\"\x1e3\x1f4\n\x1e"}},
	{name: "import with separators that do not do", args: on(), stdin: ".separator ''\n.import in.csv t\n.separator ab\n.import in.csv t\n.separator , ''\n.import in.csv t\n.separator , xx\n.import in.csv t\n.tables\n", files: sheet},
	{name: "import into a schema", args: on(), stdin: ".import --csv --schema temp in.csv t\n.tables\n.import --csv --schema nope in.csv t\n", files: sheet},
	{name: "import against a constraint", args: on(), stdin: ".import -v --csv in.csv t\nselect * from t;\n", files: sheet, setup: "create table t(a unique check(a<>'x \"q\"'),b,c); insert into t values('4',1,1)"},
	{name: "import within a transaction", args: on(), stdin: "begin;\n.import --csv in.csv t\nrollback;\n.tables\n", files: sheet},
	{name: "import into a view", args: on(), stdin: ".import --csv in.csv v\n", files: sheet, setup: "create view v as select 1 as a"},
	{name: "import into a table of the system", args: on(), stdin: ".import --csv in.csv sqlite_foo\n", files: sheet},
	{name: "import with a name to quote", args: on(), stdin: ".import --csv in.csv 'a \"b\"'\n.schema\n", files: sheet},
	{name: "import as an argument", args: on(".import --csv in.csv t", "select count(*) from t"), files: sheet},
	{name: "import as an argument that fails", args: on(".import --csv in.csv t", "select count(*) from t"), files: sheet, setup: "create table t(a unique,b,c); insert into t values('4',1,1)"},
	{name: "import that fails but for the last row", args: on(".import --csv in.csv t", "select count(*) from t"), files: sheet, setup: "create table t(a unique,b,c); insert into t values('1',1,1)"},
	{name: "import of columns that are called the same", args: on(), stdin: ".import --csv in.csv t\n.schema\n", files: map[string]string{"in.csv": "a,b,A,a_1,,\n1,2,3,4,5,6\n"}},
	{name: "import of many columns", args: on(), stdin: ".import --csv in.csv t\n.schema\n", files: map[string]string{"in.csv": "a,b,c,d,e,f,g,h,i,j,a,a,a\n"}},
	{name: "import of duplicates that clash", args: on(), stdin: ".import --csv in.csv t\n.schema\n", files: map[string]string{"in.csv": "a,a,a_1,a_2,A_01\n"}},
	importOf("of nothing", ""),
	importOf("of a header", "a,b\n"),
	importOf("without a line feed at the end", "a,b\n1,2"),
	importOf("with carriage returns", "a,b\r\n1,2\r\n\"3\",\"4\"\r\n"),
	importOf("with a byte order mark", "\ufeffa,b\n1,2\n"),
	importOf("with a byte order mark and a quote", "\ufeff\"a\",b\n1,2\n"),
	importOf("with quotes", "a,b\n\"1,\n2\",\"it\"\"s\"\n\"\",x\"y\"\n"),
	importOf("with an open quote", "a,b\n1,\"2\n3,4\n"),
	importOf("with an open quote at the end", "a,b\n1,\""),
	importOf("with a quote that goes on", "a,b\n\"1\"x,2\n3,\"4\" \n\"5\"\r6,7\n"),
	importOf("with empty lines", "a,b\n\n1,2\n\n"),
	importOf("with a NUL", "a,b\n1\x002,3\n"),
	importOf("with invalid UTF-8", "a,b\n\xff\xfe,\xe4\n"),
	importOf("of one column", "a\n1\n\n2"),
	importOf("with blanks", "a , b\n 1, 2 \n"),
}
