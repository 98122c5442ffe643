package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// result is what a run of the shell left behind.
type result struct {
	stdout, stderr string
	status         int
}

// run runs the shell on a database in memory.
func run(ctx context.Context, stdin string, args ...string) result {
	var stdout, stderr bytes.Buffer
	status := Run(ctx, args, Env{
		Stdin:   strings.NewReader(stdin),
		Stdout:  &stdout,
		Stderr:  &stderr,
		Program: "prog",
		Usage:   func(w io.Writer) { io.WriteString(w, "usage\n") },
	})
	return result{stdout.String(), stderr.String(), status}
}

// TestRun holds the main points where there is no sqlite3 to compare with.
func TestRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		want  result
	}{
		{"rows", nil, "select 1, null, 'a'; -- x\nselect\n2;", result{"1||a\n2\n", "", 0}},
		{"parse error", nil, "select 1;\n\nselect x y z;\nselect 2;",
			result{"1\n2\n", "Parse error near line 3: near \"z\": syntax error\n  select x y z;\n             ^--- error here\n", 1}},
		{"runtime error", nil, "create table t(a unique);insert into t values(1);\ninsert into t values(1);",
			result{"", "Runtime error near line 2: UNIQUE constraint failed: t.a (19)\n", 1}},
		{"arguments", []string{":memory:", "select 1", "bad", "select 2"}, "",
			result{"1\n", "Error: in prepare, near \"bad\": syntax error\n  bad\n  ^--- error here\n", 1}},
		{"code as status", []string{"", "create table t(a unique);insert into t values(1),(1)"}, "",
			result{"", "Error: stepping, UNIQUE constraint failed: t.a (19)\n", 19}},
		{"bail", []string{"-bail"}, "bad;\nselect 1;",
			result{"", "Parse error near line 1: near \"bad\": syntax error\n  bad;\n  ^--- error here\n", 1}},
		{"flags", []string{"--header", "-separator", ",", "-nullvalue", "-", ":memory:", "select 1 a, null b"}, "",
			result{"a,b\n1,-\n", "", 0}},
		{"unknown flag", []string{"--foo"}, "", result{"", "prog: Error: unknown option: -foo\nUse -help for a list of options.\n", 1}},
		{"help", []string{"-help"}, "select 1;", result{"usage\n", "", 0}},
		{"exit", nil, ".print a\n.exit 3\n.print b\n", result{"a\n", "", 3}},
		{"unknown dot-command", nil, ".foo\n", result{"", "Error: unknown command or invalid arguments:  \"foo\". Enter \".help\" for help\n", 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := run(t.Context(), c.stdin, c.args...); got != c.want {
				t.Errorf("%+v\nwant\n%+v", got, c.want)
			}
		})
	}
}

// TestDotHelp wants a command behind every topic of the help, under a name that
// runs, and no command left out but those that sqlite3 does not tell of either.
func TestDotHelp(t *testing.T) {
	t.Parallel()
	got := run(t.Context(), ".help\n")
	if got.status != 0 || got.stderr != "" {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	undocumented := map[string]bool{"indices": true, "limits": true, "version": true}
	for _, c := range dotCommands() {
		if listed := strings.Contains(got.stdout, "."+c.name+" "); listed == undocumented[c.name] {
			t.Errorf(".%s is in the help: %v", c.name, listed)
		}
		if !strings.HasPrefix(c.name, c.short) {
			t.Errorf("%q is no abbreviation of %q", c.short, c.name)
		}
	}
	for _, topic := range newShell(t.Context(), Env{}).helpTopics() {
		name := strings.TrimPrefix(strings.Fields(topic[0])[0], ".")
		if !slices.ContainsFunc(dotCommands(), func(c dotCommand) bool {
			return strings.HasPrefix(c.name, name) && strings.HasPrefix(name, c.short)
		}) {
			t.Errorf("there is no .%s", name)
		}
	}
}

// TestRefused wants commands and flags of sqlite3 that there are not to be an
// error that says so, before anything is touched.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, name := range refusedCommands {
		want := result{"", "Error: ." + name + " is not supported\n", 1}
		if got := run(t.Context(), "."+name+" x.db\n"); got != want {
			t.Errorf("%+v\nwant\n%+v", got, want)
		}
	}
	for _, name := range refusedOptions {
		for _, dashes := range []string{"-", "--"} {
			want := result{"", "prog: Error: option -" + name + " is not supported\n", 1}
			if got := run(t.Context(), "select 1;", dashes+name, ":memory:", "select 2"); got != want {
				t.Errorf("%+v\nwant\n%+v", got, want)
			}
		}
	}
}

