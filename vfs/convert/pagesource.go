package convert

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// filePager is a connection that can read the file of its main database below
// SQLite, see [vfs.MainDB.Pages].
type filePager interface {
	Pages(size int) (*vfs.Pages, error)
}

// layout is how many pages the main database has, and of what size. SQLite takes the
// lock to count them; only then is it sure of the size.
func (c *conn) layout() (pages, size uint64, err error) {
	if pages, err = c.number("PRAGMA main.page_count"); err != nil {
		return 0, 0, err
	}
	size, err = c.number("PRAGMA main.page_size")
	return pages, size, err
}

// pages reads the main database in the transaction that is under way: from its
// file, or through SQLite where there is a log.
func (c *conn) pages(size int) (pageSource, error) {
	if f, ok := c.Conn.(filePager); ok {
		if p, err := f.Pages(size); !errors.Is(err, compat.ErrUnsupported) {
			return p, err
		}
	}
	return c.dbPages(size)
}

// dbPages reads pages of the main database through the connection.
type dbPages struct {
	free context.Context // that nobody ends, which each query would watch over
	stmt driver.Stmt
	size int
	made [][]byte // buffers
}

func (c *conn) dbPages(size int) (*dbPages, error) {
	const pages = "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) " +
		"SELECT data FROM n CROSS JOIN sqlite_dbpage('main') WHERE pgno = i"
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(c.ctx, pages)
	if err != nil {
		return nil, err
	}
	return &dbPages{free: context.WithoutCancel(c.ctx), stmt: st, size: size}, nil
}

// Buffer is of pageSource.
func (d *dbPages) Buffer(pages int) []byte {
	b := make([]byte, pages*d.size)
	d.made = append(d.made, b)
	return b
}

// Read is of pageSource.
func (d *dbPages) Read(into []byte, first uint32) error {
	last := int64(first) + int64(len(into)/d.size) - 1
	args := []driver.NamedValue{{Ordinal: 1, Value: int64(first)}, {Ordinal: 2, Value: last}}
	err := eachRow(d.free, d.stmt, args, func(row []driver.Value) error {
		page, _ := row[0].([]byte)
		if len(page) != d.size || len(into) == 0 {
			return fmt.Errorf("%w: a page has %d bytes", ErrDiffers, len(page))
		}
		into = into[copy(into, page):]
		return nil
	})
	if err == nil && len(into) > 0 {
		err = fmt.Errorf("%w: %d bytes are missing before page %d", ErrDiffers, len(into), last+1)
	}
	return err
}

// Close is of pageSource.
func (d *dbPages) Close() {
	for _, b := range d.made {
		clear(b)
	}
	_ = d.stmt.Close()
}
