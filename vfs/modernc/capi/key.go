package capi

import (
	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Pragmas returns the names of the pragmas that encryption adds to SQLite's.
func Pragmas() []string { return vfs.Pragmas() }

// Key does to the named database what PRAGMA key does, without a text of SQL
// that would hold the key.
func (d *DB) Key(database, keyspec string) error {
	// The array that SQLite hands to a file control for a pragma: the reply,
	// the name, the value.
	const name = "key"
	zDatabase, zName, zKey := mustCString(database), mustCString(name), mustCString(keyspec)
	defer libc.Xfree(d.tls, zDatabase)
	defer libc.Xfree(d.tls, zName)
	defer func() {
		clear(view(zKey, len(keyspec)))
		libc.Xfree(d.tls, zKey)
	}()
	args := mustMalloc(d.tls, 3*ptrSize)
	defer libc.Xfree(d.tls, args)
	at := func(i uintptr) *uintptr { return (*uintptr)(pointer(args + i*uintptr(ptrSize))) }
	*at(1), *at(2) = zName, zKey

	rc := sqlite3.Xsqlite3_file_control(d.tls, d.db, zDatabase, sqlite3.SQLITE_FCNTL_PRAGMA, args)
	reply := *at(0)
	defer sqlite3.Xsqlite3_free(d.tls, reply) // nothing for none
	if rc == sqlite3.SQLITE_OK {
		return nil
	}
	err := &Error{Code: int(rc & 0xff), Extended: int(rc), Message: "no database takes a key here", Offset: -1}
	if reply != 0 && rc != sqlite3.SQLITE_NOTFOUND {
		err.Message = libc.GoString(reply)
	}
	return err
}
