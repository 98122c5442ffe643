package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// Plan says what is measured.
type Plan struct {
	Contestants []Contestant // the first one is what the others are compared with
	Rows        int
	Rounds      int
	Steps       []Step // those of [Steps] if there are none
	Dir         string // the folder for the files; empty for the system's temporary one
	// Progress is told what comes next and how many steps are done, if it is not
	// nil.
	Progress func(what string, done, total int)
}

// Run measures. In each round every contestant makes a database of its own, and
// all take a step before any takes the next, in an order that changes: what
// disturbs the machine disturbs them all. No file is left, whatever happens.
func (p Plan) Run(ctx context.Context) (Result, error) {
	steps := p.Steps
	if steps == nil {
		steps = Steps(p.Rows)
	}
	r := Result{Rows: p.Rows, Rounds: p.Rounds, Steps: make([]Times, len(steps))}
	for i, s := range steps {
		r.Steps[i].Step = s
		for _, c := range p.Contestants {
			r.Steps[i].Of = append(r.Steps[i].Of, Time{Contestant: c.Name()})
		}
	}
	for round := range p.Rounds {
		if err := p.round(ctx, round, &r); err != nil {
			return Result{}, err
		}
	}
	for i := range r.Steps {
		r.Steps[i].conclude()
	}
	return r, nil
}

func (p Plan) round(ctx context.Context, round int, r *Result) (err error) {
	dir, err := os.MkdirTemp(p.Dir, "pageseal-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var lanes []*lane
	defer func() { // before the files are removed
		for _, l := range lanes {
			err = errors.Join(err, l.close())
		}
	}()
	for _, c := range p.Contestants {
		l := newLane(c, dir)
		lanes = append(lanes, l)
		if err := reopen(ctx, l); err != nil {
			return fmt.Errorf("%s: %w", c.Name(), err)
		}
	}
	for i := range r.Steps {
		for _, at := range order(len(lanes), round) {
			times, name := &r.Steps[i], p.Contestants[at].Name()
			if p.Progress != nil {
				p.Progress(times.Name+", "+name, round*len(r.Steps)+i, p.Rounds*len(r.Steps))
			}
			runtime.GC() // the garbage of one is not for another to collect
			took, err := lanes[at].timed(ctx, times.Step)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", name, times.Name, err)
			}
			times.Of[at].Rounds = append(times.Of[at].Rounds, milliseconds(took))
		}
	}
	return r.sizes(lanes)
}

// order begins with another contestant in each round.
func order(n, round int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = (i + round) % n
	}
	return all
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Median is the one in the middle, or the mean of the two.
func Median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
