package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Explain says whether a statement asks for rows or for its own explanation.
type Explain int

// The kinds of statement that sqlite3_stmt_isexplain tells apart.
const (
	NoExplain        Explain = iota // an ordinary statement
	ExplainBytecode                 // EXPLAIN
	ExplainQueryPlan                // EXPLAIN QUERY PLAN
)

// Stmt is a compiled statement.
type Stmt struct {
	db   *DB
	stmt uintptr // sqlite3_stmt*
}

// Step runs the statement to its next row. It reports false at the end.
func (s *Stmt) Step() (row bool, err error) {
	switch rc := sqlite3.Xsqlite3_step(s.db.tls, s.stmt); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, newError(s.db.tls, s.db.db, rc)
	}
}

// Finalize frees the statement and returns the error of its last Step once
// more. Finalizing twice is harmless.
func (s *Stmt) Finalize() error {
	if s.stmt == 0 {
		return nil
	}
	rc := sqlite3.Xsqlite3_finalize(s.db.tls, s.stmt)
	s.stmt = 0
	if rc != sqlite3.SQLITE_OK {
		return newError(s.db.tls, s.db.db, rc)
	}
	return nil
}

// BindText binds a copy of text to the parameter of that number, from 1.
func (s *Stmt) BindText(param int, text string) error {
	z := mustCString(text)
	defer libc.Xfree(s.db.tls, z)
	const transient = ^uintptr(0) // SQLITE_TRANSIENT: SQLite makes its own copy
	rc := sqlite3.Xsqlite3_bind_text(s.db.tls, s.stmt, int32(param), z, int32(len(text)), transient)
	if rc != sqlite3.SQLITE_OK {
		return newError(s.db.tls, s.db.db, rc)
	}
	return nil
}

// IsExplain returns what the statement explains, if anything.
func (s *Stmt) IsExplain() Explain {
	return Explain(sqlite3.Xsqlite3_stmt_isexplain(s.db.tls, s.stmt))
}
