// Package modernc puts the encrypting file layer under modernc.org/sqlite.
//
// Importing it registers the SQLite VFS "pageseal" and the database/sql driver
// "pageseal". With the driver of modernc.org/sqlite the VFS is chosen in the
// URI:
//
//	db, err := sql.Open("sqlite", "file:clinic.db?vfs=pageseal&key=correct%20horse")
//
// The driver of this package is stricter: it opens nothing without a key,
// tells what is wrong by typed errors (package compat), and takes the key
// outside of the data source name:
//
//	connector, err := modernc.NewConnector("clinic.db", modernc.Passphrase(secret))
//	db := sql.OpenDB(connector)
//
// A program that imports this package must use the version of
// modernc.org/libc that modernc.org/sqlite asks for, as that one does.
package modernc

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// VFSName is the name of the SQLite VFS that importing this package registers.
const VFSName = "pageseal"

// The tables that SQLite holds the addresses of; Go does not move variables.
var (
	ioMethods     = newIOMethods()
	ioMethodsAddr = addressOf(ioMethods)
	ourVFS        sqlite3.Tsqlite3_vfs
	baseVFS       uintptr // sqlite3_vfs of the operating system
)

func init() {
	if err := register(); err != nil {
		panic("modernc: cannot register the VFS: " + err.Error())
	}
}

var register = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	if err := check(sqlite3.Xsqlite3_initialize(tls)); err != nil {
		return err
	}
	name, err := libc.CString(VFSName) // never freed: SQLite keeps it
	if err != nil {
		return err
	}
	baseVFS = sqlite3.Xsqlite3_vfs_find(tls, 0)
	// Randomness, time, dynamic libraries and system calls stay those of the
	// operating system's VFS.
	ourVFS = *at[sqlite3.Tsqlite3_vfs](baseVFS)
	ourVFS.FzName = name
	ourVFS.FpNext = 0
	ourVFS.FszOsFile += lowerOffset
	ourVFS.FxOpen = code(&fOpen)
	ourVFS.FxDelete = code(&fDelete)
	ourVFS.FxAccess = code(&fAccess)
	ourVFS.FxFullPathname = code(&fFullPathname)
	return check(sqlite3.Xsqlite3_vfs_register(tls, addressOf(&ourVFS), 0))
})

// The methods of the VFS, see https://sqlite.org/c3ref/vfs.html.
var (
	fOpen         = xOpen
	fDelete       = xDelete
	fAccess       = xAccess
	fFullPathname = xFullPathname
)

type (
	openFunc     = func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	deleteFunc   = func(*libc.TLS, uintptr, uintptr, int32) int32
	accessFunc   = func(*libc.TLS, uintptr, uintptr, int32, uintptr) int32
	pathnameFunc = func(*libc.TLS, uintptr, uintptr, int32, uintptr) int32
)

func base() *sqlite3.Tsqlite3_vfs { return at[sqlite3.Tsqlite3_vfs](baseVFS) }

func xDelete(tls *libc.TLS, _, name uintptr, sync int32) int32 {
	return function[deleteFunc](base().FxDelete)(tls, baseVFS, name, sync)
}

func xAccess(tls *libc.TLS, _, name uintptr, flags int32, out uintptr) int32 {
	return function[accessFunc](base().FxAccess)(tls, baseVFS, name, flags, out)
}

func xFullPathname(tls *libc.TLS, _, name uintptr, n int32, out uintptr) int32 {
	return function[pathnameFunc](base().FxFullPathname)(tls, baseVFS, name, n, out)
}
