// Package cli is the pageseal program: an SQL shell, and commands that do one
// job each. Only the main package exits the process.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
)

// Env is what a run of the program reads and writes, so that tests can bring
// their own.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run runs the program with the arguments of its command line, the name of the
// program first, and returns its exit status.
func Run(ctx context.Context, args []string, env Env) int {
	if len(args) == 0 {
		args = []string{"pageseal"}
	}
	if asksForWords(args) && !standsIn(args[0]) {
		return 0
	}
	err := newApp(env, args[0]).RunContext(ctx, args)
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(env.Stderr, "error: %s\n", strings.TrimPrefix(err.Error(), "pageseal: "))
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(env.Stderr, "hint: %s\n", hint)
	}
	return statusOf(ctx, err)
}

// newApp is the program under the name it was called by. Called as one of the
// programs it stands in for, it has no commands: a script may well name its
// database "info".
func newApp(env Env, program string) *urfave.App {
	app := &urfave.App{
		Name:      "pageseal",
		Usage:     "SQLCipher databases without C",
		UsageText: "pageseal [OPTIONS] [FILE [SQL ...]]\npageseal COMMAND [ARGUMENTS]",
		Reader:    env.Stdin,
		Writer:    env.Stdout,
		ErrWriter: env.Stderr,
		Action:    shellAction(env, program),

		// The shell's flags mix with its other arguments, in an order that
		// matters: it parses them itself.
		SkipFlagParsing: true,
		HideHelp:        true,
		HideVersion:     true,

		// The default exits the process.
		ExitErrHandler: func(*urfave.Context, error) {},
	}
	if !standsIn(program) {
		app.Commands = commands(env)
		app.EnableBashCompletion, app.BashComplete = true, completeCommands
		for _, c := range app.Commands {
			c.HideHelpCommand = true // a file may well be called help
			c.OnUsageError = func(_ *urfave.Context, err error, _ bool) error { return &key.UsageError{Err: err} }
		}
	}
	return app
}

// standsIn reports whether the program was called by the name of another shell.
func standsIn(program string) bool {
	name := strings.ToLower(filepath.Base(program))
	switch strings.TrimSuffix(name, ".exe") {
	case "sqlcipher", "sqlite3":
		return true
	}
	return false
}

// version is the program's version as the Go toolchain recorded it, empty for
// a build that has none.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}
