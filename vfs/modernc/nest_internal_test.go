package modernc

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Every connection of the tests has the function nested(sql, parameters...),
// which carries out a statement within the one that calls it.
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	if sqlite3.Xsqlite3_auto_extension(tls, code(&fNest)) != sqlite3.SQLITE_OK {
		panic("modernc: no nested statements")
	}
}

var (
	nestName = mustCString("nested")
	fNest    = func(tls *libc.TLS, db, _, _ uintptr) int32 {
		return sqlite3.Xsqlite3_create_function(tls, db, nestName, -1, sqlite3.SQLITE_UTF8, 0, code(&fNested), 0, 0)
	}
	fNested = nested
)

func nested(tls *libc.TLS, ctx uintptr, argc int32, argv uintptr) {
	db := sqlite3.Xsqlite3_context_db_handle(tls, ctx)
	out := sqlite3.Xsqlite3_malloc(tls, 8)
	defer sqlite3.Xsqlite3_free(tls, out)
	arg := func(i int32) uintptr { return *at[uintptr](argv + uintptr(i)*ptrSize) }
	sql := sqlite3.Xsqlite3_value_text(tls, arg(0))
	rc := sqlite3.Xsqlite3_prepare_v2(tls, db, sql, -1, out, 0)
	if rc == sqlite3.SQLITE_OK {
		stmt := *at[uintptr](out)
		for i := int32(1); i < argc; i++ {
			sqlite3.Xsqlite3_bind_value(tls, stmt, i, arg(i))
		}
		for rc = sqlite3.SQLITE_ROW; rc == sqlite3.SQLITE_ROW; {
			rc = sqlite3.Xsqlite3_step(tls, stmt)
		}
		rc = sqlite3.Xsqlite3_finalize(tls, stmt)
	}
	if rc != sqlite3.SQLITE_OK {
		sqlite3.Xsqlite3_result_error_code(tls, ctx, rc)
		return
	}
	sqlite3.Xsqlite3_result_zeroblob(tls, ctx, 0)
}

const ptrSize = 4 << (^uintptr(0) >> 63) // bytes
