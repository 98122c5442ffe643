package vfstest

import "github.com/pageseal/pageseal/vfs"

// Levels of a file lock, see https://sqlite.org/c3ref/c_lock_exclusive.html.
const (
	lockNone = iota
	lockShared
	lockReserved
	lockPending
	lockExclusive
)

// codeBusy is SQLITE_BUSY.
const codeBusy vfs.Code = 5

// locks are those on one file.
type locks struct {
	shared  int
	writer  *DiskFile // holds reserved or more
	pending bool
}

// Lock raises the lock of the handle to a level of SQLite's.
func (f *DiskFile) Lock(level int) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if level <= f.level {
		return nil
	}
	if err := f.disk.fails(OnLock, f.name); err != nil {
		return err
	}
	l := &f.inode.locks
	if f.level == lockNone {
		if l.pending {
			return codeBusy
		}
		l.shared++
		f.level = lockShared
	}
	if level >= lockReserved {
		if l.writer != nil && l.writer != f {
			return codeBusy
		}
		l.writer = f
		f.level = max(f.level, lockReserved)
	}
	if level == lockExclusive {
		l.pending = true
		f.level = lockPending
		if l.shared > 1 {
			return codeBusy
		}
		f.level = lockExclusive
	}
	return nil
}

// Unlock lowers the lock of the handle to shared or none.
func (f *DiskFile) Unlock(level int) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	l := &f.inode.locks
	if f.level > lockShared && l.writer == f {
		l.writer, l.pending = nil, false
		f.level = lockShared
	}
	if level == lockNone && f.level == lockShared {
		l.shared--
		f.level = lockNone
	}
	return nil
}

// Reserved tells whether some handle holds a reserved lock or more.
func (f *DiskFile) Reserved() bool {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.inode.locks.writer != nil
}

// shmSlots is the number of locks on the shared memory of a log.
const shmSlots = 8

type shmHold int

const (
	shmFree shmHold = iota
	shmShared
	shmExclusive
)

// shmLocks are those on the shared memory of one database.
type shmLocks [shmSlots]struct {
	shared    int
	exclusive bool
}

// Flags of a lock on shared memory, see https://sqlite.org/c3ref/c_shm_exclusive.html.
const (
	shmFlagUnlock = 1
	shmFlagShared = 4
)

// ShmLock takes or gives up locks on the shared memory of the log.
func (f *DiskFile) ShmLock(offset, n, flags int) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	l := &f.inode.shm
	if flags&shmFlagUnlock != 0 {
		for i := offset; i < offset+n; i++ {
			switch f.held[i] {
			case shmShared:
				l[i].shared--
			case shmExclusive:
				l[i].exclusive = false
			}
			f.held[i] = shmFree
		}
		return nil
	}
	shared := flags&shmFlagShared != 0
	for i := offset; i < offset+n; i++ {
		others := l[i].shared
		if f.held[i] == shmShared {
			others--
		}
		if l[i].exclusive && f.held[i] != shmExclusive || !shared && others > 0 {
			return codeBusy
		}
	}
	for i := offset; i < offset+n; i++ {
		switch {
		case f.held[i] != shmFree:
		case shared:
			l[i].shared++
			f.held[i] = shmShared
		default:
			l[i].exclusive = true
			f.held[i] = shmExclusive
		}
	}
	return nil
}
