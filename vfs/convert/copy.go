package convert

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/session"
)

// ErrDiffers is for a copy that is not what it was copied from.
var ErrDiffers = errors.New("the copy differs from the original")

// copied is the schema that a copy is attached as.
const copied = "migrate"

// Copy makes a new database file of another one: of everything that
// sqlcipher_export copies, and with its auto_vacuum and journal mode. There must
// not be a file yet; where something fails none is left.
//
// The copy is made tree by tree, and read back from its file: each MAC, each
// entry of each tree, and that there is nothing else. Where the trees of the source
// are not in order, with auto_vacuum, and where the source has a log but the adapter no
// virtual table sqlite_dbpage, it is made by SQL. Then what is verified is each MAC, what
// SQLite's integrity_check finds, and the number of rows of each table.
//
// What a hot journal or a log of the source holds counts.
func Copy(ctx context.Context, open Opener, from, to Database) error {
	source, err := open.conn(ctx, from)
	if err != nil {
		return err
	}
	mode, err := source.value("PRAGMA main.journal_mode")
	if err == nil {
		err = source.copyTo(open, to, mode, 0o600)
	}
	return errors.Join(err, source.Close())
}

// copyTo makes the copy, with the journal mode and the permissions given. SQLite
// makes it where trees are not in order, be it of the source or of a first copy.
func (c *conn) copyTo(open Opener, to Database, mode string, perm os.FileMode) error {
	err := c.copyTrees(open, to, mode)
	if errors.Is(err, errTree) {
		err = c.copyRows(open, to, mode)
	}
	if err != nil {
		return err
	}
	if err := seal(to.Path, perm); err != nil {
		return errors.Join(err, remove(to.Path))
	}
	return nil
}

// copyRows makes the copy with SQLite. Where something fails no file is left.
func (c *conn) copyRows(open Opener, to Database, mode string) error {
	f, err := os.OpenFile(to.Path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err = f.Close(); err == nil {
		err = c.fill(open, to, mode)
	}
	if err != nil {
		return errors.Join(err, remove(to.Path))
	}
	return nil
}

// fill exports the database into an empty file and looks at what has come of it.
func (c *conn) fill(open Opener, to Database, mode string) error {
	if err := c.attach(to); err != nil {
		return err
	}
	counts, err := c.export()
	if err != nil {
		_ = c.exec("ROLLBACK")
		_ = c.exec("DETACH " + copied)
		return err
	}
	if err := c.exec("DETACH " + copied); err != nil {
		return err
	}
	fresh, err := open.conn(c.ctx, to)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	if err = fresh.verify(counts); err == nil && mode == "wal" {
		err = fresh.exec("PRAGMA journal_mode = WAL")
	}
	return errors.Join(err, fresh.Close())
}

// attach attaches the file of the copy. The key is in no statement.
func (c *conn) attach(to Database) error {
	const attach = "ATTACH ? AS " + copied
	if to.Key.IsZero() {
		_, err := c.query(attach+" KEY ''", to.Path)
		return err
	}
	keys := session.NewKeyring(to.Key.Clone(), to.Settings.OrDefaults())
	defer keys.Wipe()
	s := session.New(keys)
	defer s.Close()
	_, err := c.query(attach, compat.URI(to.Path, url.Values{session.Param: {s.Token()}}))
	return err
}

// export copies the database in one transaction, and counts what it copies.
func (c *conn) export() (counts [][]string, err error) {
	vacuum, err := c.value("PRAGMA main.auto_vacuum")
	if err == nil {
		err = c.exec(
			"PRAGMA "+copied+".synchronous = FULL",
			"PRAGMA "+copied+".auto_vacuum = "+vacuum,
			"BEGIN",
			"SELECT "+ExportName+"('"+copied+"', 'main')")
	}
	if err == nil {
		counts, err = c.count()
	}
	if err == nil {
		err = c.exec("COMMIT")
	}
	return counts, err
}

// count is the number of rows of each table.
func (c *conn) count() (counts [][]string, err error) {
	tables, err := c.query("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		n, err := c.value("SELECT count(*) FROM main." + quoteName(t[0]))
		if err != nil {
			return nil, err
		}
		counts = append(counts, []string{t[0], n})
	}
	return counts, nil
}
