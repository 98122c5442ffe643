package convert

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// pageWindow reads pages in any order, several at a time where they are asked for
// forward.
type pageWindow struct {
	read  func(first uint32, n int) ([][]byte, error)
	count uint32
	most  int     // pages at a time
	ahead bool    // the next ones are read meanwhile: read must not reuse memory
	now   pageRun // at hand
	next  pageRun // being read
	busy  sync.WaitGroup
}

// pageRun are pages in a row.
type pageRun struct {
	first uint32
	pages [][]byte
	err   error
}

func (r *pageRun) has(pgno uint32) bool {
	return r.first <= pgno && pgno < r.first+uint32(len(r.pages))
}

// page is valid until the next call.
func (w *pageWindow) page(pgno uint32) ([]byte, error) {
	if !w.now.has(pgno) {
		w.wait()
		forward := pgno-w.now.first-uint32(len(w.now.pages)) < 4 // not if it is less
		if w.now = w.next; !w.now.has(pgno) {
			w.now = w.run(pgno, forward)
		}
		w.next = pageRun{}
		if behind := w.now.first + uint32(len(w.now.pages)); w.ahead && forward && behind <= w.count {
			w.busy.Go(func() { w.next = w.run(behind, true) })
		}
	}
	if w.now.err != nil {
		return nil, w.now.err
	}
	return w.now.pages[pgno-w.now.first], nil
}

// run reads a page, and on the way forward those behind it.
func (w *pageWindow) run(pgno uint32, forward bool) (r pageRun) {
	n := 1
	if forward {
		n = min(w.most, int(w.count-pgno+1))
	}
	r.first = pgno
	if r.pages, r.err = w.read(pgno, n); r.err != nil {
		r.pages = nil
	}
	return r
}

// wait waits until nothing is being read.
func (w *pageWindow) wait() { w.busy.Wait() }

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
