package session

import (
	"database/sql/driver"
	"io"

	"github.com/pageseal/pageseal/vfs"
)

// Answered is the reply to a pragma that was told since Begin. A driver keeps
// that of a statement it prepares, as SQLite answers pragmas then.
func (s *Session) Answered() vfs.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer
}

// Rows puts a reply into the place of the rows by which SQLite has handed on its
// text. Other rows it returns as they are, and those of a Begin before count only
// if there is no newer reply.
func (s *Session) Rows(r driver.Rows, prepared vfs.Reply) driver.Rows {
	reply := s.Answered()
	if !reply.Handled {
		reply = prepared
	}
	columns := r.Columns()
	switch {
	case reply.Column == "":
		return r
	case len(columns) > 1, len(columns) == 1 && columns[0] != reply.Text():
		return r
	}
	_ = r.Close() // of what is not wanted any more
	return &rows{reply: reply}
}

// rows are those of a reply.
type rows struct {
	reply vfs.Reply
	next  int
}

func (r *rows) Columns() []string { return []string{r.reply.Column} }

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
