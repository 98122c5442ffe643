// Package capi is a thin typed handle on SQLite's C interface, as transpiled
// by modernc.org/sqlite.
//
// It exists for the SQL shell. database/sql hides what a shell prints: where a
// statement ends in its text, the byte offset of a syntax error, the
// difference between a statement that failed to compile and one that failed
// while running, and the text SQLite itself makes of a number. Programs that
// only want rows should use database/sql.
//
// A DB and its statements belong to one goroutine at a time. [DB.Interrupt] is
// the exception: any goroutine may call it at any time.
package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// LibVersion returns the version of the embedded SQLite, as in "3.54.1".
func LibVersion() string {
	tls := libc.NewTLS()
	defer tls.Close()
	return libc.GoString(sqlite3.Xsqlite3_libversion(tls))
}

// SourceID returns the date and hash of the check-in the embedded SQLite was
// built from.
func SourceID() string {
	tls := libc.NewTLS()
	defer tls.Close()
	return libc.GoString(sqlite3.Xsqlite3_sourceid(tls))
}

// Complete reports whether sql ends in a complete statement: a semicolon that
// is outside of strings, comments and trigger bodies. It does not parse.
func Complete(sql string) bool {
	tls := libc.NewTLS()
	defer tls.Close()
	// SQLite 3.54 takes "select 1; -- done" for incomplete, since the comment
	// could go on. Older ones took the end of the text for the end of the
	// comment, as a reader of lines must.
	z := mustCString(sql + "\n")
	defer libc.Xfree(tls, z)
	return sqlite3.Xsqlite3_complete(tls, z) != 0
}

// IsKeyword reports whether word is a keyword of SQL, so that it must be quoted
// to serve as a name.
func IsKeyword(word string) bool {
	tls := libc.NewTLS()
	defer tls.Close()
	z := mustCString(word)
	defer libc.Xfree(tls, z)
	return sqlite3.Xsqlite3_keyword_check(tls, z, int32(len(word))) != 0
}

// Keywords returns the keywords of SQL, in upper case.
func Keywords() []string {
	tls := libc.NewTLS()
	defer tls.Close()
	out := mustMalloc(tls, 2*ptrSize)
	defer libc.Xfree(tls, out)
	var words []string
	for i := range sqlite3.Xsqlite3_keyword_count(tls) {
		if sqlite3.Xsqlite3_keyword_name(tls, i, out, out+uintptr(ptrSize)) == sqlite3.SQLITE_OK {
			n := *(*int32)(pointer(out + uintptr(ptrSize)))
			words = append(words, string(view(readPtr(out), int(n))))
		}
	}
	return words
}
