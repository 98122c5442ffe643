package modernc

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// DriverName is the name of the database/sql driver that importing this
// package registers.
const DriverName = "pageseal"

func init() { sql.Register(DriverName, Driver{}) }

// Driver is the strict database/sql driver: it opens nothing without a key.
//
// A data source name is a file name or a file: URI, either with a query: the
// key (key, hexkey, rawkey, keyfile or keyenv), the settings by the names of
// SQLCipher's pragmas, and what modernc.org/sqlite and SQLite take. Unknown
// parameters are errors. Prefer NewConnector: it keeps the key out of the data
// source name, which programs log.
type Driver struct {
	// KeyOptional opens a database without a key too, see KeyOptional.
	KeyOptional bool
	// Migrate brings a database to the default settings first, see Migrate.
	Migrate bool
}

// Open opens a connection; see OpenConnector.
func (d Driver) Open(dsn string) (driver.Conn, error) {
	c, err := d.OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	return c.Connect(context.Background())
}

// OpenConnector reads the data source name.
func (d Driver) OpenConnector(dsn string) (driver.Connector, error) {
	parts, err := compat.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	o, err := vfs.OptionsOf(parts.Path, parts.Cipher)
	if err != nil {
		return nil, err
	}
	c := NewConnector(parts.Path, func(c *Connector) error {
		c.key, c.settings = o.Key, o.Settings
		for name, values := range parts.Rest {
			c.params[name] = values
		}
		c.keyOptional, c.migrate = d.KeyOptional, d.Migrate
		return nil
	})
	return c, c.err
}
