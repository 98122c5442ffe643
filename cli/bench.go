package cli

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/measure"
	"github.com/pageseal/pageseal/cli/work"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// benchCommand measures what encryption costs here.
func benchCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:  "bench",
		Usage: "measure what encryption costs on this machine",
		Description: "Makes a table of articles in a temporary folder, in clear and encrypted, works on both in turn, and\n" +
			"prints how long that takes: medians of some rounds, and their ratios. The key is a random raw key, as\n" +
			"deriving one from a passphrase happens once in a process and is measured apart. Commits wait for the\n" +
			"disk, so put the folder onto the one that matters. The files are removed, also on Ctrl-C.\n\n" +
			"Examples:\n\n" +
			"   pageseal bench --rows 1000 --rounds 1\n" +
			"   pageseal bench --rows 1000 --rounds 2 --svg bench.svg --json",
		Flags: []urfave.Flag{
			&urfave.IntFlag{Name: "rows", Value: 200000, Usage: "a table of `N` rows"},
			&urfave.IntFlag{Name: "rounds", Value: 3, Usage: "measure `N` times"},
			&urfave.PathFlag{Name: "dir", Usage: "make the files in `FOLDER`, not in that for temporary files", TakesFile: true},
			&urfave.PathFlag{Name: "svg", Usage: "draw the times into `FILE` too", TakesFile: true},
			&urfave.BoolFlag{Name: "force", Usage: "replace that file if there is one"},
			jsonFlag,
		},
		Action: func(c *urfave.Context) error {
			if _, err := files(c); err != nil {
				return err
			}
			b := bench{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Version: version(), SQLite: capi.LibVersion()}
			plot, err := plotOf(c)
			if err != nil {
				return err
			}
			if err := b.run(c, env); err != nil {
				return err
			}
			if plot != nil {
				if err := plot.Make(b.draw); err != nil {
					return err
				}
			}
			return b.print(env.Stdout, c.Bool("json"))
		},
	}
}

// bench is what was measured, and where.
type bench struct {
	System  string  `json:"system"`
	CPUs    int     `json:"cpus"`
	Version string  `json:"pageseal"`
	SQLite  string  `json:"sqlite"`
	KDF     float64 `json:"key_derivation_ms"`
	measure.Result
}

// plotOf is the file to draw into, nil for none. That it may not be replaced is
// said before anything is measured.
func plotOf(c *urfave.Context) (*work.Target, error) {
	path := c.Path("svg")
	if path == "" {
		return nil, nil
	}
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist), c.Bool("force"):
	case err != nil:
		return nil, err
	default:
		return nil, fmt.Errorf("%s: %w", path, work.ErrExists)
	}
	return &work.Target{Path: path, Replace: c.Bool("force"), Mode: 0o644}, nil
}

func (b *bench) run(c *urfave.Context, env Env) (err error) {
	rows, rounds := c.Int("rows"), c.Int("rounds")
	if rows < 1 || rows > 100_000_000 || rounds < 1 || rounds > 1000 {
		return key.Usagef("--rows is 1 to 100000000, --rounds is 1 to 1000")
	}
	encrypted, err := encryptedContestant()
	if err != nil {
		return err
	}
	if b.KDF, err = derivation(rounds); err != nil {
		return err
	}
	progress := work.NewProgress(c.Context, env.Stderr)
	defer progress.Close()
	b.Result, err = measure.Plan{
		Contestants: []measure.Contestant{clearContestant(), encrypted},
		Rows:        rows, Rounds: rounds, Dir: c.Path("dir"), Progress: progress.Steps,
	}.Run(c.Context)
	return err
}

// clearContestant is the engine without us.
func clearContestant() measure.Contestant {
	return measure.SQL("clear", func(path string) (*sql.DB, error) { return sql.Open("sqlite", compat.URI(path, nil)) })
}

func encryptedContestant() (measure.Contestant, error) {
	raw := make([]byte, kdf.KeySize)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	digits := fmt.Appendf(nil, "%x", raw)
	return measure.SQL("encrypted", func(path string) (*sql.DB, error) {
		return sql.OpenDB(modernc.NewConnector(path, modernc.RawKey(digits))), nil
	}), nil
}

// derivation is how long the key of a passphrase takes, in milliseconds.
func derivation(rounds int) (float64, error) {
	var all []float64
	for range rounds {
		start := time.Now()
		if _, err := kdf.Derive([]byte("any"), make([]byte, kdf.SaltSize), compat.Latest.Settings().KDFParams()); err != nil {
			return 0, err
		}
		all = append(all, float64(time.Since(start))/float64(time.Millisecond))
	}
	return measure.Median(all), nil
}

func (b *bench) draw(path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return b.SVG(f, b.where())
}

func (b *bench) where() string {
	return fmt.Sprintf("%s, SQLite %s, %s, CPUs: %d. Key derivation: %s, once in a process.",
		strings.TrimSpace("pageseal "+b.Version), b.SQLite, b.System, b.CPUs, measure.Milliseconds(b.KDF))
}

func (b *bench) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, b)
	}
	if _, err := fmt.Fprintf(w, "%s\nRows: %d, rounds: %d. Times are medians.\n\n", b.where(), b.Rows, b.Rounds); err != nil {
		return err
	}
	if err := b.Table(w); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, s := range b.Sizes {
		if _, err := fmt.Fprintf(w, "%s: %d bytes\n", s.Contestant, s.Bytes); err != nil {
			return err
		}
	}
	return nil
}
