package measure

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

const (
	testKey = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'"
	nextKey = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"
	opening = `PRAGMA key = "` + testKey + `"; `
	export  = `ATTACH 'made.db' AS made KEY "` + testKey + `"; SELECT sqlcipher_export('made'); DETACH made`
)

// bulk is work on a whole database, by both sides: each is a process that starts,
// opens the file in its folder, does it and ends.
type bulk struct {
	what    string
	ours    []string // arguments of the program
	peer    []string // arguments of the peer: a file and SQL
	wants   []string // lines that the peer prints
	because string   // the name of the peer's work
}

var bulks = []bulk{
	{"`sqlcipher_export` to a new file", []string{"source.db", export}, []string{"source.db", export}, []string{""}, "the same SQL"},
	{"`encrypt`, which verifies what it made", []string{"encrypt", "--force", "--key-file", "key", "source.db", "made.db"},
		[]string{"source.db", export}, []string{""}, "`sqlcipher_export`"},
	{"`cipher_integrity_check`", []string{"made.db", opening + "PRAGMA cipher_integrity_check"},
		[]string{"made.db", opening + "PRAGMA cipher_integrity_check"}, []string{"ok"}, "the same SQL"},
	{"`verify`", []string{"verify", "--key-file", "key", "made.db"},
		[]string{"made.db", opening + "PRAGMA cipher_integrity_check; PRAGMA integrity_check"}, []string{"ok", "ok"}, "`cipher_integrity_check` and `integrity_check`"},
	{"`rekey`", []string{"rekey", "--key-file", "key", "--new-key-file", "next", "made.db"},
		[]string{"made.db", opening + `PRAGMA rekey = "` + nextKey + `"`}, []string{"ok", "ok"}, "`PRAGMA rekey`"},
}

// commands measures them on a database of so many MiB: times, and the most memory
// that each of the two sides had, in MiB.
func commands(t *testing.T, megabytes, rounds int) (all []Times, peaks [][2]float64) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "pageseal")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, "../pageseal")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	peer := peers.Require(t, peers.SQLCipher414)
	folders := [2]string{t.TempDir(), t.TempDir()}
	for _, dir := range folders {
		source(t, peer, dir, megabytes)
	}
	all, peaks = make([]Times, len(bulks)), make([][2]float64, len(bulks))
	for i, b := range bulks {
		all[i].Step = Step{Name: b.what, Operations: 1}
		all[i].Of = []Time{{Contestant: b.because}, {Contestant: "pageseal"}}
	}
	for round := range rounds {
		for i, b := range bulks {
			for _, at := range order(2, round) {
				dir := folders[at]
				if strings.Contains(strings.Join(b.peer, " "), "ATTACH") {
					_ = os.Remove(filepath.Join(dir, "made.db"))
				}
				took, most := b.run(t, at == 1, peer.Path, program, dir)
				peaks[i][at] = max(peaks[i][at], most)
				all[i].Of[at].Rounds = append(all[i].Of[at].Rounds, milliseconds(took))
			}
		}
		for _, dir := range folders { // the one reads what the other made
			p := peer.Start(t)
			p.MustOpen(filepath.Join(dir, "made.db"))
			p.Key([]byte(nextKey))
			if got := p.MustExec("SELECT count(*) FROM t").Text(); got != strconv.Itoa(megabytes*1000) {
				t.Errorf("%s: %s rows", dir, got)
			}
			p.Quit()
		}
	}
	for i := range all {
		all[i].conclude()
		t.Logf("%s: %v", all[i].Name, all[i].Of)
	}
	return all, peaks
}

func (b bulk) run(t *testing.T, ours bool, peer, program, dir string) (took time.Duration, most float64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), peer, b.peer...)
	if ours {
		cmd = exec.CommandContext(t.Context(), program, b.ours...)
	}
	cmd.Dir = dir
	var said, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &stderr
	start := time.Now()
	err := cmd.Run()
	took = time.Since(start)
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v: %s%s", b.what, err, &said, &stderr)
	}
	if got := strings.TrimSpace(said.String()); !ours && got != strings.Join(b.wants, "\n") {
		t.Fatalf("%s: it says %q", b.what, got)
	}
	return took, peak(cmd.ProcessState)
}

// source makes the database in clear, and the files of the keys.
func source(t *testing.T, peer peers.Peer, dir string, megabytes int) {
	t.Helper()
	for name, key := range map[string]string{"key": testKey, "next": nextKey} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := peer.Start(t)
	p.MustOpen(filepath.Join(dir, "source.db"))
	p.MustExec(fmt.Sprintf(`CREATE TABLE t(a INTEGER PRIMARY KEY, b);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT %d) INSERT INTO t SELECT i, hex(randomblob(495)) FROM n`, megabytes*1000))
	p.Quit()
}
