package ncruces

import (
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs"
)

// belowError is an error of the VFS below. It says its result code to the
// engine only as it is, so it must come out of the wrappers unchanged.
type belowError struct{ error }

func (e belowError) Unwrap() error { return e.error }

// below marks an error of the VFS below. A full disk is told by the code that
// SQLite has for it, which the engine does for a bare errno alone.
func below(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return vfs.CodeFull
	}
	return belowError{err}
}

// result is what SQLite is told of an error: the code that stands for it, with
// the error itself for the few codes that the engine keeps a cause of.
func result(err error, fallback vfs.Code) error {
	if err == nil {
		return nil
	}
	var from belowError
	code := vfs.CodeOf(err, 0)
	switch {
	case code != 0:
	case errors.As(err, &from):
		return from.error
	default:
		code = fallback
	}
	return sqlitevfs.SystemError(err, sqlite3.ExtendedErrorCode(code))
}
