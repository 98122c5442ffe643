package session

import (
	"database/sql/driver"
	"io"
	"slices"

	"github.com/pageseal/pageseal/vfs"
)

// Answered is the last reply to a pragma that was told since Begin. A driver
// keeps that of a statement it prepares, as SQLite answers pragmas then.
func (s *Session) Answered() (last vfs.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.answers); n > 0 {
		last = s.answers[n-1]
	}
	return last
}

// Rows puts a reply into the place of the rows by which SQLite has handed on its
// text. Other rows it returns as they are.
//
// A text of several statements may have had several replies, and returns the
// rows of one: it is known by its text. A statement that was prepared before has
// one reply, or none.
func (s *Session) Rows(r driver.Rows, prepared vfs.Reply) driver.Rows {
	columns := r.Columns()
	if len(columns) > 1 { // of EXPLAIN
		return r
	}
	s.mu.Lock()
	answers := s.answers
	s.mu.Unlock()
	if len(answers) == 0 && prepared.Handled {
		return replace(r, prepared)
	}
	for _, reply := range slices.Backward(answers) {
		if len(columns) == 1 && columns[0] == reply.Text() {
			return replace(r, reply)
		}
	}
	return r
}

func replace(r driver.Rows, reply vfs.Reply) driver.Rows {
	_ = r.Close() // of what is not wanted any more
	return &rows{reply: reply}
}

// rows are those of a reply.
type rows struct {
	reply vfs.Reply
	next  int
}

func (r *rows) Columns() []string {
	if r.reply.Column == "" {
		return nil
	}
	return []string{r.reply.Column}
}

func (r *rows) Close() error { return nil }

func (r *rows) Next(dest []driver.Value) error {
	if r.next == len(r.reply.Rows) {
		return io.EOF
	}
	dest[0] = r.reply.Rows[r.next]
	r.next++
	return nil
}

// ColumnTypeDatabaseTypeName is of database/sql/driver: SQLCipher answers in
// text.
func (r *rows) ColumnTypeDatabaseTypeName(int) string { return "TEXT" }
