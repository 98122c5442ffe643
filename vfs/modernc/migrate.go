package modernc

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/session"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Open opens a connection to a database for the conversions of package convert,
// with a key or without.
func Open(ctx context.Context, db convert.Database) (driver.Conn, error) {
	return openAs(ctx, db, Param("vfs", VFSName))
}

// OpenReadOnly opens a connection that changes nothing: a hot journal is an
// error, and a log stays beside the database.
func OpenReadOnly(ctx context.Context, db convert.Database) (driver.Conn, error) {
	return openAs(ctx, db, Param("vfs", VFSName), Param("mode", "ro"))
}

// OpenWith is a function like Open, with options that say more.
func OpenWith(options ...Option) convert.Opener {
	return func(ctx context.Context, db convert.Database) (driver.Conn, error) {
		return openAs(ctx, db, append([]Option{Param("vfs", VFSName)}, options...)...)
	}
}

func openAs(ctx context.Context, db convert.Database, options ...Option) (driver.Conn, error) {
	c := NewConnector(db.Path, append(options, KeyOptional(), func(c *Connector) error {
		c.key, c.settings = db.Key.Clone(), db.Settings
		return nil
	})...)
	defer c.keyring.Wipe()
	return c.Connect(ctx)
}

// migrateOnce brings the database to the default settings before it is first
// opened, if that was asked for.
func (c *Connector) migrateOnce(ctx context.Context) error {
	if !c.migrate || c.key.IsZero() {
		return nil
	}
	options := []Option{Param("vfs", c.params.Get("vfs"))}
	if mode := c.params.Get("mode"); mode != "" {
		options = append(options, Param("mode", mode))
	}
	open := func(ctx context.Context, db convert.Database) (driver.Conn, error) {
		return openAs(ctx, db, options...)
	}
	return c.keyring.Migrate(func(key compat.Keyspec, guess compat.Settings) (compat.Settings, error) {
		set, _, err := convert.Migrate(ctx, open, convert.Database{Path: c.path, Key: key, Settings: guess}, nil)
		return set, err
	})
}

var _ vfs.Migrator = sqlOf{}

// Migrate is of vfs.Migrator.
func (s sqlOf) Migrate(key compat.Keyspec, guess compat.Settings) (set compat.Settings, done bool, err error) {
	defer key.Wipe()
	wait, err := s.Run("PRAGMA busy_timeout")
	if err != nil {
		return set, false, err
	}
	vfsName := libc.GoString(at[sqlite3.Tsqlite3_vfs](s.vfs).FzName)
	open := func(ctx context.Context, db convert.Database) (driver.Conn, error) {
		return openAs(ctx, db, Param("vfs", vfsName), Param("_pragma", "busy_timeout("+wait+")"))
	}
	db := convert.Database{Path: libc.GoString(s.name), Key: key, Settings: guess}
	set, done, err = convert.Migrate(context.Background(), open, db, s.swap)
	if code, ok := codeError(err).(vfs.Code); ok {
		err = session.WithCode(err, code)
	}
	return set, done, err
}

// swap closes the file while another one is put into its place, and opens that.
func (f *file) swap(rename func() error) error {
	_ = check(function[plainFunc](f.low.methods().FxClose)(f.low.tls, f.low.file))
	at[sqlite3.Tsqlite3_file](f.low.file).FpMethods = goneAddr
	f.unclaim()
	err := rename()
	if openErr := f.reopen(); openErr != nil {
		return fmt.Errorf("modernc: the file cannot be opened again: %w", openErr)
	}
	return err
}

// reopen opens the file that the name stands for now.
func (f *file) reopen() (err error) {
	name := libc.GoString(f.name)
	if f.release, err = vfs.Claim(name, engineName); err != nil {
		return err
	}
	const flags = vfs.OpenMainDB | sqlite3.SQLITE_OPEN_READWRITE
	belowAddr, v := below(f.vfs)
	at[sqlite3.Tsqlite3_file](f.low.file).FpMethods = 0
	err = check(function[openFunc](v.FxOpen)(f.low.tls, belowAddr, f.name, f.low.file, flags, 0))
	if err != nil {
		at[sqlite3.Tsqlite3_file](f.low.file).FpMethods = goneAddr
		return err
	}
	if f.pdb != 0 {
		f.control(f.low.tls, sqlite3.SQLITE_FCNTL_PDB, f.pdb)
	}
	return nil
}

// The methods of a file that is closed, or could not be opened again.
var (
	fGoneClose plainFunc = func(*libc.TLS, uintptr) int32 { return sqlite3.SQLITE_OK }
	fGonePlain plainFunc = func(*libc.TLS, uintptr) int32 { return 0 }
	fGoneRead  readFunc  = func(*libc.TLS, uintptr, uintptr, int32, int64) int32 { return sqlite3.SQLITE_IOERR }
	fGoneLong  longFunc  = func(*libc.TLS, uintptr, int64) int32 { return sqlite3.SQLITE_IOERR }
	fGoneInt   intFunc   = func(*libc.TLS, uintptr, int32) int32 { return sqlite3.SQLITE_IOERR }
	fGoneOut   outFunc   = func(*libc.TLS, uintptr, uintptr) int32 { return sqlite3.SQLITE_IOERR }
	fGoneCtl   ctlFunc   = func(*libc.TLS, uintptr, int32, uintptr) int32 { return sqlite3.SQLITE_NOTFOUND }

	gone = sqlite3.Tsqlite3_io_methods{
		FiVersion: 1,
		FxClose:   code(&fGoneClose), FxRead: code(&fGoneRead), FxWrite: code(&fGoneRead),
		FxTruncate: code(&fGoneLong), FxSync: code(&fGoneInt), FxFileSize: code(&fGoneOut),
		FxLock: code(&fGoneInt), FxUnlock: code(&fGoneInt), FxCheckReservedLock: code(&fGoneOut),
		FxFileControl: code(&fGoneCtl), FxSectorSize: code(&fGonePlain),
		FxDeviceCharacteristics: code(&fGonePlain),
	}
	goneAddr = addressOf(&gone)
)
