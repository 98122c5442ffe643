package shell

import (
	"fmt"
	"os"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// statsMode is what .stats shows behind each statement.
type statsMode int

const (
	statsOff statsMode = iota
	statsOn
	statsStmt   // with the columns
	statsVMStep // nothing but the number of steps
)

func (m statsMode) String() string {
	switch m {
	case statsOff:
		return "off"
	case statsStmt:
		return "stmt"
	case statsVMStep:
		return "vmstep"
	}
	return "on"
}

func (s *Shell) dotStats(args []string) error {
	switch {
	case len(args) > 1:
		return usage(".stats ?on|off|stmt|vmstep?")
	case len(args) == 0:
		s.printStats(nil)
	case args[0] == "stmt":
		s.stats = statsStmt
	case args[0] == "vmstep":
		s.stats = statsVMStep
	default:
		s.stats = statsMode(s.number(args[0]) & 0xff)
	}
	return nil
}

// stat prints a line of statistics.
func (s *Shell) stat(label string, value any) { fmt.Fprintf(s.out, "%-36s %v\n", label, value) }

// printStats prints what SQLite counts, for the process, the connection and a
// statement.
func (s *Shell) printStats(stmt *capi.Stmt) {
	if stmt != nil && s.stats == statsStmt {
		s.columnStats(stmt)
	}
	if s.stats == statsVMStep {
		if stmt != nil {
			fmt.Fprintf(s.out, "VM-steps: %d\n", stmt.Status(capi.VMStep))
		}
		return
	}
	now, most := capi.Status(capi.MemoryUsed)
	s.stat("Memory Used:", fmt.Sprintf("%d (max %d) bytes", now, most))
	now, most = capi.Status(capi.MallocCount)
	s.stat("Number of Outstanding Allocations:", fmt.Sprintf("%d (max %d)", now, most))
	now, most = capi.Status(capi.PagecacheOverflow)
	s.stat("Number of Pcache Overflow Bytes:", fmt.Sprintf("%d (max %d) bytes", now, most))
	_, most = capi.Status(capi.MallocSize)
	s.stat("Largest Allocation:", fmt.Sprintf("%d bytes", most))
	_, most = capi.Status(capi.PagecacheSize)
	s.stat("Largest Pcache Allocation:", fmt.Sprintf("%d bytes", most))
	if s.db != nil {
		s.connectionStats()
	}
	if stmt != nil {
		s.statementStats(stmt)
	}
	s.processStats()
}

func (s *Shell) columnStats(stmt *capi.Stmt) {
	s.stat("Number of output columns:", stmt.ColumnCount())
	for i := range stmt.ColumnCount() {
		s.stat(fmt.Sprintf("Column %d name:", i), stmt.ColumnName(i))
		s.stat(fmt.Sprintf("Column %d declared type:", i), stmt.ColumnDecltype(i))
	}
}

func (s *Shell) connectionStats() {
	used, most := s.db.Status(capi.LookasideUsed, false)
	s.stat("Lookaside Slots Used:", fmt.Sprintf("%d (max %d)", used, most))
	for _, c := range []struct {
		label   string
		counter capi.Counter
	}{
		{"Successful lookaside attempts:", capi.LookasideHit},
		{"Lookaside failures due to size:", capi.LookasideMissSize},
		{"Lookaside failures due to OOM:", capi.LookasideMissFull},
	} {
		_, most := s.db.Status(c.counter, false)
		s.stat(c.label, most)
	}
	for _, c := range []struct {
		label   string
		counter capi.Counter
		unit    string
		reset   bool
	}{
		{"Pager Heap Usage:", capi.CacheUsed, " bytes", false},
		{"Page cache hits:", capi.CacheHit, "", true},
		{"Page cache misses:", capi.CacheMiss, "", true},
		{"Page cache writes:", capi.CacheWrite, "", true},
		{"Page cache spills:", capi.CacheSpill, "", true},
		{"Schema Heap Usage:", capi.SchemaUsed, " bytes", false},
		{"Statement Heap/Lookaside Usage:", capi.StmtUsed, " bytes", false},
	} {
		now, _ := s.db.Status(c.counter, c.reset)
		s.stat(c.label, fmt.Sprint(now, c.unit))
	}
}

func (s *Shell) statementStats(stmt *capi.Stmt) {
	s.stat("Fullscan Steps:", stmt.Status(capi.FullscanStep))
	s.stat("Sort Operations:", stmt.Status(capi.Sort))
	s.stat("Autoindex Inserts:", stmt.Status(capi.Autoindex))
	if hit, miss := stmt.Status(capi.FilterHit), stmt.Status(capi.FilterMiss); hit > 0 || miss > 0 {
		s.stat("Bloom filter bypass taken:", fmt.Sprintf("%d/%d", hit, hit+miss))
	}
	s.stat("Virtual Machine Steps:", stmt.Status(capi.VMStep))
	s.stat("Reprepare operations:", stmt.Status(capi.Reprepare))
	s.stat("Number of times run:", stmt.Status(capi.Runs))
	s.stat("Memory used by prepared stmt:", stmt.Status(capi.MemUsed))
}

// processStats prints what Linux counts of the process, elsewhere nothing.
func (s *Shell) processStats() {
	data, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return
	}
	labels := map[string]string{
		"rchar": "Bytes received by read():", "wchar": "Bytes sent to write():",
		"syscr": "Read() system calls:", "syscw": "Write() system calls:",
		"read_bytes": "Bytes read from storage:", "write_bytes": "Bytes written to storage:",
		"cancelled_write_bytes": "Cancelled write bytes:",
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if label := labels[name]; label != "" {
			s.stat(label, value)
		}
	}
}
