package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// TxnState is what a transaction has done to a database so far.
type TxnState int

// The states of sqlite3_txn_state.
const (
	TxnNone  TxnState = sqlite3.SQLITE_TXN_NONE
	TxnRead  TxnState = sqlite3.SQLITE_TXN_READ
	TxnWrite TxnState = sqlite3.SQLITE_TXN_WRITE
)

// TxnState returns the state of the named database, as in "main".
func (d *DB) TxnState(database string) TxnState {
	z := mustCString(database)
	defer libc.Xfree(d.tls, z)
	return TxnState(sqlite3.Xsqlite3_txn_state(d.tls, d.db, z))
}

// ReadOnly reports whether the named database cannot be written.
func (d *DB) ReadOnly(database string) bool {
	z := mustCString(database)
	defer libc.Xfree(d.tls, z)
	return sqlite3.Xsqlite3_db_readonly(d.tls, d.db, z) != 0
}

// Autocommit reports whether no transaction was begun.
func (d *DB) Autocommit() bool {
	return sqlite3.Xsqlite3_get_autocommit(d.tls, d.db) != 0
}

// HasColumn reports whether a table has a column of that name, be it one of
// the names of the rowid. An empty database means the first that has the table.
func (d *DB) HasColumn(database, table, column string) bool {
	var zDatabase uintptr
	if database != "" {
		zDatabase = mustCString(database)
		defer libc.Xfree(d.tls, zDatabase)
	}
	zTable, zColumn := mustCString(table), mustCString(column)
	defer libc.Xfree(d.tls, zTable)
	defer libc.Xfree(d.tls, zColumn)
	return sqlite3.Xsqlite3_table_column_metadata(d.tls, d.db, zDatabase, zTable, zColumn,
		0, 0, 0, 0, 0) == sqlite3.SQLITE_OK
}

// DataVersion returns a number that changes when another connection changes
// the named database.
func (d *DB) DataVersion(database string) uint32 {
	z := mustCString(database)
	defer libc.Xfree(d.tls, z)
	out := mustMalloc(d.tls, 8)
	defer libc.Xfree(d.tls, out)
	sqlite3.Xsqlite3_file_control(d.tls, d.db, z, sqlite3.SQLITE_FCNTL_DATA_VERSION, out)
	return *(*uint32)(pointer(out))
}

// VFSName returns the names of the VFSes that the named database is read
// through, the outer one first.
func (d *DB) VFSName(database string) string {
	z := mustCString(database)
	defer libc.Xfree(d.tls, z)
	out := mustMalloc(d.tls, ptrSize)
	defer libc.Xfree(d.tls, out)
	sqlite3.Xsqlite3_file_control(d.tls, d.db, z, sqlite3.SQLITE_FCNTL_VFSNAME, out)
	p := readPtr(out)
	if p == 0 {
		return ""
	}
	defer sqlite3.Xsqlite3_free(d.tls, p)
	return libc.GoString(p)
}
