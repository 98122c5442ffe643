package measure

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

// Result is what was measured. Times are in milliseconds.
type Result struct {
	Rows   int     `json:"rows"`
	Rounds int     `json:"rounds"`
	Sizes  []Size  `json:"sizes"`
	Steps  []Times `json:"steps"`
}

// Size is that of the database of a contestant, in the end.
type Size struct {
	Contestant string `json:"contestant"`
	Bytes      int64  `json:"bytes"`
}

// Times are those of one step.
type Times struct {
	Step
	Of []Time `json:"times"`
}

// Time is how long one contestant took.
type Time struct {
	Contestant string    `json:"contestant"`
	Median     float64   `json:"median_ms"`
	Ratio      float64   `json:"ratio"` // to the first contestant
	Rounds     []float64 `json:"rounds_ms"`
}

func (t *Times) conclude() {
	for i := range t.Of {
		t.Of[i].Median = Median(t.Of[i].Rounds)
		t.Of[i].Ratio = t.Of[i].Median / t.Of[0].Median
	}
}

func (r *Result) sizes(lanes []*lane) error {
	r.Sizes = nil
	for _, l := range lanes {
		info, err := os.Stat(l.path)
		if err != nil {
			return err
		}
		r.Sizes = append(r.Sizes, Size{l.contestant.Name(), info.Size()})
	}
	return nil
}

// Table writes medians, and how they compare.
func (r Result) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	width := 0
	for _, s := range r.Steps {
		width = max(width, len(s.Name))
	}
	heading := strings.Repeat(" ", width) + "\ttimes\t"
	for i, of := range r.Steps[0].Of {
		heading += of.Contestant + "\t"
		if i > 0 {
			heading += "ratio\t"
		}
	}
	fmt.Fprintln(t, heading)
	for _, s := range r.Steps {
		fmt.Fprintf(t, "%-*s\t%d\t", width, s.Name, s.Operations)
		for i, of := range s.Of {
			fmt.Fprintf(t, "%s\t", Milliseconds(of.Median))
			if i > 0 {
				fmt.Fprintf(t, "%.2f\t", of.Ratio)
			}
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// Milliseconds is a time with the digits that mean something.
func Milliseconds(ms float64) string {
	switch {
	case ms < 10:
		return fmt.Sprintf("%.2f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
