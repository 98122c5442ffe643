package vfs

import (
	"errors"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
)

// Code is a SQLite result code as an error, see https://sqlite.org/rescode.html.
type Code int

// Result codes that the wrappers return or look for.
const (
	CodeError      Code = 1   // SQLITE_ERROR
	CodeReadOnly   Code = 8   // SQLITE_READONLY
	CodeIOErr      Code = 10  // SQLITE_IOERR
	CodeCorrupt    Code = 11  // SQLITE_CORRUPT
	CodeFull       Code = 13  // SQLITE_FULL
	CodeCantOpen   Code = 14  // SQLITE_CANTOPEN
	CodeNotADB     Code = 26  // SQLITE_NOTADB
	CodeIOErrRead  Code = 266 // SQLITE_IOERR_READ
	CodeShortRead  Code = 522 // SQLITE_IOERR_SHORT_READ
	CodeIOErrWrite Code = 778 // SQLITE_IOERR_WRITE
	CodeIOErrTrunc Code = 1546
	CodeIOErrFstat Code = 1802
	CodeIOErrNoMem Code = 3082
	CodeIOErrData  Code = CodeIOErr | 32<<8 // SQLITE_IOERR_DATA
)

func (c Code) Error() string { return fmt.Sprintf("SQLite result code %d", int(c)) }

// CodeOf is the result code under which SQLite is told of an error: that of
// SQLCipher where it has one, that of the file below where it failed, else
// fallback. nil is 0.
func CodeOf(err error, fallback Code) Code {
	var code Code
	var page *compat.PageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, io.EOF):
		return CodeShortRead
	case errors.Is(err, compat.ErrJournal):
		return CodeIOErrData
	case errors.As(err, &page):
		if page.Pgno == 1 {
			return CodeNotADB
		}
		return CodeCorrupt
	case errors.Is(err, compat.ErrNoKey), errors.Is(err, compat.ErrWrongKey),
		errors.Is(err, compat.ErrPlaintext), errors.Is(err, compat.ErrShortFile):
		return CodeNotADB
	case errors.Is(err, compat.ErrKeyspec), errors.Is(err, compat.ErrSetting),
		errors.Is(err, compat.ErrUnknownParam), errors.Is(err, compat.ErrKeyState),
		errors.Is(err, compat.ErrUnavailable):
		return CodeError
	case errors.Is(err, ErrOtherEngine):
		return CodeCantOpen
	case errors.As(err, &code):
		return code
	}
	return fallback
}
