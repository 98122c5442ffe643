package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQL returns the text of the statement.
func (s *Stmt) SQL() string {
	return libc.GoString(sqlite3.Xsqlite3_sql(s.db.tls, s.stmt))
}

// Reset takes the statement back to its start, and returns the error of its
// last Step once more. Parameters keep their values.
func (s *Stmt) Reset() error {
	return s.check(sqlite3.Xsqlite3_reset(s.db.tls, s.stmt))
}

// ParameterCount returns the largest number of a parameter.
func (s *Stmt) ParameterCount() int {
	return int(sqlite3.Xsqlite3_bind_parameter_count(s.db.tls, s.stmt))
}

// ParameterName returns the name of a parameter with its first character, as
// in "$a", and nothing for one that has only a number.
func (s *Stmt) ParameterName(param int) string {
	p := sqlite3.Xsqlite3_bind_parameter_name(s.db.tls, s.stmt, int32(param))
	if p == 0 {
		return ""
	}
	return libc.GoString(p)
}

// BindNull binds NULL to a parameter.
func (s *Stmt) BindNull(param int) error {
	return s.check(sqlite3.Xsqlite3_bind_null(s.db.tls, s.stmt, int32(param)))
}

// BindColumn binds a copy of column i of the row of another statement, which
// may be one of another connection.
func (s *Stmt) BindColumn(param int, from *Stmt, i int) error {
	value := sqlite3.Xsqlite3_column_value(from.db.tls, from.stmt, int32(i))
	return s.check(sqlite3.Xsqlite3_bind_value(s.db.tls, s.stmt, int32(param), value))
}

// check makes an error of a result code.
func (s *Stmt) check(rc int32) error {
	if rc != sqlite3.SQLITE_OK {
		return newError(s.db.tls, s.db.db, rc)
	}
	return nil
}
