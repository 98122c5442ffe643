package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	urfave "github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/pageseal/pageseal/cli/shell"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// shellAction runs the SQL shell: what the program does unless its first
// argument names a command.
func shellAction(env Env, program string) urfave.ActionFunc {
	return func(c *urfave.Context) error {
		home, err := os.UserHomeDir()
		if err != nil {
			home = "" // and no .sqliterc
		}
		status := shell.Run(c.Context, c.Args().Slice(), shell.Env{
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
