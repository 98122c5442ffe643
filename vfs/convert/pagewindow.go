package convert

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// pageWindow reads pages in any order, several at a time where they are asked for
// forward.
type pageWindow struct {
	read  func(first uint32, n int) ([][]byte, error)
	count uint32
	most  int // pages at a time
	first uint32
	pages [][]byte
}

// page is valid until the next call.
func (w *pageWindow) page(pgno uint32) (page []byte, err error) {
	const nearby = 4 // pages on from the last one
	if end := w.first + uint32(len(w.pages)); pgno < w.first || pgno >= end {
		n := 1
		if pgno-end < nearby { // which it is not if it is less
			n = min(w.most, int(w.count-pgno+1))
		}
		w.first = pgno
		if w.pages, err = w.read(pgno, n); err != nil {
			w.pages = nil
			return nil, err
		}
	}
	return w.pages[pgno-w.first], nil
}

// dbPages reads pages of the main database through the connection.
type dbPages struct {
	ctx  context.Context
	stmt driver.Stmt
	free context.Context // that nobody ends, which each query would watch over
}

func (c *conn) dbPages() (*dbPages, error) {
	const pages = "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) " +
		"SELECT data FROM n CROSS JOIN sqlite_dbpage('main') WHERE pgno = i"
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(c.ctx, pages)
	if err != nil {
		return nil, err
	}
	return &dbPages{c.ctx, st, context.WithoutCancel(c.ctx)}, nil
}

// read reads n pages.
func (d *dbPages) read(pgno uint32, n int) (pages [][]byte, err error) {
	if err := d.ctx.Err(); err != nil {
		return nil, err
	}
	args := []driver.NamedValue{{Ordinal: 1, Value: int64(pgno)}, {Ordinal: 2, Value: int64(pgno) + int64(n) - 1}}
	err = eachRow(d.free, d.stmt, args, func(row []driver.Value) error {
		page, _ := row[0].([]byte)
		pages = append(pages, page)
		return nil
	})
	if err == nil && len(pages) != n {
		err = fmt.Errorf("%w: %d pages of %d", errTree, len(pages), n)
	}
	if err != nil {
		return nil, errors.Join(errTree, err)
	}
	return pages, nil
}
