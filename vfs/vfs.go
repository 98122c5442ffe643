// Package vfs is the encrypting file layer under SQLite, for any engine: the
// main database, its rollback journal and the nameless files, as SQLite reads
// and writes them on one side and as SQLCipher keeps them on disk on the other.
//
// An adapter opens the file below through its engine, wraps it here, and hands
// every read, write, truncation and size query of SQLite to the wrapper.
// Locks, shared memory and path names it forwards itself.
//
// SQLite serialises the calls of one connection, so nothing here locks: a file
// belongs to one connection at a time.
package vfs

// File is what SQLite does with the content of an open file. The wrappers of
// this package offer it, and they need one below.
type File interface {
	// ReadAt reads len(p) bytes from offset off. At the end of the file it
	// returns the bytes that there are and io.EOF.
	ReadAt(p []byte, off int64) (n int, err error)
	// WriteAt writes all of p at offset off or returns an error.
	WriteAt(p []byte, off int64) (n int, err error)
	// Truncate cuts the file to size bytes.
	Truncate(size int64) error
	// Size is the size in bytes.
	Size() (int64, error)
	// Sync makes the content durable; flags are SQLite's SQLITE_SYNC_*.
	Sync(flags int) error
	// Close releases the file.
	Close() error
}

// Base is the file below a wrapper, as the engine's own VFS keeps it.
type Base interface {
	File
	// Buffer returns n bytes of memory fit for reads and writes of this file and
	// of the journals that belong to it, valid until Close. An engine may need memory of its own kind: ranges of
	// 512 bytes and more are read and written only there or in what the
	// engine itself passed in.
	Buffer(n int) []byte
}

// Conn is what the wrappers ask of the connection that a file belongs to, from
// within its calls.
type Conn interface {
	// SetGeometry makes SQLite lay out a database that has no page yet with
	// pages of pageSize bytes, reserve of them kept free at the end of each.
	SetGeometry(pageSize, reserve int) error
	// Schema is the name of the file in the connection, quoted for SQL.
	Schema() (string, error)
	// Run executes one statement and returns the first column of its last row
	// as text, empty if there is none. An error has the Code of SQLite.
	Run(sql string) (string, error)
	// OpenJournal opens the file of the rollback journal for reading and
	// writing, whether there is one or not. Its Sync makes the directory
	// durable too if the file is new.
	OpenJournal() (Base, error)
}

// Kinds of files, by the flag that SQLite opens them with; see
// https://sqlite.org/c3ref/c_open_autoproxy.html.
const (
	OpenReadOnly     = 0x00000001 // SQLITE_OPEN_READONLY
	OpenMainDB       = 0x00000100 // SQLITE_OPEN_MAIN_DB
	OpenTempDB       = 0x00000200 // SQLITE_OPEN_TEMP_DB
	OpenTransientDB  = 0x00000400 // SQLITE_OPEN_TRANSIENT_DB
	OpenMainJournal  = 0x00000800 // SQLITE_OPEN_MAIN_JOURNAL
	OpenTempJournal  = 0x00001000 // SQLITE_OPEN_TEMP_JOURNAL
	OpenSubJournal   = 0x00002000 // SQLITE_OPEN_SUBJOURNAL
	OpenSuperJournal = 0x00004000 // SQLITE_OPEN_SUPER_JOURNAL
	OpenWAL          = 0x00080000 // SQLITE_OPEN_WAL
)

// OpenPrivate are the kinds that only the process that made them ever reads:
// they go into a Temp file.
const OpenPrivate = OpenTempDB | OpenTransientDB | OpenTempJournal | OpenSubJournal

// Device characteristics, see https://sqlite.org/c3ref/c_iocap_atomic.html.
const (
	iocapSafeAppend          = 0x00000200 // SQLITE_IOCAP_SAFE_APPEND
	iocapSequential          = 0x00000400 // SQLITE_IOCAP_SEQUENTIAL
	iocapUndeletableWhenOpen = 0x00000800 // SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN
	iocapPowersafeOverwrite  = 0x00001000 // SQLITE_IOCAP_POWERSAFE_OVERWRITE
	iocapImmutable           = 0x00002000 // SQLITE_IOCAP_IMMUTABLE
)

// DeviceCharacteristics are the flags to report for a file over one that
// reports those given. Only flags known to be safe pass. Atomic writes would
// send the journal around the wrapper, and reads below a page would ask for
// bytes that cannot be verified. Power-safe overwrite is always set: without
// it SQLite splits WAL frames at sector boundaries.
func DeviceCharacteristics(below int) int {
	const safe = iocapSafeAppend | iocapSequential | iocapUndeletableWhenOpen | iocapImmutable
	return below&safe | iocapPowersafeOverwrite
}
