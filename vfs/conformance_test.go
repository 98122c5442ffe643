package vfs_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/conformance"
)

// TestConformance asks the wrappers of this package what they do without an
// adapter.
func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformance.Binding{
		Disk: func(_ testing.TB, d *vfstest.Disk) conformance.Connection {
			return &bareConn{disk: d, main: map[string]*vfs.MainDB{}}
		},
		Lacks: map[string]string{
			"paths":                               adapters,
			"device":                              adapters,
			"controls":                            adapters,
			"locks":                               adapters,
			"shared memory":                       adapters,
			"errors below/lock":                   adapters,
			"temporary files/deleted when closed": adapters,
			"errors below/read of a journal cut short": "a file below tells its end by io.EOF; " +
				"whether it is the end is for the adapter to find out",
		},
	})
}

const adapters = "the engine's own VFS does it, and the adapter passes it on"

// bareConn opens the wrappers of package vfs right over a disk.
type bareConn struct {
	disk *vfstest.Disk
	main map[string]*vfs.MainDB // open, by name
}

func (c *bareConn) Open(name string, flags int, params ...compat.Param) (conformance.File, int) {
	f, err := c.open(name, flags, params)
	if err != nil {
		return nil, int(vfs.CodeOf(err, vfs.CodeCantOpen))
	}
	return f, 0
}

func (c *bareConn) open(name string, flags int, params []compat.Param) (conformance.File, error) {
	var o vfs.Options
	if flags&vfs.OpenMainDB != 0 {
		var err error
		if o, err = vfs.OptionsOf(name, params); err != nil {
			return nil, err
		}
	}
	base, err := c.disk.Open(name, true)
	if err != nil {
		return nil, err
	}
	f, err := c.wrap(base, name, flags, o)
	if err != nil {
		_ = base.Close()
	}
	return f, err
}

func (c *bareConn) wrap(base vfs.Base, name string, flags int, o vfs.Options) (conformance.File, error) {
	switch {
	case flags&vfs.OpenMainDB != 0:
		db, err := vfs.NewMainDB(base, o)
		c.main[name] = db
		return bareMain{bareFile{db}, db}, err
	case flags&vfs.OpenMainJournal != 0:
		return bareFile{vfs.NewJournal(base, c.main[strings.TrimSuffix(name, "-journal")])}, nil
	case flags&vfs.OpenWAL != 0:
		running := &runningSum{}
		wal, err := vfs.NewWAL(base, c.main[strings.TrimSuffix(name, "-wal")], running)
		return bareLog{bareFile{wal}, running}, err
	case flags&vfs.OpenPrivate != 0:
		temp, err := vfs.NewTemp(base)
		return bareFile{temp}, err
	}
	return bareFile{base}, nil
}

// bareFile tells results by codes, as every adapter does.
type bareFile struct{ vfs.File }

func code(err error, fallback vfs.Code) int { return int(vfs.CodeOf(err, fallback)) }

func (f bareFile) Read(p []byte, off int64) int {
	n, err := f.ReadAt(p, off)
	if n == len(p) {
		return 0
	}
	clear(p[n:])
	if err == nil {
		err = io.EOF
	}
	return code(err, vfs.CodeIOErrRead)
}

func (f bareFile) Write(p []byte, off int64) int {
	_, err := f.WriteAt(p, off)
	return code(err, vfs.CodeIOErrWrite)
}

func (f bareFile) Truncate(size int64) int { return code(f.File.Truncate(size), vfs.CodeIOErrTrunc) }
func (f bareFile) Sync(flags int) int      { return code(f.File.Sync(flags), vfs.CodeIOErr) }
func (f bareFile) Close() int              { return code(f.File.Close(), vfs.CodeIOErr) }

func (f bareFile) Size() (int64, int) {
	n, err := f.File.Size()
	return n, code(err, vfs.CodeIOErrFstat)
}

type bareMain struct {
	bareFile
	db *vfs.MainDB
}

func (f bareMain) Checkpoint(start bool) int {
	if start {
		f.db.StartCheckpoint()
	} else {
		f.db.EndCheckpoint()
	}
	return 0
}

func (f bareMain) Pragma(name string, value *string) (string, int) {
	reply, err := f.db.Pragma(name, value)
	switch {
	case err != nil:
		return err.Error(), code(err, vfs.CodeError)
	case !reply.Handled:
		const notFound = 12
		return "", notFound
	}
	return reply.Text(), 0
}

// runningSum is the running checksum of a log where there is no SQLite to keep
// it.
type runningSum struct {
	sum  [2]uint32
	salt [8]byte
	last uint32
}

func (r *runningSum) SetFrameChecksum(old, new [2]uint32, walSalt []byte) error {
	if r.sum != old || r.salt != [8]byte(walSalt) {
		return fmt.Errorf("%w: another chain", compat.ErrUnsupported)
	}
	r.sum = new
	return nil
}

func (r *runningSum) LastFrame(sum [2]uint32, walSalt []byte) (number uint32, ok bool, err error) {
	return r.last, r.sum == sum && r.salt == [8]byte(walSalt), nil
}

type bareLog struct {
	bareFile
	running *runningSum
}

func (l bareLog) Running() [2]uint32 { return l.running.sum }

func (l bareLog) SetRunning(sum [2]uint32, salt [8]byte) { l.running.sum, l.running.salt = sum, salt }

func (l bareLog) SetLast(frame int) { l.running.last = uint32(frame) }
