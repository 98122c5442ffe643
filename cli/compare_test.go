package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asProgram makes the test binary behave as the program, so that tests run it
// as a process of its own without building it.
const asProgram = "PAGESEAL_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // as the program does
		os.Exit(Run(ctx, os.Args, Env{os.Stdin, os.Stdout, os.Stderr}))
	}
	if home, err := os.UserHomeDir(); err == nil && os.Getenv("XDG_CACHE_HOME") == "" {
		os.Setenv("XDG_CACHE_HOME", filepath.Join(home, ".cache")) // where the peers are
	}
	os.Setenv("HOME", filepath.Join(os.TempDir(), "no such home")) // which holds no .sqliterc
	testscript.Main(m, map[string]func(){"pageseal": scriptProgram})
}

// referenceVersion is the sqlite3 whose behaviour the table pins. Another one
// words its errors differently.
const referenceVersion = "3.40."

// reference returns the path of the real sqlite3. Without it there is nothing
// to compare with, which must not pass unnoticed where it counts.
func reference(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("sqlite3")
	if err != nil {
		skipOrFail(t, "no sqlite3 in PATH to compare with")
	}
	out, err := exec.Command(path, "-version").Output()
	if err != nil || !strings.HasPrefix(string(out), referenceVersion) {
		skipOrFail(t, fmt.Sprintf("%s is version %.6q (%v), want %s*", path, out, err, referenceVersion))
	}
	return path
}

func skipOrFail(t *testing.T, reason string) {
	t.Helper()
	if ci := os.Getenv("CI"); ci != "" && ci != "false" {
		t.Fatal(reason)
	}
	t.Skip("SKIPPED, NOT VERIFIED: " + reason)
}

// outcome is everything a script can see of a run.
type outcome struct {
	stdout, stderr string
	status         int
	files          string // left behind, names only
	output         string // what is in those that end in .out
}

// runProgram runs a program under the name sqlite3 in an empty folder, after a
// preparation by the reference.
func runProgram(t *testing.T, path string, c compareCase, env ...string) outcome {
	t.Helper()
	dir := t.TempDir()
	for name, content := range c.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if c.setup != "" {
		cmd := exec.Command(reference(t), "t.db", c.setup)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("setup: %v\n%s", err, out)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(path)
	cmd.Args = append([]string{"sqlite3"}, c.args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "HOME="+dir)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	var output strings.Builder
	for _, e := range entries {
		files = append(files, e.Name())
		if filepath.Ext(e.Name()) == ".out" {
			content, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&output, "%s:\n%s", e.Name(), content)
		}
	}
	here := strings.NewReplacer(dir, "DIR")
	return outcome{here.Replace(stdout.String()), here.Replace(stderr.String()),
		cmd.ProcessState.ExitCode(), strings.Join(files, " "), output.String()}
}

// runOurs runs this program as a process.
func runOurs(t *testing.T, c compareCase) outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return runProgram(t, self, c, asProgram+"=1")
}

// TestCompare runs the table through sqlite3 and through us, and wants the same
// bytes on both streams, the same exit status and the same files.
func TestCompare(t *testing.T) {
	t.Parallel()
	sqlite3 := reference(t)
	seen := make(map[string]bool)
	for _, c := range compareCases() {
		if seen[c.name] {
			t.Errorf("case %q stands in the table twice", c.name)
		}
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := runProgram(t, sqlite3, c)
			got := runOurs(t, c)
			if c.differs != "" {
				if c.ours == want {
					t.Errorf("sqlite3 does the same; remove the exception %q", c.differs)
				}
				want = c.ours
			}
			compare(t, got, want)
		})
	}
	if len(seen) < 300 {
		t.Errorf("only %d cases", len(seen))
	}
}

func compare(t *testing.T, got, want outcome) {
	t.Helper()
	if got.stdout != want.stdout {
		t.Errorf("stdout\n%q\nwant\n%q", clip(got.stdout), clip(want.stdout))
	}
	if got.stderr != want.stderr {
		t.Errorf("stderr\n%q\nwant\n%q", clip(got.stderr), clip(want.stderr))
	}
	if got.status != want.status {
		t.Errorf("exit status %d, want %d", got.status, want.status)
	}
	if got.files != want.files {
		t.Errorf("files %q, want %q", got.files, want.files)
	}
	if got.output != want.output {
		t.Errorf("output files\n%q\nwant\n%q", clip(got.output), clip(want.output))
	}
}

// clip keeps a failure readable.
func clip(s string) string {
	if len(s) > 2000 {
		return fmt.Sprintf("%s ... %d bytes", s[:2000], len(s))
	}
	return s
}
