// Package sqlite3 registers the driver of package modernc under the name
// "sqlite3", the one of the cgo drivers for SQLite and SQLCipher, and takes
// their data source names. A program moves by changing one import:
//
//	import _ "github.com/pageseal/pageseal/vfs/modernc/sqlite3"
//
//	db, err := sql.Open("sqlite3", "clinic.db?_pragma_key=correct+horse&_foreign_keys=on")
//
// The key may be given as _pragma_key or _key, the settings of the encryption as
// _pragma_cipher_page_size or _cipher_page_size and so on, everything else as
// github.com/mattn/go-sqlite3 takes it. A word that is not known is an error;
// those drivers pass over it, be it a key that is misspelt.
//
// As there, a data source name without a key is one of a database in clear. New
// programs should use package modernc.
package sqlite3

import (
	"database/sql"
	"database/sql/driver"
)

// DriverName is the name that importing this package registers. No other driver
// of that name can be in the program.
const DriverName = "sqlite3"

func init() { sql.Register(DriverName, Driver{}) }

// Driver is the driver of package modernc for data source names of the cgo
// drivers.
type Driver struct{}

var _ driver.DriverContext = Driver{}

// Open opens a connection.
func (Driver) Open(dsn string) (driver.Conn, error) {
	d, dsn, err := translate(dsn)
	if err != nil {
		return nil, err
	}
	return d.Open(dsn)
}

// OpenConnector reads the data source name.
func (Driver) OpenConnector(dsn string) (driver.Connector, error) {
	d, dsn, err := translate(dsn)
	if err != nil {
		return nil, err
	}
	return d.OpenConnector(dsn)
}
