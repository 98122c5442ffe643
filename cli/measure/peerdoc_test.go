package measure

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// The contestants, in the order of their names.
const (
	atClear = iota
	atOurs
	atPlainC
	atSQLCipher
	atKernels // those with other instructions
)

// report is what doc/benchmarks.md says.
type report struct {
	Result
	versions  []string // of the contestants
	kernels   []string // of ours: those of atOurs and of atKernels and up
	megabytes int
	commands  []Times
	peaks     [][2]float64 // of C SQLCipher and of pageseal, in MiB
	opened    opened
}

func (r report) write(dir string) error {
	var b strings.Builder
	r.head(&b)
	r.table(&b)
	r.kernelTable(&b)
	r.commandTable(&b)
	r.poolTable(&b)
	if err := os.WriteFile(filepath.Join(dir, "benchmarks.md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	var plot strings.Builder
	four := Result{Rows: r.Rows, Rounds: r.Rounds, Sizes: r.Sizes[:atKernels]}
	for _, s := range r.Steps {
		s.Of = s.Of[:atKernels]
		four.Steps = append(four.Steps, s)
	}
	if err := four.SVG(&plot, fmt.Sprintf("%s, %s, CPUs: %d, kernel %s.", processor(), platform(), runtime.NumCPU(), r.kernels[0])); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "benchmarks.svg"), []byte(plot.String()), 0o644)
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

// processor is its name, where the system tells.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, model, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return "unknown processor"
}

func (r report) head(w io.Writer) {
	fmt.Fprintf(w, `# Benchmarks

What `+"`make bench`"+` measured last; it writes this page. Compare columns, not machines: commits wait for the disk, and what else
a machine does is in all times. `+"`pageseal bench`"+` measures the same kind of work on yours, without the C builds.

- Machine: %s, CPUs: %d, %s, Go %s
- Articles in the table: %d; rounds: %d; times are medians
`, processor(), runtime.NumCPU(), platform(), strings.TrimPrefix(runtime.Version(), "go"), r.Rows, r.Rounds)
	for i, v := range r.versions[:atKernels] {
		fmt.Fprintf(w, "- **%s**: %s, %.1f MB at the end\n", r.Sizes[i].Contestant, v, float64(r.Sizes[i].Bytes)/1e6)
	}
	usual, worst := r.spread()
	fmt.Fprintf(w, "- The slowest round of a step took %.1f times as long as its fastest, as a median, and %.1f times at worst\n", usual, worst)
	if note := os.Getenv("PAGESEAL_BENCH_NOTE"); note != "" {
		fmt.Fprintf(w, "- %s\n", note)
	}
	fmt.Fprint(w, `
Each contestant is a process of its own that prepares and steps statements by SQLite's C interface, in C or in Go. A step
is one request to it, which takes the time of the last line. All take a step before any takes the next, another one first
in each round. Keys are raw, so nothing is derived. All have the pragmas `+"`cache_size = -2000`, `temp_store = MEMORY`,\n"+
		"`mmap_size = 0`, `secure_delete = OFF`, `wal_autocheckpoint = 0`"+`, pages of 4096 bytes and, where nothing else is said,
`+"`synchronous = FULL` and `journal_mode = DELETE`"+`. All must give the same rows. Files are in the cache of the system; "cold" is a
connection that has read nothing yet, "warm" one that reads all over a part of the database 20 times as large as its page cache,
40 MB at most, for the second time. A commit is the same calls of fsync by all four, so that its times differ by what the disk does meanwhile.

![times as multiples of those in clear](benchmarks.svg)

`)
}

// spread is how much longer than the fastest the slowest round takes, which is
// what a ratio can be wrong by.
func (r report) spread() (usual, worst float64) {
	var all []float64
	for _, s := range r.Steps[:len(r.Steps)-1] {
		for _, of := range s.Of {
			all = append(all, slices.Max(of.Rounds)/slices.Min(of.Rounds))
		}
	}
	return Median(all), slices.Max(all)
}

