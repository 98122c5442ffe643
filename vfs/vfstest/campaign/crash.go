package campaign

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

// history is what a workload did to a disk: after which change each of its
// states was committed.
type history struct {
	disk   *vfstest.Disk
	states []string
	ops    []int
}

// record runs a workload on a disk of its own. The same in clear tells what it
// must come to.
func (e Engine) record(t testing.TB, w workload, m mode, key string) history {
	t.Helper()
	h := history{disk: vfstest.NewDisk()}
	s := e.prepare(t, h.disk, w, m, key)
	defer s.db.Close()
	h.commit(t, s)
	// A crash may now undo a commit that the state does not show.
	if _, err := s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version=1"); err != nil {
		t.Fatal(err)
	}
	h.ops[0] = h.disk.Ops()
	for _, step := range w.steps {
		if _, err := s.db.Exec(step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		h.commit(t, s)
	}
	if key != "" {
		clear := e.record(t, w, m, "")
		if !slices.Equal(h.states, clear.states) {
			t.Fatalf("the states are not those of the same in clear:\n%s\n%s", h.states, clear.states)
		}
		clear.disk.Discard()
	}
	return h
}

func (h *history) commit(t testing.TB, s session) {
	t.Helper()
	h.ops = append(h.ops, h.disk.Ops())
	state, err := s.state()
	if err != nil {
		t.Fatalf("state: %v", err)
	}
	h.states = append(h.states, state)
}

// allows tells whether a state may be found after a crash behind so many
// changes: that of the last commit, that of the transaction in flight or, where
// the mode promises no more, the one before.
func (h *history) allows(m mode, ops int, state string) bool {
	last := 0
	for last+1 < len(h.ops) && h.ops[last+1] <= ops {
		last++
	}
	from := last
	if m.undo {
		for from > 0 && h.states[from-1] == h.states[from] { // rolled back by itself
			from--
		}
		from = max(0, from-1)
	}
	for _, s := range h.states[from:min(last+2, len(h.states))] {
		if s == state {
			return true
		}
	}
	return false
}

// Crash crashes the disk behind the changes that each workload makes, in every
// mode, and opens what is left: the state before or after the transaction in
// flight, whole, and fit to go on. The same in clear is the control.
func (e Engine) Crash(t *testing.T) {
	var sum tally
	sum.report(t, "crashes")
	for _, key := range []string{"", Key} {
		for _, w := range workloads {
			for _, m := range modes {
				if !w.runsIn(m) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/encrypted %v", w.name, m, key != ""), func(t *testing.T) {
					t.Parallel()
					e.crash(t, w, m, key, &sum)
				})
			}
		}
	}
}

func (e Engine) crash(t *testing.T, w workload, m mode, key string, sum *tally) {
	rnd := seed(t)
	h := e.record(t, w, m, key)
	first, end := h.ops[0], h.disk.Ops()
	points, tried := end-first, 0
	step := 1
	if !full() {
		step = max(1, points/12)
	}
	for at := first + rnd.IntN(step); at <= end; at += step {
		repeat := 1
		if full() {
			repeat = 3
		}
		for range repeat {
			s := rnd.Uint64()
			tried++
			if err := e.survives(t, w, m, key, h, at, s); err != nil {
				t.Errorf("crash behind change %d of %d..%d, seed %d: %v", at, first, end, s, err)
				if t.Failed() && tried > 40 {
					t.FailNow()
				}
			}
		}
	}
	t.Logf("%d crashes at %d changes", tried, points)
	sum.add(tried, key)
}

// survives opens a disk after a crash and goes on with it.
func (e Engine) survives(t testing.TB, w workload, m mode, key string, h history, at int, seed uint64) (err error) {
	d := h.disk.Image(at, rand.New(rand.NewPCG(seed, 1)))
	defer d.Discard()
	s, err := e.start(t, d, w, key)
	if err != nil {
		_ = s.db.Close()
		return err
	}
	defer func() {
		err = errors.Join(err, s.db.Close())
		if err == nil && key != "" {
			err = verify(d)
		}
		if n := d.OpenFiles(); err == nil && n > 0 {
			err = fmt.Errorf("%d files are still open", n)
		}
	}()
	state, err := s.state()
	if err != nil {
		return err
	}
	if !h.allows(m, at, state) {
		return fmt.Errorf("a state that was never committed:\n%s", state)
	}
	if err := s.whole(); err != nil {
		return err
	}
	if err := s.configure(m, ""); err != nil {
		return err
	}
	if _, err := s.db.Exec("CREATE TABLE after(a); INSERT INTO after VALUES(zeroblob(10000));"); err != nil {
		return err
	}
	return s.whole()
}
