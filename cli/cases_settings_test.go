package cli

// settingCases are about what is set, and shown.
var settingCases = []compareCase{
	{name: "show", args: on(".show")},
	{name: "show of what was set", args: on(), stdin: ".echo on\n.eqp on\n.headers on\n.mode box --wrap 5 --ww --quote\n.nullvalue 'a\"b'\n.separator 'é' '\\t'\n.stats stmt\n.width 1 -2\n.show\n.eqp full\n.stats vmstep\n.explain on\n.show\n.eqp trigger\n.stats on\n.explain off\n.show\n"},
	{name: "show with an argument", args: on(), stdin: ".show x\n"},
	{name: "show without a file", stdin: ".show\n"},
	{name: "switches without an argument", args: on(), stdin: ".bail\n.changes\n.echo\n.timer\n.binary\n.eqp\n.stats a b\n"},
	{name: "switches with a wrong argument", args: on(), stdin: ".bail x\n.changes x\n.echo x\n.timer x\n.binary x\n.eqp x\n.stats x\nselect 1;\n"},
	{name: "bail on and off", args: on(), stdin: "bad;\n.bail on\nselect 1;\n"},
	{name: "bail off", args: on("-bail"), stdin: ".bail off\nbad;\nselect 1;\n"},
	{name: "bail on", args: on(), stdin: ".bail on\nselect 1;\nbad;\nselect 2;\n"},
	{name: "changes", args: on(), stdin: ".changes on\ncreate table t(a);\ninsert into t values(1),(2),(3);\nselect 1;\ndelete from t where a<3;\nupdate t set a=1;bad;\n-- c\nselect 1;select 2;\n.print x\n.changes off\nselect 3;\n"},
	{name: "changes in a file", args: on(), stdin: ".changes on\n.once f.out\nselect 1;\n"},
	{name: "binary", args: on(), stdin: ".binary on\nselect 1;\n"},
	{name: "timeout", args: on(), stdin: ".timeout 100\npragma busy_timeout;\n.timeout\npragma busy_timeout;\n.timeout x\n"},
	{name: "prompt", args: on(), stdin: ".prompt a b\n.prompt\nselect 1;\n"},
	{name: "parameters with values", args: on(), stdin: ".parameter set :a 5\n.parameter set $b 'it''s'\n.parameter set @c \"some words\"\n.parameter set ?1 abc\n.parameter set ?2 \"'abc'\"\n.parameter set :f 1.5\n.parameter set :n NULL\n.parameter set :x x'41'\n.parameter list\nselect :a, $b, @c, :zz, :f, :n, :x;\nselect ?1, ?2, ?3;\n.parameter unset :a\n.parameter list\nselect :a;\n.parameter clear\n.parameter list\nselect :f;\n"},
	{name: "parameters with long names", args: on(), stdin: ".parameter set :aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1\n.parameter set :b 2\n.parameter set :ü 3\n.parameter list\n"},
	{name: "parameters as expressions", args: on(), stdin: ".parameter set :a 1+1\n.parameter set :b \"(select 7)\"\n.parameter set :c \"1,2\"\n.parameter set :d \"date(0,'unixepoch')\"\n.parameter list\nselect :a+1, typeof(:b);\n"},
	{name: "parameter with wrong arguments", args: on(), stdin: ".parameter\n.parameter foo\n.parameter set a\n.parameter unset\n.parameter list x\n.parameter init\nselect count(*) from temp.sqlite_parameters;\n.tables\n"},
	{name: "limit", args: on(), stdin: ".limit length\n.limit sql 100\n.limit sql_length 1000000\n.limit L\n.limit foo\n.limit a b c\n.limit COLUMN 10\nselect 1,2,3,4,5,6,7,8,9,10,11;\n.limit attached 0\nattach ':memory:' as x;\n"},
	{name: "limit with the output elsewhere", args: on(), stdin: ".output f.out\n.limit length\n"},
	{name: "dbconfig", args: on(), stdin: ".dbconfig enable_fkey\n.dbconfig enable_fkey on\npragma foreign_keys;\n.dbconfig enable_fkey off\n.dbconfig foo\n.dbconfig dqs_dml off\n.dbconfig defensive 1\n.dbconfig trusted_schema\n"},
	{name: "abbreviations of many commands", args: on(), stdin: ".m\n.n x\n.wi 5\n.se a\n.sho\n.o\n.on\n.par\n.d\n.db\n.da\n.e on\n.e off\n.eq on\n.exp\n.exp auto\n.fu\n.in\n.limit length\n.rea\n.res\n.sav\n.bac\n.bai on\n"},
	{name: "abbreviations that are too short", args: on(), stdin: ".ba\n.ch\n.db\n.time\n.ti\n.timeo\n.sel\n"},
	{name: "help on one command", args: on(), stdin: ".help mode\n.help nothinglikethis\n.help import\n.help par\n.help bail\n.help dump\n.help show\n.help .mode\n"},
}
