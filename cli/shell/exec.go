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
	err := s.execScript(sql)
	if err != nil {
		s.logFailure(err)
	}
	return err
}

func (s *Shell) execScript(sql string) *execError {
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
	if s.eqp != eqpOff && stmt.IsExplain() == capi.NoExplain {
		s.explain(stmt.SQL())
	}
	s.bindParameters(stmt)
	stepErr := s.printRows(stmt)
	if s.stats != statsOff {
		s.printStats(stmt)
	}
	// Finalizing reports the failure of the last step once more, with the
	// message that sqlite3 prints.
	if err := stmt.Finalize(); err != nil {
		return err
	}
	return stepErr
}

func (s *Shell) printRows(stmt *capi.Stmt) error {
	newMode := s.modeFor(stmt)
	w := s.out
	if s.mode == "count" {
		w = s.stdout // as in sqlite3, wherever the output goes
	}
	return s.renderRows(stmt, newMode, w)
}

// modeFor is the mode that the rows of a statement come out in.
func (s *Shell) modeFor(stmt *capi.Stmt) render.New {
	if s.autoExplain {
		switch stmt.IsExplain() {
		case capi.ExplainBytecode:
			return render.Modes["explain"]
		case capi.ExplainQueryPlan:
			return render.NewQueryPlan
		}
	}
	if isColumnar(s.mode) {
		// The widths of columns that no width was asked for count as asked
		// for from then on, as .show tells.
		for len(s.format.Widths) < stmt.ColumnCount() {
			s.format.Widths = append(s.format.Widths, 0)
		}
	}
	return render.Modes[s.mode]
}

// row is the current row of a statement, for a mode.
type row struct{ *capi.Stmt }

func (r row) Kind(i int) render.Kind { return render.Kind(r.ColumnType(i)) }

func (r row) AppendReal(dst []byte, i int) []byte {
	return capi.AppendReal(dst, r.ColumnDouble(i))
}

// asError is err as SQLite's own.
func asError(err error) *capi.Error {
	var e *capi.Error
	if errors.As(err, &e) {
		return e
	}
	return &capi.Error{Code: capi.Code(err), Extended: capi.Code(err), Message: err.Error(), Offset: -1}
}
