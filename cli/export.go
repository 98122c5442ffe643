package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/shell"
	"github.com/pageseal/pageseal/cli/work"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// exportCommand copies an encrypted database into another file.
func exportCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "export",
		Usage:     "copy an encrypted database: under another key, in clear, or as SQL",
		ArgsUsage: "FILE TARGET",
		Description: "Copies FILE page by page, as it is at one moment, with what a write-ahead log or a hot journal\n" +
			"beside it holds. FILE may be in use. Where the pages of TARGET are to be of another kind, and with\n" +
			"--logical, it is copied row by row, which leaves out what is free.\n\n" +
			"TARGET has the key of FILE unless it is given another one, or none by --plain.\n\n" +
			"Examples:\n\n" +
			"   pageseal export --plain clinic.db plain.db\n" +
			"   pageseal export --key-file clinic.key --new-key-file theirs.key clinic.db theirs.db\n" +
			"   pageseal export --key-file clinic.key --sql clinic.db clinic.sql",
		Flags: flags([]urfave.Flag{
			&urfave.BoolFlag{Name: "plain", Usage: "write TARGET in clear"},
			&urfave.BoolFlag{Name: "logical", Usage: "copy row by row"},
			&urfave.BoolFlag{Name: "sql", Usage: "write SQL statements that make the database anew, in clear; TARGET may be - for standard output"},
			forceFlag, jsonFlag,
		}, key.Flags(""), key.SettingFlags(""), key.Flags("new-"), key.SettingFlags("new-")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE", "TARGET")
			if err != nil {
				return err
			}
			if c.Bool("sql") {
				return exportSQL(c, env, args[0], args[1])
			}
			t, err := newTransfer(c, env, args[0], args[1])
			if err != nil {
				return err
			}
			t.rows = c.Bool("logical")
			if err := t.exportKeys(); err != nil {
				return err
			}
			return t.run("exporting")
		},
	}
}

// exportKeys finds the keys of both sides.
func (t *transfer) exportKeys() (err error) {
	c, target := t.c, t.to.Path
	settings, err := key.Settings(c, "new-")
	if err != nil {
		return err
	}
	other := key.Given(c, "new-")
	if c.Bool("plain") && (other || !settings.IsZero()) {
		return key.Usagef("what is --plain has no key and no settings")
	}
	if t.from, err = encrypted(c, t.from.Path); err != nil || c.Bool("plain") {
		return err
	}
	t.to = convert.Database{Path: target, Settings: t.from.Settings.OrDefaults()}
	if !settings.IsZero() {
		t.to.Settings = settings
	}
	if other {
		t.to.Key, err = key.ReadNew(c, "new-")
		return err
	}
	t.to.Key = t.from.Key.Clone()
	return t.keepSalt()
}

// keepSalt gives a copy under the same key the salt of the original: who keeps
// keys that were derived can use them.
func (t *transfer) keepSalt() error {
	if t.to.Settings.HasSalt || t.to.Settings.PlaintextHeader > 0 || t.to.Key.Salt() != nil {
		return nil
	}
	f, err := os.Open(t.from.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.ReadFull(f, t.to.Settings.Salt[:])
	t.to.Settings.HasSalt = err == nil
	return err
}

// exportSQL writes what .dump of the shell writes.
func exportSQL(c *urfave.Context, env Env, path, target string) error {
	db, err := encrypted(c, path)
	if err != nil {
		return err
	}
	defer db.Key.Wipe()
	t := transfer{c: c, from: db}
	if err := t.opens(); err != nil {
		return err
	}
	if target == "-" {
		return dump(c.Context, env, db, env.Stdout)
	}
	return work.Target{Path: target, Replace: c.Bool("force"), Mode: 0o600}.Make(func(path string) error {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := dump(c.Context, env, db, f); err != nil {
			_ = f.Close()
			return err
		}
		return f.Close()
	})
}

// dump writes the statements of .dump, all of them or it fails.
func dump(ctx context.Context, env Env, db convert.Database, w io.Writer) error {
	uri, release := modernc.URI(db)
	defer release()
	out := &lastBytes{Writer: w}
	status := shell.Run(ctx, []string{"-batch", "-bail", "-readonly", uri, ".dump"}, shell.Env{
		Stdin: env.Stdin, Stdout: out, Stderr: env.Stderr, Program: "pageseal", VFS: modernc.VFSName,
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case status != 0:
		return exitStatus(status)
	case !bytes.HasSuffix(out.last, []byte("COMMIT;\n")):
		return fmt.Errorf("%w: not all of it can be read; pageseal recover salvages what can", compat.ErrDamaged)
	}
	return nil
}

// lastBytes keeps the end of what is written: what .dump could not read it tells
// there.
type lastBytes struct {
	io.Writer
	last []byte
}

func (l *lastBytes) Write(p []byte) (int, error) {
	l.last = append(l.last, p...)
	l.last = append(l.last[:0], l.last[max(0, len(l.last)-16):]...)
	return l.Writer.Write(p)
}

// backupCommand copies a database as it is.
func backupCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "backup",
		Usage:     "copy an encrypted database that may be in use, under its key",
		ArgsUsage: "FILE TARGET",
		Description: "Copies FILE page by page, as it is at one moment, with what a write-ahead log or a hot journal\n" +
			"beside it holds. Each page is verified, and TARGET is read once more when it is complete.\n\n" +
			"Example: pageseal backup --key-file clinic.key clinic.db backup.db",
		Flags: flags([]urfave.Flag{forceFlag, jsonFlag}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE", "TARGET")
			if err != nil {
				return err
			}
			t, err := newTransfer(c, env, args[0], args[1])
			if err != nil {
				return err
			}
			if err := t.sameKey(); err != nil {
				return err
			}
			return t.run("copying")
		},
	}
}

// sameKey finds the key of the database, which the copy has too. One in clear
// has none.
func (t *transfer) sameKey() error {
	kind, err := kindOf(t.from.Path)
	if err != nil || kind == compat.FilePlaintext && !key.Given(t.c, "") {
		return err
	}
	return t.exportKeys()
}
