package cli

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	urfave "github.com/urfave/cli/v2"

	"github.com/pageseal/pageseal/cli/key"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// database is the file at path with the key and the settings that the flags of
// that prefix give. The caller wipes the key.
func database(c *urfave.Context, path, prefix string) (convert.Database, error) {
	settings, err := key.Settings(c, prefix)
	if err != nil {
		return convert.Database{}, err // before anybody types a key
	}
	spec, err := key.Read(c, prefix)
	return convert.Database{Path: path, Key: spec, Settings: settings}, err
}

// files are the arguments of a command, of which there have to be as many as
// there are names.
func files(c *urfave.Context, names ...string) ([]string, error) {
	args := c.Args().Slice()
	if len(args) == len(names) {
		return args, nil
	}
	if len(names) == 0 {
		return nil, key.Usagef("%s takes no arguments", c.Command.Name)
	}
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			return nil, key.Usagef("flags go before %s", names[0])
		}
	}
	return nil, key.Usagef("%s takes %s", c.Command.Name, strings.Join(names, " "))
}

// openDB is a database as a pool of one connection.
func openDB(open convert.Opener, db convert.Database) *sql.DB {
	pool := sql.OpenDB(connector{open, db})
	pool.SetMaxOpenConns(1)
	return pool
}

type connector struct {
	open convert.Opener
	db   convert.Database
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) { return c.open(ctx, c.db) }
func (c connector) Driver() driver.Driver                            { return modernc.Driver{} }
