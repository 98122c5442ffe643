package ncruces

import (
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// DiskVFS is a SQLite VFS over the disks of package vfstest, and
// EncryptedDiskVFS ours over that one. A file is named /LABEL/NAME.
const (
	DiskVFS          = "disk"
	EncryptedDiskVFS = "pageseal-disk"
)

// ScratchDisk holds the files without a name.
var ScratchDisk = vfstest.NewDisk()

var mounts struct {
	sync.Mutex
	byLabel map[string]mount
}

// mount is a disk that can be reached. The engine maps the index of a log from
// a file of the operating system, so that one is in a folder of its own: a disk
// after a crash has none.
type mount struct {
	disk *vfstest.Disk
	shm  string // folder
}

// MountDisk makes a disk reachable for a test and returns the folder that it is.
func MountDisk(t testing.TB, d *vfstest.Disk) (dir string) {
	registerDiskVFS()
	mounts.Lock()
	defer mounts.Unlock()
	if mounts.byLabel[d.Label].disk != d {
		mounts.byLabel[d.Label] = mount{d, t.TempDir()}
		t.Cleanup(func() { unmount(d) })
	}
	return "/" + d.Label
}

func unmount(d *vfstest.Disk) {
	mounts.Lock()
	defer mounts.Unlock()
	if mounts.byLabel[d.Label].disk == d {
		delete(mounts.byLabel, d.Label)
	}
}

var registerDiskVFS = sync.OnceFunc(func() {
	mounts.byLabel = map[string]mount{}
	sqlitevfs.Register(DiskVFS, diskVFS{})
	if err := Register(EncryptedDiskVFS, DiskVFS); err != nil {
		panic(err)
	}
})

type diskVFS struct{}

// find is the disk and the name on it that a path means.
func (diskVFS) find(name string) (m mount, base string, err error) {
	mounts.Lock()
	defer mounts.Unlock()
	label, base, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	m, ok := mounts.byLabel[label]
	if !ok {
		return m, base, sqlite3.CANTOPEN
	}
	return m, base, nil
}

func (v diskVFS) Open(name string, flags sqlitevfs.OpenFlag) (sqlitevfs.File, sqlitevfs.OpenFlag, error) {
	m, base := mount{disk: ScratchDisk}, ""
	if name != "" {
		var err error
		if m, base, err = v.find(name); err != nil {
			return nil, flags, err
		}
	}
	f, err := m.disk.Open(base, flags&sqlitevfs.OPEN_CREATE != 0)
	if err != nil {
		return nil, flags, coded(err)
	}
	open := &diskFile{DiskFile: f}
	if flags&sqlitevfs.OPEN_MAIN_DB != 0 {
		open.shm = sqlitevfs.NewSharedMemory(filepath.Join(m.shm, base+"-shm"), flags)
	}
	if base != "" && flags&sqlitevfs.OPEN_DELETEONCLOSE != 0 {
		open.gone = func() { _ = m.disk.Delete(base, false) }
	}
	return open, flags, nil
}

func (v diskVFS) Delete(name string, syncDir bool) error {
	m, base, err := v.find(name)
	if err != nil {
		return err
	}
	return coded(m.disk.Delete(base, syncDir))
}

func (v diskVFS) Access(name string, _ sqlitevfs.AccessFlag) (bool, error) {
	m, base, err := v.find(name)
	return err == nil && m.disk.Exists(base), err
}

func (diskVFS) FullPathname(name string) (string, error) { return path.Clean(name), nil }

// diskFile is an open file of a disk.
type diskFile struct {
	*vfstest.DiskFile
	shm  sqlitevfs.SharedMemory
	gone func() // called when it was closed, if set
}

var _ sqlitevfs.FileSharedMemory = (*diskFile)(nil)

func (f *diskFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.DiskFile.ReadAt(p, off)
	return n, coded(err)
}

func (f *diskFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.DiskFile.WriteAt(p, off)
	return n, coded(err)
}

func (f *diskFile) Size() (int64, error) {
	n, err := f.DiskFile.Size()
	return n, coded(err)
}

func (f *diskFile) Close() error {
	if f.shm != nil {
		_ = f.shm.Close()
	}
	err := f.DiskFile.Close()
	if f.gone != nil {
		f.gone()
	}
	return coded(err)
}

func (f *diskFile) Truncate(size int64) error { return coded(f.DiskFile.Truncate(size)) }

func (f *diskFile) Sync(flags sqlitevfs.SyncFlag) error { return coded(f.DiskFile.Sync(int(flags))) }

func (f *diskFile) Lock(level sqlitevfs.LockLevel) error { return coded(f.DiskFile.Lock(int(level))) }

func (f *diskFile) Unlock(level sqlitevfs.LockLevel) error {
	return coded(f.DiskFile.Unlock(int(level)))
}

func (f *diskFile) CheckReservedLock() (bool, error) { return f.Reserved(), nil }

func (f *diskFile) SectorSize() int { return 512 }

func (f *diskFile) DeviceCharacteristics() sqlitevfs.DeviceCharacteristic {
	return sqlitevfs.DeviceCharacteristic(f.DiskFile.DeviceCharacteristics())
}

func (f *diskFile) SharedMemory() sqlitevfs.SharedMemory { return f.shm }

// coded makes an error of the disk one of the engine's.
func coded(err error) error {
	if code, ok := err.(vfs.Code); ok {
		return sqlite3.ExtendedErrorCode(code)
	}
	return err
}
