// Package ncruces puts the encrypting file layer under
// github.com/ncruces/go-sqlite3.
//
// Importing it registers the SQLite VFS "pageseal", which the driver of
// github.com/ncruces/go-sqlite3 is told to use in the URI:
//
//	import (
//		_ "github.com/ncruces/go-sqlite3/driver"
//		_ "github.com/pageseal/pageseal/vfs/ncruces"
//	)
//
//	db, err := sql.Open("sqlite3", "file:clinic.db?vfs=pageseal&key=correct%20horse")
//
// The key may also be given by PRAGMA key, as the first statement of each
// connection, and the KEY clause of ATTACH works as in SQLCipher.
//
// Programs log data source names. NewConnector takes the key outside of them,
// opens nothing without one, and tells what is wrong by the errors of package
// compat:
//
//	db := sql.OpenDB(ncruces.NewConnector("clinic.db", ncruces.Passphrase(secret)))
//
// A database that this process has open through another engine is refused,
// see vfs.Claim.
package ncruces

import (
	"fmt"
	"sync"

	"github.com/ncruces/go-sqlite3"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"
)

// VFSName is the name of the SQLite VFS that importing this package registers.
const VFSName = "pageseal"

// osName is the name of the VFS of the operating system.
const osName = "os"

func init() {
	if err := Register(VFSName, ""); err != nil {
		panic("ncruces: cannot register the VFS: " + err.Error())
	}
	sqlite3.AutoExtension(addExport)
}

// registering makes looking up a name and taking it one step.
var registering sync.Mutex

// Register makes SQLite know an encrypting VFS of that name over another one;
// an empty base is the VFS of the operating system. A name can be registered
// once. Safe for concurrent use.
func Register(name, base string) error {
	registering.Lock()
	defer registering.Unlock()
	switch below := sqlitevfs.Find(base); {
	case name == "" || name == osName:
		return fmt.Errorf("ncruces: the VFS name %q is taken", name)
	case sqlitevfs.Find(name) != nil:
		return fmt.Errorf("ncruces: the VFS %q is registered already", name)
	case below == nil:
		return fmt.Errorf("ncruces: there is no VFS %q", base)
	default:
		sqlitevfs.Register(name, &encrypting{below, name})
		return nil
	}
}

// isRegistered tells whether a VFS of that name encrypts.
func isRegistered(name string) bool {
	_, ok := sqlitevfs.Find(name).(*encrypting)
	return ok
}

// encrypting is our VFS: path names and the deletion of files are those of the
// VFS below.
type encrypting struct {
	sqlitevfs.VFS
	name string
}

var _ sqlitevfs.VFSFilename = (*encrypting)(nil)

// Open is not called by SQLite where there is OpenFilename, and it could not
// say which key a file is for.
func (e *encrypting) Open(name string, flags sqlitevfs.OpenFlag) (sqlitevfs.File, sqlitevfs.OpenFlag, error) {
	if name == "" {
		return e.OpenFilename(nil, flags)
	}
	return nil, flags, fmt.Errorf("ncruces: %q is not opened by SQLite", name)
}
