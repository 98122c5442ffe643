package cli

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
)

// The scripts ask the program for its words, by a last argument that the
// library knows. They are not those of the library: those evaluate what was
// typed.
var (
	//go:embed complete/pageseal.bash
	bashCompletion string
	//go:embed complete/pageseal.zsh
	zshCompletion string
	//go:embed complete/pageseal.ps1
	powershellCompletion string
)

// completeFlag is the last argument that asks for words instead of work.
const completeFlag = "--generate-bash-completion"

// completionCommand prints what a shell needs to complete our words.
func completionCommand(env Env) *urfave.Command {
	printed := func(name, script string) *urfave.Command {
		return &urfave.Command{Name: name, Usage: "for " + name, HideHelpCommand: true,
			Action: func(*urfave.Context) error {
				_, err := fmt.Fprint(env.Stdout, script)
				return err
			}}
	}
	return &urfave.Command{
		Name:  "completion",
		Usage: "print what a shell needs to complete commands and flags",
		Description: "Prints a script for bash, zsh, fish or powershell.\n\n" +
			"Examples:\n\n" +
			"   pageseal completion bash\n" +
			"   pageseal completion fish",
		Subcommands: []*urfave.Command{
			printed("bash", bashCompletion),
			{Name: "fish", Usage: "for fish", HideHelpCommand: true, Action: func(c *urfave.Context) error {
				script, err := newApp(env, "pageseal").ToFishCompletion()
				if err == nil {
					_, err = fmt.Fprint(env.Stdout, script)
				}
				return err
			}},
			printed("powershell", powershellCompletion),
			printed("zsh", zshCompletion),
		},
		Action: func(*urfave.Context) error {
			return key.Usagef("completion takes bash, fish, powershell or zsh")
		},
	}
}

// asksForWords tells a question for words that the library would not take for
// one, because of a -- before it. Nothing may be done then.
func asksForWords(args []string) bool {
	return args[len(args)-1] == completeFlag && slices.Contains(args, "--")
}

// completeCommands prints the commands where one may stand. Behind a file there
// is SQL.
func completeCommands(c *urfave.Context) {
	if !c.Args().Present() || strings.HasPrefix(c.Args().First(), "-") {
		urfave.DefaultAppComplete(c)
	}
}
