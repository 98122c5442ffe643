package capi

import (
	"errors"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Error is a failed call into SQLite.
type Error struct {
	// Code is the result code of the call, without its extension: the
	// number that sqlite3 and sqlcipher print in parentheses.
	Code int
	// Extended is the result code with its extension, such as 2067 for a
	// violated UNIQUE constraint where Code is 19.
	Extended int
	// Message is SQLite's own text.
	Message string
	// Offset is the byte in the statement's text that the error is about,
	// or -1 where it is about none.
	Offset int
}

// Error returns SQLite's text and nothing else: a shell puts its own words and
// the code around it.
func (e *Error) Error() string { return e.Message }

// Code returns the primary result code behind err: 0 for nil, and SQLITE_ERROR
// (1) for an error that did not come from SQLite.
func Code(err error) int {
	var e *Error
	switch {
	case err == nil:
		return sqlite3.SQLITE_OK
	case errors.As(err, &e):
		return e.Code
	}
	return sqlite3.SQLITE_ERROR
}

// newError collects what the connection knows about the call that returned rc.
// It must run before the next call on the connection, which forgets it.
func newError(tls *libc.TLS, db uintptr, rc int32) *Error {
	e := &Error{Code: int(rc), Extended: int(rc), Offset: -1}
	if db == 0 {
		e.Message = libc.GoString(sqlite3.Xsqlite3_errstr(tls, rc))
		return e
	}
	e.Message = libc.GoString(sqlite3.Xsqlite3_errmsg(tls, db))
	e.Offset = int(sqlite3.Xsqlite3_error_offset(tls, db))
	if ext := sqlite3.Xsqlite3_extended_errcode(tls, db); ext&0xff == rc {
		e.Extended = int(ext)
	}
	return e
}
