package modernc_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// marker is what must never be readable in a file. Every piece of data of the
// workload that is long enough for it to show is full of it.
const marker = "VeryPrivateMarker."

// observer looks into every file that the process has open, those included
// that have no name any more, and into every file of some directories.
type observer struct {
	needles []needle
	dir     string // of the databases
	tempDir string // of the nameless files

	mu    sync.Mutex
	phase string
	sizes map[place]int64
	finds map[find]bool
}

// place is a file as it was in one phase of the workload.
type place struct {
	phase, kind, name string
}

// needle is a piece of data that no file may show.
type needle struct {
	what string
	text []byte
}

// find is a file in which a needle was found.
type find struct {
	place
	what string
}

func newObserver(dir, tempDir string) *observer {
	o := &observer{dir: dir, tempDir: tempDir, sizes: map[place]int64{}, finds: map[find]bool{}}
	for _, n := range []struct{ what, text string }{{"marker", marker}, {"header", compat.Magic[:15]}} {
		o.needles = append(o.needles, needle{n.what, []byte(n.text)}, needle{n.what, wide(n.text)})
	}
	return o
}

// wide is what the UTF-16 forms of an ASCII text have in common, whatever
// their byte order: it begins and ends with a byte that is not zero.
func wide(text string) []byte { return []byte(strings.Join(strings.Split(text, ""), "\x00")) }

// enter names the phase of the workload that follows.
func (o *observer) enter(phase string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.phase = phase
}

// look reads all files once. It reads by the descriptors that the process has:
// to open and close a file again would drop its POSIX locks.
func (o *observer) look() {
	phase := o.now()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	buf := make([]byte, 1<<18)
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		if err != nil {
			panic(err)
		}
		var st syscall.Stat_t
		if syscall.Fstat(fd, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
			continue // a pipe, or closed meanwhile
		}
		name, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil {
			continue
		}
		o.read(phase, name, buf, func(p []byte, off int64) int {
			n, err := syscall.Pread(fd, p, off)
			if err != nil {
				return 0
			}
			return n
		})
	}
}

// now is the phase that the workload is in.
func (o *observer) now() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.phase
}

// watchAlong looks again and again until the function that it returns is
// called.
func (o *observer) watchAlong() (stop func()) {
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stopping:
				return
			default:
				o.look()
			}
		}
	}()
	return func() {
		close(stopping)
		<-stopped
	}
}

// lookByName reads the files of the directories that the process may have
// closed. No database may be open.
func (o *observer) lookByName() {
	phase := o.now()
	for _, dir := range []string{o.dir, o.tempDir} {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			panic(err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				panic(err)
			}
			o.read(phase, name, make([]byte, len(b)+1), func(p []byte, _ int64) int { return copy(p, b) })
		}
	}
}

// read looks for the needles in one file, also across the ends of the buffer.
func (o *observer) read(phase, name string, buf []byte, pread func(p []byte, off int64) int) {
	const overlap = 64
	size, found := int64(0), map[string]bool{}
	for off, n := int64(0), len(buf); n == len(buf); off += int64(len(buf) - overlap) {
		n = pread(buf, off)
		size = max(size, off+int64(n))
		for _, needle := range o.needles {
			if bytes.Contains(buf[:n], needle.text) {
				found[needle.what] = true
			}
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	at := place{phase, o.kind(name), name}
	o.sizes[at] = max(o.sizes[at], size)
	for what := range found {
		o.finds[find{at, what}] = true
	}
}

// kind is what a name tells of a file's purpose.
func (o *observer) kind(name string) string {
	name = strings.TrimSuffix(name, " (deleted)")
	base := filepath.Base(name)
	switch {
	case filepath.Dir(name) == o.tempDir:
		return "temp"
	case strings.Contains(base, "-mj"):
		return "super-journal"
	case strings.HasSuffix(base, "-journal"), strings.HasSuffix(base, "-wal"):
		return "journal"
	case strings.HasSuffix(base, ".db"):
		return "database"
	}
	return "other"
}

// files counts the files of a phase and kind that held size bytes or more, and
// those in which the marker was found.
func (o *observer) files(phase, kind string, size int64) (all, marked int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for at, n := range o.sizes {
		if at.phase != phase || at.kind != kind || n < size {
			continue
		}
		all++
		if o.finds[find{at, "marker"}] {
			marked++
		}
	}
	return all, marked
}

// report fails the test for everything that was found.
func (o *observer) report(t *testing.T) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	var lines []string
	for f := range o.finds {
		lines = append(lines, fmt.Sprintf("%s: the %s is readable in the %s file %s", f.phase, f.what, f.kind, f.name))
	}
	slices.Sort(lines)
	for _, line := range lines {
		t.Error(line)
	}
}
