// Command dist makes a release of pageseal: archives for all systems, Debian
// packages, a list of what is in each binary, and checksums.
//
// All of it is made twice, the second time from a clone of the commit in another
// folder and with nothing cached, and the two must be the same bytes: so they
// hold nothing of the machine, and anybody can make them again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// run carries out a command line.
func run(ctx context.Context, args []string, log io.Writer) (err error) {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	out := flags.String("o", "dist", "the `folder` to write to")
	once := flags.Bool("once", false, "build once, from changed files too")
	names := flags.String("targets", allTargets, "the systems to build for")
	if err := flags.Parse(args); err != nil {
		return err
	}
	targets, err := parseTargets(*names)
	if err != nil {
		return err
	}
	s, err := openSource(ctx, ".")
	if err != nil {
		return err
	}
	if *out, err = filepath.Abs(*out); err != nil {
		return err
	}
	if !*once {
		if err := s.checkClean(ctx); err != nil {
			return err
		}
	}
	work, err := os.MkdirTemp("", "pageseal-dist-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	r, err := s.release(ctx, targets, work)
	if err != nil {
		return err
	}
	if err := clearFolder(*out); err != nil {
		return err
	}
	if err := r.write(ctx, *out, log); err != nil || *once {
		return err
	}
	again := filepath.Join(work, "again")
	if err := s.again(ctx, again, *names, work, log); err != nil {
		return fmt.Errorf("the second build: %w", err)
	}
	n, err := same(*out, again)
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%d files, built twice: the same bytes\n", n)
	return nil
}

// clearFolder removes an earlier release, and nothing else.
func clearFolder(path string) error {
	files, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(files) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(path, sums)); err != nil {
		return fmt.Errorf("%s is not empty, and not an earlier release", path)
	}
	return os.RemoveAll(path)
}
