package shell

import (
	"context"
	"errors"
	"os"
	"strings"
)

// Run runs the shell with the arguments of its command line, without the name
// of the program, and returns the exit status.
func Run(ctx context.Context, args []string, env Env) int {
	s := newShell(ctx, env)
	status := s.run(args)
	if !s.close() && status == 0 {
		status = 1
	}
	return status
}

func (s *Shell) run(args []string) int {
	cmd, err := s.parse(args)
	if err != nil {
		return statusOf(err)
	}
	if cmd.file != nil {
		s.file = *cmd.file
		// A file that exists is opened at once, so that it is found wanting
		// before anything runs. One that does not waits for its first use,
		// so that a mistyped name leaves no empty file behind.
		if _, err := os.Stat(s.file); err == nil {
			if err := s.open(); err != nil {
				return statusOf(err)
			}
		}
	}
	if err := s.applyOptions(args); err != nil {
		return statusOf(err)
	}
	if len(cmd.sql) > 0 {
		return statusOf(s.runArguments(cmd.sql))
	}
	return statusOf(s.process(s.env.Stdin))
}

// runArguments runs the arguments behind the file name, each a dot-command or
// a text of SQL, up to the first that fails.
func (s *Shell) runArguments(commands []string) error {
	for _, command := range commands {
		if strings.HasPrefix(command, ".") {
			if err := s.dot(command); err != nil {
				return err
			}
			continue
		}
		if err := s.runArgument(command); err != nil {
			return err
		}
	}
	return nil
}

// runArgument runs a text of SQL from the command line. The status of a failure
// is SQLite's result code.
func (s *Shell) runArgument(sql string) error {
	if err := s.open(); err != nil {
		return err
	}
	err := s.exec(sql)
	if err == nil {
		return nil
	}
	s.errorf("Error: %s, %s\n", err.stage, err.text())
	return failure(err.cause.Code)
}

// statusOf is the exit status of a session that ended with err.
func statusOf(err error) int {
	var status exitStatus
	var failed failure
	switch {
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &failed):
		return int(failed)
	}
	return 0 // success, or errQuit
}
