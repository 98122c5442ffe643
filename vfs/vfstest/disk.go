package vfstest

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pageseal/pageseal/vfs"
)

// Disk is a file system in memory that records what is done to it, so that the
// disk can be had as a crash at any moment may leave it (see Image), and that
// fails where it is told to (see Inject). Locks hold between the handles of one
// Disk as SQLite's do between connections. Safe for concurrent use.
type Disk struct {
	// Label tells disks apart. A disk after a crash has that of the disk before:
	// paths that stand in files still fit.
	Label string
	// Device are the device characteristics of its files, SQLITE_IOCAP_*. Set
	// them while no file is open.
	Device int

	mu    sync.Mutex
	names map[string]*inode
	ops   []op
	next  int // number of the next inode
	rules []*Rule
	open  int // handles
}

// inode is the content of a file; a deleted one lives on in its handles.
type inode struct {
	number int
	data   []byte
	locks  locks
	shm    shmLocks
}

// op is one change of the disk.
type op struct {
	kind  opKind
	inode int
	name  string // of opCreate and opDelete
	off   int64  // of opWrite, or the size of opTruncate
	data  []byte
	at    int // its place among the changes, set by Image
}

type opKind int

const (
	opCreate opKind = iota
	opDelete
	opSyncDir
	opWrite
	opTruncate
	opSync
)

// NewDisk is an empty disk.
func NewDisk() *Disk {
	return &Disk{
		Label:  fmt.Sprintf("disk%d", labels.Add(1)),
		Device: iocapPowersafeOverwrite,
		names:  map[string]*inode{},
	}
}

const iocapPowersafeOverwrite = 0x1000 // SQLITE_IOCAP_POWERSAFE_OVERWRITE

var labels atomic.Int64

// Ops counts the changes so far; Image takes any number up to it.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ops)
}

// Discard forgets everything: a campaign uses thousands of disks.
func (d *Disk) Discard() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names, d.ops, d.rules = map[string]*inode{}, nil, nil
}

// OpenFiles counts the handles that are not closed.
func (d *Disk) OpenFiles() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open
}

// Names are the files that exist, by the alphabet.
func (d *Disk) Names() (names []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name := range d.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Content is a copy of a file, nil where there is none.
func (d *Disk) Content(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.names[name]; n != nil {
		return slices.Clone(n.data)
	}
	return nil
}

// Put makes a file with that content, as if it had always been there.
func (d *Disk) Put(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := &inode{number: d.next, data: slices.Clone(content)}
	d.next++
	d.names[name] = n
	d.ops = append(d.ops, op{kind: opCreate, inode: n.number, name: name},
		op{kind: opWrite, inode: n.number, data: slices.Clone(content)},
		op{kind: opSync, inode: n.number}, op{kind: opSyncDir})
}

// Exists tells whether there is a file of that name.
func (d *Disk) Exists(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[name] != nil
}

// Open opens a file; an empty name makes a nameless one. Without create a
// missing file is vfs.CodeCantOpen.
func (d *Disk) Open(name string, create bool) (*DiskFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails(OnOpen, name); err != nil {
		return nil, err
	}
	n := d.names[name]
	f := &DiskFile{disk: d, name: name}
	if n == nil {
		if !create {
			return nil, vfs.CodeCantOpen
		}
		n = &inode{number: d.next}
		d.next++
		if name != "" {
			d.names[name] = n
			d.ops = append(d.ops, op{kind: opCreate, inode: n.number, name: name})
			f.fresh = true
		}
	}
	f.inode = n
	d.open++
	return f, nil
}

// Delete removes a file, durably if syncDir is set. A missing file is
// vfs.CodeDeleteNoEnt.
func (d *Disk) Delete(name string, syncDir bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails(OnDelete, name); err != nil {
		return err
	}
	n := d.names[name]
	if n == nil {
		return CodeDeleteNoEnt
	}
	delete(d.names, name)
	d.ops = append(d.ops, op{kind: opDelete, inode: n.number, name: name})
	if syncDir {
		d.ops = append(d.ops, op{kind: opSyncDir})
	}
	return nil
}

// CodeDeleteNoEnt is SQLITE_IOERR_DELETE_NOENT.
const CodeDeleteNoEnt vfs.Code = 10 | 23<<8

// DiskFile is an open file of a Disk. It is a vfs.Base.
type DiskFile struct {
	disk  *Disk
	name  string
	inode *inode
	fresh bool // the directory has not been synced since it was created
	level int  // of the lock held
	held  [shmSlots]shmHold
}

// ReadAt is of vfs.File.
func (f *DiskFile) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.fails(OnRead, f.name); err != nil {
		if err == io.EOF && off < int64(len(f.inode.data)) { // a short read
			return copy(p[:len(p)/2], f.inode.data[off:]), io.EOF
		}
		return 0, err
	}
	if off >= int64(len(f.inode.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.inode.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt is of vfs.File. A write that fails may have written a part.
func (f *DiskFile) WriteAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.fails(OnWrite, f.name); err != nil {
		f.write(p[:len(p)/2], off)
		return 0, err
	}
	f.write(p, off)
	return len(p), nil
}

func (f *DiskFile) write(p []byte, off int64) {
	f.inode.data = writeAt(f.inode.data, p, off)
	if f.name != "" {
		f.disk.ops = append(f.disk.ops, op{kind: opWrite, inode: f.inode.number, off: off, data: slices.Clone(p)})
	}
}

// writeAt lengthens data as far as needed.
func writeAt(data, p []byte, off int64) []byte {
	if end := int(off) + len(p); end > len(data) {
		data = slices.Grow(data, end-len(data))
		clear(data[len(data):end])
		data = data[:end]
	}
	copy(data[off:], p)
	return data
}

func resize(data []byte, size int64) []byte {
	if int64(len(data)) >= size {
		return data[:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}

// Truncate is of vfs.File.
func (f *DiskFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.fails(OnTruncate, f.name); err != nil {
		return err
	}
	f.inode.data = resize(f.inode.data, size)
	f.disk.ops = append(f.disk.ops, op{kind: opTruncate, inode: f.inode.number, off: size})
	return nil
}

// Size is of vfs.File.
func (f *DiskFile) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.inode.data)), f.disk.fails(OnSize, f.name)
}

// Sync is of vfs.File. Like SQLite's VFS it syncs the directory with the first
// sync of a file that was created.
func (f *DiskFile) Sync(int) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.fails(OnSync, f.name); err != nil {
		return err
	}
	f.disk.ops = append(f.disk.ops, op{kind: opSync, inode: f.inode.number})
	if f.fresh {
		f.disk.ops = append(f.disk.ops, op{kind: opSyncDir})
		f.fresh = false
	}
	return nil
}

// Close is of vfs.File; it gives up the locks.
func (f *DiskFile) Close() error {
	_ = f.Unlock(0)
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.open--
	return nil
}

// DeviceCharacteristics are those of the disk.
func (f *DiskFile) DeviceCharacteristics() int { return f.disk.Device }

// Buffer is of vfs.Base.
func (f *DiskFile) Buffer(n int) []byte { return make([]byte, n) }
