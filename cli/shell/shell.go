// Package shell runs SQL and dot-commands as the sqlite3 and sqlcipher
// programs do: the same output, messages, streams and exit status, so that
// scripts written for them run unchanged.
package shell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/cli/shell/render"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// Env is what the shell gets from the program around it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Program is the name that messages about the command line begin with.
	Program string
	// Version goes behind SQLite's own version in the answer to -version.
	Version string
	// VFS names the VFS that databases are opened through.
	VFS string
	// Usage prints the answer to -help.
	Usage func(w io.Writer)
}

// Shell is a session on one database.
type Shell struct {
	ctx context.Context
	env Env
	out *bufio.Writer
	// lost is that output could not be written.
	lost bool

	db        *capi.DB // nil until the first use
	file      string
	openFlags int
	unwatch   func() bool // ends the watch on ctx that db is under

	mode   render.New
	format render.Format
	bail   bool // stop at the first error
}

// What commands and SQL return instead of success. None of these is printed:
// whoever makes one has said what there was to say.
type (
	// exitStatus ends the program at once with that status.
	exitStatus int
	// failure is a reported error, and the status of the program should the
	// error end it.
	failure int
)

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
func (e failure) Error() string    { return fmt.Sprintf("failed with status %d", int(e)) }

// errQuit ends the input, with a status that depends on what happened so far.
var errQuit = errors.New("quit")

func newShell(ctx context.Context, env Env) *Shell {
	return &Shell{
		ctx:       ctx,
		env:       env,
		out:       bufio.NewWriterSize(env.Stdout, 64<<10),
		file:      ":memory:",
		openFlags: capi.OpenReadWrite | capi.OpenCreate,
		mode:      render.Modes["list"],
		format:    render.Format{ColSep: "|", RowSep: "\n"},
	}
}

// open opens the database, unless that has happened. A database that cannot be
// opened ends the program.
func (s *Shell) open() error {
	if s.db != nil {
		return nil
	}
	db, err := capi.Open(s.file, s.env.VFS, s.openFlags)
	if err != nil {
		s.errorf("Error: unable to open database \"%s\": %v\n", maskURI(s.file), err)
		return exitStatus(1)
	}
	s.db = db
	s.unwatch = context.AfterFunc(s.ctx, db.Interrupt)
	return nil
}

// close ends the session. It reports false when output was lost.
func (s *Shell) close() bool {
	s.flush()
	if s.db != nil {
		s.unwatch()
		if err := s.db.Close(); err != nil {
			s.errorf("Error: %v\n", err)
			return false
		}
	}
	return !s.lost
}

// flush brings the output out. A failure is reported once and drops all output
// from then on; statements still run.
func (s *Shell) flush() {
	err := s.out.Flush()
	if err == nil {
		return
	}
	s.lost = true
	s.out.Reset(io.Discard)
	fmt.Fprintf(s.env.Stderr, "Error: cannot write output: %v\n", err)
}

// errorf writes to standard error, after the output so far, as a terminal that
// shows both should.
func (s *Shell) errorf(format string, args ...any) {
	s.flush()
	fmt.Fprintf(s.env.Stderr, format, args...)
}
