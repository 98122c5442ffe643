package ncruces

import (
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"
)

// journalName is the name of the rollback journal as SQLite hands it to a VFS.
// The VFS of the operating system takes no other.
func (f *mainDB) journalName(flags sqlitevfs.OpenFlag) (*sqlitevfs.Filename, error) {
	names, ok := f.conn.engine.(interface{ Xsqlite3_filename_journal(path int32) int32 })
	if !ok {
		return nil, errMoved
	}
	path := pointer(names.Xsqlite3_filename_journal(int32(f.path)))
	name, ok := filename(sqlitevfs.GetFilename, f.conn.engine, path, flags)
	if !ok || name.String() != f.name+"-journal" {
		return nil, errMoved
	}
	return name, nil
}

// filename calls get, whose first parameters are of types without a name here.
func filename[W any, P ~uint32](get func(W, P, sqlitevfs.OpenFlag) *sqlitevfs.Filename, e engine, path pointer,
	flags sqlitevfs.OpenFlag) (*sqlitevfs.Filename, bool) {
	w, ok := e.(W)
	if !ok {
		return nil, false
	}
	return get(w, P(path), flags), true
}
