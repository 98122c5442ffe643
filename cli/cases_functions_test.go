package cli

// functionCases are about the functions that the shell adds.
var functionCases = []compareCase{
	{name: "readfile", args: on(), stdin: "select readfile('in.txt'), typeof(readfile('in.txt')), readfile('nope'), readfile(null), length(readfile('empty'));\ncreate table t(a);\ninsert into t values(readfile('in.txt'));\nselect * from t;\n",
		files: map[string]string{"in.txt": "a\nb", "empty": ""}},
	{name: "writefile", args: on(), stdin: "select writefile('a.out', 'text'), writefile('b.out', x'41420a'), writefile('c.out', null), writefile('d.out', 1.5), writefile(null, 1), writefile('/dev/null/x', 1), writefile('/', 1);\nselect writefile('in/to/x', 'y'), readfile('in/to/x');\nselect writefile('a.out', 't'), writefile('x');\n"},
	{name: "readfile in a view", args: on(), stdin: "create view v as select readfile('in.txt');\nselect * from v;\n", files: map[string]string{"in.txt": "a"}},
	{name: "regexp", args: on(), stdin: "select 'abc' regexp 'B', 'abc' regexp 'b', regexpi('B','abc'), 'a\nb' regexp '^a.b$', null regexp 'a', 'a' regexp null, 5 regexp '\\d', 'é' regexp '^.$', 'é' regexp '\\u00e9', 'x' regexp '';\n" +
		"select 'aab' regexp '^a+b?$', 'aaa' regexp '^a{2,3}$', 'b' regexp '[^a]', 'foo bar' regexp '\\bbar\\b', 'a.b' regexp 'a\\.b', 'ac' regexp 'a(b|c)', 'x-y' regexp '\\w-\\W';\n" +
		"create table t(a); insert into t values('one'),('two'),('three'); select * from t where a regexp 'e$';\n"},
	{name: "regexp with wrong patterns", args: on(), stdin: "select 'a' regexp '[';\nselect 'a' regexp '*';\nselect 'a' regexp 'a)';\nselect 'a' regexp '(a';\nselect 'a' regexp '\\q';\nselect regexp('a');\n"},
	{name: "sha3", args: on(), stdin: ".mode quote\nselect sha3('a'), sha3('a',224), sha3('a',256), sha3('a',384), sha3('a',512), sha3(null), sha3(1.5), sha3(x''), sha3(x'00ff'), sha3('é');\nselect sha3('a',1);\nselect sha3(null,1);\n"},
}
