package shell

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"runtime"
	"strings"
)

// systemCommand is a command line of the system's shell.
func (s *Shell) systemCommand(line string) *exec.Cmd {
	// Not under s.ctx: an interrupt reaches the command by itself, and what
	// it then does is up to it.
	ctx := context.WithoutCancel(s.ctx)
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/c", line)
	}
	return exec.CommandContext(ctx, "/bin/sh", "-c", line)
}

// writeToCommand starts a command, to write to it.
func (s *Shell) writeToCommand(line string) (io.Writer, func() error, error) {
	s.flush()
	cmd := s.systemCommand(line)
	cmd.Stdout, cmd.Stderr = s.env.Stdout, s.env.Stderr
	w, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	return w, func() error {
		err := w.Close()
		_ = cmd.Wait() // its status means nothing to us
		return err
	}, nil
}

// readFromCommand starts a command, to read what it prints.
func (s *Shell) readFromCommand(line string) (io.ReadCloser, error) {
	s.flush()
	cmd := s.systemCommand(line)
	cmd.Stderr = s.env.Stderr
	r, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return commandOutput{r, cmd}, nil
}

// commandOutput is what a command prints. Closing it waits for the command.
type commandOutput struct {
	io.ReadCloser
	cmd *exec.Cmd
}

func (c commandOutput) Close() error {
	err := c.ReadCloser.Close()
	_ = c.cmd.Wait()
	return err
}

// dotSystem runs a command line.
func (s *Shell) dotSystem(args []string) error {
	if len(args) == 0 {
		return usage(".system COMMAND")
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = arg
		if strings.Contains(arg, " ") {
			words[i] = `"` + arg + `"`
		}
	}
	s.flush()
	cmd := s.systemCommand(strings.Join(words, " "))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.env.Stdin, s.env.Stdout, s.env.Stderr
	err := cmd.Run()
	if err != nil {
		s.errorf("System command returns %d\n", waitStatus(err))
	}
	return nil
}

// waitStatus is the status of a command as C's system tells it.
func waitStatus(err error) int {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return -1
	}
	if code := exit.ExitCode(); code >= 0 {
		return code << 8
	}
	return -1 // by a signal
}
