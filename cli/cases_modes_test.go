package cli

// values has something of every kind, and of what modes must escape.
const values = "select 1 as a, 'it''s <b>&\"x\"' as \"x&y\", null as \"select\", x'00ff' as d, 2.5 as \"\", 'a,b|c' as \"it's\";\n" +
	"select 'line'||char(10)||'two' as a, char(13,10) as b, 'tab'||char(9)||'\\n' as c, 'é日本' as d, '' as e, -7 as f;\n"

// modeCases are about the modes that need not know all rows before they begin.
var modeCases = []compareCase{
	{name: "mode list", args: on(), stdin: ".mode list\n.headers on\n" + values},
	{name: "mode csv", args: on(), stdin: ".mode csv\n" + values + ".headers on\n.nullvalue N\n" + values},
	{name: "mode csv with another separator", args: on(), stdin: ".mode csv\n.separator b\n" + values + ".separator '' x\nselect 1,2;\n"},
	{name: "mode csv from 0 to 255", args: on(), stdin: ".mode csv\nwith recursive n(i) as (select 1 union all select i+1 from n where i<300) select char(i) from n;\n"},
	{name: "mode tabs", args: on(), stdin: ".mode tabs\n" + values + ".show\n"},
	{name: "mode line", args: on(), stdin: ".mode line\n" + values + "select 1 as a, 2 as verylongname union all select 3, null;\n.nullvalue NIL\n.separator x y\nselect 1 as a, null as b union select 2, 3;\n"},
	{name: "mode html", args: on(), stdin: ".mode html\n" + values + ".headers on\n.nullvalue <>\n" + values},
	{name: "mode tcl", args: on(), stdin: ".mode tcl\n" + values + ".headers on\n.nullvalue N\n" + values},
	{name: "mode ascii", args: on(), stdin: ".mode ascii\n" + values + ".headers on\n" + values},
	{name: "mode json", args: on(), stdin: ".mode json\n" + values + "select 1 as a union select 2;\nselect 1 where 0;\nselect 9e999 as a, -9e999 as b, x'00411f7f80' as c, char(1,8,12,31,127) as d, 12345678901234 as e;\n"},
	{name: "mode json with an error", args: on(), stdin: ".mode json\nselect 1 as a union all select abs(-9223372036854775808);\nselect abs(-9223372036854775808);\n"},
	{name: "mode quote", args: on(), stdin: ".mode quote\n" + values + ".headers on\n.nullvalue N\n.separator ; !\n" + values + "select 9e999, -9e999, 1.5, 100.0;\n"},
	{name: "mode insert", args: on(), stdin: ".mode insert\n" + values + ".headers on\n" + values + ".mode insert tab1\nselect 1;\n.mode insert 'a b'\nselect 1;\n.mode insert 'a\"b'\nselect 1;\n"},
	{name: "mode insert with numbers", args: on(), stdin: ".mode insert t\nselect 9e999, -9e999, 3.0, -0.0, 1e15, 2.5, 9223372036854775807, -9223372036854775808, -9223372036854775808.0;\n"},
	{name: "mode insert with line ends", args: on(), stdin: ".mode insert t\nselect char(10), char(13), char(13,10), '\\n'||char(10), '\\n\\012'||char(10), '\\n\\012(\\n0)'||char(10), '\\r\\015'||char(13), 'it''s'||char(10);\n"},
	{name: "mode count", args: on(), stdin: ".mode count\nselect 1;\nselect 1 union select 2;\nselect 1 where 0;\n"},
	{name: "mode count with the output elsewhere", args: on(), stdin: ".mode count\n.output f.out\nselect 1;\n"},
	{name: "mode off", args: on(), stdin: ".mode off\nselect 1;\n.mode list\nselect 2;\n"},
	{name: "mode by abbreviation", args: on(), stdin: ".mode l\n.mode\n.mode c\n.mode\n.mode t\n.mode\n.mode ta\n.mode\n.mode tab\n.mode\n.mode q\n.mode\n.mode h\n.mode\n.mode i\n.mode\n.mode a\n.mode\n.mode m\n.mode\n.mode b\n.mode\n.mode j\n.mode\n.mode o\n.mode\n.mode cs\n.mode\n.mode co\n.mode\n.mode cou\n.mode\n.mode li\n.mode\n.mode lis\n.mode\n"},
	{name: "mode that does not exist", args: on(), stdin: ".mode foo\n.mode LIST\n.mode lists\n.mode\n.mode ''\n.mode\n"},
	{name: "mode with too many arguments", args: on(), stdin: ".mode a b c\n.mode list x y\n.mode list x -y\n.mode --foo\n.mode markdown --foo\n.mode list --wrap\n.mode\n"},
	{name: "mode sets separators", args: on(), stdin: ".separator a b\n.mode html\n.show\n.mode line\n.show\n.mode csv\n.show\n.mode tabs\n.show\n.mode list\n.show\n.mode ascii\n.show\n.mode quote\n.show\n.mode tcl\n.show\n"},
	{name: "mode as an argument fails", args: on(".mode foo", "select 1")},
	{name: "nullvalue command", args: on(), stdin: ".nullvalue NULL\nselect null, 1;\n.nullvalue ''\nselect null, 1;\n.nullvalue\n.nullvalue a b\n"},
	{name: "separator command", args: on(), stdin: ".separator ,\nselect 1,2;\n.separator ';' '!\\n'\nselect 1,2;\n.separator\n.separator a b c\nselect 1,2;\n"},
	{name: "width command", args: on(), stdin: ".width 5 -6 x 0x10 1K\n.show\n.width\n.show\n"},
}

