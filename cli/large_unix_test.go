//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestLarge sends a database of as many MiB as PAGESEAL_LARGE says through the
// commands that touch all of it. What they take of memory does not grow with it.
func TestLarge(t *testing.T) {
	megabytes, err := strconv.Atoi(os.Getenv("PAGESEAL_LARGE"))
	if err != nil {
		megabytes = 16
	}
	const most = 160 << 20 // bytes
	dir := t.TempDir()
	p := peers.Require(t, peers.SQLCipher414).Start(t)
	p.MustOpen(filepath.Join(dir, "a.db"))
	p.MustExec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE t(a INTEGER PRIMARY KEY, b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " +
		strconv.Itoa(megabytes*1000) + ") INSERT INTO t SELECT i, hex(randomblob(495)) FROM n")
	p.Quit()
	k := killed{peer: peers.SQLCipher414}
	for name, text := range map[string]string{"k": "hunter2", "k2": "5ec2e7"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"encrypt", "--key-file", "k", "a.db"},
		{"verify", "--key-file", "k", "a.db"},
		{"rekey", "--key-file", "k", "--new-key-file", "k2", "a.db"},
		{"backup", "--key-file", "k2", "a.db", "b.db"},
		{"export", "--key-file", "k2", "--plain", "--force", "a.db", "b.db"},
		{"recover", "--key-file", "k2", "--force", "a.db", "b.db"},
		{"decrypt", "--key-file", "k2", "a.db"},
	} {
		k.args = args
		cmd, stderr := k.start(t, dir)
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%q: %v: %s", args, err, stderr)
		}
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		peak := usage.Maxrss
		if runtime.GOOS != "darwin" {
			peak *= 1024
		}
		t.Logf("%s: %d MiB at most, %v of processor time", args[0], peak>>20, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		if peak > most {
			t.Errorf("%s took %d bytes of memory", args[0], peak)
		}
	}
	p = peers.Require(t, peers.SQLCipher414).Start(t)
	defer p.Quit()
	p.MustOpen(filepath.Join(dir, "a.db"))
	if got := p.MustExec("SELECT count(*) FROM t").Text(); got != strconv.Itoa(megabytes*1000) {
		t.Errorf("%s rows are left", got)
	}
}
