package modernc

import (
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// called is an open file, of which nothing is known but the address of its
// sqlite3_file.
type called struct {
	*caller
	name string
	addr uintptr
	wal  uintptr // SQLite's structure of a log, in front of the file
}

func (f *called) io() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](f.addr).FpMethods)
}

// with calls do with p in the engine's memory, and brings back what is there
// then.
func (f *called) with(p []byte, do func(addr uintptr) int32) int {
	addr := sqlite3.Xsqlite3_malloc(f.tls, int32(len(p)+1))
	defer sqlite3.Xsqlite3_free(f.tls, addr)
	copy(bytesAt(addr, len(p)), p)
	rc := do(addr)
	copy(p, bytesAt(addr, len(p)))
	return int(rc)
}

func (f *called) Read(p []byte, off int64) int {
	return f.with(p, func(addr uintptr) int32 {
		return function[readFunc](f.io().FxRead)(f.tls, f.addr, addr, int32(len(p)), off)
	})
}

func (f *called) Write(p []byte, off int64) int {
	return f.with(p, func(addr uintptr) int32 {
		return function[readFunc](f.io().FxWrite)(f.tls, f.addr, addr, int32(len(p)), off)
	})
}

func (f *called) Truncate(size int64) int {
	return int(function[longFunc](f.io().FxTruncate)(f.tls, f.addr, size))
}

func (f *called) Sync(flags int) int {
	return int(function[intFunc](f.io().FxSync)(f.tls, f.addr, int32(flags)))
}

func (f *called) Size() (int64, int) {
	out := f.memory(8)
	rc := function[outFunc](f.io().FxFileSize)(f.tls, f.addr, out)
	return *at[int64](out), int(rc)
}

func (f *called) Close() int {
	delete(f.main, f.name)
	return int(function[plainFunc](f.io().FxClose)(f.tls, f.addr))
}

func (f *called) Running() [2]uint32 { return at[sqlite3.TWal](f.wal).Fhdr.FaFrameCksum }

func (f *called) SetRunning(sum [2]uint32, salt [8]byte) {
	header := &at[sqlite3.TWal](f.wal).Fhdr
	header.FaFrameCksum = sum
	*(*[8]byte)(unsafe.Pointer(&header.FaSalt)) = salt
}

func (f *called) SetLast(frame int) { at[sqlite3.TWal](f.wal).Fhdr.FmxFrame = sqlite3.Tu32(frame) }

func (f *called) SectorSize() int {
	return int(function[plainFunc](f.io().FxSectorSize)(f.tls, f.addr))
}

func (f *called) DeviceCharacteristics() int {
	return int(function[plainFunc](f.io().FxDeviceCharacteristics)(f.tls, f.addr))
}

func (f *called) Maps() bool { return f.io().FiVersion >= 3 && f.io().FxFetch != 0 }

func (f *called) Lock(level int) int {
	return int(function[intFunc](f.io().FxLock)(f.tls, f.addr, int32(level)))
}

func (f *called) Unlock(level int) int {
	return int(function[intFunc](f.io().FxUnlock)(f.tls, f.addr, int32(level)))
}

func (f *called) CheckReservedLock() (bool, int) {
	out := f.memory(4)
	rc := function[outFunc](f.io().FxCheckReservedLock)(f.tls, f.addr, out)
	return *at[int32](out) != 0, int(rc)
}

func (f *called) ShmMap(region, size int, extend bool) ([]byte, int) {
	out := f.memory(8)
	rc := function[shmMapFunc](f.io().FxShmMap)(f.tls, f.addr, int32(region), int32(size), libc.BoolInt32(extend), out)
	if addr := *at[uintptr](out); addr != 0 {
		return bytesAt(addr, size), int(rc)
	}
	return nil, int(rc)
}

func (f *called) ShmLock(offset, n, flags int) int {
	return int(function[shmLockFunc](f.io().FxShmLock)(f.tls, f.addr, int32(offset), int32(n), int32(flags)))
}

func (f *called) ShmBarrier() { function[shmBarrierFunc](f.io().FxShmBarrier)(f.tls, f.addr) }

func (f *called) ShmUnmap(remove bool) int {
	return int(function[intFunc](f.io().FxShmUnmap)(f.tls, f.addr, libc.BoolInt32(remove)))
}

func (f *called) fileControl(op int, arg uintptr) int {
	return int(function[ctlFunc](f.io().FxFileControl)(f.tls, f.addr, int32(op), arg))
}

func (f *called) Null(op int) int { return f.fileControl(op, 0) }

func (f *called) Control32(op int, arg int32) (int32, int) {
	out := f.memory(4)
	*at[int32](out) = arg
	rc := f.fileControl(op, out)
	return *at[int32](out), rc
}

func (f *called) Control64(op int, arg int64) (int64, int) {
	out := f.memory(8)
	*at[int64](out) = arg
	rc := f.fileControl(op, out)
	return *at[int64](out), rc
}

func (f *called) Name() (string, int) {
	out := f.memory(8)
	rc := f.fileControl(sqlite3.SQLITE_FCNTL_VFSNAME, out)
	return f.take(*at[uintptr](out)), rc
}

// Pragma is of conformance.Pragmas.
func (f *called) Pragma(name string, value *string) (string, int) {
	args := f.memory(3 * int(unsafe.Sizeof(uintptr(0))))
	at[[3]uintptr](args)[1] = f.text(name)
	if value != nil {
		at[[3]uintptr](args)[2] = f.text(*value)
	}
	rc := f.fileControl(sqlite3.SQLITE_FCNTL_PRAGMA, args)
	return f.take(at[[3]uintptr](args)[0]), rc
}

// take reads a text that the file has made for SQLite to free.
func (f *called) take(addr uintptr) string {
	if addr == 0 {
		return ""
	}
	defer sqlite3.Xsqlite3_free(f.tls, addr)
	return libc.GoString(addr)
}

func (f *called) Checkpoint(start bool) int {
	if start {
		return f.Null(sqlite3.SQLITE_FCNTL_CKPT_START)
	}
	return f.Null(sqlite3.SQLITE_FCNTL_CKPT_DONE)
}
