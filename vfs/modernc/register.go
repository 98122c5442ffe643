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
	"fmt"
	"sync"
	"unsafe"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// VFSName is the name of the SQLite VFS that importing this package registers.
const VFSName = "pageseal"

// The method table that SQLite holds the address of; Go does not move it.
var (
	ioMethods     = newIOMethods()
	ioMethodsAddr = addressOf(&ioMethods)
)

// registered are the names of our VFSes.
var registered struct {
	sync.Mutex
	byName map[string]bool
}

func init() {
	if err := Register(VFSName, ""); err != nil {
		panic("modernc: cannot register the VFS: " + err.Error())
	}
	tls := libc.NewTLS()
	defer tls.Close()
	if rc := sqlite3.Xsqlite3_auto_extension(tls, code(&fOpened)); rc != sqlite3.SQLITE_OK {
		panic("modernc: cannot watch connections")
	}
}

// Register makes SQLite know an encrypting VFS of that name over another one;
// an empty base is the VFS of the operating system. A name can be registered
// once. Safe for concurrent use.
func Register(name, base string) error {
	registered.Lock()
	defer registered.Unlock()
	if registered.byName[name] {
		return fmt.Errorf("modernc: the VFS %q is registered already", name)
	}
	tls := libc.NewTLS()
	defer tls.Close()
	if err := check(sqlite3.Xsqlite3_initialize(tls)); err != nil {
		return err
	}
	below, err := findVFS(tls, base)
	if err != nil {
		return err
	}
	zName, err := libc.CString(name) // never freed: SQLite keeps it
	if err != nil {
		return err
	}
	// Randomness, time, dynamic libraries and system calls stay those of the
	// VFS below.
	v := *at[sqlite3.Tsqlite3_vfs](below)
	v.FzName, v.FpNext, v.FpAppData = zName, 0, below
	v.FszOsFile += lowerOffset
	v.FxOpen, v.FxDelete = code(&fOpen), code(&fDelete)
	v.FxAccess, v.FxFullPathname = code(&fAccess), code(&fFullPathname)
	// In the engine's memory, and never freed: SQLite keeps the address.
	addr := sqlite3.Xsqlite3_malloc(tls, int32(unsafe.Sizeof(v)))
	if addr == 0 {
		return vfs.CodeIOErrNoMem
	}
	*at[sqlite3.Tsqlite3_vfs](addr) = v
	if registered.byName == nil {
		registered.byName = map[string]bool{}
	}
	registered.byName[name] = true
	return check(sqlite3.Xsqlite3_vfs_register(tls, addr, 0))
}

// isRegistered tells whether a VFS is one of ours.
func isRegistered(name string) bool {
	registered.Lock()
	defer registered.Unlock()
	return registered.byName[name]
}

func findVFS(tls *libc.TLS, name string) (uintptr, error) {
	var zName uintptr
	if name != "" {
		var err error
		if zName, err = libc.CString(name); err != nil {
			return 0, err
		}
		defer libc.Xfree(tls, zName)
	}
	if found := sqlite3.Xsqlite3_vfs_find(tls, zName); found != 0 {
		return found, nil
	}
	return 0, fmt.Errorf("modernc: there is no VFS %q", name)
}

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

// below is the VFS under one of ours: its address, which its methods want, and
// the structure.
func below(ours uintptr) (uintptr, *sqlite3.Tsqlite3_vfs) {
	addr := at[sqlite3.Tsqlite3_vfs](ours).FpAppData
	return addr, at[sqlite3.Tsqlite3_vfs](addr)
}

func xDelete(tls *libc.TLS, ours, name uintptr, sync int32) int32 {
	addr, v := below(ours)
	return function[deleteFunc](v.FxDelete)(tls, addr, name, sync)
}

func xAccess(tls *libc.TLS, ours, name uintptr, flags int32, out uintptr) int32 {
	addr, v := below(ours)
	return function[accessFunc](v.FxAccess)(tls, addr, name, flags, out)
}

func xFullPathname(tls *libc.TLS, ours, name uintptr, n int32, out uintptr) int32 {
	addr, v := below(ours)
	return function[pathnameFunc](v.FxFullPathname)(tls, addr, name, n, out)
}
