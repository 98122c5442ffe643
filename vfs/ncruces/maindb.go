package ncruces

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// mainDB is the file of a main database. SQLite asks it for more than reading
// and writing by its optional methods: each one that is known to be harmless
// is passed on to the file below. Not among them are memory-mapped reads and
// atomic batches of writes, which would go around the encryption.
type mainDB struct {
	file
	db      *vfs.MainDB
	conn    *conn
	low     *lower
	vfs     sqlitevfs.VFS // below
	vfsName string        // of ours
	path    pointer       // SQLite's copy of the name
	name    string
	sizing  bool   // SetGeometry runs a pragma that is not for us
	copied  bool   // VACUUM INTO makes it, and lays it out
	refused error  // of every access, set by SetDB
	release func() // of vfs.Claim
	busy    func() bool
}

const secureDelete = 4 // BTS_SECURE_DELETE, of BtShared.btsFlags

var (
	_ sqlitevfs.FileLockState          = (*mainDB)(nil)
	_ sqlitevfs.FilePersistWAL         = (*mainDB)(nil)
	_ sqlitevfs.FilePowersafeOverwrite = (*mainDB)(nil)
	_ sqlitevfs.FileSizeHint           = (*mainDB)(nil)
	_ sqlitevfs.FileChunkSize          = (*mainDB)(nil)
	_ sqlitevfs.FileHasMoved           = (*mainDB)(nil)
	_ sqlitevfs.FileOverwrite          = (*mainDB)(nil)
	_ sqlitevfs.FileSync               = (*mainDB)(nil)
	_ sqlitevfs.FileCommitPhaseTwo     = (*mainDB)(nil)
	_ sqlitevfs.FileCheckpoint         = (*mainDB)(nil)
	_ sqlitevfs.FilePragma             = (*mainDB)(nil)
	_ sqlitevfs.FileBusyHandler        = (*mainDB)(nil)
	_ sqlitevfs.FileSharedMemory       = (*mainDB)(nil)
)

// Close closes the file and lets other engines open it.
func (f *mainDB) Close() error {
	if f.closed {
		return nil
	}
	f.leave()
	err := f.file.Close()
	f.release()
	return err
}

func (f *mainDB) ReadAt(p []byte, off int64) (int, error) {
	if f.refused != nil {
		return 0, result(f.refused, vfs.CodeError)
	}
	return f.file.ReadAt(p, off)
}

func (f *mainDB) WriteAt(p []byte, off int64) (int, error) {
	if f.refused != nil {
		return 0, result(f.refused, vfs.CodeError)
	}
	return f.file.WriteAt(p, off)
}

// SetDB is called when SQLite has linked the file to its sqlite3. That is not
// known before where a pragma in a data source name attaches to a database of
// another VFS. The KEY clause was not seen then, so the file is refused.
func (f *mainDB) SetDB(any) {
	f.eraseDeleted()
	f.freeLayout()
	if h, err := handleOf(f.conn.db); err == nil && h != 0 || f.conn.files[0] != f {
		return
	}
	db := word(f.conn, f.shared()+sharedDB)
	if db != 0 && word(f.conn, db+dbFirstStmt) == 0 {
		return // the main database of a connection that is being opened
	}
	statements, err := f.conn.running(db)
	for _, st := range statements {
		if expr, _ := compat.AttachKey(st.sql); expr != "" {
			err = fmt.Errorf("%w: ATTACH with a key before the connection is open", compat.ErrUnsupported)
		}
	}
	f.refused = err
}

// eraseDeleted has SQLite overwrite what is deleted from a database that is
// opened with a key, as PRAGMA key does. A pragma may turn it off again.
func (f *mainDB) eraseDeleted() {
	if !f.db.Encrypted() {
		return
	}
	if b := memory(f.conn, f.shared(), sharedFlags+2); b != nil {
		b[sharedFlags] |= secureDelete
	}
}

// freeLayout lets VACUUM lay out its target as it needs to: to SQLite the header
// that it was shown is the one of a file.
func (f *mainDB) freeLayout() {
	if b := memory(f.conn, f.shared(), sharedFlags+2); f.copied && b != nil {
		b[sharedFlags] &^= pageSizeFixed
	}
}

