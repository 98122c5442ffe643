package ncruces

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/session"
)

// Open opens a connection to a database for the conversions of package convert,
// with a key or without.
func Open(ctx context.Context, db convert.Database) (driver.Conn, error) {
	return openAs(ctx, db, Param("vfs", VFSName))
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
	open := func(ctx context.Context, db convert.Database) (driver.Conn, error) {
		return openAs(ctx, db, Param("vfs", s.vfsName), Param("_pragma", "busy_timeout("+wait+")"))
	}
	db := convert.Database{Path: s.name, Key: key, Settings: guess}
	set, done, err = convert.Migrate(context.Background(), open, db, s.swap)
	var code sqlite3.ExtendedErrorCode
	if errors.As(err, &code) {
		err = session.WithCode(err, vfs.Code(code))
	}
	return set, done, err
}

// swap closes the file while another one is put into its place, and opens that.
func (f *mainDB) swap(rename func() error) error {
	_ = f.File.Close()
	f.below(gone{})
	f.release()
	err := rename()
	if openErr := f.reopen(); openErr != nil {
		return fmt.Errorf("ncruces: the file cannot be opened again: %w", openErr)
	}
	return err
}

// below puts another file under this one.
func (f *mainDB) below(file sqlitevfs.File) { f.File, f.low.file = file, file }

// reopen opens the file that the name stands for now.
func (f *mainDB) reopen() (err error) {
	if f.release, err = vfs.Claim(f.name, engineName); err != nil {
		return err
	}
	const flags = sqlitevfs.OPEN_MAIN_DB | sqlitevfs.OPEN_READWRITE
	name, ok := filename(sqlitevfs.GetFilename, f.conn.engine, f.path, flags)
	if !ok {
		return errMoved
	}
	file, _, err := vfsutil.WrapOpenFilename(f.vfs, name, flags)
	if err != nil {
		return belowError{err}
	}
	f.below(file)
	if f.busy != nil {
		vfsutil.WrapBusyHandler(file, f.busy)
	}
	return nil
}

// gone is a file that is closed, or could not be opened again.
type gone struct{}

func (gone) Close() error                                          { return nil }
func (gone) ReadAt([]byte, int64) (int, error)                     { return 0, sqlite3.IOERR }
func (gone) WriteAt([]byte, int64) (int, error)                    { return 0, sqlite3.IOERR }
func (gone) Truncate(int64) error                                  { return sqlite3.IOERR }
func (gone) Sync(sqlitevfs.SyncFlag) error                         { return sqlite3.IOERR }
func (gone) Size() (int64, error)                                  { return 0, sqlite3.IOERR }
func (gone) Lock(sqlitevfs.LockLevel) error                        { return sqlite3.IOERR }
func (gone) Unlock(sqlitevfs.LockLevel) error                      { return sqlite3.IOERR }
func (gone) CheckReservedLock() (bool, error)                      { return false, sqlite3.IOERR }
func (gone) SectorSize() int                                       { return 0 }
func (gone) DeviceCharacteristics() sqlitevfs.DeviceCharacteristic { return 0 }
