package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// killed is a command that is killed on its way.
type killed struct {
	name   string
	args   []string // with a.db, and b.db for a target
	source string   // pragmas that open a.db before it; empty for one in clear
	peer   string
	after  string // those that open the new file, a.db or b.db
	target string // the new file
}

const (
	hunter  = "PRAGMA key = 'hunter2'; PRAGMA kdf_iter = 10;"
	hunter3 = "PRAGMA key = 'hunter2'; PRAGMA kdf_iter = 64000; PRAGMA cipher_page_size = 1024; " +
		"PRAGMA cipher_hmac_algorithm = HMAC_SHA1; PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;"
	other = "PRAGMA key = '5ec2e7'; PRAGMA kdf_iter = 10;"
)

var killings = []killed{
	{"encrypt in place", []string{"encrypt", "--key-file", "k", "--set", "kdf_iter=10", "a.db"}, "", peers.SQLCipher414, hunter, "a.db"},
	{"encrypt", []string{"encrypt", "--key-file", "k", "--set", "kdf_iter=10", "a.db", "b.db"}, "", peers.SQLCipher414, hunter, "b.db"},
	{"decrypt in place", []string{"decrypt", "--key-file", "k", "--set", "kdf_iter=10", "a.db"}, hunter, peers.SQLCipher414, "", "a.db"},
	{"export", []string{"export", "--key-file", "k", "--set", "kdf_iter=10", "--plain", "a.db", "b.db"}, hunter, peers.SQLCipher414, "", "b.db"},
	{"backup", []string{"backup", "--key-file", "k", "--set", "kdf_iter=10", "a.db", "b.db"}, hunter, peers.SQLCipher414, hunter, "b.db"},
	{"rekey", []string{"rekey", "--key-file", "k", "--set", "kdf_iter=10", "--new-key-file", "k2", "a.db"}, hunter, peers.SQLCipher414, other, "a.db"},
	{"migrate", []string{"migrate", "--key-file", "k", "a.db"}, hunter3, peers.SQLCipher414, "PRAGMA key = 'hunter2';", "a.db"},
}

// TestKilled kills each command at random moments. The original is what it was,
// or the new file is in its place, whole; a target is whole or not there. Then
// the command ends well.
func TestKilled(t *testing.T) {
	t.Parallel()
	rounds := 2
	if n, err := strconv.Atoi(os.Getenv("PAGESEAL_KILLS")); err == nil {
		rounds = n
	}
	for _, k := range killings {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			rng := rand.New(rand.NewPCG(seed, 0))
			t.Logf("seed %d", seed)
			content := k.made(t)
			for range rounds {
				k.round(t, content, 2.2*rng.Float64())
			}
		})
	}
}

// TestInterrupted ends each command as Ctrl-C does. It cleans up behind itself.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // a process there cannot send it to another one
	}
	for _, k := range killings {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			content := k.made(t)
			dir := k.folder(t, content)
			part := 1.2 * rand.New(rand.NewPCG(seed, 0)).Float64()
			status, stderr := k.signalled(t, dir, content, part, os.Interrupt)
			if status != 0 && status != statusInterrupted {
				t.Errorf("interrupted behind %.2f: status %d: %s", part, status, stderr)
			}
			for _, pattern := range []string{"*.part*", "*-migrated*"} {
				if left, err := filepath.Glob(filepath.Join(dir, pattern)); len(left) > 0 || err != nil {
					t.Errorf("%q is left, %v", left, err)
				}
			}
			k.check(t, dir, fmt.Sprintf("interrupted behind %.2f", part))
			if status != 0 && k.target == "a.db" && !k.opens(t, filepath.Join(dir, "a.db"), k.source) {
				t.Error("interrupted, and the file is another one")
			}
		})
	}
}

