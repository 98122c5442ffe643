package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// backupPages is how much of a database is copied under one lock.
const backupPages = 100

// Backup copies a database of src over one of dst, page by page. While the
// source is busy it asks retry, which waits and says whether to go on.
func Backup(dst *DB, dstName string, src *DB, srcName string, retry func() bool) error {
	zDst, zSrc := mustCString(dstName), mustCString(srcName)
	defer libc.Xfree(dst.tls, zDst)
	defer libc.Xfree(dst.tls, zSrc)
	b := sqlite3.Xsqlite3_backup_init(dst.tls, dst.db, zDst, src.db, zSrc)
	if b == 0 {
		return newError(dst.tls, dst.db, sqlite3.Xsqlite3_errcode(dst.tls, dst.db))
	}
	for {
		rc := sqlite3.Xsqlite3_backup_step(dst.tls, b, backupPages)
		if rc == sqlite3.SQLITE_OK || rc == sqlite3.SQLITE_BUSY && retry() {
			continue
		}
		sqlite3.Xsqlite3_backup_finish(dst.tls, b)
		if rc == sqlite3.SQLITE_DONE {
			return nil
		}
		return newError(dst.tls, dst.db, rc)
	}
}
