package ncruces

import "encoding/binary"

// called is an open file, of which nothing is known but the address of its
// sqlite3_file.
type called struct {
	*caller
	name    string
	addr    int32
	offers  uint32 // what the engine tells SQLite of its methods
	running int32  // of a log: SQLite's running checksum and salt
}

// with calls do with p in the engine's memory, and brings back what is there
// then.
func (f *called) with(p []byte, do func(addr int32) int32) int {
	addr := f.Xsqlite3_malloc64(int64(len(p)) + 1)
	defer f.Xsqlite3_free(addr)
	copy(f.bytes(addr, len(p)), p)
	rc := do(addr)
	copy(p, f.bytes(addr, len(p)))
	return int(rc)
}

func (f *called) Read(p []byte, off int64) int {
	return f.with(p, func(addr int32) int32 { return f.Xgo_read(f.addr, addr, int32(len(p)), off) })
}

func (f *called) Write(p []byte, off int64) int {
	return f.with(p, func(addr int32) int32 { return f.Xgo_write(f.addr, addr, int32(len(p)), off) })
}

func (f *called) Truncate(size int64) int { return int(f.Xgo_truncate(f.addr, size)) }

func (f *called) Sync(flags int) int { return int(f.Xgo_sync(f.addr, int32(flags))) }

func (f *called) Size() (int64, int) {
	out := f.memory(8)
	rc := f.Xgo_file_size(f.addr, out)
	return int64(binary.LittleEndian.Uint64(f.bytes(out, 8))), int(rc)
}

func (f *called) Close() int {
	delete(f.main, f.name)
	return int(f.Xgo_close(f.addr))
}

func (f *called) Running() [2]uint32 {
	return [2]uint32{f.get32(f.running), f.get32(f.running + 4)}
}

func (f *called) SetRunning(sum [2]uint32, salt [8]byte) {
	f.put32(f.running, sum[0])
	f.put32(f.running+4, sum[1])
	copy(f.bytes(f.running+8, 8), salt[:])
}

func (f *called) SetLast(frame int) { f.put32(f.running-8, uint32(frame)) }

func (f *called) SectorSize() int { return int(f.Xgo_sector_size(f.addr)) }

func (f *called) DeviceCharacteristics() int { return int(f.Xgo_device_characteristics(f.addr)) }

func (f *called) Maps() bool {
	const mapper = 2 // the engine then chooses methods with xFetch
	return f.offers&mapper != 0
}

func (f *called) Lock(level int) int { return int(f.Xgo_lock(f.addr, int32(level))) }

func (f *called) Unlock(level int) int { return int(f.Xgo_unlock(f.addr, int32(level))) }

func (f *called) CheckReservedLock() (bool, int) {
	out := f.memory(4)
	rc := f.Xgo_check_reserved_lock(f.addr, out)
	return f.get32(out) != 0, int(rc)
}

func (f *called) ShmMap(region, size int, extend bool) ([]byte, int) {
	out := f.memory(4)
	rc := f.Xgo_shm_map(f.addr, int32(region), int32(size), number(extend), out)
	return f.bytes(int32(f.get32(out)), size), int(rc)
}

func (f *called) ShmLock(offset, n, flags int) int {
	return int(f.Xgo_shm_lock(f.addr, int32(offset), int32(n), int32(flags)))
}

func (f *called) ShmBarrier() { f.Xgo_shm_barrier(f.addr) }

func (f *called) ShmUnmap(remove bool) int { return int(f.Xgo_shm_unmap(f.addr, number(remove))) }

func (f *called) Null(op int) int { return int(f.Xgo_file_control(f.addr, int32(op), 0)) }

func (f *called) Control32(op int, arg int32) (int32, int) {
	out := f.memory(4)
	f.put32(out, uint32(arg))
	rc := f.Xgo_file_control(f.addr, int32(op), out)
	return int32(f.get32(out)), int(rc)
}

func (f *called) Control64(op int, arg int64) (int64, int) {
	out := f.memory(8)
	binary.LittleEndian.PutUint64(f.bytes(out, 8), uint64(arg))
	rc := f.Xgo_file_control(f.addr, int32(op), out)
	return int64(binary.LittleEndian.Uint64(f.bytes(out, 8))), int(rc)
}

func (f *called) Name() (string, int) { return "", f.Null(fcntlVFSName) }

const (
	fcntlVFSName   = 12 // SQLITE_FCNTL_VFSNAME
	fcntlPragma    = 14 // SQLITE_FCNTL_PRAGMA
	fcntlCkptDone  = 37 // SQLITE_FCNTL_CKPT_DONE
	fcntlCkptStart = 39 // SQLITE_FCNTL_CKPT_START
)

// Pragma is of conformance.Pragmas.
func (f *called) Pragma(name string, value *string) (string, int) {
	args := f.memory(12)
	f.put32(args+4, uint32(f.text(name)))
	if value != nil {
		f.put32(args+8, uint32(f.text(*value)))
	}
	rc := f.Xgo_file_control(f.addr, fcntlPragma, args)
	reply := f.get32(args)
	defer f.Xsqlite3_free(int32(reply))
	return text(f.imports, reply), int(rc)
}

func (f *called) Checkpoint(start bool) int {
	if start {
		return f.Null(fcntlCkptStart)
	}
	return f.Null(fcntlCkptDone)
}
