package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Type is the storage class of a value.
type Type int

// The storage classes.
const (
	Integer Type = sqlite3.SQLITE_INTEGER
	Float   Type = sqlite3.SQLITE_FLOAT
	Text    Type = sqlite3.SQLITE_TEXT
	Blob    Type = sqlite3.SQLITE_BLOB
	Null    Type = sqlite3.SQLITE_NULL
)

// ColumnCount returns the number of columns of the result, zero for a
// statement that returns no rows.
func (s *Stmt) ColumnCount() int {
	return int(sqlite3.Xsqlite3_column_count(s.db.tls, s.stmt))
}

// ColumnName returns the name of column i, from 0.
func (s *Stmt) ColumnName(i int) string {
	return libc.GoString(sqlite3.Xsqlite3_column_name(s.db.tls, s.stmt, int32(i)))
}

// ColumnType returns the storage class of column i of the row. Ask before any
// of the methods that convert: they may change the answer.
func (s *Stmt) ColumnType(i int) Type {
	return Type(sqlite3.Xsqlite3_column_type(s.db.tls, s.stmt, int32(i)))
}

// ColumnText returns column i of the row as SQLite writes it in text, and
// whether it is NULL. The text of a blob is its bytes; NULs are kept.
func (s *Stmt) ColumnText(i int) (text string, isNull bool) {
	if s.ColumnType(i) == Null {
		return "", true
	}
	return string(s.text(i)), false
}

// AppendText appends what ColumnText returns to dst, without the copy in
// between. It appends nothing for NULL.
func (s *Stmt) AppendText(dst []byte, i int) (text []byte, isNull bool) {
	if s.ColumnType(i) == Null {
		return dst, true
	}
	return append(dst, s.text(i)...), false
}

// text is the text of column i in SQLite's memory.
func (s *Stmt) text(i int) []byte {
	// The order matters: the text must exist before its length is asked for.
	p := sqlite3.Xsqlite3_column_text(s.db.tls, s.stmt, int32(i))
	return view(p, int(sqlite3.Xsqlite3_column_bytes(s.db.tls, s.stmt, int32(i))))
}

// ColumnBlob returns a copy of the bytes of column i of the row, nil for NULL
// and for an empty blob.
func (s *Stmt) ColumnBlob(i int) []byte {
	p := sqlite3.Xsqlite3_column_blob(s.db.tls, s.stmt, int32(i))
	n := int(sqlite3.Xsqlite3_column_bytes(s.db.tls, s.stmt, int32(i)))
	return append([]byte(nil), view(p, n)...)
}

// ColumnInt64 returns column i of the row as an integer.
func (s *Stmt) ColumnInt64(i int) int64 {
	return sqlite3.Xsqlite3_column_int64(s.db.tls, s.stmt, int32(i))
}

// ColumnDouble returns column i of the row as a floating point number.
func (s *Stmt) ColumnDouble(i int) float64 {
	return sqlite3.Xsqlite3_column_double(s.db.tls, s.stmt, int32(i))
}
