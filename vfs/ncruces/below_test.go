package ncruces_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/vfs/ncruces"
)

// writes is the VFS of the operating system, which keeps what is written to
// the files that one name of a VFS opens.
type writes struct {
	sqlitevfs.VFSFilename

	mu    sync.Mutex
	kinds map[sqlitevfs.OpenFlag]int // bytes by kind of file
	all   [][]byte
}

const kinds = sqlitevfs.OPEN_MAIN_DB | sqlitevfs.OPEN_TEMP_DB | sqlitevfs.OPEN_TRANSIENT_DB | sqlitevfs.OPEN_MAIN_JOURNAL |
	sqlitevfs.OPEN_TEMP_JOURNAL | sqlitevfs.OPEN_SUBJOURNAL | sqlitevfs.OPEN_SUPER_JOURNAL | sqlitevfs.OPEN_WAL

func (w *writes) OpenFilename(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (sqlitevfs.File, sqlitevfs.OpenFlag, error) {
	f, out, err := w.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, out, err
	}
	return &written{f, w, flags & kinds}, out, nil
}

type written struct {
	sqlitevfs.File
	to   *writes
	kind sqlitevfs.OpenFlag
}

func (f *written) WriteAt(p []byte, off int64) (int, error) {
	f.to.mu.Lock()
	defer f.to.mu.Unlock()
	f.to.kinds[f.kind] += len(p)
	f.to.all = append(f.to.all, bytes.Clone(p))
	return f.File.WriteAt(p, off)
}

func (f *written) SharedMemory() sqlitevfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

// TestNothingInClear works with a word in every kind of file that SQLite makes
// and looks for it in what reaches the VFS below.
func TestNothingInClear(t *testing.T) {
	t.Parallel()
	const word = "a word that nobody else may read"
	for _, mode := range []string{"delete", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := &writes{VFSFilename: sqlitevfs.Find("os").(sqlitevfs.VFSFilename), kinds: map[sqlitevfs.OpenFlag]int{}}
			sqlitevfs.Register("writes-"+mode, w)
			if err := ncruces.Register("written-"+mode, "writes-"+mode); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			db := open(t, "file:"+filepath.Join(dir, "clear.db")+"?vfs=written-"+mode+"&rawkey="+rawKey)
			many := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) SELECT i, '" + word + " ' || (i*7919%3000) FROM n"
			for _, sql := range []string{
				"PRAGMA journal_mode=" + mode + "; PRAGMA temp_store=FILE; PRAGMA cache_size=5; PRAGMA temp.cache_size=5; PRAGMA cache_spill=1",
				"ATTACH '" + filepath.Join(dir, "other.db") + "' AS other",
				"CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE); CREATE TABLE other.t(a, b); INSERT INTO t " + many,
				"CREATE TEMP TABLE temporary(a, b); INSERT INTO temporary " + many + "; UPDATE temporary SET b = b || 'x'",
				"SELECT b FROM t ORDER BY b || 'y' LIMIT 1 OFFSET 2999; SELECT count(DISTINCT b || 'z') FROM t",
				"BEGIN; SAVEPOINT s; UPDATE t SET b = b || '+'; ROLLBACK TO s; INSERT INTO other.t SELECT * FROM t; UPDATE t SET b = b || '-'; COMMIT",
				"UPDATE OR FAIL t SET b = b || '.' WHERE a < 2000; CREATE INDEX i ON t(b, a)",
				"BEGIN; DELETE FROM t WHERE a%2; INSERT INTO t(b) VALUES('" + word + "'); ROLLBACK",
				"VACUUM; VACUUM INTO '" + filepath.Join(dir, "into.db") + "'; PRAGMA wal_checkpoint(TRUNCATE)",
			} {
				mustExec(t, db, sql)
			}
			wantAnswer(t, db, "ok", "PRAGMA integrity_check")
			db.Close()
			w.check(t, word, mode)
		})
	}
}

