package cli

import (
	"fmt"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
)

// encryptCommand makes an encrypted database of one in clear.
func encryptCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "encrypt",
		Usage:     "encrypt a database that is in clear",
		ArgsUsage: "FILE [TARGET]",
		Description: "Makes TARGET of FILE, or puts the encrypted database into the place of FILE. Until that is\n" +
			"complete, verified and on the disk, FILE stays what it is. Nobody may use it meanwhile.\n\n" +
			"What was in clear may survive on the disk where the old file was.\n\n" +
			"Examples:\n\n" +
			"   pageseal encrypt clinic.db\n" +
			"   pageseal encrypt --key-file clinic.key plain.db clinic.db",
		Flags: flags([]urfave.Flag{forceFlag, jsonFlag}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			t, err := oneOrTwo(c, env)
			if err != nil {
				return err
			}
			if kind, err := kindOf(t.from.Path); err != nil {
				return err
			} else if kind.Encrypted() {
				return fmt.Errorf("%s is encrypted already; rekey changes its key, export copies it", t.from.Path)
			}
			if t.to.Settings, err = key.Settings(c, ""); err != nil {
				return err
			}
			if t.to.Key, err = key.ReadNew(c, ""); err != nil {
				return err
			}
			return t.run("encrypting")
		},
	}
}

// decryptCommand makes a database in clear of an encrypted one.
func decryptCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "decrypt",
		Usage:     "make a database in clear of an encrypted one",
		ArgsUsage: "FILE [TARGET]",
		Description: "Makes TARGET of FILE, or puts the database in clear into the place of FILE. Until that is\n" +
			"complete, verified and on the disk, FILE stays what it is. Nobody may use it meanwhile.\n\n" +
			"Examples:\n\n" +
			"   pageseal decrypt clinic.db plain.db\n" +
			"   pageseal decrypt --key-file old.key --level 3 old.db plain.db",
		Flags: flags([]urfave.Flag{forceFlag, jsonFlag}, key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			t, err := oneOrTwo(c, env)
			if err != nil {
				return err
			}
			if t.from, err = encrypted(c, t.from.Path); err != nil {
				return err
			}
			t.rows = true // a file without a reserve, as SQLite makes them
			return t.run("decrypting")
		},
	}
}

// oneOrTwo is the transfer of FILE to TARGET, or to its own place.
func oneOrTwo(c *urfave.Context, env Env) (*transfer, error) {
	if c.NArg() == 1 {
		return newTransfer(c, env, c.Args().First(), "")
	}
	args, err := files(c, "FILE", "[TARGET]")
	if err != nil {
		return nil, err
	}
	return newTransfer(c, env, args[0], args[1])
}

// encrypted is a database with its key, if it is encrypted at all.
func encrypted(c *urfave.Context, path string) (db convert.Database, err error) {
	if kind, err := kindOf(path); err != nil {
		return db, err
	} else if kind == compat.FilePlaintext {
		return db, fmt.Errorf("%s: %w", path, compat.ErrPlaintext)
	}
	return database(c, path, "")
}
