package shell

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
	if err := s.initialize(cmd.init); err != nil {
		return statusOf(err)
	}
	if err := s.applyOptions(args); err != nil {
		return statusOf(err)
	}
	if len(cmd.sql) > 0 {
		return statusOf(s.runArguments(cmd.sql))
	}
	if s.interactive {
		s.greet()
		if len(args) == 0 {
			s.stdout.WriteString("Connected to a transient in-memory database.\n" +
				"Use \".open FILENAME\" to reopen on a persistent database.\n")
		}
		if s.env.Interactive {
			return statusOf(s.converse())
		}
	}
	return statusOf(s.process(s.env.Stdin))
}

// initialize runs the file of -init, or else .sqliterc. Failures count only
// under -bail.
func (s *Shell) initialize(file *string) error {
	var name string
	switch {
	case file != nil:
		name = *file
	case s.env.Home != "":
		name = filepath.Join(s.env.Home, ".sqliterc")
	default:
		return nil
	}
	in, err := os.Open(name)
	if err != nil {
		if file == nil {
			return nil
		}
		s.errorf("cannot open: \"%s\"\n", name)
		if s.bail {
			return exitStatus(1)
		}
		return nil
	}
	defer in.Close()
	if s.interactive {
		s.errorf("-- Loading resources from %s\n", name)
	}
	err = s.processNested(in)
	var failed failure
	if errors.As(err, &failed) {
		if s.bail {
			return exitStatus(1)
		}
		return nil
	}
	return err
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
