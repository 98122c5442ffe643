package modernc

import (
	"unsafe"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// xFileControl answers what concerns encryption and passes on what is known to
// be harmless; see https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html.
func xFileControl(tls *libc.TLS, addr uintptr, op int32, arg uintptr) int32 {
	f := lookup(tls, addr)
	switch op {
	case sqlite3.SQLITE_FCNTL_PRAGMA:
		return f.pragma(tls, arg)
	case sqlite3.SQLITE_FCNTL_PDB:
		if f.db != nil {
			f.join(tls, arg)
			f.eraseDeleted()
			f.freeLayout()
		}
		return f.control(tls, op, arg)
	case sqlite3.SQLITE_FCNTL_VFSNAME:
		return f.vfsName(tls, arg)
	case sqlite3.SQLITE_FCNTL_MMAP_SIZE:
		*at[int64](arg) = 0 // nothing is ever mapped
		return sqlite3.SQLITE_OK
	case sqlite3.SQLITE_FCNTL_SYNC:
		if f.db != nil {
			if err := f.db.Flush(); err != nil {
				return result(err, vfs.CodeIOErrWrite)
			}
		}
		return f.control(tls, op, arg)
	case sqlite3.SQLITE_FCNTL_CKPT_START, sqlite3.SQLITE_FCNTL_CKPT_DONE:
		f.checkpoint(op == sqlite3.SQLITE_FCNTL_CKPT_START)
		return f.control(tls, op, arg)
	case sqlite3.SQLITE_FCNTL_CHUNK_SIZE, sqlite3.SQLITE_FCNTL_SIZE_HINT:
		if f.db != nil && f.db.Encrypted() {
			return sqlite3.SQLITE_OK // would grow the file by pages that do not verify
		}
		return f.control(tls, op, arg)
	case sqlite3.SQLITE_FCNTL_LOCKSTATE, sqlite3.SQLITE_FCNTL_LAST_ERRNO,
		sqlite3.SQLITE_FCNTL_PERSIST_WAL, sqlite3.SQLITE_FCNTL_POWERSAFE_OVERWRITE,
		sqlite3.SQLITE_FCNTL_OVERWRITE, sqlite3.SQLITE_FCNTL_BUSYHANDLER,
		sqlite3.SQLITE_FCNTL_TEMPFILENAME, sqlite3.SQLITE_FCNTL_HAS_MOVED,
		sqlite3.SQLITE_FCNTL_COMMIT_PHASETWO,
		sqlite3.SQLITE_FCNTL_WIN32_AV_RETRY, sqlite3.SQLITE_FCNTL_LOCK_TIMEOUT,
		sqlite3.SQLITE_FCNTL_BLOCK_ON_CONNECT, sqlite3.SQLITE_FCNTL_EXTERNAL_READER:
		return f.control(tls, op, arg)
	}
	return sqlite3.SQLITE_NOTFOUND
}

// eraseDeleted has SQLite overwrite what is deleted from a database that is
// opened with a key, as PRAGMA key does. A pragma may turn it off again.
func (f *file) eraseDeleted() {
	if f.db.Encrypted() {
		f.shared().FbtsFlags |= sqlite3.BTS_SECURE_DELETE
	}
}

// freeLayout lets VACUUM lay out its target as it needs to: to SQLite the header
// that it was shown is the one of a file.
func (f *file) freeLayout() {
	if !f.db.Encrypted() {
		return
	}
	if a := f.connection().attaching(); a != nil && a.vacuum {
		f.shared().FbtsFlags &^= sqlite3.BTS_PAGESIZE_FIXED
	}
}

// shared is SQLite's structure over the file.
func (f *file) shared() *sqlite3.TBtShared {
	return at[sqlite3.TBtShared](f.pdb - unsafe.Offsetof(sqlite3.TBtShared{}.Fdb))
}

// control passes a file control on to the file below.
func (f *file) control(tls *libc.TLS, op int32, arg uintptr) int32 {
	return function[ctlFunc](f.low.methods().FxFileControl)(tls, f.low.file, op, arg)
}

// pragma hands a pragma to the database. arg is an array of reply, name and
// value.
func (f *file) pragma(tls *libc.TLS, arg uintptr) int32 {
	args := at[[3]uintptr](arg)
	if c := f.connection(); f.db == nil || c != nil && c.sizing {
		return sqlite3.SQLITE_NOTFOUND
	}
	var value *string
	if args[2] != 0 {
		v := libc.GoString(args[2])
		value = &v
	}
	reply, err := f.db.Pragma(libc.GoString(args[1]), value)
	switch {
	case err != nil:
		args[0] = sqliteString(tls, err.Error())
		return result(err, vfs.CodeError)
	case !reply.Handled:
		return sqlite3.SQLITE_NOTFOUND
	}
	if c := f.connection(); c != nil {
		c.answer = reply
	}
	if len(reply.Rows) > 0 {
		args[0] = sqliteString(tls, reply.Text())
	}
	return sqlite3.SQLITE_OK
}

// checkpoint tells the database where a checkpoint begins and ends.
func (f *file) checkpoint(start bool) {
	switch {
	case f.db == nil:
	case start:
		f.db.StartCheckpoint()
	default:
		f.db.EndCheckpoint()
	}
}

func (f *file) vfsName(tls *libc.TLS, arg uintptr) int32 {
	_, v := below(f.vfs)
	name := libc.GoString(at[sqlite3.Tsqlite3_vfs](f.vfs).FzName)
	*at[uintptr](arg) = sqliteString(tls, name+"/"+libc.GoString(v.FzName))
	return sqlite3.SQLITE_OK
}

// sqliteString copies a text into memory that SQLite frees.
func sqliteString(tls *libc.TLS, s string) uintptr {
	z := sqlite3.Xsqlite3_malloc(tls, int32(len(s)+1))
	if z != 0 {
		p := bytesAt(z, len(s)+1)
		copy(p, s)
		p[len(s)] = 0
	}
	return z
}