func (f *mainDB) Lock(level sqlitevfs.LockLevel) error {
	err := f.File.Lock(level)
	f.db.Changed()
	if err == nil && level >= sqlitevfs.LOCK_RESERVED {
		f.keepPageSize()
	}
	return err
}

func (f *mainDB) Unlock(level sqlitevfs.LockLevel) error {
	err := f.db.Flush()
	if level == sqlitevfs.LOCK_NONE {
		f.db.Unlocked()
	}
	f.db.Changed()
	return errors.Join(result(err, vfs.CodeIOErrWrite), f.File.Unlock(level))
}

// Pragma hands a pragma to the database. The engine does not tell an empty
// value from none; a key is never asked for, so an empty one is a mistake.
func (f *mainDB) Pragma(name, value string) (string, error) {
	if f.sizing {
		return "", sqlite3.NOTFOUND
	}
	given := &value
	if value == "" && !isKeyPragma(name) {
		given = nil
	}
	reply, err := f.db.Pragma(name, given)
	switch {
	case err != nil:
		return err.Error(), result(err, vfs.CodeError)
	case !reply.Handled:
		return vfsutil.WrapPragma(f.File, name, value)
	case len(reply.Rows) > 0:
		return reply.Text(), nil
	case name == "page_size":
		// An answer without a row would have a column without a name, which
		// the engine does not survive.
		return strconv.Itoa(f.db.PageSize()), nil
	}
	return "", sqlite3.NOTFOUND // SQLite passes over names that it does not know
}

func isKeyPragma(name string) bool {
	switch name {
	case "key", "textkey", "hexkey", "rekey", "textrekey", "hexrekey":
		return true
	}
	return false
}

// CheckpointStart tells the database that the log is being copied into it.
func (f *mainDB) CheckpointStart() {
	f.db.StartCheckpoint()
	vfsutil.WrapCheckpointStart(f.File)
}

func (f *mainDB) CheckpointDone() {
	f.db.EndCheckpoint()
	vfsutil.WrapCheckpointDone(f.File)
}

// SizeHint is passed over for an encrypted file: it would grow by pages that
// do not verify.
func (f *mainDB) SizeHint(size int64) error {
	if f.db.Encrypted() {
		return nil
	}
	return vfsutil.WrapSizeHint(f.File, size)
}

// ChunkSize is passed over for an encrypted file, as SizeHint is.
func (f *mainDB) ChunkSize(size int) {
	if !f.db.Encrypted() {
		vfsutil.WrapChunkSize(f.File, size)
	}
}

// SharedMemory is that of the file below: it holds no content.
func (f *mainDB) SharedMemory() sqlitevfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

func (f *mainDB) LockState() sqlitevfs.LockLevel { return vfsutil.WrapLockState(f.File) }
func (f *mainDB) PersistWAL() bool               { return vfsutil.WrapPersistWAL(f.File) }
func (f *mainDB) SetPersistWAL(keep bool)        { vfsutil.WrapSetPersistWAL(f.File, keep) }
func (f *mainDB) PowersafeOverwrite() bool       { return vfsutil.WrapPowersafeOverwrite(f.File) }
func (f *mainDB) SetPowersafeOverwrite(on bool)  { vfsutil.WrapSetPowersafeOverwrite(f.File, on) }
func (f *mainDB) HasMoved() (bool, error)        { return vfsutil.WrapHasMoved(f.File) }
func (f *mainDB) Overwrite() error               { return vfsutil.WrapOverwrite(f.File) }

// SyncSuper is called before the file is made durable, or would be.
func (f *mainDB) SyncSuper(super string) error {
	if err := f.db.Flush(); err != nil {
		return result(err, vfs.CodeIOErrWrite)
	}
	return vfsutil.WrapSyncSuper(f.File, super)
}

func (f *mainDB) CommitPhaseTwo() error { return vfsutil.WrapCommitPhaseTwo(f.File) }

// BusyHandler is kept too, as the file below may be opened again.
func (f *mainDB) BusyHandler(handler func() bool) {
	f.busy = handler
	vfsutil.WrapBusyHandler(f.File, handler)
}
