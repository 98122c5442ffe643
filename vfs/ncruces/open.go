package ncruces

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// engineName is how this adapter claims databases.
const engineName = "github.com/ncruces/go-sqlite3"

// OpenFilename opens the file of the VFS below and wraps it by its kind.
func (e *encrypting) OpenFilename(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (sqlitevfs.File, sqlitevfs.OpenFlag, error) {
	var f sqlitevfs.File
	var err error
	switch {
	case flags&vfs.OpenMainDB != 0:
		f, flags, err = e.openMain(name, flags)
	case flags&(vfs.OpenMainJournal|vfs.OpenWAL) != 0:
		f, flags, err = e.openJournal(name, flags)
	case flags&vfs.OpenPrivate != 0:
		f, flags, err = e.openTemp(name, flags)
	default: // a super-journal, which holds names
		return vfsutil.WrapOpenFilename(e.VFS, name, flags)
	}
	if err != nil {
		return nil, flags, result(err, vfs.CodeCantOpen)
	}
	return f, flags, nil
}

func (e *encrypting) openMain(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (_ *mainDB, _ sqlitevfs.OpenFlag, err error) {
	engine, db, path, err := inside(name)
	if err != nil {
		return nil, flags, err
	}
	f := &mainDB{conn: connOf(engine, db), path: path, name: name.String()}
	o, err := f.conn.optionsFor(name)
	if err != nil {
		return nil, flags, err
	}
	defer func() {
		if err != nil {
			o.Key.Wipe()
		}
	}()
	if f.release, err = vfs.Claim(f.name, engineName); err != nil {
		return nil, flags, o.fail(err)
	}
	var below sqlitevfs.File
	if below, flags, err = vfsutil.WrapOpenFilename(e.VFS, name, flags); err != nil {
		f.release()
		return nil, flags, belowError{err}
	}
	low := &lower{file: below}
	if f.db, err = vfs.NewMainDB(low, o.Options); err != nil {
		_ = low.Close()
		f.release()
		return nil, flags, err
	}
	f.file = file{File: below, core: f.db}
	f.db.Attach(geometry{f})
	f.join()
	return f, flags, nil
}

// openJournal opens a rollback journal or a log.
func (e *encrypting) openJournal(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (*file, sqlitevfs.OpenFlag, error) {
	parent, err := parentOf(name, flags)
	if err != nil {
		return nil, flags, err
	}
	below, flags, err := vfsutil.WrapOpenFilename(e.VFS, name, flags)
	if err != nil {
		return nil, flags, belowError{err}
	}
	low := &lower{file: below}
	f := &file{File: below}
	switch {
	case parent == nil:
		f.core = low
	case flags&vfs.OpenWAL != 0:
		f.core, err = vfs.NewWAL(low, parent.db, &chain{engine: parent.conn})
	default:
		f.core = vfs.NewJournal(low, parent.db)
	}
	if err != nil {
		_ = low.Close()
		return nil, flags, err
	}
	return f, flags, nil
}

func (e *encrypting) openTemp(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (*file, sqlitevfs.OpenFlag, error) {
	below, flags, err := vfsutil.WrapOpenFilename(e.VFS, name, flags)
	if err != nil {
		return nil, flags, belowError{err}
	}
	low := &lower{file: below}
	f := &file{File: below}
	if f.core, err = vfs.NewTemp(low); err != nil {
		_ = low.Close()
		return nil, flags, err
	}
	return f, flags, nil
}

// parentOf is the database that a journal or log belongs to.
//
// After a crash in a commit of several databases SQLite also opens, to read,
// the journals that a super-journal names, for the name that stands in them.
// Their names do not come from a database: asking one for its database would
// read stray memory. So it is found by its path first. Where there is none the
// journal is not played back, and nil says that it may be read as it is.
func parentOf(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (*mainDB, error) {
	engine, db, _, err := inside(name)
	if err != nil {
		return nil, err
	}
	suffix := "-journal"
	if flags&vfs.OpenWAL != 0 {
		suffix = "-wal"
	}
	var candidates []*mainDB
	for _, f := range connOf(engine, db).files {
		if path, ok := strings.CutSuffix(name.String(), suffix); ok && path == f.name {
			candidates = append(candidates, f)
		}
	}
	reading := flags&vfs.OpenReadOnly != 0 && flags&vfs.OpenMainJournal != 0
	switch {
	case len(candidates) == 1:
		return candidates[0], nil
	case len(candidates) == 0 && reading:
		return nil, nil
	case len(candidates) == 0:
		return nil, fmt.Errorf("ncruces: %w: a journal of another VFS", compat.ErrUnsupported)
	case reading:
		return candidates[0], nil // for its first byte, or its last
	}
	// The connection has the file open more than once.
	f, ok := vfsutil.UnwrapFile[*mainDB](name.DatabaseFile())
	if !ok {
		return nil, fmt.Errorf("ncruces: %w: a journal of another VFS", compat.ErrUnsupported)
	}
	return f, nil
}

// options are those of a main database, and where its errors are told.
type options struct{ vfs.Options }

// fail reports an error from before there is a database to report it.
func (o options) fail(err error) error {
	err = fmt.Errorf("pageseal: %s: %w", o.Name, err)
	if o.Report != nil {
		o.Report(err)
	}
	return err
}

// optionsFor finds the key and the settings of a main database: from the
// session of a Connector, from the ATTACH statement that opens it, from its
// URI, or from the database that it is a backup of.
func (c *conn) optionsFor(name *sqlitevfs.Filename) (o options, err error) {
	var params []compat.Param
	for key, values := range name.URIParameters() {
		for _, value := range values {
			params = append(params, compat.Param{Name: key, Value: value})
		}
	}
	attach, err := c.attaching()
	switch {
	case err != nil:
	case attach != nil:
		o.Options, err = attach.options(params)
	default:
		o.Options, err = vfs.OptionsOf("", params)
		if err == nil && o.Key.IsZero() && len(c.files) > 0 {
			// A backup or its source, which the engine opens beside the
			// connection and copies page by page.
			o.Options = c.files[0].db.Heir(true)
		}
	}
	o.Name = filepath.Base(name.String())
	if o.Report == nil {
		o.Report = c.reporter()
	}
	if err != nil {
		o.Key.Wipe()
		return o, o.fail(err)
	}
	return o, nil
}
