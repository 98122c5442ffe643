package shell

import (
	"strings"
	"testing"
)

func TestHoldsKey(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		"PRAGMA key='x'",
		"pragma  main.rekey = 'x'",
		"PRAGMA hexkey='00'", "PRAGMA textrekey='x'", "PRAGMA rawkey = \"x'00'\"",
		"PRAGMA key 'x'",
		"/* select */ pragma key('x')",
		"-- select\nPRAGMA key='x'",
		"explain pragma key='x'",
		"ATTACH 'a.db' AS a KEY 'x'",
		"ATTACH DATABASE 'file:a.db?key=x' AS a",
		"VACUUM INTO 'file:b.db?hexkey=00'",
		"attach 'file:a.db?_pragma_key=x' as a",
		"PRGMA key='x'",
		"key='x'",
		"selec 1; pragma key='x'",
		"selec 1; PRGMA key='x'",
		"select 1 PRAGMA key='x'",
		"begin pragma key='x'",
		"PRAGMA key='a;b'",
		"ATTACH 'a;select' AS x KEY 'y'",
		"ATTACH 'a.db; select 1' AS \"b;select\" KEY 'y'",
	} {
		if !holdsKey(sql) {
			t.Errorf("%q may hold a key", sql)
		}
	}
	for _, sql := range []string{
		"", "bad",
		"select * frm t where key='x'",
		"create table t(a primary key, b references c(key)) bad",
		"  -- comment\n insert into t(key) values('x') bad",
		"PRAGMA foreign_keys=on bad",
		"PRAGMA foreign_key_check bad",
		"with k(key) as (select 1) bad",
		"ATTACH 'a.db' AS a bad",
		"ATTACH 'monkey.db' AS a bad",
	} {
		if holdsKey(sql) {
			t.Errorf("%q holds no key", sql)
		}
	}
}

// TestNoSecretInErrors types every mistake around a key, and wants none to be
// answered with the key.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"PRAGMA key=correct hunter2;",
		"PRAGMA key 'hunter2';",
		"PRAGMA key='hunter2' x;",
		"PRAGMA key=\"hunter2\" x;",
		"PRAGMA key='correct' hunter2;",
		"PRAGMA key=hunter2.hunter2.hunter2;",
		"PRAGMA key='it's hunter2';",
		"PRAGMA key='hunter2",
		"PRAGMA key=\"hunter2\n",
		"PRAGMA key=\"x'hunter2\";x;",
		"PRAGMA key=x'hunter2';",
		"PRAGMA key=$hunter2:;",
		"PRAGMA key=#hunter2;",
		"PRAGMA rekey=1hunter2;",
		"PRGAMA key='hunter2';",
		"PRAGMA\n\nkey\n=\n'hunter2' x;",
		"/* select */ PRAGM key='hunter2';",
		"ATTACH 'x.db' AS x KEY 'hunter2' x;",
		"ATTACH 'x.db' x KEY 'hunter2';",
		"ATTACH 'x.db' AS x KEY hunter2(1);",
		"ATTACH 'x.db' AS x KEY x.hunter2;",
		"ATTACH 'x.db' AS x KEY max(hunter2, 2);",
		"ATTACH 'x.db' AS x KEY (select hunter2);",
		"ATTACH 'file:x.db?key=hunter2' x y;",
		"VACUM INTO 'file:x.db?key=hunter2';",
		"selec 1; PRAGMA key='hunter2';",
		"select 'open;\nPRAGMA key='hunter2';\n",
		".headers maybe\nselec 1\n;PRAGMA key='hunter2';",
	} {
		for _, args := range [][]string{nil, {":memory:", script}, {"-cmd", script}} {
			got := run(t.Context(), script, args...)
			if strings.Contains(got.stdout+got.stderr, "unter2") {
				t.Errorf("%q\nanswered\n%s%s", script, got.stdout, got.stderr)
			}
			if got.stderr == "" {
				t.Errorf("%q: no error, which this test is about", script)
			}
		}
	}
}

// TestWithhold wants what is left of a message to still be of use.
func TestWithhold(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"PRAGMA key=correct hunter2;":                         "Parse error near line 1: near \"***\": syntax error\n",
		"PRAGMA key='hunter2":                                 "Parse error near line 1: unrecognized token: \"***\"\n",
		"PRAGMA key='hunter2'; select nope;":                  "Parse error near line 1: no such column: nope\n  select nope;\n         ^--- error here\n",
		"select nope; PRAGMA key='hunter2';":                  "Parse error near line 1: no such column: ***\n",
		"ATTACH 'file:/nope/x.db?a=1&key=hunter 2&b=?' AS x;": "Runtime error near line 1: unable to open database: file:/nope/x.db?a=1&key=***&b=? (14)\n",
		"ATTACH '/nope/x.db' AS x KEY 'hunter2';":             "Runtime error near line 1: unable to open database: /nope/x.db (14)\n",
	} {
		if got := run(t.Context(), script); got.stderr != want {
			t.Errorf("%q\n%q\nwant\n%q", script, got.stderr, want)
		}
	}
}

// TestNoSecretInOpenError wants a URI that does not open to be named without
// its key.
func TestNoSecretInOpenError(t *testing.T) {
	t.Parallel()
	got := run(t.Context(), "", "file:/nope/x.db?mode=ro&_pragma_key=hunter2", "select 1")
	want := "Error: unable to open database \"file:/nope/x.db?mode=ro&_pragma_key=***\": unable to open database file\n"
	if got.stderr != want || got.status != 1 {
		t.Errorf("status %d, stderr %q, want %q", got.status, got.stderr, want)
	}
}

// TestIsSecret wants what holds no key to be remembered; that keys are not is
// for TestNoKeyInHistory.
func TestIsSecret(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", "select * from t where key='x';", "create table t(a primary key, b references c(key));",
		"pragma foreign_keys=on;", "pragma foreign_key_check;", "attach 'monkey.db' as a;", "pragma cipher_version;",
		".tables", ".open clinic.db", ".parameter list", ".mode box", ".read setup.sql",
	} {
		if isSecret(command) {
			t.Errorf("%q is to be remembered", command)
		}
	}
}