// modeFlagCases are about the flags that choose a mode.
var modeFlagCases = []compareCase{
	{name: "flag ascii", args: on("-ascii", "-header", values)},
	{name: "flag box", args: on("-box", values)},
	{name: "flag column", args: on("-column", values, ".show")},
	{name: "flag column with headers", args: on("-column", "-header", values)},
	{name: "flag csv", args: on("-csv", "-header", values, ".show")},
	{name: "flag html", args: on("-html", "-header", values)},
	{name: "flag json", args: on("-json", values)},
	{name: "flag line", args: on("-line", values)},
	{name: "flag list behind another", args: on("-csv", "-list", values)},
	{name: "flag markdown", args: on("-markdown", values)},
	{name: "flag quote", args: on("-quote", "-header", values)},
	{name: "flag table", args: on("-table", values)},
	{name: "flag tabs", args: on("-tabs", values, ".show")},
	{name: "flag newline", args: on("-newline", "XX", "select 1;select 2")},
	{name: "flag echo with arguments", args: on("-echo", "select 1", ".print a")},
	{name: "flag echo", args: on("-echo"), stdin: "select 1;\n.print a\n"},
	{name: "flag eqp", args: on("-eqp", "select 1", "select * from t"), setup: "create table t(a)"},
	{name: "flag init", args: on("-init", "init.sql", "select 2 as b"), files: map[string]string{"init.sql": ".headers on\nselect 1 as a;\n"}},
	{name: "flag init before others", args: on("-noheader", "-init", "init.sql", "select 2 as b"), files: map[string]string{"init.sql": ".headers on\nselect 1 as a;\n"}},
	{name: "flag init with standard input", args: on("-init", "init.sql"), stdin: "select 2;\nbad;\n", files: map[string]string{"init.sql": "select 1;"}},
	{name: "flag init without its file", args: on("-init", "nope.sql", "select 1")},
	{name: "flag init without its file under bail", args: on("-bail", "-init", "nope.sql", "select 1")},
	{name: "flag init with an error", args: on("-init", "init.sql", "select 2"), files: map[string]string{"init.sql": "bad;\nselect 1;\n"}},
	{name: "flag init with an error under bail", args: on("-bail", "-init", "init.sql", "select 2"), files: map[string]string{"init.sql": "bad;\nselect 1;\n"}},
	{name: "flag init with an exit", args: on("-init", "init.sql", "select 2"), files: map[string]string{"init.sql": ".exit 3\nselect 1;\n"}},
	{name: "flag init with a quit", args: on("-init", "init.sql", "select 2"), files: map[string]string{"init.sql": ".quit\nselect 1;\n"}},
	{name: "flag init without an argument", args: on("-init")},
	{name: "flags that tune", args: []string{"-lookaside", "1", "2", "-mmap", "5", "t.db", "-pagecache", "0", "0", "select 1"}},
	{name: "flag with one argument of two", args: on("-lookaside", "1")},
	{name: "flag nofollow", args: on("-nofollow", "select 1"), setup: "create table t(a)"},
}
