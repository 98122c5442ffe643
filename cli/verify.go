package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/work"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/salvage"
)

// verifyCommand looks at all of a database.
func verifyCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "verify",
		Usage:     "check each page of a database, its log, and what SQLite finds",
		ArgsUsage: "FILE",
		Description: "Verifies the MAC of each page of FILE and of each frame of its write-ahead log, and has SQLite\n" +
			"look for what is wrong with its content. FILE is only read. A database in clear needs no key, and\n" +
			"has no MACs.\n\n" +
			"The exit status is 0 if all is well, and 4 if something is not.\n\n" +
			"Examples:\n\n" +
			"   pageseal verify clinic.db\n" +
			"   pageseal verify --json --key-file clinic.key clinic.db",
		Flags: flags([]urfave.Flag{jsonFlag}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE")
			if err != nil {
				return err
			}
			v := verification{File: args[0], BadPages: []uint32{}, BadFrames: []vfs.BadFrame{}, Problems: []string{}}
			progress := work.NewProgress(c.Context, env.Stderr)
			defer progress.Close()
			if err := v.run(c, progress); err != nil {
				return err
			}
			progress.Close()
			v.OK = len(v.BadPages)+len(v.BadFrames)+len(v.Problems) == 0
			if err := v.print(env.Stdout, c.Bool("json")); err != nil {
				return err
			}
			if !v.OK {
				return exitStatus(statusDamage)
			}
			return nil
		},
	}
}

// verification is what was found.
type verification struct {
	File      string         `json:"file"`
	OK        bool           `json:"ok"`
	MAC       bool           `json:"mac"` // there is one in each page
	Pages     int            `json:"pages"`
	Frames    int            `json:"wal_frames"`
	BadPages  []uint32       `json:"bad_pages"`
	BadFrames []vfs.BadFrame `json:"bad_frames"`
	Problems  []string       `json:"problems"` // in words
}

func (v *verification) run(c *urfave.Context, progress *work.Progress) error {
	db := convert.Database{Path: v.File}
	kind, err := kindOf(v.File)
	if err != nil {
		return err
	}
	if kind != compat.FilePlaintext || key.Given(c, "") {
		if db, err = database(c, v.File, ""); err != nil {
			return err
		}
		defer db.Key.Wipe()
	}
	pageSize := db.Settings.OrDefaults().PageSize
	open := modernc.OpenWith(modernc.Param("mode", "ro"), modernc.Progress(progress.Pages("verifying", pageSize)))
	err = v.connected(c.Context, open, db)
	if errors.Is(err, compat.ErrDamaged) || isCorrupt(err) {
		v.Problems = append(v.Problems, "SQLite does not open the file: "+err.Error())
		return v.alone(c.Context, db, progress.Pages("verifying", pageSize))
	}
	if err != nil || db.Key.IsZero() {
		return err
	}
	v.Frames, v.BadFrames, err = convert.VerifyLog(db)
	if v.BadFrames == nil {
		v.BadFrames = []vfs.BadFrame{}
	}
	return err
}

// connected asks SQLite, and the VFS below it, in a transaction in which nobody
// changes the file.
func (v *verification) connected(ctx context.Context, open convert.Opener, file convert.Database) (err error) {
	db := openDB(open, file)
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, "PRAGMA page_count").Scan(&v.Pages); err != nil {
		return err
	}
	if !file.Key.IsZero() {
		rows, err := texts(ctx, tx, "PRAGMA cipher_integrity_check")
		if err != nil {
			return err
		}
		v.macs(rows)
	}
	rows, err := texts(ctx, tx, "PRAGMA integrity_check")
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && (len(v.BadPages) > 0 || errors.Is(err, compat.ErrDamaged) || isCorrupt(err)):
		v.Problems = append(v.Problems, "integrity_check: "+err.Error())
		return nil
	case err != nil:
		return err
	}
	if len(rows) != 1 || rows[0] != "ok" {
		v.Problems = append(v.Problems, rows...)
	}
	return nil
}

// isCorrupt tells an error of SQLite about the content of a file.
func isCorrupt(err error) bool {
	const corrupt = 11 // SQLITE_CORRUPT
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == corrupt
}

// macs takes the rows of cipher_integrity_check.
func (v *verification) macs(rows []string) {
	v.MAC = true
	for _, row := range rows {
		var pgno uint32
		switch n, _ := fmt.Sscanf(row, "HMAC verification failed for page %d", &pgno); {
		case n == 1:
			v.BadPages = append(v.BadPages, pgno)
		case strings.HasPrefix(row, "HMAC is not enabled"):
			v.MAC = false
		default:
			v.Problems = append(v.Problems, row)
		}
	}
}

func texts(ctx context.Context, tx *sql.Tx, query string) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// alone reads the pages without SQLite.
func (v *verification) alone(ctx context.Context, db convert.Database, progress func(done, total uint64) error) error {
	f, err := salvage.Open(v.File, db.Key, db.Settings)
	if err != nil {
		return err
	}
	defer f.Close()
	size, _ := f.Layout()
	page := make([]byte, size)
	v.MAC, v.Pages = f.Encrypted() && db.Settings.OrDefaults().UseHMAC, int(f.Count())
	for pgno := uint32(1); pgno <= f.Count(); pgno++ {
		switch err := f.Read(pgno, page); {
		case errors.Is(err, salvage.ErrHole):
			v.BadPages = append(v.BadPages, pgno)
		case err != nil:
			return err
		}
		if err := progress(uint64(pgno), uint64(f.Count())); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (v *verification) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, v)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %d pages", v.File, v.Pages)
	if v.Frames > 0 {
		fmt.Fprintf(&text, " and %d frames in the write-ahead log", v.Frames)
	}
	switch {
	case v.OK && v.MAC:
		text.WriteString(", all of them verify, and SQLite finds nothing wrong\n")
	case v.OK:
		text.WriteString(", which have no MAC; SQLite finds nothing wrong\n")
	default:
		text.WriteString("\n")
	}
	if len(v.BadPages) > 0 {
		fmt.Fprintf(&text, "%d pages do not verify: %s\n", len(v.BadPages), ranges(v.BadPages))
	}
	for _, f := range v.BadFrames {
		fmt.Fprintf(&text, "frame %d does not verify: page %d\n", f.Frame, f.Pgno)
	}
	for _, p := range v.Problems {
		fmt.Fprintln(&text, p)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