// TestInterrupt wants an interrupt to end the statement that runs, and nothing
// to run behind it.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	const endless = "with recursive n(i) as (select 1 union all select i+1 from n) select count(*) from n;"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr bytes.Buffer
	status := Run(ctx, nil, Env{
		Stdin: io.MultiReader(
			strings.NewReader("select 1;\n"),
			readerFunc(func([]byte) (int, error) {
				time.AfterFunc(200*time.Millisecond, cancel) // while the next line runs
				return 0, io.EOF
			}),
			strings.NewReader(endless+" select 2;\nselect 3;\n"),
		),
		Stdout: &stdout,
		Stderr: &stderr,
	})
	got := result{stdout.String(), stderr.String(), status}
	if want := (result{"1\n", "Runtime error near line 2: interrupted (9)\n", 1}); got != want {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if got := run(ctx, "", ":memory:", "select 4"); got.stdout != "" || got.status != 9 {
		t.Errorf("after the interrupt: %+v", got)
	}
}

// TestInterruptImport wants an interrupted .import to leave no half behind.
func TestInterruptImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, csv := filepath.Join(dir, "t.db"), filepath.Join(dir, "in.csv")
	if err := os.WriteFile(csv, []byte("1\n2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := ".import --csv '" + csv + "' t"
	if got := run(t.Context(), "", db, "create table t(a)", command); got.status != 0 {
		t.Fatalf("%+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, want := run(ctx, "", db, command), (result{"", "Error: interrupted\n", 1}); got != want {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if got := run(t.Context(), "", db, "select count(*) from t"); got.stdout != "2\n" {
		t.Errorf("%+v", got)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestLostOutput wants a full disk to be an error, which sqlite3 does not tell.
func TestLostOutput(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	status := Run(t.Context(), nil, Env{
		Stdin:  strings.NewReader("select 1;\nselect 2;\n"),
		Stdout: brokenWriter{},
		Stderr: &stderr,
	})
	if got, want := stderr.String(), "Error: cannot write output: disk full\n"; status != 1 || got != want {
		t.Errorf("status %d, stderr %q", status, got)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestBrokenInput(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	in := io.MultiReader(strings.NewReader("select 1;\nsel"), iotest.ErrReader(errors.New("disk gone")))
	status := Run(t.Context(), nil, Env{Stdin: in, Stdout: &stdout, Stderr: &stderr})
	got := result{stdout.String(), stderr.String(), status}
	if want := (result{"1\n", "Error: cannot read input: disk gone\n", 1}); got != want {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
}

// TestOutputIsPrompt wants what a statement prints before the next line is
// read, for programs that talk with the shell through pipes.
func TestOutputIsPrompt(t *testing.T) {
	t.Parallel()
	inReader, in := io.Pipe()
	out, outWriter := io.Pipe()
	done := make(chan int)
	go func() {
		done <- Run(t.Context(), nil, Env{Stdin: inReader, Stdout: outWriter, Stderr: io.Discard})
	}()
	answer := make([]byte, 16)
	for _, want := range []string{"1\n", "2\n"} {
		io.WriteString(in, "select "+want[:1]+";\n")
		n, err := out.Read(answer)
		if err != nil || string(answer[:n]) != want {
			t.Fatalf("answer %q, %v, want %q", answer[:n], err, want)
		}
	}
	in.Close()
	if status := <-done; status != 0 {
		t.Errorf("status %d", status)
	}
}
