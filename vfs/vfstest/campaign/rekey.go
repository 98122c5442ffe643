package campaign

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

// NextKey is the raw key that Rekey changes to. It brings a salt of its own.
const NextKey = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99C0FFEEC0FFEEC0FFEEC0FFEEC0FFEEC0'"

// change is a statement that encrypts a file in another way. Keys are as Open
// takes them.
type change struct {
	name, statement string
	before, after   string
}

var (
	rekey = change{"rekey", `PRAGMA rekey = "` + NextKey + `"`, Key, NextKey}

	convert = change{"conversion", "PRAGMA cipher_plaintext_header_size = 32",
		NextKey, NextKey + "\ncipher_plaintext_header_size=32"}
)

// rekeyed is the database that is changed: tables, an index, overflow pages,
// free pages.
var rekeyed = workload{name: "rekey", setup: table("t", 60, 900) + "CREATE INDEX t_name ON t(name);" + table("gone", 40, 500) + "DROP TABLE gone;"}

// Rekey crashes and fails a change of the key at every point. Afterwards exactly
// one of the two keys opens the database, which is whole.
func (e Engine) Rekey(t *testing.T) { e.change(t, rekey) }

// Header does the same with the conversion to a plaintext header.
func (e Engine) Header(t *testing.T) { e.change(t, convert) }

func (e Engine) change(t *testing.T, c change) {
	var crashes, faulty tally
	crashes.report(t, "crashes of a "+c.name)
	faulty.report(t, "faults of a "+c.name)
	for _, m := range modes {
		if m.synchronous == "EXTRA" {
			continue
		}
		t.Run("crash/"+m.String(), func(t *testing.T) {
			t.Parallel()
			e.changeCrash(t, c, m, &crashes)
		})
		for _, f := range faults {
			t.Run("fault/"+m.String()+"/"+f.name, func(t *testing.T) {
				t.Parallel()
				e.changeFault(t, c, m, f, &faulty)
			})
		}
	}
}

func (e Engine) changeCrash(t *testing.T, c change, m mode, sum *tally) {
	rnd := seed(t)
	d := vfstest.NewDisk()
	s := e.prepare(t, d, rekeyed, m, c.before)
	want, err := s.state()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version=1"); err != nil {
		t.Fatal(err)
	}
	first := d.Ops()
	if _, err := s.db.Exec(c.statement); err != nil {
		t.Fatal(err)
	}
	end := d.Ops()
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	step, repeat := 1, 20
	if !full() {
		step, repeat = max(1, (end-first)/12), 1
	}
	opened := map[string]int{}
	for at := first + rnd.IntN(step); at <= end; at += step {
		for range repeat {
			n := rnd.Uint64()
			key, err := e.oneKey(t, c, want, func() *vfstest.Disk { return d.Image(at, rand.New(rand.NewPCG(n, 1))) })
			if err != nil {
				t.Errorf("crash behind change %d of %d..%d, seed %d: %v", at, first, end, n, err)
			}
			opened[key]++
			sum.add(1, Key)
		}
	}
	if len(opened) < 2 {
		t.Errorf("only one of the keys has ever opened the database: the test tests nothing")
	}
}

// oneKey is the key that opens a disk: one does, and the other is refused.
func (e Engine) oneKey(t *testing.T, c change, want string, image func() *vfstest.Disk) (key string, err error) {
	var failures []error
	for _, k := range []string{c.before, c.after} {
		if err := e.opensWhole(t, image(), want, k); err != nil {
			failures = append(failures, err)
		} else {
			key = k
		}
	}
	switch len(failures) {
	case 0:
		return "", errors.New("both keys open the database")
	case 1:
		return key, nil
	}
	return "", fmt.Errorf("no key opens the database: %w", errors.Join(failures...))
}

func (e Engine) opensWhole(t *testing.T, d *vfstest.Disk, want, key string) (err error) {
	defer d.Discard()
	s, err := e.start(t, d, rekeyed, key)
	defer func() {
		err = errors.Join(err, s.db.Close())
		if err == nil {
			err = verifyAs(d, key)
		}
	}()
	if err != nil {
		return err
	}
	got, err := s.state()
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("a state that was never committed:\n%s", got)
	}
	return s.whole()
}

func (e Engine) changeFault(t *testing.T, c change, m mode, f fault, sum *tally) {
	rnd := seed(t)
	calls := e.calls(t, workload{name: "rekey", setup: rekeyed.setup, steps: []string{c.statement}}, m, c.before, f.call)
	step := 1
	if !full() {
		step = max(1, calls/3)
	}
	for n := rnd.IntN(step); n < calls; n += step {
		for _, times := range []int{1, 0} {
			err := e.changeBears(t, c, m, vfstest.Rule{Call: f.call, After: n, Times: times, Err: f.err})
			if err != nil {
				t.Errorf("%s at call %d of %d, %d times: %v", f.name, n, calls, times, err)
			}
			sum.add(1, Key)
		}
	}
}

// changeBears makes the change while a rule makes calls fail. An error means that
// nothing has changed, for the connection and for the next one.
func (e Engine) changeBears(t *testing.T, c change, m mode, rule vfstest.Rule) error {
	d := vfstest.NewDisk()
	defer d.Discard()
	s := e.prepare(t, d, rekeyed, m, c.before)
	want, err := s.state()
	if err != nil {
		return err
	}
	d.Inject(rule)
	_, failure := s.db.Exec(c.statement)
	d.Heal()
	if failure != nil && (strings.Contains(failure.Error(), Key[2:20]) || strings.Contains(failure.Error(), NextKey[2:20])) {
		return errors.New("the error shows a key")
	}
	if err := goesOn(s, []string{want}); err != nil {
		return fmt.Errorf("the connection, after %v: %w", failure, err)
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	if n := d.OpenFiles(); n > 0 {
		return fmt.Errorf("%d files are still open", n)
	}
	key := c.before
	if failure == nil {
		key = c.after
	}
	if err := e.opensWhole(t, d, want, key); err != nil {
		return fmt.Errorf("the next connection, after %v: %w", failure, err)
	}
	return nil
}
