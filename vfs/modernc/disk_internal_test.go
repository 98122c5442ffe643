package modernc

import (
	"strings"
	"sync"

	"github.com/pageseal/pageseal/vfs/vfstest"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// DiskVFS is a SQLite VFS over the disks of package vfstest, and
// EncryptedDiskVFS ours over that one. A file is named /LABEL/NAME.
const (
	DiskVFS          = "disk"
	EncryptedDiskVFS = "pageseal-disk"
)

var mounted struct {
	sync.Mutex
	disks map[string]*vfstest.Disk
	files map[int]*diskFile
	shm   map[string]*sharedMemory
	next  int
}

// diskFile is an open file; its number stands in the engine's memory.
type diskFile struct {
	*vfstest.DiskFile
	path          string
	deleteOnClose func()
}

// sharedMemory are the regions of the -shm of one database. They are freed
// with the last handle on it, as after a crash of all processes.
type sharedMemory struct {
	regions []uintptr
	users   map[*diskFile]bool
}

// MountDisk makes a disk reachable and returns the folder that it is.
func MountDisk(d *vfstest.Disk) (dir string, unmount func()) {
	registerDiskVFS()
	mounted.Lock()
	defer mounted.Unlock()
	mounted.disks[d.Label] = d
	return "/" + d.Label, func() {
		mounted.Lock()
		defer mounted.Unlock()
		delete(mounted.disks, d.Label)
	}
}

var registerDiskVFS = sync.OnceFunc(func() {
	mounted.disks, mounted.files = map[string]*vfstest.Disk{}, map[int]*diskFile{}
	mounted.shm = map[string]*sharedMemory{}
	tls := libc.NewTLS()
	os := sqlite3.Xsqlite3_vfs_find(tls, 0)
	diskVFS = *at[sqlite3.Tsqlite3_vfs](os)
	zName, _ := libc.CString(DiskVFS)
	diskVFS.FzName, diskVFS.FpNext, diskVFS.FszOsFile = zName, 0, 16
	diskVFS.FxOpen, diskVFS.FxDelete = code(&dOpen), code(&dDelete)
	diskVFS.FxAccess, diskVFS.FxFullPathname = code(&dAccess), code(&dFullPathname)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, addressOf(&diskVFS), 0); rc != 0 {
		panic(rc)
	}
	if err := Register(EncryptedDiskVFS, DiskVFS); err != nil {
		panic(err)
	}
})

var (
	diskVFS       sqlite3.Tsqlite3_vfs
	dOpen         = diskOpen
	dDelete       = diskDelete
	dAccess       = diskAccess
	dFullPathname = diskFullPathname

	dClose    plainFunc = diskClose
	dRead     readFunc  = diskRead
	dWrite    readFunc  = diskWrite
	dTruncate longFunc  = func(_ *libc.TLS, f uintptr, n int64) int32 { return result(diskAt(f).Truncate(n), 1546) }
	dSync     intFunc   = func(_ *libc.TLS, f uintptr, n int32) int32 { return result(diskAt(f).Sync(int(n)), 1034) }
	dSize     outFunc   = diskSize
	dLock     intFunc   = func(_ *libc.TLS, f uintptr, n int32) int32 { return result(diskAt(f).Lock(int(n)), 3850) }
	dUnlock   intFunc   = func(_ *libc.TLS, f uintptr, n int32) int32 { return result(diskAt(f).Unlock(int(n)), 2058) }
	dReserved outFunc   = diskReserved
	dControl  ctlFunc   = func(*libc.TLS, uintptr, int32, uintptr) int32 { return sqlite3.SQLITE_NOTFOUND }
	dSector   plainFunc = func(*libc.TLS, uintptr) int32 { return 512 }
	dDevice   plainFunc = func(_ *libc.TLS, f uintptr) int32 { return int32(diskAt(f).DeviceCharacteristics()) }

	dShmMap     shmMapFunc     = diskShmMap
	dShmLock    shmLockFunc    = diskShmLock
	dShmBarrier shmBarrierFunc = func(*libc.TLS, uintptr) {}
	dShmUnmap   intFunc        = diskShmUnmap

	diskMethods = sqlite3.Tsqlite3_io_methods{
		FiVersion: 2, FxClose: code(&dClose), FxRead: code(&dRead), FxWrite: code(&dWrite),
		FxTruncate: code(&dTruncate), FxSync: code(&dSync), FxFileSize: code(&dSize),
		FxLock: code(&dLock), FxUnlock: code(&dUnlock), FxCheckReservedLock: code(&dReserved),
		FxFileControl: code(&dControl), FxSectorSize: code(&dSector), FxDeviceCharacteristics: code(&dDevice),
		FxShmMap: code(&dShmMap), FxShmLock: code(&dShmLock), FxShmBarrier: code(&dShmBarrier), FxShmUnmap: code(&dShmUnmap),
	}
)

// diskOf is the disk and the name on it that a path means.
func diskOf(path string) (*vfstest.Disk, string) {
	mounted.Lock()
	defer mounted.Unlock()
	folder, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return mounted.disks[folder], name
}