func (w *writes) check(t *testing.T, word, mode string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	want := []sqlitevfs.OpenFlag{sqlitevfs.OPEN_MAIN_DB, sqlitevfs.OPEN_TEMP_DB, sqlitevfs.OPEN_TEMP_JOURNAL}
	if mode == "wal" {
		want = append(want, sqlitevfs.OPEN_WAL)
	} else {
		want = append(want, sqlitevfs.OPEN_MAIN_JOURNAL, sqlitevfs.OPEN_SUPER_JOURNAL, sqlitevfs.OPEN_SUBJOURNAL)
	}
	for _, kind := range want {
		if w.kinds[kind] == 0 {
			t.Errorf("nothing was written to a file of kind %#x: the test tests too little", kind)
		}
	}
	t.Logf("bytes by kind: %v", w.kinds)
	for _, p := range w.all {
		if bytes.Contains(p, []byte(word[:12])) {
			t.Errorf("in clear, in a write of %d bytes", len(p))
		}
	}
}

// asked is a file that notes which optional methods are asked for.
type asked struct {
	sqlitevfs.File
	by []string
}

func (f *asked) note(what string, args ...any) {
	f.by = append(f.by, strings.TrimSpace(fmt.Sprintln(append([]any{what}, args...)...)))
}

func (f *asked) LockState() sqlitevfs.LockLevel       { f.note("LockState"); return sqlitevfs.LOCK_RESERVED }
func (f *asked) PersistWAL() bool                     { f.note("PersistWAL"); return true }
func (f *asked) SetPersistWAL(on bool)                { f.note("SetPersistWAL", on) }
func (f *asked) PowersafeOverwrite() bool             { f.note("PowersafeOverwrite"); return true }
func (f *asked) SetPowersafeOverwrite(on bool)        { f.note("SetPowersafeOverwrite", on) }
func (f *asked) ChunkSize(n int)                      { f.note("ChunkSize", n) }
func (f *asked) SizeHint(n int64) error               { f.note("SizeHint", n); return nil }
func (f *asked) HasMoved() (bool, error)              { f.note("HasMoved"); return true, nil }
func (f *asked) Overwrite() error                     { f.note("Overwrite"); return nil }
func (f *asked) SyncSuper(super string) error         { f.note("SyncSuper", super); return nil }
func (f *asked) CommitPhaseTwo() error                { f.note("CommitPhaseTwo"); return nil }
func (f *asked) BeginAtomicWrite() error              { f.note("BeginAtomicWrite"); return nil }
func (f *asked) CommitAtomicWrite() error             { f.note("CommitAtomicWrite"); return nil }
func (f *asked) RollbackAtomicWrite() error           { f.note("RollbackAtomicWrite"); return nil }
func (f *asked) CheckpointStart()                     { f.note("CheckpointStart") }
func (f *asked) CheckpointDone()                      { f.note("CheckpointDone") }
func (f *asked) BusyHandler(func() bool)              { f.note("BusyHandler") }
func (f *asked) MemoryMapper() sqlitevfs.MemoryMapper { f.note("MemoryMapper"); return nil }

func (f *asked) DeviceCharacteristics() sqlitevfs.DeviceCharacteristic {
	return sqlitevfs.IOCAP_ATOMIC | sqlitevfs.IOCAP_BATCH_ATOMIC | sqlitevfs.IOCAP_SUBPAGE_READ | sqlitevfs.IOCAP_SEQUENTIAL
}

func (f *asked) Pragma(name, value string) (string, error) {
	f.note("Pragma", name, value)
	return "from below", nil
}

type asking struct {
	sqlitevfs.VFSFilename
	main *asked // of the last database opened
}

