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
	"strconv"
	"strings"
	"testing"

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
	rounds := 3
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
	dir := t.TempDir()
	for name, text := range map[string]string{"a.db": string(content), "k": "hunter2", "k2": "5ec2e7"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd, stderr := k.start(t, dir)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	ended := false
	for !ended && written(t, dir, content) < part*float64(len(content)) {
		select {
		case err := <-done:
			if ended = true; err != nil {
				t.Fatalf("%v: %s", err, stderr)
			}
		default:
		}
	}
	if !ended {
		_ = cmd.Process.Kill()
		<-done
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

func (k killed) start(t *testing.T, dir string, more ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, append(append([]string{k.args[0]}, more...), k.args[1:]...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram+"=1")
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
