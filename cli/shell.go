package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	urfave "github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/cli/shell"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// shellAction runs the SQL shell: what the program does unless its first
// argument names a command.
func shellAction(env Env, program string) urfave.ActionFunc {
	return func(c *urfave.Context) error { return runShell(c, env, program, c.Args().Slice()) }
}

func runShell(c *urfave.Context, env Env, program string, args []string) error {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // and no .sqliterc
	}
	status := shell.Run(c.Context, args, shell.Env{
		Stdin:   env.Stdin,
		Stdout:  env.Stdout,
		Stderr:  env.Stderr,
		Program: program,
		Version: strings.TrimRight("pageseal "+version(), " "),
		VFS:     modernc.VFSName, // which passes plaintext files through
		Usage:   func(w io.Writer) { printUsage(w, c.App) },
		Home:    home,

		StandsIn:    standsIn(program),
		Interactive: isTerminal(env.Stdin),
		History:     historyFile(program, home),
	})
	if status != 0 {
		return exitStatus(status)
	}
	return nil
}

// shellCommand runs the SQL shell on a database whose key is in no statement.
func shellCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:      "shell",
		Usage:     "the SQL shell, with the key from one of the safer sources",
		ArgsUsage: "FILE [SHELL OPTIONS] [SQL ...]",
		Description: "What pageseal FILE does, for a database that opens with a key from a file, the terminal and so on.\n" +
			"A FILE that is not there is made with that key when it is first written to.\n\n" +
			"Examples:\n\n" +
			"   pageseal shell clinic.db\n" +
			"   pageseal shell --key-file clinic.key clinic.db -header -csv 'SELECT * FROM patient'",
		Flags: flags(key.Flags(""), key.SettingFlags("")),
		Action: func(c *urfave.Context) error {
			if c.NArg() == 0 {
				return key.Usagef("shell takes FILE [SHELL OPTIONS] [SQL ...]")
			}
			db, err := database(c, c.Args().First(), "")
			if err != nil {
				return err
			}
			defer db.Key.Wipe()
			if _, err := os.Stat(db.Path); err == nil {
				t := transfer{c: c, from: db}
				if err := t.opens(); err != nil {
					return err
				}
			}
			uri, release := modernc.URI(db)
			defer release()
			return runShell(c, env, "pageseal", append([]string{uri}, c.Args().Tail()...))
		},
	}
}

// printUsage answers -help.
func printUsage(w io.Writer, app *urfave.App) {
	fmt.Fprintf(w, "%s: %s\n\nUsage:\n", app.Name, app.Usage)
	for line := range strings.Lines(app.UsageText) {
		fmt.Fprintf(w, "   %s", line)
	}
	fmt.Fprint(w, "\n\nOptions, with one dash or two:\n")
	shell.PrintOptions(w)
	if visible := app.VisibleCommands(); len(visible) > 0 {
		fmt.Fprint(w, "\nCommands:\n")
		for _, command := range visible {
			fmt.Fprintf(w, "   %-20s %s\n", command.Name, command.Usage)
		}
	}
}

// isTerminal reports whether a person types the input.
func isTerminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// historyFile is the file of what was typed at the prompt, empty for none. It is
// sqlite3's where we are called by the name of one of its kind.
func historyFile(program, home string) string {
	variable, file := "PAGESEAL_HISTORY", ".pageseal_history"
	if standsIn(program) {
		variable, file = "SQLITE_HISTORY", ".sqlite_history"
	}
	if path, ok := os.LookupEnv(variable); ok {
		return path
	}
	if home == "" {
		return ""
	}
	return filepath.Join(home, file)
}