func (a *asking) OpenFilename(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (sqlitevfs.File, sqlitevfs.OpenFlag, error) {
	f, out, err := a.VFSFilename.OpenFilename(name, flags)
	if err != nil || flags&sqlitevfs.OPEN_MAIN_DB == 0 {
		return f, out, err
	}
	a.main = &asked{File: f}
	return a.main, out, nil
}

// TestOptionalMethods wants each optional method of a main database passed on,
// but those that would go around the encryption.
func TestOptionalMethods(t *testing.T) {
	t.Parallel()
	base := &asking{VFSFilename: sqlitevfs.Find("os").(sqlitevfs.VFSFilename)}
	sqlitevfs.Register("asking", base)
	if err := ncruces.Register("asked", "asking"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", rawKey} {
		params := ""
		if key != "" {
			params = "&rawkey=" + key
		}
		db := open(t, "file:"+filepath.Join(t.TempDir(), "asked.db")+"?vfs=asked&psow=1"+params)
		f := fileOf(t, db)
		base.main.by = nil
		f.SetPersistWAL(true)
		f.SetPowersafeOverwrite(false)
		f.CheckpointStart()
		f.CheckpointDone()
		f.BusyHandler(func() bool { return true })
		f.ChunkSize(4096)
		moved, movedErr := f.HasMoved()
		if f.LockState() != sqlitevfs.LOCK_RESERVED || !f.PersistWAL() || !f.PowersafeOverwrite() || !moved || movedErr != nil {
			t.Error("an answer from below is lost")
		}
		for _, err := range []error{f.SizeHint(7), f.Overwrite(), f.SyncSuper("super"), f.CommitPhaseTwo()} {
			if err != nil {
				t.Error(err)
			}
		}
		if row, err := f.Pragma("application_id", "7"); row != "from below" || err != nil {
			t.Errorf("pragma: %q %v", row, err)
		}
		want := []string{
			"SetPersistWAL true", "SetPowersafeOverwrite false", "CheckpointStart", "CheckpointDone", "BusyHandler", "ChunkSize 4096",
			"HasMoved", "LockState", "PersistWAL", "PowersafeOverwrite", "SizeHint 7", "Overwrite", "SyncSuper super", "CommitPhaseTwo",
			"Pragma application_id 7",
		}
		if key != "" { // the file would grow by pages that do not verify
			want = slices.DeleteFunc(want, func(s string) bool { return s == "ChunkSize 4096" || s == "SizeHint 7" })
		}
		if !slices.Equal(base.main.by, want) {
			t.Errorf("key %q: asked for\n%q, want\n%q", key, base.main.by, want)
		}
		for name, has := range map[string]bool{
			"memory maps":    is[sqlitevfs.FileMemoryMapper](f),
			"atomic batches": is[sqlitevfs.FileBatchAtomicWrite](f),
		} {
			if has {
				t.Errorf("there are %s", name)
			}
		}
		if got := f.DeviceCharacteristics(); got != sqlitevfs.IOCAP_SEQUENTIAL|sqlitevfs.IOCAP_POWERSAFE_OVERWRITE {
			t.Errorf("device characteristics %#x", got)
		}
	}
}

func is[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

// optional are the methods that a main database of ours has.
type optional interface {
	sqlitevfs.FileLockState
	sqlitevfs.FilePersistWAL
	sqlitevfs.FilePowersafeOverwrite
	sqlitevfs.FileChunkSize
	sqlitevfs.FileSizeHint
	sqlitevfs.FileHasMoved
	sqlitevfs.FileOverwrite
	sqlitevfs.FileSync
	sqlitevfs.FileCommitPhaseTwo
	sqlitevfs.FileCheckpoint
	sqlitevfs.FilePragma
	sqlitevfs.FileBusyHandler
	sqlitevfs.FileSharedMemory
}

// fileOf is the file of the main database, as the engine has it.
func fileOf(t *testing.T, db *sql.DB) (f optional) {
	t.Helper()
	err := raw(t, db, func(c *sqlite3.Conn) error {
		handle, err := c.FileControl("main", sqlite3.FCNTL_FILE_POINTER)
		if err != nil {
			return err
		}
		// The engine's own layer of checksums is around every database.
		f = handle.(sqlitevfs.FileUnwrap).Unwrap().(optional)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
