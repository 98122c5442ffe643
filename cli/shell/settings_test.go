package shell

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTimer wants the time of each statement that was typed, on a line of
// sqlite3's form.
func TestTimer(t *testing.T) {
	t.Parallel()
	got := run(t.Context(), ".timer on\nselect 1;\nbad;\n.print x\n.timer off\nselect 2;\n")
	const line = `Run Time: real \d+\.\d{3} user \d+\.\d{6} sys \d+\.\d{6}\n`
	if !regexp.MustCompile("^1\n" + line + line + "x\n2\n$").MatchString(got.stdout) {
		t.Errorf("%q", got.stdout)
	}
}

// TestStats wants the counters, and of each kind only what was asked for.
func TestStats(t *testing.T) {
	t.Parallel()
	got := run(t.Context(), ".stats vmstep\nselect 1;\n.stats stmt\nselect 1 as a;\n.stats off\nselect 2;\n")
	if got.stderr != "" || !regexp.MustCompile(`(?s)^1\nVM-steps: [1-9]\d*\n1\nNumber of output columns: +1\n`+
		`Column 0 name: +a\n.*\nPage cache hits: +\d+\n.*\nNumber of times run: +1\n.*\n2\n$`).MatchString(got.stdout) {
		t.Errorf("%s%s", got.stdout, got.stderr)
	}
}

// TestInteractive wants prompts, a greeting, and errors without line numbers.
func TestInteractive(t *testing.T) {
	t.Parallel()
	got := run(t.Context(), "select 1,\n2;\nbad;\n", "-interactive", "-bail")
	greeting, rest, _ := strings.Cut(got.stdout, "\nEnter \".help\" for usage hints.\n")
	if !strings.HasPrefix(greeting, "SQLite version 3.") || rest != "sqlite>    ...> 1|2\nsqlite> sqlite> \n" {
		t.Errorf("%q", got.stdout)
	}
	if want := "Parse error: near \"bad\": syntax error\n  bad;\n  ^--- error here\n"; got.stderr != want || got.status != 1 {
		t.Errorf("status %d, %q, want %q", got.status, got.stderr, want)
	}
}

// TestStartupFile wants .sqliterc of the home folder, unless -init names
// another file.
func TestStartupFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for name, content := range map[string]string{".sqliterc": ".headers on\n", "other": ".mode csv\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, args := range map[string][]string{
		"a\nx y\n":    nil,
		"x y\n":       {"-noheader"},
		"\"x y\"\r\n": {"-init", filepath.Join(home, "other")},
	} {
		var stdout, stderr bytes.Buffer
		Run(t.Context(), args, Env{Stdin: strings.NewReader("select 'x y' as a;\n"),
			Stdout: &stdout, Stderr: &stderr, Home: home, Usage: func(io.Writer) {}})
		if stdout.String() != want || stderr.String() != "" {
			t.Errorf("%q: %q, want %q, %s", args, stdout.String(), want, stderr.String())
		}
	}
}

// TestLog wants failures in the log, and no key.
func TestLog(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "log")
	got := run(t.Context(), ".log '"+file+"'\ncreate table t(a unique);\ninsert into t values(1),(1);\nPRAGMA key=correct hunter2;\n.log off\nbad;\n.log\n")
	log, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := "(2067) UNIQUE constraint failed: t.a\n(1) near \"***\": syntax error\n"; string(log) != want {
		t.Errorf("%q, want %q", log, want)
	}
	if got.status != 1 || !strings.HasSuffix(got.stderr, "Usage: .log FILENAME\n") {
		t.Errorf("status %d, %q", got.status, got.stderr)
	}
}
