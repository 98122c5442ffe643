package capi

import (
	"io"
	"strings"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/modernc"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Script compiles the statements of a text one after the other. The text is
// copied into C memory once, so that a dump of a million statements is not
// copied a million times.
type Script struct {
	db    *DB
	sql   string
	begin uintptr // the C copy of sql
	next  int     // where the next statement starts in sql
	start int     // where the last one started
}

// NewScript prepares to compile sql. As everywhere in C, a NUL ends the text.
// The caller must Close the script.
func (d *DB) NewScript(sql string) *Script {
	return &Script{db: d, sql: sql, begin: mustCString(sql)}
}

// Next compiles the next statement, which the caller must finalize. It returns
// io.EOF at the end of the text; white space and comments are not statements.
// After an error, a call of Next compiles the same statement again.
func (s *Script) Next() (*Stmt, error) {
	for {
		s.start = s.next
		if s.next >= len(s.sql) || s.sql[s.next] == 0 {
			return nil, io.EOF
		}
		stmt, tail, err := s.db.prepare(s.begin + uintptr(s.next))
		if err != nil {
			return nil, err
		}
		s.next = int(tail - s.begin)
		for s.next < len(s.sql) && isSpace(s.sql[s.next]) {
			s.next++
		}
		if stmt != nil {
			return stmt, nil
		}
	}
}

// Text returns the text from the start of the last statement that Next tried,
// to the end of the script. Error offsets count from there.
func (s *Script) Text() string { return s.sql[s.start:] }

// Close releases the text. Statements that Next returned stay valid.
func (s *Script) Close() {
	libc.Xfree(s.db.tls, s.begin)
	s.begin, s.next, s.sql = 0, 0, ""
}

// Prepare compiles the first statement of sql and returns the text behind it.
// The statement is nil where sql holds only white space and comments. Use a
// [Script] for a text of many statements.
func (d *DB) Prepare(sql string) (*Stmt, string, error) {
	zSQL := mustCString(sql)
	defer libc.Xfree(d.tls, zSQL)
	stmt, zTail, err := d.prepare(zSQL)
	if err != nil {
		return nil, "", err
	}
	return stmt, sql[zTail-zSQL:], nil
}

// prepare compiles the statement at zSQL and returns the address behind it.
func (d *DB) prepare(zSQL uintptr) (*Stmt, uintptr, error) {
	out := mustMalloc(d.tls, 2*ptrSize)
	defer libc.Xfree(d.tls, out)
	ppStmt, pzTail := out, out+uintptr(ptrSize)

	modernc.Answered(d.db) // to an earlier statement
	rc := sqlite3.Xsqlite3_prepare_v2(d.tls, d.db, zSQL, -1, ppStmt, pzTail)
	if rc != sqlite3.SQLITE_OK {
		return nil, 0, newError(d.tls, d.db, rc)
	}
	p, tail := readPtr(ppStmt), readPtr(pzTail)
	if p == 0 {
		return nil, tail, nil
	}
	s := &Stmt{db: d, stmt: p}
	if reply := modernc.Answered(d.db); reply.Column != "" && s.IsExplain() == NoExplain {
		return d.replace(s, reply), tail, nil
	}
	return s, tail, nil
}

// replace compiles a query for all rows of a reply to a pragma in the place of
// the statement, which has one for all.
func (d *DB) replace(s *Stmt, reply vfs.Reply) *Stmt {
	column := quote(reply.Column, '"')
	query := "SELECT NULL AS " + column + " WHERE 0"
	if len(reply.Rows) > 0 {
		values := make([]string, len(reply.Rows))
		for i, row := range reply.Rows {
			values[i] = "(" + quote(row, '\'') + ")"
		}
		query = "SELECT column1 AS " + column + " FROM (VALUES " + strings.Join(values, ",") + ")"
	}
	rows, _, err := d.Prepare(query)
	if err != nil {
		return s // with the rows in one
	}
	_ = s.Finalize()
	return rows
}

func quote(text string, mark rune) string {
	m := string(mark)
	return m + strings.ReplaceAll(text, m, m+m) + m
}

// isSpace is C's isspace in the C locale.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
