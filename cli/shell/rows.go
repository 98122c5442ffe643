package shell

import (
	"bufio"

	"github.com/pageseal/pageseal/cli/shell/render"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// renderRows runs a statement and writes its rows.
func (s *Shell) renderRows(stmt *capi.Stmt, newMode render.New, w *bufio.Writer) error {
	if s.ctx.Err() != nil {
		// An interrupt between two statements would be lost on SQLite.
		return &capi.Error{Code: interrupted, Extended: interrupted, Message: "interrupted", Offset: -1}
	}
	more, err := stmt.Step()
	if !more || err != nil {
		return err
	}
	mode := newMode(w, s.format)
	defer mode.End()
	for more {
		mode.Row(row{stmt})
		if s.terminal != nil && w == s.stdout {
			s.flush() // who looks at it waits for no buffer to be full
		}
		if more, err = stmt.Step(); err != nil {
			return err
		}
	}
	return nil
}

// execSilently runs statements of the shell's own, and reports no failure.
func (s *Shell) execSilently(sql string) {
	_ = execAll(s.db, sql)
}

// execAll runs statements for what they do.
func execAll(db *capi.DB, sql string) error {
	for sql != "" {
		stmt, rest, err := db.Prepare(sql)
		if err != nil {
			return err
		}
		sql = rest
		if stmt == nil {
			continue
		}
		for more := true; more && err == nil; {
			more, err = stmt.Step()
		}
		if finalErr := stmt.Finalize(); finalErr != nil {
			return finalErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}
