package modernc

import (
	"io"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// The methods of an open file, see https://sqlite.org/c3ref/io_methods.html.
// Version 2 has shared memory but no memory-mapped reads, which would show
// SQLite the ciphertext.
var (
	fClose    plainFunc = xClose
	fRead     readFunc  = xRead
	fWrite    readFunc  = xWrite
	fTruncate longFunc  = xTruncate
	fSync     intFunc   = xSync
	fFileSize outFunc   = xFileSize
	fLock     intFunc   = xLock
	fUnlock   intFunc   = xUnlock
	fReserved outFunc   = xCheckReservedLock
	fControl  ctlFunc   = xFileControl
	fSector   plainFunc = xSectorSize
	fDevice   plainFunc = xDeviceCharacteristics

	fShmMap     shmMapFunc     = xShmMap
	fShmLock    shmLockFunc    = xShmLock
	fShmBarrier shmBarrierFunc = xShmBarrier
	fShmUnmap   intFunc        = xShmUnmap
)

type (
	shmMapFunc     = func(*libc.TLS, uintptr, int32, int32, int32, uintptr) int32
	shmLockFunc    = func(*libc.TLS, uintptr, int32, int32, int32) int32
	shmBarrierFunc = func(*libc.TLS, uintptr)
)

func newIOMethods() sqlite3.Tsqlite3_io_methods {
	return sqlite3.Tsqlite3_io_methods{
		FiVersion: 2,
		FxClose:   code(&fClose), FxRead: code(&fRead), FxWrite: code(&fWrite),
		FxTruncate: code(&fTruncate), FxSync: code(&fSync), FxFileSize: code(&fFileSize),
		FxLock: code(&fLock), FxUnlock: code(&fUnlock), FxCheckReservedLock: code(&fReserved),
		FxFileControl: code(&fControl), FxSectorSize: code(&fSector),
		FxDeviceCharacteristics: code(&fDevice),
		FxShmMap:                code(&fShmMap), FxShmLock: code(&fShmLock),
		FxShmBarrier: code(&fShmBarrier), FxShmUnmap: code(&fShmUnmap),
	}
}

// result is the code under which SQLite is told of an error.
func result(err error, fallback vfs.Code) int32 { return int32(vfs.CodeOf(err, fallback)) }

func xClose(tls *libc.TLS, addr uintptr) int32 {
	f := lookup(tls, addr)
	f.leave()
	err := f.core.Close()
	f.unclaim()
	open.remove(at[cFile](addr).number)
	at[cFile](addr).methods = 0
	return result(err, vfs.CodeIOErr)
}

func xRead(tls *libc.TLS, addr, buf uintptr, n int32, off int64) int32 {
	p := bytesAt(buf, int(n))
	got, err := lookup(tls, addr).core.ReadAt(p, off)
	if got == len(p) {
		return sqlite3.SQLITE_OK
	}
	clear(p[got:])
	if err == nil {
		err = io.EOF
	}
	return result(err, vfs.CodeIOErrRead)
}

func xWrite(tls *libc.TLS, addr, buf uintptr, n int32, off int64) int32 {
	_, err := lookup(tls, addr).core.WriteAt(bytesAt(buf, int(n)), off)
	return result(err, vfs.CodeIOErrWrite)
}

func xTruncate(tls *libc.TLS, addr uintptr, size int64) int32 {
	return result(lookup(tls, addr).core.Truncate(size), vfs.CodeIOErrTrunc)
}

func xSync(tls *libc.TLS, addr uintptr, flags int32) int32 {
	return result(lookup(tls, addr).core.Sync(int(flags)), vfs.CodeIOErr)
}

func xFileSize(tls *libc.TLS, addr, out uintptr) int32 {
	size, err := lookup(tls, addr).core.Size()
	*at[int64](out) = size
	return result(err, vfs.CodeIOErrFstat)
}

func xLock(tls *libc.TLS, addr uintptr, level int32) int32 {
	f := lookup(tls, addr)
	rc := function[intFunc](f.low.methods().FxLock)(tls, f.low.file, level)
	f.changed()
	if rc == sqlite3.SQLITE_OK && level >= sqlite3.SQLITE_LOCK_RESERVED {
		f.keepPageSize()
	}
	return rc
}

func xUnlock(tls *libc.TLS, addr uintptr, level int32) int32 {
	f := lookup(tls, addr)
	var err error
	if f.db != nil {
		err = f.db.Flush()
	}
	if f.db != nil && level == sqlite3.SQLITE_LOCK_NONE {
		f.db.Unlocked()
	}
	f.changed()
	if rc := result(err, vfs.CodeIOErrWrite); rc != sqlite3.SQLITE_OK {
		_ = function[intFunc](f.low.methods().FxUnlock)(tls, f.low.file, level)
		return rc
	}
	return function[intFunc](f.low.methods().FxUnlock)(tls, f.low.file, level)
}

func xCheckReservedLock(tls *libc.TLS, addr, out uintptr) int32 {
	f := lookup(tls, addr)
	return function[outFunc](f.low.methods().FxCheckReservedLock)(tls, f.low.file, out)
}

func xSectorSize(tls *libc.TLS, addr uintptr) int32 {
	f := lookup(tls, addr)
	return function[plainFunc](f.low.methods().FxSectorSize)(tls, f.low.file)
}

func xDeviceCharacteristics(tls *libc.TLS, addr uintptr) int32 {
	f := lookup(tls, addr)
	below := function[plainFunc](f.low.methods().FxDeviceCharacteristics)(tls, f.low.file)
	return int32(vfs.DeviceCharacteristics(int(below)))
}

// changed tells the database that its lock changes.
func (f *file) changed() {
	if f.db != nil {
		f.db.Changed()
	}
}

// sharedMemory tells the database of a call on the shared memory of its log.
func (f *file) sharedMemory() {
	if f.db != nil {
		f.db.SharedMemory()
	}
}

func xShmMap(tls *libc.TLS, addr uintptr, region, size, extend int32, out uintptr) int32 {
	f := lookup(tls, addr)
	f.sharedMemory()
	return function[shmMapFunc](f.low.methods().FxShmMap)(tls, f.low.file, region, size, extend, out)
}

func xShmLock(tls *libc.TLS, addr uintptr, offset, n, flags int32) int32 {
	f := lookup(tls, addr)
	f.sharedMemory()
	return function[shmLockFunc](f.low.methods().FxShmLock)(tls, f.low.file, offset, n, flags)
}

func xShmBarrier(tls *libc.TLS, addr uintptr) {
	f := lookup(tls, addr)
	f.sharedMemory()
	function[shmBarrierFunc](f.low.methods().FxShmBarrier)(tls, f.low.file)
}

func xShmUnmap(tls *libc.TLS, addr uintptr, remove int32) int32 {
	f := lookup(tls, addr)
	f.sharedMemory()
	return function[intFunc](f.low.methods().FxShmUnmap)(tls, f.low.file, remove)
}
