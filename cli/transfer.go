package cli

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/work"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// transfer brings a database from one file into another, or into its own place.
type transfer struct {
	env      Env
	c        *urfave.Context
	progress *work.Progress
	from, to convert.Database // to.Path is empty for the place of from
	rows     bool             // copy row by row, not page by page
	info     os.FileInfo      // of from
	out      transferred
}

// transferred is what a command says when it is done.
type transferred struct {
	File      string `json:"file"`
	Target    string `json:"target"`
	Size      int64  `json:"size"`                 // bytes of the target
	WALFrames int    `json:"wal_frames,omitempty"` // committed ones that were merged
	By        string `json:"by"`                   // "pages" or "rows", empty where there was nothing to do
}

var (
	forceFlag = &urfave.BoolFlag{Name: "force", Usage: "replace TARGET if there is one"}
	jsonFlag  = &urfave.BoolFlag{Name: "json", Usage: "print JSON"}
)

func flags(some ...[]urfave.Flag) []urfave.Flag { return slices.Concat(some...) }

// newTransfer looks at the arguments: FILE, and TARGET if there is one.
func newTransfer(c *urfave.Context, env Env, path, target string) (*transfer, error) {
	t := &transfer{env: env, c: c, progress: work.NewProgress(c.Context, env.Stderr)}
	t.from.Path, t.to.Path = path, target
	t.out = transferred{File: path, Target: target}
	if target == "" {
		t.out.Target = path
	}
	var err error
	t.info, err = distinct(path, target, c.Bool("force"))
	return t, err
}

// distinct makes sure, before anybody types a key, that the target can be made and
// is not the file itself; an empty one is. It returns what the file is.
func distinct(path, target string, force bool) (os.FileInfo, error) {
	before, err := os.Stat(path)
	if err != nil || target == "" {
		return before, err
	}
	switch after, err := os.Stat(target); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case os.SameFile(before, after):
		return nil, key.Usagef("TARGET is FILE itself")
	case !force:
		return nil, fmt.Errorf("%s: %w", target, work.ErrExists)
	}
	return before, nil
}

// close wipes the keys.
func (t *transfer) close() {
	t.progress.Close()
	t.from.Key.Wipe()
	t.to.Key.Wipe()
}

// run carries it out, and says so.
func (t *transfer) run(what string) error {
	defer t.close()
	var err error
	if t.to.Path == "" {
		err = t.replace(what)
	} else {
		err = t.target().Make(func(path string) error {
			to := t.to
			to.Path = path
			return t.copy(what, to)
		})
	}
	t.progress.Close()
	if err != nil {
		return err
	}
	after, err := os.Stat(t.out.Target)
	if err != nil {
		return err
	}
	t.out.Size = after.Size()
	return t.out.print(t.env.Stdout, t.c.Bool("json"))
}

func (t *transfer) target() work.Target {
	return work.Target{Path: t.to.Path, Replace: t.c.Bool("force"), Mode: t.info.Mode().Perm(), Need: t.info.Size()}
}

// replace puts the copy into the place of the original.
func (t *transfer) replace(what string) error {
	t.out.By = "rows"
	if err := work.CheckSpace(t.from.Path, t.info.Size()); err != nil {
		return err
	}
	return t.progress.Growth(what, t.from.Path+convert.Suffix, t.info.Size(), func() error {
		return convert.Replace(t.c.Context, modernc.Open, t.from, t.to, nil)
	})
}

// copy makes the new file, page by page if that can be.
func (t *transfer) copy(what string, to convert.Database) error {
	t.out.WALFrames = committed(t.from.Path)
	if !t.rows {
		t.out.By = "pages"
		err := t.copyPages(what, to)
		if !errors.Is(err, convert.ErrPages) {
			return err
		}
	}
	t.out.By = "rows"
	return t.progress.Growth(what, to.Path, t.info.Size(), func() error {
		return convert.Copy(t.c.Context, t.open, t.from, to)
	})
}

func (t *transfer) copyPages(what string, to convert.Database) error {
	pageSize, err := t.pageSize(t.c.Context)
	if err != nil {
		return err
	}
	return convert.CopyPages(t.c.Context, t.open, t.from, to, t.progress.Pages(what, pageSize))
}

// open opens what is copied for reading alone, so that a log stays beside it. Only
// a hot journal has to be played back.
func (t *transfer) open(ctx context.Context, db convert.Database) (driver.Conn, error) {
	if db.Path != t.from.Path {
		return modernc.Open(ctx, db)
	}
	c, err := modernc.OpenReadOnly(ctx, db)
	if hasHotJournal(err) {
		return modernc.Open(ctx, db)
	}
	return c, err
}

func (t *transfer) pageSize(ctx context.Context) (n int, err error) {
	db := openDB(t.open, t.from)
	defer func() { err = errors.Join(err, db.Close()) }()
	return n, db.QueryRowContext(ctx, "PRAGMA page_size").Scan(&n)
}

// committed is the number of frames in the log of a database that count.
func committed(path string) int {
	f, err := os.Open(path + "-wal")
	if err != nil {
		return 0
	}
	defer f.Close()
	info, _ := vfs.InspectLog(f)
	return info.Committed
}

func (o transferred) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, o)
	}
	merged := ""
	if o.WALFrames > 0 {
		merged = fmt.Sprintf(", with %d frames of the write-ahead log", o.WALFrames)
	}
	_, err := fmt.Fprintf(w, "%s: %d bytes, copied by %s%s\n", o.Target, o.Size, o.By, merged)
	return err
}

// kindOf tells what a file looks like from outside.
func kindOf(path string) (compat.FileKind, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	head := make([]byte, compat.SmallestPage)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return 0, err
	}
	return compat.Detect(head[:n], info.Size()), nil
}
