package capi

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// How to open a database: the flags of sqlite3_open_v2 that a shell chooses
// between.
const (
	OpenReadOnly  = sqlite3.SQLITE_OPEN_READONLY  // SQLITE_OPEN_READONLY
	OpenReadWrite = sqlite3.SQLITE_OPEN_READWRITE // SQLITE_OPEN_READWRITE
	OpenCreate    = sqlite3.SQLITE_OPEN_CREATE    // SQLITE_OPEN_CREATE, only with OpenReadWrite
	OpenNoFollow  = sqlite3.SQLITE_OPEN_NOFOLLOW  // SQLITE_OPEN_NOFOLLOW: no symbolic links
)

// DB is a connection.
type DB struct {
	// tls stands for the C thread that all calls on the connection claim to
	// run on.
	tls *libc.TLS
	db  uintptr // sqlite3*

	// mu keeps Close from pulling the connection away under Interrupt.
	mu sync.Mutex
}

// Open opens a database file, or a URI of one, through the named VFS. An empty
// vfs means SQLite's default. Result codes stay unextended, because a shell
// prints them.
func Open(name, vfs string, flags int) (*DB, error) {
	tls := libc.NewTLS()
	db, err := open(tls, name, vfs, flags)
	if err != nil {
		tls.Close()
		return nil, err
	}
	return &DB{tls: tls, db: db}, nil
}

func open(tls *libc.TLS, name, vfs string, flags int) (uintptr, error) {
	zName := mustCString(name)
	defer libc.Xfree(tls, zName)
	var zVfs uintptr
	if vfs != "" {
		zVfs = mustCString(vfs)
		defer libc.Xfree(tls, zVfs)
	}
	ppDb := mustMalloc(tls, ptrSize)
	defer libc.Xfree(tls, ppDb)

	rc := sqlite3.Xsqlite3_open_v2(tls, zName, ppDb, int32(flags)|sqlite3.SQLITE_OPEN_URI, zVfs)
	db := readPtr(ppDb)
	if rc == sqlite3.SQLITE_OK {
		return db, nil
	}
	err := newError(tls, db, rc)
	// A failed open leaves a connection behind, to hold the message.
	sqlite3.Xsqlite3_close(tls, db)
	return 0, err
}

// Close closes the connection. It fails, and leaves the connection open, while
// statements are not finalized. Closing twice is harmless.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db == 0 {
		return nil
	}
	if rc := sqlite3.Xsqlite3_close(d.tls, d.db); rc != sqlite3.SQLITE_OK {
		return newError(d.tls, d.db, rc)
	}
	d.db = 0
	d.tls.Close()
	return nil
}

// Interrupt makes the running statement, if there is one, fail soon with
// SQLITE_INTERRUPT. Any goroutine may call it, also after Close.
func (d *DB) Interrupt() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db == 0 {
		return
	}
	// The connection's own tls may be in use by the very statement that is
	// to be interrupted.
	tls := libc.NewTLS()
	defer tls.Close()
	sqlite3.Xsqlite3_interrupt(tls, d.db)
}

// ErrorOffset returns the byte of its statement's text that the last error of
// the connection is about, or -1. [Error] carries the same number.
func (d *DB) ErrorOffset() int {
	return int(sqlite3.Xsqlite3_error_offset(d.tls, d.db))
}

// Changes returns the number of rows that the last INSERT, UPDATE or DELETE
// changed.
func (d *DB) Changes() int64 {
	return sqlite3.Xsqlite3_changes64(d.tls, d.db)
}

// TotalChanges returns the number of rows changed since the connection was
// opened, by triggers too.
func (d *DB) TotalChanges() int64 {
	return sqlite3.Xsqlite3_total_changes64(d.tls, d.db)
}
