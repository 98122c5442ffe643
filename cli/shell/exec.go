package shell

import (
	"errors"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/cli/shell/render"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// The stages a statement can fail at, as sqlite3 words them.
const (
	preparing = "in prepare"
	stepping  = "stepping"
)

const interrupted = 9 // SQLITE_INTERRUPT

// execError is a statement that failed.
type execError struct {
	stage   string
	cause   *capi.Error
	context string // lines that point into the statement
}

// text is the message as it follows the words about where it happened.
func (e *execError) text() string {
	text := maskURI(e.cause.Message)
	if e.cause.Code > 1 {
		text += fmt.Sprintf(" (%d)", e.cause.Code)
	}
	return text + e.context
}

// exec runs the statements of sql up to the first that fails.
func (s *Shell) exec(sql string) *execError {
	script := s.db.NewScript(sql)
	defer script.Close()
	for {
		stmt, err := script.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return prepareError(err, script.Text())
		}
		if err := s.execStmt(stmt); err != nil {
			return &execError{stage: stepping, cause: asError(err)}
		}
	}
}

// execStmt runs a statement, prints its rows and finalizes it.
func (s *Shell) execStmt(stmt *capi.Stmt) error {
	stepErr := s.printRows(stmt)
	// Finalizing reports the failure of the last step once more, with the
	// message that sqlite3 prints.
	if err := stmt.Finalize(); err != nil {
		return err
	}
	return stepErr
}

func (s *Shell) printRows(stmt *capi.Stmt) error {
	if s.ctx.Err() != nil {
		// An interrupt between two statements would be lost on SQLite.
		return &capi.Error{Code: interrupted, Extended: interrupted, Message: "interrupted", Offset: -1}
	}
	row, err := stmt.Step()
	if !row || err != nil {
		return err
	}
	newMode := s.mode
	if stmt.IsExplain() == capi.ExplainQueryPlan {
		newMode = render.NewQueryPlan
	}
	mode := newMode(s.out, s.format)
	defer mode.End()
	for row {
		mode.Row(stmt)
		if row, err = stmt.Step(); err != nil {
			return err
		}
	}
	return nil
}

// asError is err as SQLite's own.
func asError(err error) *capi.Error {
	var e *capi.Error
	if errors.As(err, &e) {
		return e
	}
	return &capi.Error{Code: capi.Code(err), Extended: capi.Code(err), Message: err.Error(), Offset: -1}
}
