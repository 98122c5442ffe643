package modernc

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// engineName is how this adapter claims databases.
const engineName = "modernc.org/sqlite"

// xOpen opens the file of the operating system behind ours and wraps it by its
// kind.
func xOpen(tls *libc.TLS, ours, name, addr uintptr, flags int32, outFlags uintptr) int32 {
	c := at[cFile](addr)
	c.methods = 0 // SQLite calls xClose only where this is set
	f := &file{addr: addr, vfs: ours, low: &lower{tls: tls, file: addr + lowerOffset}}
	var o vfs.Options
	if flags&vfs.OpenMainDB != 0 {
		var err error
		if o, err = optionsFor(tls, name); err != nil {
			return result(err, vfs.CodeCantOpen)
		}
		if f.release, err = claim(libc.GoString(name), o); err != nil {
			return result(err, vfs.CodeCantOpen)
		}
	}
	at[sqlite3.Tsqlite3_file](f.low.file).FpMethods = 0
	belowAddr, v := below(ours)
	rc := function[openFunc](v.FxOpen)(tls, belowAddr, name, f.low.file, flags, outFlags)
	if rc != sqlite3.SQLITE_OK {
		f.unclaim()
		return rc
	}
	if outFlags != 0 {
		o.ReadOnly = *at[int32](outFlags)&vfs.OpenReadOnly != 0
	}
	f.name = name
	o.Path = libc.GoString(name)
	if err := f.wrap(name, flags, o); err != nil {
		_ = f.low.Close()
		f.unclaim()
		return result(err, vfs.CodeCantOpen)
	}
	c.number = open.add(f)
	c.methods = ioMethodsAddr
	return sqlite3.SQLITE_OK
}

// claim keeps other engines out of a main database.
func claim(name string, o vfs.Options) (release func(), err error) {
	release, err = vfs.Claim(name, engineName)
	if err == nil {
		return release, nil
	}
	o.Key.Wipe()
	err = vfs.InFile(o.Name, err)
	if o.Listener != nil {
		o.Listener.Report(err)
	}
	return nil, err
}

func (f *file) unclaim() {
	if f.release != nil {
		f.release()
	}
}

func (f *file) wrap(name uintptr, flags int32, o vfs.Options) (err error) {
	switch {
	case flags&vfs.OpenMainDB != 0:
		f.db, err = vfs.NewMainDB(f.low, o)
		f.core = f.db
	case flags&(vfs.OpenMainJournal|vfs.OpenWAL) != 0:
		db := sqlite3.Xsqlite3_database_file_object(f.low.tls, name)
		if !ours(db) {
			return fmt.Errorf("modernc: %w: a journal of another VFS", compat.ErrUnsupported)
		}
		f.parent = lookup(f.low.tls, db)
		if flags&vfs.OpenWAL != 0 {
			f.core, err = vfs.NewWAL(f.low, f.parent.db, f)
		} else {
			f.core = vfs.NewJournal(f.low, f.parent.db)
		}
	case flags&vfs.OpenPrivate != 0:
		f.core, err = vfs.NewTemp(f.low)
	default: // a super-journal, which holds names
		f.core = f.low
	}
	return err
}

// optionsFor finds the key and the settings of a main database: from the
// session of our driver, from the ATTACH statement that opens it, or from its
// URI.
func optionsFor(tls *libc.TLS, name uintptr) (vfs.Options, error) {
	params := uriParams(tls, name)
	if s := session.Of(libc.GoString(sqlite3.Xsqlite3_uri_parameter(tls, name, sessionParam))); s != nil {
		o := s.Options()
		o.Name = filepath.Base(libc.GoString(name))
		return o, refuseShared(params, o)
	}
	parent := connOf(tls)
	var o vfs.Options
	var err error
	if attach := parent.attaching(); attach != nil {
		o, err = attach.options(params)
		o.Listener = parent.listener()
	} else {
		o, err = vfs.OptionsOf("", params)
	}
	if err == nil {
		err = refuseShared(params, o)
	}
	o.Name = filepath.Base(libc.GoString(name))
	if err != nil {
		err = vfs.InFile(o.Name, err)
		if l := parent.listener(); l != nil {
			l.Report(err)
		}
	}
	return o, err
}

// sessionParam is session.Param in the engine's memory.
var sessionParam = mustCString(session.Param)

// refuseShared refuses a cache that connections share: a second one would read
// it without the VFS, and without a key.
func refuseShared(params []compat.Param, o vfs.Options) error {
	if !slices.Contains(params, compat.Param{Name: "cache", Value: "shared"}) {
		return nil
	}
	o.Key.Wipe()
	err := fmt.Errorf("%w: cache=shared", compat.ErrUnsupported)
	if o.Listener != nil {
		o.Listener.Report(err)
	}
	return err
}

// uriParams are the parameters of a database name, percent-decoded by SQLite.
func uriParams(tls *libc.TLS, name uintptr) []compat.Param {
	var params []compat.Param
	for i := int32(0); name != 0; i++ {
		key := sqlite3.Xsqlite3_uri_key(tls, name, i)
		if key == 0 {
			break
		}
		value := sqlite3.Xsqlite3_uri_parameter(tls, name, key)
		params = append(params, compat.Param{Name: libc.GoString(key), Value: libc.GoString(value)})
	}
	return params
}
