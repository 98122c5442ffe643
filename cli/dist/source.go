package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// source is a folder of the source of pageseal.
type source struct {
	root  string
	epoch time.Time // the time that everything made of it has
}

// openSource finds the module that a folder is in. Its time is that of its last
// commit, if SOURCE_DATE_EPOCH does not say another.
func openSource(ctx context.Context, dir string) (*source, error) {
	mod, err := output(ctx, dir, nil, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	s := &source{root: mod}
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		if seconds, err = output(ctx, s.root, nil, "git", "log", "-1", "--format=%ct"); err != nil {
			return nil, fmt.Errorf("the time of the release, with no SOURCE_DATE_EPOCH: %w", err)
		}
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	s.epoch = time.Unix(n, 0).UTC()
	return s, nil
}

// checkClean wants the folder to hold what is committed and nothing else, as the
// toolchain counts it.
func (s *source) checkClean(ctx context.Context) error {
	changed, err := output(ctx, s.root, nil, "git", "status", "--porcelain")
	if err != nil {
		return err
	}
	if changed != "" {
		return fmt.Errorf("there are files that are not committed; -once builds all the same:\n%s", changed)
	}
	return nil
}

// again makes the release from a clone of the commit, with a cache of its own.
func (s *source) again(ctx context.Context, out, targets, work string, log io.Writer) error {
	commit, err := output(ctx, s.root, nil, "git", "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	clone := filepath.Join(work, "clone")
	env := []string{"GOCACHE=" + filepath.Join(work, "cache"), fmt.Sprint("SOURCE_DATE_EPOCH=", s.epoch.Unix()), "CGO_ENABLED=0"}
	for _, step := range []struct {
		dir  string
		args []string
	}{
		{work, []string{"git", "clone", "--quiet", "--no-checkout", s.root, clone}},
		{clone, []string{"git", "checkout", "--quiet", "--detach", commit}},
		{clone, []string{"go", "run", "./cli/dist", "-once", "-o", out, "-targets", targets}},
	} {
		fmt.Fprintln(log, strings.Join(step.args, " "))
		if _, err := output(ctx, step.dir, env, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// output is what a program prints, without the last line end. Its errors have
// what it said.
func output(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", strings.Join(args, " "), err), errors.New(strings.TrimSpace(said.String())))
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}
