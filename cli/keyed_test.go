package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/cli"
)

// shellRun runs the shell on a script.
func shellRun(t *testing.T, script string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Run(context.Background(), append([]string{"pageseal"}, args...),
		cli.Env{Stdin: strings.NewReader(script), Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

// quoted is a file name as the argument of a dot-command: outside of single
// quotes a backslash is the beginning of an escape.
func quoted(name string) string { return "'" + name + "'" }

const keyed = "PRAGMA key='hunter2'; PRAGMA kdf_iter=1000;\n"

// TestKeyedCopies wants no dot-command to bring an encrypted database out in
// plaintext but those that print it, and none to put plaintext pages into it.
func TestKeyedCopies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "keyed.db")
	if status, _, stderr := shellRun(t, keyed+"CREATE TABLE t(a); INSERT INTO t VALUES('precious');\n", file); status != 0 {
		t.Fatal(stderr)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.db")
	sqlRun(t, plain, "CREATE TABLE p(a);")
	copied := filepath.Join(dir, "copied.db")
	const refusal = "Error: backup is not supported with encrypted databases\n"
	for _, command := range []string{".backup " + quoted(copied), ".save main " + quoted(copied), ".clone " + quoted(copied), ".restore " + quoted(plain)} {
		status, _, stderr := shellRun(t, keyed+command+"\n", file)
		if status != 1 || stderr != refusal {
			t.Errorf("%s: status %d, stderr %q", command, status, stderr)
		}
		if _, err := os.Stat(copied); err == nil {
			t.Fatalf("%s made a file", command)
		}
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database has changed, or %v", err)
	}
	// An attached one counts for itself.
	status, _, stderr := shellRun(t, "ATTACH '"+file+"2' AS k KEY 'hunter2'; CREATE TABLE k.t(a);\n.backup k "+quoted(copied)+"\n.backup main "+quoted(copied)+"\n", plain)
	if status != 1 || stderr != refusal {
		t.Errorf("attached: status %d, stderr %q", status, stderr)
	}
	if _, err := os.Stat(copied); err != nil {
		t.Error(err)
	}
}

// TestKeyedDump wants an encrypted database to come out as SQL, and to go in
// again under another key.
func TestKeyedDump(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, again := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	shellRun(t, keyed+"CREATE TABLE t(a); INSERT INTO t VALUES('precious');\n", file)
	status, dump, stderr := shellRun(t, keyed+".dump\n.dbinfo\n", file)
	dump, info, _ := strings.Cut(strings.TrimPrefix(dump, "ok\n"), "COMMIT;\n")
	if status != 0 || !strings.Contains(dump, "INSERT INTO t VALUES('precious');\n") || !strings.Contains(info, "reserved bytes:      80\n") {
		t.Fatalf("status %d\n%s%s%s", status, dump, info, stderr)
	}
	if status, _, stderr := shellRun(t, "PRAGMA key='other';\n"+dump+"COMMIT;\n", again); status != 0 {
		t.Fatal(stderr)
	}
	if status, out, stderr := shellRun(t, "PRAGMA key='other';\nSELECT * FROM t;\n", again); status != 0 || out != "ok\nprecious\n" {
		t.Fatal(status, out, stderr)
	}
	if status, _, stderr := shellRun(t, ".dump\n", file); status != 0 || strings.Contains(stderr, "precious") {
		t.Errorf("without the key: status %d, %q", status, stderr)
	}
}

// TestEchoOfKeys wants .echo to print no key, in whatever command it stands.
func TestEchoOfKeys(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"PRAGMA key='hunter2';":                       "PRAGMA key ***;\n",
		"PRAGMA key = \"x'hunter2'\"; select 1;":      "PRAGMA key ***;\n",
		"pragma\n rekey\n =\n hunter2 ;":              "pragma\n rekey ***;\n",
		"ATTACH ':memory:' AS x KEY 'hunter2';":       "ATTACH ':memory:' AS x KEY ***;\n",
		"ATTACH 'file:x?hexkey=hunter2' AS x;":        "ATTACH 'file:x?hexkey ***;\n",
		"select 1; PRAGMA key='hunter2';":             "select 1; PRAGMA key ***;\n",
		".open file:x?mode=memory&key=hunter2":        ".open file:x?mode=memory&key=***\n",
		".open --key hunter2 :memory:":                ".open --key ***\n",
		".open -hexkey hunter2 :memory:":              ".open -hexkey ***\n",
		"create table t(key text default 'in clear')": "create table t(key text default 'in clear')\n",
	} {
		_, out, stderr := shellRun(t, script+"\n", "-echo", ":memory:")
		if strings.Contains(out+stderr, "hunter2") {
			t.Errorf("%q answered\n%s%s", script, out, stderr)
		}
		if !strings.HasPrefix(out, want) {
			t.Errorf("%q echoes\n%s, want\n%s", script, out, want)
		}
	}
}
