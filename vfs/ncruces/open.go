package ncruces

import (
	"fmt"
	"path/filepath"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
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
	f := &mainDB{conn: connOf(engine, db), vfs: e.VFS, vfsName: e.name, path: path, name: name.String()}
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
	o.Path = f.name
	o.ReadOnly = flags&vfs.OpenReadOnly != 0
	if f.db, err = vfs.NewMainDB(low, o.Options); err != nil {
		_ = low.Close()
		f.release()
		return nil, flags, err
	}
	f.file, f.low = file{File: below, core: f.db}, low
	f.copied = o.copied
	f.db.Attach(sqlOf{f})
	f.join()
	return f, flags, nil
}

// openJournal opens a rollback journal or a log.
func (e *encrypting) openJournal(name *sqlitevfs.Filename, flags sqlitevfs.OpenFlag) (*file, sqlitevfs.OpenFlag, error) {
	parent, ok := vfsutil.UnwrapFile[*mainDB](name.DatabaseFile())
	if !ok {
		return nil, flags, fmt.Errorf("ncruces: %w: a journal of another VFS", compat.ErrUnsupported)
	}
	below, flags, err := vfsutil.WrapOpenFilename(e.VFS, name, flags)
	if err != nil {
		return nil, flags, belowError{err}
	}
	low := &lower{file: below}
	f := &file{File: below}
	if flags&vfs.OpenWAL != 0 {
		f.core, err = vfs.NewWAL(low, parent.db, &chain{engine: parent.conn})
	} else {
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

// options are those of a main database, and where its errors are told.
type options struct {
	vfs.Options
	copied bool // for the target of VACUUM INTO
}

// fail reports an error from before there is a database to report it.
func (o options) fail(err error) error {
	err = vfs.InFile(o.Name, err)
	if o.Listener != nil {
		o.Listener.Report(err)
	}
	return err
}

// optionsFor finds the key and the settings of a main database: from the
// session of a Connector, from the ATTACH statement that opens it, from its
// URI, or from the database that it is a backup of.
func (c *conn) optionsFor(name *sqlitevfs.Filename) (o options, err error) {
	uri := name.URIParameters()
	if s := session.Of(uri.Get(session.Param)); s != nil {
		o.Options = s.Options()
		o.Name = filepath.Base(name.String())
		return o, nil
	}
	var params []compat.Param
	for key, values := range uri {
		for _, value := range values {
			params = append(params, compat.Param{Name: key, Value: value})
		}
	}
	attach, err := c.attaching()
	switch {
	case err != nil:
	case attach != nil:
		o.Options, err = attach.options(params)
		o.copied = attach.vacuum != ""
	default:
		o.Options, err = vfs.OptionsOf("", params)
		if err == nil && o.Key.IsZero() && len(c.files) > 0 {
			// A backup or its source, which the engine opens beside the
			// connection and copies page by page.
			o.Options = c.files[0].db.Heir(true)
		}
	}
	o.Name = filepath.Base(name.String())
	if o.Listener == nil {
		o.Listener = c.listener()
	}
	if err != nil {
		o.Key.Wipe()
		return o, o.fail(err)
	}
	return o, nil
}
