package convert

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/maphash"
	"strconv"

	"github.com/pageseal/pageseal/compat"
)

// ErrPages is for two databases whose pages differ in their size, or in what they
// keep free at the end: one cannot be copied to the other page by page.
var ErrPages = errors.New("the pages have another layout")

// ProgressFunc is told how many pages are done, and of how many. An error ends
// the work.
type ProgressFunc func(done, total uint64) error

// CopyPages makes a new database file of another one with the same pages, under
// another key or none: what is free stays free, and a damaged tree stays damaged.
// It is faster than Copy. A target in clear keeps the reserve of the source,
// which SQLite does not mind; where that is too small for an encrypted target
// the error is ErrPages. The adapter has to have the virtual table
// sqlite_dbpage.
//
// The pages are those at one moment, with what a hot journal or a log of the
// source holds. Each MAC is verified, and the copy is read once more and compared.
// There must not be a file yet; where something fails none is left.
func CopyPages(ctx context.Context, open Opener, from, to Database, progress ProgressFunc) error {
	source, err := open.conn(ctx, from)
	if err != nil {
		return err
	}
	p := pageCopy{source: source, open: open, to: to, tell: progress}
	p.sum.SetSeed(maphash.MakeSeed())
	return errors.Join(p.run(), source.Close())
}

// pageCopy is a copy under way, and what was written of it.
type pageCopy struct {
	source *conn
	open   Opener
	to     Database
	tell   ProgressFunc
	total  uint64 // pages
	usable int    // bytes of a page that count
	sum    maphash.Hash
}

func (p *pageCopy) run() error {
	// One transaction, in which nobody else changes what is read.
	if err := p.source.exec("BEGIN"); err != nil {
		return err
	}
	size, err := p.source.number("PRAGMA main.page_size")
	if err != nil {
		return err
	}
	if p.total, err = p.source.number("PRAGMA main.page_count"); err != nil {
		return err
	}
	w, err := create(p.to, int(size))
	if err != nil {
		return err
	}
	p.usable = w.usable
	err = p.pages(p.source, w.add, 0)
	err = errors.Join(err, w.close(), p.source.exec("ROLLBACK"))
	if err == nil {
		err = p.verify()
	}
	if err != nil {
		return errors.Join(err, remove(p.to.Path))
	}
	return nil
}

// pages hands on the pages of a database in their order, and sums them up. So
// many pages were done before.
func (p *pageCopy) pages(c *conn, f func(pgno uint32, page []byte) error, before uint64) error {
	p.sum.Reset()
	last := uint64(0)
	err := c.each(func(row []driver.Value) error {
		pgno, _ := row[0].(int64)
		page, _ := row[1].([]byte)
		if uint64(pgno) != last+1 || len(page) < p.usable {
			return fmt.Errorf("%w: page %d has %d bytes", ErrDiffers, last+1, len(page))
		}
		last++
		_, _ = p.sum.Write(page[:p.usable])
		if err := f(uint32(pgno), page); err != nil {
			return err
		}
		if p.tell == nil {
			return nil
		}
		return p.tell(before+last, 2*p.total)
	}, "SELECT pgno, data FROM sqlite_dbpage('main')")
	if err == nil && last != p.total {
		err = fmt.Errorf("%w: %d pages of %d", ErrDiffers, last, p.total)
	}
	return err
}

// verify reads the copy, by its key, and compares it with what was written.
func (p *pageCopy) verify() error {
	want := p.sum.Sum64()
	fresh, err := p.open.conn(p.source.ctx, p.to)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	err = p.pages(fresh, func(uint32, []byte) error { return nil }, p.total)
	if err == nil && p.sum.Sum64() != want {
		err = fmt.Errorf("%w: in the content of pages", ErrDiffers)
	}
	return errors.Join(err, fresh.Close())
}

// number is the value of a statement that is one.
func (c *conn) number(sql string) (uint64, error) {
	text, err := c.value(sql)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s is %q", compat.ErrUnsupported, sql, text)
	}
	return n, nil
}
