package measure_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/cli/measure"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

const rawKey = "98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481"

var (
	inClear = measure.SQL("clear", func(path string) (*sql.DB, error) { return sql.Open("sqlite", compat.URI(path, nil)) })
	sealed  = measure.SQL("sealed", func(path string) (*sql.DB, error) {
		return sql.OpenDB(modernc.NewConnector(path, modernc.RawKey(rawKey))), nil
	})
)

// observed is a contestant whose statements somebody sees, with what they gave.
type observed struct {
	measure.Contestant
	see func(ctx context.Context, statement string, rows int, err error)
}

func (o observed) Open(path string) (measure.Pool, error) {
	p, err := o.Contestant.Open(path)
	return observedPool{p, o}, err
}

type observedPool struct {
	measure.Pool
	o observed
}

func (p observedPool) Conn(ctx context.Context) (measure.Conn, error) {
	c, err := p.Pool.Conn(ctx)
	return observedConn{c, p.o}, err
}

type observedConn struct {
	measure.Conn
	o observed
}

func (c observedConn) Run(ctx context.Context, statement string) (int, error) {
	n, err := c.Conn.Run(ctx, statement)
	c.o.see(ctx, statement, n, err)
	return n, err
}

// TestRun wants every contestant to do all the work, and every time to be there.
func TestRun(t *testing.T) {
	t.Parallel()
	const rows, rounds = 1500, 3
	dir := t.TempDir()
	statements := map[string]int{}
	counting := func(c measure.Contestant) measure.Contestant {
		return observed{c, func(_ context.Context, statement string, n int, err error) {
			want := 0
			switch {
			case strings.Contains(statement, "LIMIT 10"):
				want = 10
			case strings.HasPrefix(statement, "SELECT"), strings.HasPrefix(statement, "PRAGMA"):
				want = 1
			}
			if n != want || err != nil {
				t.Errorf("%s: %s gives %d rows, %v", c.Name(), statement, n, err)
			}
			statements[c.Name()]++
		}}
	}
	var told []int
	r, err := measure.Plan{Contestants: []measure.Contestant{counting(inClear), counting(sealed)}, Rows: rows, Rounds: rounds, Dir: dir,
		Progress: func(what string, done, total int) {
			told = append(told, done)
			// All take a step before any takes the next, each time another one first.
			first := []string{"clear", "sealed"}[(done/len(measure.Steps(rows))+len(told)+1)%2]
			if !strings.HasSuffix(what, ", "+first) {
				t.Errorf("%d: %s, and it is the turn of %s", len(told), what, first)
			}
			if total != rounds*len(measure.Steps(rows)) {
				t.Errorf("there are %d steps", total)
			}
			if strings.HasPrefix(what, "count by scan") {
				checkHeaders(t, dir)
			}
		}}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if statements["clear"] != statements["sealed"] || statements["clear"] < 1000*rounds {
		t.Errorf("statements: %v", statements)
	}
	if len(told) != 2*rounds*len(r.Steps) || told[0] != 0 || told[len(told)-1] != rounds*len(r.Steps)-1 {
		t.Errorf("told of steps %v", told)
	}
	if len(r.Steps) != 10 || len(r.Sizes) != 2 || r.Sizes[0].Bytes < 100<<10 || r.Sizes[1].Bytes < r.Sizes[0].Bytes {
		t.Errorf("%d steps, sizes %v", len(r.Steps), r.Sizes)
	}
	for _, s := range r.Steps {
		for i, of := range s.Of {
			if of.Contestant != []string{"clear", "sealed"}[i] || len(of.Rounds) != rounds || of.Median <= 0 ||
				math.Abs(of.Ratio-of.Median/s.Of[0].Median) > 1e-9 || s.Operations < 1 {
				t.Errorf("%s: %+v", s.Name, of)
			}
		}
	}
	wantEmpty(t, dir)
}

// checkHeaders wants the one file to be in clear and the other not to be.
func checkHeaders(t *testing.T, dir string) {
	t.Helper()
	for name, clear := range map[string]bool{"clear.db": true, "sealed.db": false} {
		found, err := filepath.Glob(filepath.Join(dir, "*", name))
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %q, %v", name, found, err)
			continue
		}
		text, err := os.ReadFile(found[0])
		if err != nil || len(text) == 0 || bytes.HasPrefix(text, []byte("SQLite format 3\x00")) != clear || bytes.Contains(text, []byte("Filmtabletten")) != clear {
			t.Errorf("%s in clear is not %v, %v", name, clear, err)
		}
	}
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("%v is left, %v", left, err)
	}
}

