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
	// StandsIn is that the program was called by the name of another shell.
	StandsIn bool
	// Version goes behind SQLite's own version in the answer to -version.
	Version string
	// VFS names the VFS that databases are opened through.
	VFS string
	// Usage prints the answer to -help.
	Usage func(w io.Writer)
	// Home is the folder whose .sqliterc is run first, empty for none.
	Home string
	// Interactive is that a person types the input at a terminal.
	Interactive bool
	// History is the file of what was typed, empty for none.
	History string
}

// Shell is a session on one database.
type Shell struct {
	ctx context.Context
	env Env

	stdout   *bufio.Writer
	out      *bufio.Writer // stdout, unless redirected
	redirect redirection
	once     int  // commands until the redirection ends, 0 for never
	lost     bool // output could not be written

	db        *capi.DB // nil until the first use
	file      string
	openFlags int
	unwatch   func() bool // ends the watch on ctx that db is under

	mode        string // of package render
	normalMode  string // before .explain on
	autoExplain bool   // EXPLAIN has modes of its own
	format      render.Format
	headersSet  bool // by the user, so that column mode leaves them

	bail    bool // stop at the first error
	echo    bool // print commands before they run
	changes bool // print how many rows SQL changed
	timer   bool
	log     logFile
	eqp     eqpMode
	stats   statsMode

	interactive            bool
	terminal               terminal // nil where nobody types
	prompt, continuePrompt string
	lineno                 int // of the input that is read
	nesting                int // of .read
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
	stdout := bufio.NewWriterSize(env.Stdout, 64<<10)
	return &Shell{
		ctx:            ctx,
		env:            env,
		stdout:         stdout,
		out:            stdout,
		file:           ":memory:",
		openFlags:      capi.OpenReadWrite | capi.OpenCreate,
		mode:           "list",
		normalMode:     "list",
		autoExplain:    true,
		format:         render.Format{ColSep: "|", RowSep: "\n", Quote: ident},
		interactive:    env.Interactive,
		prompt:         "sqlite> ",
		continuePrompt: "   ...> ",
	}
}

// open opens the database, unless that has happened. A database that cannot be
// opened ends the program.
func (s *Shell) open() error {
	if s.db != nil {
		return nil
	}
	if err := s.connect(); err != nil {
		s.errorf("Error: unable to open database \"%s\": %v\n", maskURI(s.file), err)
		return exitStatus(1)
	}
	return nil
}

func (s *Shell) connect() error {
	db, err := capi.Open(s.file, s.env.VFS, s.openFlags)
	if err != nil {
		return err
	}
	if err := addFunctions(db); err != nil {
		return errors.Join(err, db.Close())
	}
	s.db = db
	s.watch()
	return nil
}

// watch has an end of ctx interrupt what the database does.
func (s *Shell) watch() { s.unwatch = context.AfterFunc(s.ctx, s.db.Interrupt) }

// disconnect closes the database, if it is open.
func (s *Shell) disconnect() error {
	if s.db == nil {
		return nil
	}
	s.unwatch()
	if err := s.db.Close(); err != nil {
		s.errorf("Error: %v\n", err)
		return err
	}
	s.db = nil
	return nil
}

// close ends the session. It reports false when output was lost.
func (s *Shell) close() bool {
	s.restoreOutput()
	s.endLog()
	return s.disconnect() == nil && !s.lost
}

// flush brings the output out.
func (s *Shell) flush() {
	for _, w := range []*bufio.Writer{s.out, s.stdout} {
		if err := w.Flush(); err != nil {
			w.Reset(io.Discard)
			s.lose(err)
		}
	}
}

// lose reports that output cannot be written: once, as all that follows is
// dropped. Statements still run.
func (s *Shell) lose(err error) {
	if !s.lost {
		fmt.Fprintf(s.env.Stderr, "Error: cannot write output: %v\n", err)
	}
	s.lost = true
}

// errorf writes to standard error, after the output so far, as a terminal that
// shows both should.
func (s *Shell) errorf(format string, args ...any) {
	s.flush()
	fmt.Fprintf(s.env.Stderr, format, args...)
}
