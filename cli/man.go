package cli

import (
	"fmt"
	"strings"

	urfave "github.com/urfave/cli/v2"
)

// manCommand prints the manual page, which is made of the same text as --help.
func manCommand(env Env) *urfave.Command {
	return &urfave.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "Prints the manual page for man(1).\n\nExamples:\n\n   pageseal man",
		Action: func(c *urfave.Context) error {
			if _, err := files(c); err != nil {
				return err
			}
			app := newApp(env, "pageseal")
			app.Description = "The exit status of a command:\n\n" + indented(exitStatuses)
			for _, command := range app.Commands {
				synopsis := "pageseal " + command.Name + " [OPTIONS] " + command.ArgsUsage
				// The library leaves the description out.
				command.UsageText = strings.TrimSpace(synopsis) + "\n\n" + command.Description
			}
			page, err := app.ToManWithSection(1)
			if err == nil {
				_, err = fmt.Fprint(env.Stdout, page)
			}
			return err
		},
	}
}

// indented makes Markdown take the text as it is.
func indented(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}
