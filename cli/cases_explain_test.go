package cli

const triggers = "create table t(a); create table u(a unique, b); create trigger tr after insert on t begin insert into u select a, 1 from t where a=new.a; delete from u where b=2; end"

// explainCases are about what is told of a statement besides its rows.
var explainCases = []compareCase{
	{name: "eqp", args: on(), stdin: ".eqp on\nselect * from t;\nselect 1;\ninsert into t values(1);select * from t, u order by 1;\nexplain query plan select 1;\n.eqp off\nselect * from t;\n", setup: triggers},
	{name: "eqp with an error", args: on(), stdin: ".eqp on\nselect * from nope;\nselect abs(-9223372036854775808) from t;\n", setup: triggers},
	{name: "eqp with a setting of the user", args: on(), stdin: ".dbconfig trigger_eqp on\n.eqp trigger\nselect 1;\n.dbconfig trigger_eqp\n.dbconfig trigger_eqp off\nselect 1;\n.dbconfig trigger_eqp\n", setup: triggers},
	{name: "eqp in other modes", args: on(), stdin: ".mode box\n.eqp on\nselect a from u where a=1;\n.once f.out\nselect * from u;\n", setup: triggers},
	{name: "explain command with other results", args: on(), stdin: ".explain on\nselect 1 as a, 'long long long value' as b, null as c;\nselect 1,2,3,4,5,6,7,8,9;\n.show\n.explain off\nselect 2;\n.explain auto\n.show\n.explain 0\n.show\n.explain\n.show\n.explain on\n.mode list\n.show\n"},
	{name: "query plan without a layout", args: on(), stdin: ".explain off\nexplain query plan select * from t;\n", setup: triggers,
		differs: "SQLite has since come to tell its estimates",
		ours:    outcome{stdout: "2|0|216|SCAN t\n", files: "t.db"}},
	{name: "query plan with a parameter", args: on(), stdin: ".parameter set :a 1\n.eqp on\nselect * from u where a=:a;\n", setup: triggers},
}
