// Package conformance asks a file layer what SQLite asks of it: offsets and
// partial pages, journals and logs, locks, shared memory, file controls, device
// flags, URI parameters, temporary files and error codes. Every adapter is
// asked the same questions, so that a new one learns here what it must hold.
// Only tests import it.
//
// An adapter's test binds the methods that SQLite calls, see
// https://sqlite.org/c3ref/vfs.html and https://sqlite.org/c3ref/io_methods.html,
// to the interfaces below, and runs the suite:
//
//	func TestConformance(t *testing.T) { conformance.Run(t, binding) }
//
// A binding calls the adapter as its engine would, with the memory and the file
// names of the engine, and translates nothing: the results are SQLite's codes.
package conformance

import (
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// Binding is an adapter as the suite reaches it.
type Binding struct {
	// Disk makes a connection whose files lie on a disk of package vfstest.
	// The suite looks at the disk to see what lies below, and makes it fail.
	Disk func(t testing.TB, d *vfstest.Disk) Connection
	// Folder makes a connection whose files lie in a folder of the operating
	// system, with its locks and its shared memory.
	Folder func(t testing.TB, dir string) Connection
	// Lacks says which themes ("locks") or single questions ("controls/name")
	// cannot be put to the adapter, and why not. An entry that fits none, or
	// one without a reason, fails the suite.
	Lacks map[string]string
}

// Connection opens files as one connection of SQLite does.
type Connection interface {
	// Open is xOpen. The name has no folder; an empty one is NULL. Those of
	// the journal and the log of a database are the name of the database with
	// -journal and -wal, and they belong to the database of that name that
	// the connection has open. params are those of the URI of a database.
	Open(name string, flags int, params ...compat.Param) (File, int)
}

// File is an open file. The memory that it is given is copied to that of the
// engine and back, also where SQLite's own is const: the suite looks at what
// a method has done to it.
type File interface {
	Read(p []byte, off int64) int  // xRead
	Write(p []byte, off int64) int // xWrite
	Truncate(size int64) int       // xTruncate
	Sync(flags int) int            // xSync
	Size() (int64, int)            // xFileSize
	Close() int                    // xClose
}

// Log is the file of a write-ahead log. SQLite keeps a running checksum beside
// it, which every frame continues.
type Log interface {
	File
	// Running is the checksum in SQLite's memory.
	Running() [2]uint32
	// SetRunning is what SQLite does when it has made the header of a frame.
	// salt are bytes 16 to 24 of the header of the log.
	SetRunning(sum [2]uint32, salt [8]byte)
	// SetLast is what SQLite does when it has written frames, or taken some
	// back: it counts on them up to that number.
	SetLast(frame int)
}

// Paths are the methods for names of files. A Connection has them unless the
// binding lacks "paths".
type Paths interface {
	Delete(name string, syncDir bool) int      // xDelete
	Access(name string, flags int) (bool, int) // xAccess
	FullPathname(name string) (string, int)    // xFullPathname
}

// Device is what a file says of the disk that it lies on. A File has it unless
// the binding lacks "device".
type Device interface {
	SectorSize() int            // xSectorSize
	DeviceCharacteristics() int // xDeviceCharacteristics
	// Maps tells whether SQLite is offered xFetch.
	Maps() bool
}

// Locker are the locks of a database, unless the binding lacks "locks".
type Locker interface {
	Lock(level int) int             // xLock
	Unlock(level int) int           // xUnlock
	CheckReservedLock() (bool, int) // xCheckReservedLock
}

// SharedMemory is that of a log, which the file of the database offers, unless
// the binding lacks "shared memory".
type SharedMemory interface {
	// ShmMap is xShmMap: the region, which is nil where SQLite gets a NULL.
	// The next call of any method may move it.
	ShmMap(region, size int, extend bool) ([]byte, int)
	ShmLock(offset, n, flags int) int // xShmLock
	ShmBarrier()                      // xShmBarrier
	ShmUnmap(remove bool) int         // xShmUnmap
}

// Controls is xFileControl of a database, unless the binding lacks "controls".
type Controls interface {
	// Control32 passes a pointer to an int and brings back what is there then.
	Control32(op int, arg int32) (int32, int)
	// Control64 passes a pointer to a sqlite3_int64.
	Control64(op int, arg int64) (int64, int)
	// Null passes a NULL.
	Null(op int) int
	// Name is SQLITE_FCNTL_VFSNAME.
	Name() (string, int)
}

// Pragmas is SQLITE_FCNTL_PRAGMA of a database, unless the binding lacks
// "pragmas". value is nil where the pragma has none; the reply is the row, or
// the message of an error.
type Pragmas interface {
	Pragma(name string, value *string) (reply string, code int)
}

// Checkpoints are the controls that SQLite begins and ends a checkpoint with:
// SQLITE_FCNTL_CKPT_START and SQLITE_FCNTL_CKPT_DONE. Every database has them.
type Checkpoints interface {
	Checkpoint(start bool) int
}
