package ncruces

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
)

// Option says how a Connector opens its database.
type Option func(*Connector) error

// Passphrase gives the passphrase. It is copied; the caller may wipe its own.
// Text of the form x'...' is a passphrase too, see Keyspec.
func Passphrase[T string | []byte](passphrase T) Option {
	return func(c *Connector) error { return c.setKey(compat.Passphrase([]byte(passphrase))) }
}

// Keyspec gives a key in the form that PRAGMA key takes: a passphrase, or
// x'...' around the 64, 96 or 160 hex digits of a raw key.
func Keyspec[T string | []byte](text T) Option {
	return func(c *Connector) error { return c.setKey(compat.ParseKeyspec([]byte(text))) }
}

// RawKey gives a raw key: 64 hex digits of the key, 96 with the salt, 160 with
// the MAC key and the salt.
func RawKey[T string | []byte](digits T) Option {
	return func(c *Connector) error { return c.setKey(compat.RawKeyspec([]byte(digits))) }
}

// Setting sets one of SQLCipher's settings by the name of its pragma, for
// example "cipher_page_size" or "cipher_compatibility". Give the level before
// what differs from it. What is not given is that of the latest level; without
// any, the defaults of the process count, see compat.Defaults.
func Setting(name, value string) Option {
	return func(c *Connector) error { return c.settings.Set(name, value) }
}

// Param sets a parameter of the URI that SQLite or the driver of
// github.com/ncruces/go-sqlite3 reads, for example "mode" or "_pragma".
func Param(name, value string) Option {
	return func(c *Connector) error {
		c.params.Add(name, value)
		return nil
	}
}

// KeyOptional lets the database be opened without a key: it is then read as it
// is, and PRAGMA key may follow. For tools such as a shell; a program that
// means to encrypt has no use for it.
func KeyOptional() Option {
	return func(c *Connector) error {
		c.keyOptional = true
		return nil
	}
}

// Migrate brings a database of an older release of SQLCipher to the default
// settings when it is first opened, as PRAGMA cipher_migrate does. The file then
// is another one: nobody else may have it open.
func Migrate() Option {
	return func(c *Connector) error {
		c.migrate = true
		return nil
	}
}

// Progress has f told how far long work on the pages of the database has come, a
// check or a new key: pages done, and all that there are. An error of f ends the
// work, which has changed nothing then. f is called within the statement.
func Progress(f func(done, total uint64) error) Option {
	return func(c *Connector) error {
		c.progress = f
		return nil
	}
}

// Connector opens connections to one encrypted database, for sql.OpenDB. The
// key is in no data source name. Safe for concurrent use.
type Connector struct {
	path        string
	key         compat.Keyspec
	settings    compat.Settings
	params      url.Values
	keyOptional bool
	migrate     bool
	progress    func(done, total uint64) error
	keyring     *session.Keyring
	err         error
}

// NewConnector makes a connector for the database file at path; the file is
// created when a table is. What is wrong with the options is returned by
// Connect, and so by the first use of the sql.DB: compat.ErrNoKey,
// compat.ErrKeyspec, compat.ErrSetting or compat.ErrUnknownParam.
func NewConnector(path string, options ...Option) *Connector {
	c := &Connector{path: path, params: url.Values{}}
	for _, option := range options {
		if err := option(c); err != nil && c.err == nil {
			c.err = err
		}
	}
	if !c.key.IsZero() {
		// Not those at the moment of each connection: a pool has one database.
		c.settings = c.settings.OrDefaults()
	}
	if c.err == nil && !c.settings.IsZero() {
		c.err = c.settings.Validate()
	}
	if c.err == nil && c.key.IsZero() && !c.keyOptional {
		c.err = compat.ErrNoKey
	}
	switch name := c.params.Get("vfs"); {
	case !c.params.Has("vfs"):
		c.params.Set("vfs", VFSName)
	case !isRegistered(name) && c.err == nil:
		c.err = fmt.Errorf("%w: the VFS %q does not encrypt", compat.ErrUnsupported, name)
	}
	c.keyring = session.NewKeyring(c.key, c.settings)
	return c
}

func (c *Connector) setKey(key compat.Keyspec, err error) error {
	if err != nil {
		return err
	}
	if !c.key.IsZero() {
		return fmt.Errorf("%w: two keys are given", compat.ErrKeyspec)
	}
	c.key = key
	return nil
}

// Connect opens a connection and makes sure that the key opens the database.
// Its errors are those of NewConnector, and compat.ErrWrongKey,
// compat.ErrPlaintext, compat.ErrShortFile, compat.ErrDamaged or
// vfs.ErrOtherEngine, over the *sqlite3.Error of the engine. Those of the
// connection name their cause in the same way.
func (c *Connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.err != nil {
		return nil, vfs.InFile(c.path, c.err)
	}
	if err := c.migrateOnce(ctx); err != nil {
		return nil, err
	}
	s := session.New(c.keyring)
	s.OnProgress(c.progress)
	params := url.Values{}
	for name, values := range c.params {
		params[name] = values
	}
	params.Set(session.Param, s.Token())
	conn, err := connect(ctx, s, compat.URI(c.path, params))
	if err != nil {
		s.Close()
		return nil, explain(s, err)
	}
	if !s.Keyed() {
		return conn, nil
	}
	if err := check(conn.Raw()); err != nil {
		err = explain(s, err)
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// connect opens a connection of the engine's driver and wraps it.
func connect(ctx context.Context, s *session.Session, dsn string) (*sessionConn, error) {
	inner, err := (&sqlite.SQLite{}).OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	conn, err := inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &sessionConn{engineConn: conn.(engineConn), session: s}, nil
}

// check reads page 1 once, so that a wrong key fails here and not later.
func check(conn *sqlite3.Conn) error {
	err := conn.Exec("PRAGMA schema_version")
	if errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED) {
		return nil // somebody writes: the first statement will tell
	}
	return err
}

// Driver is the driver of github.com/ncruces/go-sqlite3.
func (c *Connector) Driver() driver.Driver { return &sqlite.SQLite{} }