// made is the database that it starts from, made by SQLCipher.
func (k killed) made(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	p := peers.Require(t, k.peer).Start(t)
	p.MustOpen(path)
	p.MustExec(k.source + `CREATE TABLE t(a, b); CREATE INDEX i ON t(b);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 8000) INSERT INTO t SELECT i, hex(randomblob(100)) FROM n`)
	p.Quit()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// round runs the command and kills it when so much was written, in parts of the
// size of the database.
func (k killed) round(t *testing.T, content []byte, part float64) {
	t.Helper()
	dir := k.folder(t, content)
	status, stderr := k.signalled(t, dir, content, part, os.Kill)
	ended := status == 0
	if status > 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	k.check(t, dir, fmt.Sprintf("killed behind %.2f, ended %v", part, ended))
	if !ended && k.target != "a.db" {
		cmd, stderr := k.start(t, dir, "--force")
		if err := cmd.Wait(); err != nil {
			t.Fatalf("again: %v: %s", err, stderr)
		}
		k.check(t, dir, "again")
	}
}

// folder is one in which the command can run.
func (k killed) folder(t *testing.T, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.db": string(content), "k": "hunter2", "k2": "5ec2e7"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// signalled runs the command, sends it a signal when so much was written, and
// returns its status: -1 for one that the signal has ended.
func (k killed) signalled(t *testing.T, dir string, content []byte, part float64, signal os.Signal) (int, string) {
	t.Helper()
	cmd, stderr := k.start(t, dir)
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for written(t, dir, content) < part*float64(len(content)) {
		select {
		case <-done:
			return cmd.ProcessState.ExitCode(), stderr.String()
		case <-look.C: // no system tells when a file has grown so far
		}
	}
	_ = cmd.Process.Signal(signal)
	<-done
	return cmd.ProcessState.ExitCode(), stderr.String()
}

func (k killed) start(t *testing.T, dir string, more ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = append(append([]string{"pageseal", k.args[0]}, more...), k.args[1:]...)
	cmd.Dir = dir
	stderr := new(bytes.Buffer)
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stderr
}

// written is how much of the database has changed, and how much there is in
// other files.
func written(t *testing.T, dir string, content []byte) (n float64) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "a.db") && !strings.HasPrefix(e.Name(), "b.db") {
			continue
		}
		if e.Name() != "a.db" {
			if info, err := e.Info(); err == nil {
				n += float64(info.Size())
			}
			continue
		}
		now, err := os.ReadFile(filepath.Join(dir, "a.db"))
		if err != nil {
			continue // between two names
		}
		const block = 32 << 10
		for at := 0; at+block <= min(len(now), len(content)); at += block {
			if !bytes.Equal(now[at:at+block], content[at:at+block]) {
				n += block
			}
		}
	}
	return n
}

// check wants the original under its old key, or the new file whole.
func (k killed) check(t *testing.T, dir, when string) {
	t.Helper()
	old := k.opens(t, filepath.Join(dir, "a.db"), k.source)
	if k.target == "a.db" {
		if !old && !k.opens(t, filepath.Join(dir, "a.db"), k.after) {
			t.Errorf("%s: a.db opens neither way", when)
		}
		return
	}
	if !old {
		t.Errorf("%s: a.db does not open", when)
	}
	if _, err := os.Stat(filepath.Join(dir, k.target)); errors.Is(err, fs.ErrNotExist) {
		return
	}
	if !k.opens(t, filepath.Join(dir, k.target), k.after) {
		t.Errorf("%s: %s does not open", when, k.target)
	}
}

// opens tells whether SQLCipher finds all of the database.
func (k killed) opens(t *testing.T, path, pragmas string) bool {
	t.Helper()
	p := peers.Require(t, k.peer).Start(t)
	defer p.Quit()
	p.MustOpen(path)
	r := p.Exec(pragmas + "SELECT count(*), count(DISTINCT b) FROM t")
	if r.Code != 0 {
		return false
	}
	if got := p.MustExec("SELECT count(DISTINCT b) FROM t; PRAGMA integrity_check").Text(); got != "8000\nok" {
		t.Errorf("%s: %q", path, got)
	}
	return true
}