func (r report) table(w io.Writer) {
	fmt.Fprint(w, "| step | times |")
	for _, s := range r.Sizes[:atKernels] {
		fmt.Fprintf(w, " %s |", s.Contestant)
	}
	fmt.Fprint(w, " pageseal to clear | pageseal to SQLCipher | SQLCipher to C SQLite |\n| --- |"+strings.Repeat(" ---: |", atKernels+4)+"\n")
	pairs := [][2]int{{atOurs, atClear}, {atOurs, atSQLCipher}, {atSQLCipher, atPlainC}}
	for i, s := range r.Steps {
		fmt.Fprintf(w, "| %s | %d |", s.Name, s.Operations)
		for _, of := range s.Of[:atKernels] {
			fmt.Fprintf(w, " %s |", Milliseconds(of.Median))
		}
		for _, p := range pairs {
			if i == len(r.Steps)-1 {
				fmt.Fprint(w, " |") // the empty request
				continue
			}
			fmt.Fprintf(w, " %.2f |", s.Of[p[0]].Median/s.Of[p[1]].Median)
		}
		fmt.Fprintln(w)
	}
	for _, m := range means {
		fmt.Fprint(w, "| "+m.name+" |"+strings.Repeat(" |", atKernels+1))
		for _, p := range pairs {
			fmt.Fprintf(w, " **%.2f** |", r.mean(p[0], p[1], m.without))
		}
		fmt.Fprintln(w)
	}
}

// means are over the steps whose names do not begin like that: commits wait for
// the disk more than for anybody else.
var means = []struct{ name, without string }{{"geometric mean", "an empty"}, {"without the commits", "commit"}}

// mean is the geometric mean of the ratios of two contestants, without the empty request.
func (r report) mean(a, b int, without string) float64 {
	var logs []float64
	for _, s := range r.Steps[:len(r.Steps)-1] {
		if !strings.HasPrefix(s.Name, without) {
			logs = append(logs, math.Log(s.Of[a].Median/s.Of[b].Median))
		}
	}
	var sum float64
	for _, l := range logs {
		sum += l
	}
	return math.Exp(sum / float64(len(logs)))
}

func (r report) kernelTable(w io.Writer) {
	fmt.Fprint(w, "\n## By kernel\n\npageseal with the instructions that `PAGESEAL_KERNEL` names, in the same run; behind each time its ratio to\nC SQLCipher.\n\n| step |")
	columns := []int{atOurs}
	for i := range r.kernels[1:] {
		columns = append(columns, atKernels+i)
	}
	for _, k := range r.kernels {
		fmt.Fprintf(w, " %s | |", k)
	}
	fmt.Fprint(w, "\n| --- |"+strings.Repeat(" ---: | ---: |", len(columns))+"\n")
	for _, s := range r.Steps[:len(r.Steps)-1] {
		fmt.Fprintf(w, "| %s |", s.Name)
		for _, c := range columns {
			fmt.Fprintf(w, " %s | %.2f |", Milliseconds(s.Of[c].Median), s.Of[c].Median/s.Of[atSQLCipher].Median)
		}
		fmt.Fprintln(w)
	}
	for _, m := range means {
		fmt.Fprint(w, "| "+m.name+" |")
		for _, c := range columns {
			fmt.Fprintf(w, " | **%.2f** |", r.mean(c, atSQLCipher, m.without))
		}
		fmt.Fprintln(w)
	}
}

func (r report) commandTable(w io.Writer) {
	fmt.Fprintf(w, `
## Whole databases

A database of %d MiB, from the start of a process to its end: the program `+"`pageseal`"+`, and C SQLCipher with the SQL in the
third column. Each has the pragmas that it starts with.

| pageseal | time | peak memory | C SQLCipher | time | peak memory | ratio of times |
| --- | ---: | ---: | --- | ---: | ---: | ---: |
`, r.megabytes)
	for i, c := range r.commands {
		fmt.Fprintf(w, "| %s | %s | %.0f MiB | %s | %s | %.0f MiB | %.2f |\n", c.Name, Milliseconds(c.Of[1].Median), r.peaks[i][1],
			c.Of[0].Contestant, Milliseconds(c.Of[0].Median), r.peaks[i][0], c.Of[1].Ratio)
	}
}
