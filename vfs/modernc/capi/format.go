package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// AppendReal appends a floating point number with all the digits that SQLite
// can tell, so that reading them gives the same number.
func AppendReal(dst []byte, v float64) []byte {
	const size = 64
	tls := libc.NewTLS()
	defer tls.Close()
	format := mustCString("%!.20g")
	defer libc.Xfree(tls, format)
	buf := mustMalloc(tls, size)
	defer libc.Xfree(tls, buf)
	va := libc.NewVaList(v)
	defer libc.Xfree(tls, va)
	sqlite3.Xsqlite3_snprintf(tls, size, buf, format, va)
	return append(dst, libc.GoString(buf)...)
}