func diskAt(addr uintptr) *diskFile {
	mounted.Lock()
	defer mounted.Unlock()
	return mounted.files[at[cFile](addr).number]
}

// ScratchDisk holds the files without a name.
var ScratchDisk = vfstest.NewDisk()

func diskOpen(_ *libc.TLS, _, name, addr uintptr, flags int32, outFlags uintptr) int32 {
	c := at[cFile](addr)
	c.methods = 0
	path, d, base := "", ScratchDisk, ""
	if name != 0 {
		path = libc.GoString(name)
		d, base = diskOf(path)
	}
	if d == nil {
		return sqlite3.SQLITE_CANTOPEN
	}
	f, err := d.Open(base, flags&sqlite3.SQLITE_OPEN_CREATE != 0)
	if err != nil {
		return result(err, sqlite3.SQLITE_CANTOPEN)
	}
	open := &diskFile{DiskFile: f, path: path}
	if flags&sqlite3.SQLITE_OPEN_DELETEONCLOSE != 0 && name != 0 {
		open.deleteOnClose = func() { _ = d.Delete(base, false) }
	}
	mounted.Lock()
	defer mounted.Unlock()
	mounted.next++
	mounted.files[mounted.next] = open
	c.number, c.methods = mounted.next, addressOf(&diskMethods)
	if outFlags != 0 {
		*at[int32](outFlags) = flags
	}
	return sqlite3.SQLITE_OK
}

func diskDelete(_ *libc.TLS, _, name uintptr, syncDir int32) int32 {
	d, base := diskOf(libc.GoString(name))
	return result(d.Delete(base, syncDir != 0), 2570)
}

func diskAccess(_ *libc.TLS, _, name uintptr, _ int32, out uintptr) int32 {
	d, base := diskOf(libc.GoString(name))
	*at[int32](out) = libc.BoolInt32(d != nil && d.Exists(base))
	return sqlite3.SQLITE_OK
}

func diskFullPathname(_ *libc.TLS, _, name uintptr, n int32, out uintptr) int32 {
	path := libc.GoString(name)
	p := bytesAt(out, int(n))
	p[copy(p, path)] = 0
	return sqlite3.SQLITE_OK
}

func diskClose(tls *libc.TLS, addr uintptr) int32 {
	f := diskAt(addr)
	diskShmUnmap(tls, addr, 0)
	mounted.Lock()
	delete(mounted.files, at[cFile](addr).number)
	mounted.Unlock()
	err := f.Close()
	if f.deleteOnClose != nil {
		f.deleteOnClose()
	}
	return result(err, 4106)
}

func diskRead(_ *libc.TLS, addr, buf uintptr, n int32, off int64) int32 {
	p := bytesAt(buf, int(n))
	got, err := diskAt(addr).ReadAt(p, off)
	clear(p[got:])
	return result(err, 266)
}

func diskWrite(_ *libc.TLS, addr, buf uintptr, n int32, off int64) int32 {
	_, err := diskAt(addr).WriteAt(bytesAt(buf, int(n)), off)
	return result(err, 778)
}

func diskSize(_ *libc.TLS, addr, out uintptr) int32 {
	size, err := diskAt(addr).Size()
	*at[int64](out) = size
	return result(err, 1802)
}

func diskReserved(_ *libc.TLS, addr, out uintptr) int32 {
	*at[int32](out) = libc.BoolInt32(diskAt(addr).Reserved())
	return sqlite3.SQLITE_OK
}

func diskShmMap(tls *libc.TLS, addr uintptr, region, size, extend int32, out uintptr) int32 {
	f := diskAt(addr)
	mounted.Lock()
	defer mounted.Unlock()
	m := mounted.shm[f.path]
	if m == nil {
		m = &sharedMemory{users: map[*diskFile]bool{}}
		mounted.shm[f.path] = m
	}
	m.users[f] = true
	*at[uintptr](out) = 0
	for int(region) >= len(m.regions) {
		if extend == 0 {
			return sqlite3.SQLITE_OK
		}
		r := sqlite3.Xsqlite3_malloc(tls, size)
		clear(bytesAt(r, int(size)))
		m.regions = append(m.regions, r)
	}
	*at[uintptr](out) = m.regions[region]
	return sqlite3.SQLITE_OK
}

func diskShmLock(_ *libc.TLS, addr uintptr, offset, n, flags int32) int32 {
	return result(diskAt(addr).ShmLock(int(offset), int(n), int(flags)), 5130)
}

func diskShmUnmap(tls *libc.TLS, addr uintptr, _ int32) int32 {
	f := diskAt(addr)
	_ = f.ShmLock(0, 8, 1) // SQLITE_SHM_UNLOCK
	mounted.Lock()
	defer mounted.Unlock()
	m := mounted.shm[f.path]
	if m == nil || !m.users[f] {
		return sqlite3.SQLITE_OK
	}
	delete(m.users, f)
	if len(m.users) == 0 {
		for _, r := range m.regions {
			sqlite3.Xsqlite3_free(tls, r)
		}
		delete(mounted.shm, f.path)
	}
	return sqlite3.SQLITE_OK
}
