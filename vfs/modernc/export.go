package modernc

import (
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	fExport    = export
	exportName = mustCString(convert.ExportName)
)

// addExport makes the function sqlcipher_export known to a connection.
func addExport(tls *libc.TLS, db uintptr) int32 {
	const flags = sqlite3.SQLITE_UTF8 | sqlite3.SQLITE_DIRECTONLY
	return sqlite3.Xsqlite3_create_function_v2(tls, db, exportName, -1, flags, 0, code(&fExport), 0, 0, 0)
}

// export is the function sqlcipher_export.
func export(tls *libc.TLS, ctx uintptr, n int32, values uintptr) {
	var args []*string
	for i := range uintptr(n) {
		args = append(args, textOf(tls, *at[uintptr](values + i*pointerSize)))
	}
	err := convert.Function(handle{tls, sqlite3.Xsqlite3_context_db_handle(tls, ctx)}, args...)
	if err == nil {
		return // NULL
	}
	message := sqliteString(tls, err.Error())
	sqlite3.Xsqlite3_result_error(tls, ctx, message, -1)
	sqlite3.Xsqlite3_free(tls, message)
	sqlite3.Xsqlite3_result_error_code(tls, ctx, result(err, vfs.CodeError))
}

// textOf is the text of a sqlite3_value, nil for NULL.
func textOf(tls *libc.TLS, value uintptr) *string {
	p := sqlite3.Xsqlite3_value_text(tls, value)
	if p == 0 {
		return nil
	}
	s := libc.GoString(p)
	return &s
}

// handle is a sqlite3, to run SQL on from within one of its calls.
type handle struct {
	tls *libc.TLS
	db  uintptr
}

var _ convert.Conn = handle{}

// sqlError is what SQLite says of a statement.
type sqlError struct {
	message string
	code    vfs.Code
}

func (e *sqlError) Error() string { return e.message }

func (e *sqlError) Unwrap() error { return e.code }

func (h handle) check(rc int32) error {
	if rc == sqlite3.SQLITE_OK {
		return nil
	}
	return &sqlError{libc.GoString(sqlite3.Xsqlite3_errmsg(h.tls, h.db)), vfs.Code(rc)}
}

// Query is of convert.Conn.
func (h handle) Query(sql string) (rows [][]string, err error) {
	tls := h.tls
	z := sqliteString(tls, sql)
	out := sqlite3.Xsqlite3_malloc(tls, int32(pointerSize))
	defer sqlite3.Xsqlite3_free(tls, out)
	defer sqlite3.Xsqlite3_free(tls, z)
	if z == 0 || out == 0 {
		return nil, vfs.CodeIOErrNoMem
	}
	if err := h.check(sqlite3.Xsqlite3_prepare_v2(tls, h.db, z, -1, out, 0)); err != nil {
		return nil, err
	}
	stmt := *at[uintptr](out)
	for sqlite3.Xsqlite3_step(tls, stmt) == sqlite3.SQLITE_ROW {
		row := make([]string, sqlite3.Xsqlite3_column_count(tls, stmt))
		for i := range row {
			p := sqlite3.Xsqlite3_column_text(tls, stmt, int32(i))
			row[i] = string(bytesAt(p, int(sqlite3.Xsqlite3_column_bytes(tls, stmt, int32(i)))))
		}
		rows = append(rows, row)
	}
	return rows, h.check(sqlite3.Xsqlite3_finalize(tls, stmt))
}

// Config is of convert.Conn.
func (h handle) Config(option int, on bool) (was bool, err error) {
	const slot = 8 // bytes of an argument
	args := sqlite3.Xsqlite3_malloc(h.tls, 3*slot)
	if args == 0 {
		return false, vfs.CodeIOErrNoMem
	}
	defer sqlite3.Xsqlite3_free(h.tls, args)
	now := args + 2*slot
	config := func(value int32) error {
		return h.check(sqlite3.Xsqlite3_db_config(h.tls, h.db, int32(option), libc.VaList(args, value, now)))
	}
	if err := config(-1); err != nil { // which asks
		return false, err
	}
	was = *at[int32](now) != 0
	if on {
		return was, config(1)
	}
	return was, config(0)
}

// Quietly is of convert.Conn. A trace would show statements that nobody wrote.
func (h handle) Quietly(f func() error) error {
	db := at[sqlite3.Tsqlite3](h.db)
	rowid, changes, total, trace := db.FlastRowid, db.FnChange, db.FnTotalChange, db.FmTrace
	db.FmTrace = 0
	defer func() { db.FlastRowid, db.FnChange, db.FnTotalChange, db.FmTrace = rowid, changes, total, trace }()
	return f()
}
