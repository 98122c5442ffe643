package campaign

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// fault is a way in which calls fail.
type fault struct {
	name string
	call vfstest.CallKind
	err  error
}

var faults = []fault{
	{"read error", vfstest.OnRead, vfs.CodeIOErrRead},
	{"short read", vfstest.OnRead, io.EOF},
	{"write error", vfstest.OnWrite, vfs.CodeIOErrWrite},
	{"disk full", vfstest.OnWrite, vfs.CodeFull},
	{"sync error", vfstest.OnSync, vfs.CodeIOErr},
	{"truncate error", vfstest.OnTruncate, vfs.CodeIOErrTrunc},
	{"delete error", vfstest.OnDelete, vfs.CodeIOErr},
	{"open error", vfstest.OnOpen, vfs.CodeCantOpen},
	{"size error", vfstest.OnSize, vfs.CodeIOErrFstat},
}

// Fault fails each call of each workload in turn, once and from then on. The
// statement may fail; what was committed is there afterwards, and the database
// goes on. The same in clear is the control.
func (e Engine) Fault(t *testing.T) {
	var sum tally
	sum.report(t, "faults")
	for _, key := range []string{"", Key} {
		for _, w := range workloads {
			for _, m := range modes {
				if !w.runsIn(m) || m.synchronous == "EXTRA" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/encrypted %v", w.name, m, key != ""), func(t *testing.T) {
					t.Parallel()
					e.fault(t, w, m, key, &sum)
				})
			}
		}
	}
}

// TempFault fails the calls on files without a name, which SQLite opens for
// what is temporary. They are on one disk for all, so nothing runs beside it.
func (e Engine) TempFault(t *testing.T) {
	var sum tally
	sum.report(t, "faults of temporary files")
	for _, key := range []string{"", Key} {
		for _, w := range temporary {
			t.Run(fmt.Sprintf("%s/encrypted %v", w.name, key != ""), func(t *testing.T) {
				e.fault(t, w, modes[2], key, &sum)
			})
		}
	}
}

func (e Engine) fault(t *testing.T, w workload, m mode, key string, sum *tally) {
	rnd := seed(t)
	clean := e.record(t, w, m, key).states
	tried, failed := 0, 0
	for _, f := range faults {
		if f.err == io.EOF && key == "" {
			continue // SQLite takes it for the end of the file and reads zeros
		}
		calls := e.calls(t, w, m, key, f.call)
		step := 1
		switch {
		case !full():
			step = max(1, calls/2)
		case w.temp:
			step = max(1, calls/100) // sorting makes thousands of equal calls
		}
		for n := rnd.IntN(step); n < calls; n += step {
			for _, times := range []int{1, 0} {
				rule := vfstest.Rule{Call: f.call, After: n, Times: times, Err: f.err}
				hit, err := e.bears(t, w, m, key, clean, rule)
				if err == nil && !hit && w.heeds && f.call == vfstest.OnSync {
					err = errors.New("no statement has failed, but something is not durable")
				}
				if err != nil {
					t.Errorf("%s at call %d, %d times: %v", f.name, n, times, err)
				}
				tried++
				if hit {
					failed++
				}
			}
		}
	}
	if failed == 0 {
		t.Error("no call has failed: the test tests nothing")
	}
	t.Logf("%d faults, of which %d made a statement fail", tried, failed)
	sum.add(tried, key)
}

// calls counts the calls of a kind that the steps of a workload make.
func (e Engine) calls(t *testing.T, w workload, m mode, key string, kind vfstest.CallKind) int {
	d := vfstest.NewDisk()
	s := e.prepare(t, d, w, m, key)
	defer s.db.Close()
	faulty := e.faulty(w, d)
	r := faulty.Inject(vfstest.Rule{Call: kind, After: 1 << 30, Err: vfs.CodeIOErr})
	defer faulty.Heal()
	for _, step := range w.steps {
		if _, err := s.db.Exec(step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	return faulty.Seen(r)
}

// faulty is the disk whose calls fail.
func (e Engine) faulty(w workload, d *vfstest.Disk) *vfstest.Disk {
	if w.temp {
		return e.Scratch
	}
	return d
}

// bears runs a workload while a rule makes calls fail, and looks at what is
// left when they work again. hit tells whether a statement has failed.
func (e Engine) bears(t *testing.T, w workload, m mode, key string, clean []string, rule vfstest.Rule) (hit bool, err error) {
	d := vfstest.NewDisk()
	defer d.Discard()
	s := e.prepare(t, d, w, m, key)
	faulty := e.faulty(w, d)
	faulty.Inject(rule)
	done := 0
	for _, step := range w.steps {
		if _, err := s.db.Exec(step); err != nil {
			hit = true
			if strings.Contains(err.Error(), Key[2:20]) {
				return hit, errors.New("the error shows the key")
			}
			break
		}
		done++
	}
	faulty.Heal()
	_, _ = s.db.Exec("ROLLBACK") // where SQLite has not done it already
	allowed := clean[done:min(done+2, len(clean))]
	// The connection itself, then one that finds what is on disk.
	if err := goesOn(s, allowed); err != nil {
		return hit, fmt.Errorf("the connection: %w", err)
	}
	if err := s.db.Close(); err != nil {
		return hit, fmt.Errorf("close: %w", err)
	}
	next, err := e.start(t, d, w, key)
	if err == nil {
		err = goesOn(next, allowed)
	}
	if err != nil {
		return hit, fmt.Errorf("the next connection: %w", errors.Join(err, next.db.Close()))
	}
	if err := next.configure(m, "CREATE TABLE after(a); INSERT INTO after VALUES(zeroblob(10000));"); err != nil {
		return hit, fmt.Errorf("a write afterwards: %w", err)
	}
	if err := next.db.Close(); err != nil {
		return hit, err
	}
	if n := d.OpenFiles() + faulty.OpenFiles(); n > 0 {
		return hit, fmt.Errorf("%d files are still open", n)
	}
	if key != "" {
		return hit, verify(d)
	}
	return hit, nil
}

// goesOn checks that a connection reads one of the states allowed, whole.
func goesOn(s session, allowed []string) error {
	state, err := s.state()
	if err != nil {
		return err
	}
	for _, a := range allowed {
		if a == state {
			return s.whole()
		}
	}
	return fmt.Errorf("a state that was never committed:\n%s", state)
}
