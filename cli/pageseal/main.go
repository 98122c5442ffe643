// Command pageseal opens SQLCipher databases: an SQL shell, and one-job commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/pageseal/pageseal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second one ends the process
	os.Exit(cli.Run(ctx, os.Args, cli.Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}))
}
