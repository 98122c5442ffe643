package cli

// words is a text to be broken into lines.
const words = "select 'the quick brown fox jumps over the lazy dog' as a, 'x'||char(9)||'y'||char(10)||'z' as bee, 'é日本語日本語日本語' as \"a long name of a column\", 'loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong' as d\nunion all select 1, null, x'41', 'a.b.c.d.e.f.g,h,i';\n"

// columnCases are about the modes that lay out columns.
var columnCases = []compareCase{
	{name: "mode column", args: on(), stdin: ".mode column\n" + values + words},
	{name: "mode column without headers", args: on(), stdin: ".headers off\n.mode column\n" + values + words},
	{name: "mode column keeps headers", args: on(), stdin: ".headers off\n.mode column\n.show\n.mode list\nselect 1 as a;\n"},
	{name: "mode column turns headers on", args: on(), stdin: ".mode column\n.mode list\nselect 1 as a;\n"},
	{name: "mode table", args: on(), stdin: ".mode table\n" + values + words},
	{name: "mode box", args: on(), stdin: ".mode box\n" + values + words},
	{name: "mode markdown", args: on(), stdin: ".mode markdown\n" + values + words},
	{name: "mode qbox", args: on(), stdin: ".mode qbox\n" + values + words + ".mode\n"},
	{name: "mode with literals", args: on(), stdin: ".mode column --quote\n" + values + ".mode box --quote --noquote\n" + values},
	{name: "wrap", args: on(), stdin: ".mode column --wrap 10\n" + words + ".mode table --wrap 10\n" + words + ".mode box --wrap 10\n" + words + ".mode markdown --wrap 10\n" + words},
	{name: "wrap at words", args: on(), stdin: ".mode column --wrap 10 --ww\n" + words + ".mode box --wordwrap on --wrap 12\n" + words + ".mode\n.mode table --wrap 7 --wordwrap off\n" + words},
	{name: "wrap at every width", args: on(), stdin: ".mode box --ww --wrap 1\n" + words + ".mode box --ww --wrap 2\n" + words + ".mode box --ww --wrap 3\n" + words + ".mode box --ww --wrap 4\n" + words + ".mode box --ww --wrap 5\n" + words + ".mode box --ww --wrap 8\n" + words + ".mode box --ww --wrap 9\n" + words + ".mode box --ww --wrap 16\n" + words},
	{name: "wrap at no width", args: on(), stdin: ".mode box --wrap 0\n" + words + ".mode box --wrap -5\n" + words},
	{name: "widths", args: on(), stdin: ".mode column\n.width 5 -8 3\n" + words + ".show\n.mode box\n" + words + ".width -20 20\n" + words + ".mode markdown\n" + words},
	{name: "widths become visible", args: on(), stdin: ".mode list\nselect 1,2;\n.show\n.mode table\nselect 1,2,3;\n.show\n"},
	{name: "NULL in columns", args: on(), stdin: ".nullvalue (none)\n.mode column\nselect null as a, 1 as b;\n.mode box --quote\nselect null, 'x';\n"},
	{name: "control characters in columns", args: on(), stdin: ".mode box\nselect 'a'||char(10)||'b'||char(13,10)||'c'||char(13)||'d'||char(12)||'e'||char(1)||'f' as x, char(10) as y, 'end'||char(10) as z, char(9,9)||'t' as \"t\tab\";\n"},
	{name: "no columns of rows", args: on(), stdin: ".mode box\nselect 1 where 0;\ncreate table t(a);\nselect * from t;\n"},
	{name: "columns with an error", args: on(), stdin: ".mode table\nselect 1 as a union all select abs(-9223372036854775808);\nselect abs(-9223372036854775808);\n"},
	{name: "one value in columns", args: on(), stdin: ".mode table\nselect '' as '';\nselect 1;\n.mode column\nselect '' as '';\n.mode box\nselect 'abc' as 'abcd';\nselect 'abcd' as 'abc';\n"},
	{name: "columns of many rows", args: on(), stdin: ".mode column\nwith recursive n(i) as (select 1 union all select i+1 from n where i<3000) select i, i*i as sq, char(64+i%26) as c from n;\n"},
}
