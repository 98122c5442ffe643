package cli

import (
	"context"
	"fmt"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/work"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// rekeyCommand gives a database another key.
func rekeyCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "rekey",
		Usage:     "change the key of a database, or its settings",
		ArgsUsage: "FILE",
		Description: "Encrypts all pages anew, under a rollback journal: wherever that is cut off, FILE opens under the\n" +
			"old key or under the new one. New settings take a copy that takes the place of FILE. Nobody may\n" +
			"use FILE meanwhile.\n\n" +
			"Examples:\n\n" +
			"   pageseal rekey clinic.db\n" +
			"   pageseal rekey --key-file clinic.key --new-key-file new.key clinic.db\n" +
			"   pageseal rekey --key-file clinic.key --new-key-file new.key --new-set kdf_iter=500000 clinic.db",
		Flags: flags([]urfave.Flag{jsonFlag}, key.Flags(""), key.SettingFlags(""), key.Flags("new-"), key.SettingFlags("new-")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE")
			if err != nil {
				return err
			}
			t, err := newTransfer(c, env, args[0], "")
			if err != nil {
				return err
			}
			if t.to.Settings, err = key.Settings(c, "new-"); err != nil {
				return err
			}
			if t.from, err = encrypted(c, args[0]); err != nil {
				return err
			}
			defer t.close()
			if err := t.opens(); err != nil {
				return err // before anybody thinks of a new key
			}
			if t.to.Key, err = key.ReadNew(c, "new-"); err != nil {
				return err
			}
			if !t.to.Settings.IsZero() {
				return t.run("rekeying")
			}
			return t.rekey()
		},
	}
}

// opens makes sure that the key of the database is right.
func (t *transfer) opens() error {
	_, err := t.pageSize(t.c.Context)
	return err
}

// rekey changes the key in place.
func (t *transfer) rekey() error {
	if err := work.CheckSpace(t.from.Path, t.info.Size()); err != nil {
		return err
	}
	pageSize, err := t.pageSize(t.c.Context)
	if err != nil {
		return err
	}
	open := modernc.OpenWith(modernc.Progress(t.progress.Pages("rekeying", pageSize)))
	// What ends it is the progress: a key that was changed when Ctrl-C came is one
	// that was changed.
	if err := convert.Rekey(context.WithoutCancel(t.c.Context), open, t.from, t.to.Key); err != nil {
		return err
	}
	t.progress.Close()
	t.out.By, t.out.Size = "pages", t.info.Size()
	if t.c.Bool("json") {
		return t.out.print(t.env.Stdout, true)
	}
	_, err = fmt.Fprintf(t.env.Stdout, "%s: has a new key\n", t.from.Path)
	return err
}

// migrateCommand brings a database of an older release to the current settings.
func migrateCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "migrate",
		Usage:     "bring a database of SQLCipher 1, 2 or 3 to the settings of SQLCipher 4",
		ArgsUsage: "FILE",
		Description: "Finds the settings that FILE has, copies it under those of SQLCipher 4, verifies the copy and puts\n" +
			"it into the place of FILE. Until then FILE stays what it is. Nobody may use it meanwhile.\n\n" +
			"Examples:\n\n" +
			"   pageseal migrate old.db\n" +
			"   pageseal migrate --key-file clinic.key --keep old-3.db old.db",
		Flags: flags([]urfave.Flag{
			&urfave.PathFlag{Name: "keep", Usage: "keep FILE as it was under the name `COPY`"}, jsonFlag,
		}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			args, err := files(c, "FILE")
			if err != nil {
				return err
			}
			t, err := newTransfer(c, env, args[0], "")
			if err != nil {
				return err
			}
			if t.from, err = encrypted(c, args[0]); err != nil {
				return err
			}
			defer t.close()
			return t.migrate()
		},
	}
}

func (t *transfer) migrate() error {
	found, err := convert.Detect(t.c.Context, modernc.Open, t.from, convert.Guesses(t.from.Settings))
	if err != nil {
		return err
	}
	if found.Settings == compat.Defaults() {
		if t.out.Size = t.info.Size(); t.c.Bool("json") {
			return t.out.print(t.env.Stdout, true)
		}
		_, err := fmt.Fprintf(t.env.Stdout, "%s: has those settings already\n", t.from.Path)
		return err
	}
	if keep := t.c.Path("keep"); keep != "" {
		if err := t.keep(found, keep); err != nil {
			return err
		}
	}
	t.from.Settings, t.to = found.Settings, convert.Database{Key: t.from.Key.Clone(), Settings: compat.Defaults()}
	return t.run("migrating")
}

// keep makes a copy of the database as it is.
func (t *transfer) keep(found convert.Database, path string) error {
	c := *t
	c.from.Settings = found.Settings
	c.to = convert.Database{Path: path, Key: t.from.Key.Clone(), Settings: found.Settings.OrDefaults()}
	defer c.to.Key.Wipe()
	if err := c.keepSalt(); err != nil {
		return err
	}
	return c.target().Make(func(path string) error {
		to := c.to
		to.Path = path
		return c.copy("keeping", to)
	})
}
