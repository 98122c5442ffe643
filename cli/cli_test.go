package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	urfave "github.com/urfave/cli/v2"
)

// run runs the program within the test.
func run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := Run(context.Background(), args, Env{strings.NewReader(stdin), &stdout, &stderr})
	return outcome{stdout: stdout.String(), stderr: stderr.String(), status: status}
}

func TestRunShell(t *testing.T) {
	t.Parallel()
	compare(t, run(t, "select 1;\nbad;\n", "pageseal"), outcome{
		stdout: "1\n",
		stderr: "Parse error near line 2: near \"bad\": syntax error\n  bad;\n  ^--- error here\n",
		status: 1,
	})
	compare(t, run(t, "", "pageseal", ":memory:", "select 1", ".exit 7"), outcome{stdout: "1\n", status: 7})
	compare(t, run(t, "select 2;"), outcome{stdout: "2\n"})
}

// TestKey wants the shell to open databases through the VFS that knows keys.
func TestKey(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "e.db")
	compare(t, run(t, "", "pageseal", file, "pragma key='hunter2'; create table t(a); insert into t values(7)"),
		outcome{stdout: "ok\n"})
	compare(t, run(t, "pragma key='hunter2';\nselect * from t;\n", "pageseal", file), outcome{stdout: "ok\n7\n"})
	compare(t, run(t, "", "pageseal", file, "pragma key='wrong'; select * from t"), outcome{
		stdout: "ok\n",
		stderr: "Error: in prepare, file is not a database (26)\n",
		status: 26,
	})
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(content) == 0 || bytes.Contains(content, []byte("CREATE TABLE")) {
		t.Errorf("%d bytes, not encrypted", len(content))
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, arg := range []string{"-help", "--help"} {
		got := run(t, "", "pageseal", arg, "x.db")
		if got.status != 0 || got.stderr != "" {
			t.Errorf("%s: status %d, stderr %q", arg, got.status, got.stderr)
		}
		for _, want := range []string{"pageseal: ", "\n   pageseal [OPTIONS] [FILE [SQL ...]]\n", "\n   -separator SEP  "} {
			if !strings.Contains(got.stdout, want) {
				t.Errorf("%s: no %q in\n%s", arg, want, got.stdout)
			}
		}
	}
}

// TestVersion wants the answer to begin as sqlite3's does: scripts take its
// first word for the version of SQLite.
func TestVersion(t *testing.T) {
	t.Parallel()
	got := run(t, "", "pageseal", "-version")
	words := strings.Fields(got.stdout)
	if len(words) < 5 || !strings.HasPrefix(words[0], "3.") || !strings.HasPrefix(words[4], "(pageseal") {
		t.Errorf("version %q", got.stdout)
	}
}

// TestStandsIn wants a database to be openable whatever its name, when we are
// called by the name of a program that has no commands.
func TestStandsIn(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]bool{
		"sqlite3": true, "/usr/bin/sqlcipher": true, "SQLITE3.EXE": true,
		"pageseal": false, "sqlite3-tool": false,
	} {
		if got := standsIn(program); got != want {
			t.Errorf("standsIn(%q) = %v", program, got)
		}
	}
	for _, c := range newApp(Env{}, "sqlcipher").Commands {
		t.Errorf("sqlcipher has the command %q", c.Name)
	}
}

// TestCommandError wants what a command returns to end up on standard error,
// and never to end the process by itself.
func TestCommandError(t *testing.T) {
	t.Parallel()
	app := newApp(Env{}, "pageseal")
	app.Commands = append(app.Commands, &urfave.Command{
		Name:   "fail",
		Action: func(*urfave.Context) error { return urfave.Exit("failed", 3) },
	})
	if err := app.Run([]string{"pageseal", "fail"}); err == nil || err.Error() != "failed" {
		t.Errorf("error %v, want it returned", err)
	}
}

func TestCommandsAreInOrder(t *testing.T) {
	t.Parallel()
	last := ""
	for _, c := range commands(Env{}) {
		if c.Name <= last || c.Usage == "" {
			t.Errorf("command %q behind %q, usage %q", c.Name, last, c.Usage)
		}
		last = c.Name
	}
}

// TestMainPackage wants the main package to pass on arguments and status.
func TestMainPackage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the program")
	}
	out, err := exec.Command("go", "run", "./pageseal", ":memory:", "select 6*7", ".exit 5").CombinedOutput()
	if err == nil || string(out) != "42\nexit status 5\n" {
		t.Errorf("%v\n%s", err, out)
	}
}
