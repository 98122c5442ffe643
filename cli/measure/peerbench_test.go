package measure

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestPeers compares modernc.org/sqlite in clear, pageseal on it, and C SQLite and
// C SQLCipher, which are one build without and with a key. Where PAGESEAL_BENCH
// gives a number of rows, this measures and writes doc/benchmarks.md; elsewhere it
// takes few rows, to see that all do all the work. PAGESEAL_BENCH_ROUNDS gives the
// rounds, and PAGESEAL_BENCH_NOTE what else the page has to say of the machine.
func TestPeers(t *testing.T) {
	rows, rounds, megabytes, dir := 500, 1, 1, t.TempDir()
	if text := os.Getenv("PAGESEAL_BENCH"); text != "" {
		rounds, dir = 3, filepath.Join("..", "..", "doc")
		var err error
		if rows, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
		megabytes = max(1, rows/1000)
		if text := os.Getenv("PAGESEAL_BENCH_ROUNDS"); text != "" {
			if rounds, err = strconv.Atoi(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := report{megabytes: megabytes}
	contestants := r.contestants(t)
	plan := Plan{Rows: rows, Rounds: rounds, Steps: comparison(rows)}
	for _, c := range contestants {
		plan.Contestants = append(plan.Contestants, c)
	}
	plan.Dir = t.TempDir()
	plan.Progress = func(what string, done, total int) {
		t.Logf("%d of %d: %s", done, total, what)
		if strings.HasPrefix(what, "create index") {
			wantKeys(t, plan.Dir, contestants)
		}
	}
	var err error
	if r.Result, err = plan.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range contestants[1:] {
		if !slices.Equal(c.said, contestants[0].said) {
			t.Errorf("%s and %s give other rows", c.name, contestants[0].name)
		}
	}
	r.commands, r.peaks = commands(t, megabytes, rounds)
	r.opened = pools(t, rounds)
	if err := r.write(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "benchmarks.md"))
	if err != nil {
		t.Fatal(err)
	}
	if o := r.opened; o.derive <= 0 || o.first <= 0 || o.next <= 0 || o.peer <= 0 || !strings.Contains(string(text), "| each next | ") {
		t.Errorf("connections took %+v", o)
	}
	for _, s := range append(r.Steps, r.commands...) {
		if !strings.Contains(string(text), "\n| "+s.Name+" | ") {
			t.Errorf("there is no line for %s", s.Name)
		}
	}
	t.Logf("%s", text)
}

// wantKeys wants the databases to be in clear or encrypted as they should.
func wantKeys(t *testing.T, dir string, contestants []*process) {
	t.Helper()
	for _, c := range contestants {
		found, err := filepath.Glob(filepath.Join(dir, "*", c.name+".db"))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %q, %v", c.name, found, err)
		}
		f, err := os.Open(found[0])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		head := make([]byte, 16)
		if _, err := io.ReadFull(f, head); err != nil || strings.HasPrefix(string(head), "SQLite format") != (c.key == "") {
			t.Fatalf("%s begins with %q, %v", c.name, head, err)
		}
	}
}

// contestants starts them, and asks for their versions.
func (r *report) contestants(t *testing.T) []*process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	sqlcipher := peers.Require(t, peers.SQLCipher414)
	ours := func(vfs, kernel string) *peers.Proc {
		return peers.Command(t, self, nil, []string{serveEnv + "=" + vfs, "PAGESEAL_KERNEL=" + kernel})
	}
	all := []*process{
		{name: "clear", proc: ours("", os.Getenv("PAGESEAL_KERNEL"))},
		{name: "pageseal", proc: ours("pageseal", os.Getenv("PAGESEAL_KERNEL")), key: testKey},
		{name: "C SQLite", proc: sqlcipher.Start(t)},
		{name: "C SQLCipher", proc: sqlcipher.Start(t), key: testKey},
	}
	for _, kernel := range []string{"avx2", "purego"} {
		all = append(all, &process{name: "pageseal " + kernel, proc: ours("pageseal", kernel), key: testKey})
	}
	queries := []string{"SELECT 'modernc.org/sqlite, SQLite ' || sqlite_version()",
		"SELECT 'on the same engine, kernel ' || kernel()", "SELECT 'the build of C SQLCipher without a key, SQLite ' || sqlite_version()",
		"PRAGMA cipher_version; SELECT 'SQLite ' || sqlite_version()"}
	kept := all[:0]
	for i, c := range all {
		query := "SELECT kernel()"
		if i < len(queries) {
			query = queries[i]
		}
		version, err := c.ask(query)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		version = strings.ReplaceAll(version, "\n", ", ")
		if kernel := version[strings.LastIndexByte(version, ' ')+1:]; i == atOurs || i >= atKernels {
			if slices.Contains(r.kernels, kernel) {
				continue // this processor has no others
			}
			r.kernels = append(r.kernels, kernel)
		}
		r.versions = append(r.versions, version)
		kept = append(kept, c)
	}
	return kept
}