// TestInterrupted ends it in the middle of a statement that would take long.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	interrupting := observed{inClear, func(_ context.Context, statement string, _ int, err error) {
		switch {
		case strings.HasPrefix(statement, "CREATE TABLE"):
			go cancel() // the next one is the insert
		case err == nil && statement != "BEGIN":
			t.Errorf("%s came to its end", statement)
		}
	}}
	_, err := measure.Plan{Contestants: []measure.Contestant{interrupting, sealed}, Rows: 50_000_000, Rounds: 1, Dir: dir}.Run(ctx)
	if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupt") {
		t.Errorf("%v", err)
	}
	wantEmpty(t, dir)
}

// TestFailing leaves nothing where a contestant fails.
func TestFailing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := errors.New("broken")
	failing := measure.SQL("failing", func(string) (*sql.DB, error) { return nil, broken })
	_, err := measure.Plan{Contestants: []measure.Contestant{inClear, failing}, Rows: 10, Rounds: 1, Dir: dir}.Run(t.Context())
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "failing: ") {
		t.Errorf("%v", err)
	}
	wantEmpty(t, dir)
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		all  []float64
		want float64
	}{{[]float64{7}, 7}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 9, 2}, 3}} {
		if got := measure.Median(c.all); got != c.want {
			t.Errorf("the median of %v is %v", c.all, got)
		}
	}
}

// drawn returns a result of its own to each test.
func drawn() measure.Result {
	return measure.Result{
		Rows: 10, Rounds: 1, Sizes: []measure.Size{{Contestant: "a<b&c"}, {Contestant: "slow"}, {Contestant: "fast"}},
		Steps: []measure.Times{
			{Step: measure.Step{Name: "one"}, Of: []measure.Time{{Median: 10, Ratio: 1}, {Median: 40, Ratio: 4}, {Median: 5, Ratio: 0.5}}},
			{Step: measure.Step{Name: "two"}, Of: []measure.Time{{Median: 2000, Ratio: 1}, {Median: 2000, Ratio: 1}, {Median: 1000, Ratio: 0.5}}},
		},
	}
}

// TestSVG wants bars as long as the times, inside of the drawing.
func TestSVG(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	if err := drawn().SVG(&text, "where"); err != nil {
		t.Fatal(err)
	}
	var picture struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Width   float64  `xml:"width,attr"`
		Height  float64  `xml:"height,attr"`
		Rects   []struct {
			X      float64 `xml:"x,attr"`
			Y      float64 `xml:"y,attr"`
			Width  float64 `xml:"width,attr"`
			Height float64 `xml:"height,attr"`
		} `xml:"rect"`
		Texts []string `xml:"text"`
	}
	d := xml.NewDecoder(&text)
	if err := d.Decode(&picture); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != io.EOF && err != nil {
		t.Error(err)
	}
	if len(picture.Rects) != 1+3+6 {
		t.Fatalf("%d rectangles", len(picture.Rects))
	}
	bars := picture.Rects[4:]
	for i, want := range []float64{1, 4, 0.5, 1, 1, 0.5} {
		if got := bars[i].Width / bars[0].Width; math.Abs(got-want) > 0.01 {
			t.Errorf("bar %d is %.3f long, want %.3f", i, got, want)
		}
	}
	for i, r := range picture.Rects {
		if r.X < 0 || r.Y < 0 || r.X+r.Width > picture.Width || r.Y+r.Height > picture.Height {
			t.Errorf("rectangle %d is outside: %+v", i, r)
		}
		if i > 4 && r.Y < picture.Rects[i-1].Y+picture.Rects[i-1].Height {
			t.Errorf("rectangle %d lies over the one before", i)
		}
	}
	all := strings.Join(picture.Texts, "\n")
	for _, want := range []string{"a<b&c", "slow", "one", "two", "40.0 ms (4.00)", "2000 ms (1.00)", "5.00 ms (0.50)", "where"} {
		if !strings.Contains(all, want) {
			t.Errorf("it does not say %q: %s", want, all)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	r := drawn()
	r.Steps[0].Of[0].Contestant, r.Steps[0].Of[1].Contestant, r.Steps[0].Of[2].Contestant = "clear", "slow", "fast"
	var text strings.Builder
	if err := r.Table(&text); err != nil {
		t.Fatal(err)
	}
	const want = "" +
		"       times    clear     slow  ratio     fast  ratio\n" +
		"  one      0  10.0 ms  40.0 ms   4.00  5.00 ms   0.50\n" +
		"  two      0  2000 ms  2000 ms   1.00  1000 ms   0.50\n"
	if text.String() != want {
		t.Errorf("got\n%s", text.String())
	}
}
