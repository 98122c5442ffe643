package convert

import (
	"context"
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
// the error is ErrPages. For a source with a log the adapter has to have the virtual
// table sqlite_dbpage.
//
// The pages are those at one moment, with what a hot journal or a log of the
// source holds. Each MAC is verified, or where there is a log was when a connection of
// this process has read the page, and the copy is read once more and compared.
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
	sum    maphash.Hash

	size, usable int    // bytes of a page, and of those that count
	lockByte     uint32 // page that is never written
}

func (p *pageCopy) run() error {
	// One transaction, in which nobody else changes what is read.
	if err := p.source.exec("BEGIN"); err != nil {
		return err
	}
	count, size, err := p.source.layout()
	if err != nil {
		return err
	}
	p.total = count
	w, err := create(p.to, int(size))
	if err != nil {
		return err
	}
	p.size, p.usable, p.lockByte = int(size), w.usable, w.lockByte
	err = first(p.fill(w), p.source.exec("ROLLBACK"))
	if err == nil {
		err = w.settle(p.verify)
	}
	if err = errors.Join(err, w.close()); err != nil {
		return errors.Join(err, remove(p.to.Path))
	}
	return nil
}

// fill writes the copy.
func (p *pageCopy) fill(w *pageFile) error {
	from, err := p.source.pages(p.size)
	if err == nil {
		err = p.each(from, 0, w.add)
		from.Close()
	}
	if err == nil {
		err = w.complete()
	}
	return err
}

// each hands on all pages in their order, and notes them. So many were done before.
func (p *pageCopy) each(from pageSource, before uint64, f func(pgno uint32, page []byte) error) error {
	w := newPageWindow(p.source.ctx, from, p.size, uint32(p.total))
	defer w.wait()
	for pgno := uint32(1); uint64(pgno) <= p.total; pgno++ {
		page, err := w.page(pgno)
		if err == nil {
			err = p.note(before, pgno, page)
		}
		if err == nil {
			err = f(pgno, page)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// note sums a page up, and tells of it. So many pages were done before.
func (p *pageCopy) note(before uint64, pgno uint32, page []byte) error {
	if pgno != p.lockByte {
		_, _ = p.sum.Write(page[:p.usable])
	}
	if p.tell == nil {
		return nil
	}
	return p.tell(before+uint64(pgno), 2*p.total)
}

// verify sees that the copy opens by its key, reads it and compares it with what
// was written.
func (p *pageCopy) verify() error {
	want := p.sum.Sum64()
	p.sum.Reset()
	if err := p.open.holds(p.source.ctx, p.to, p.total); err != nil {
		return err
	}
	r, err := openPages(p.to, p.size)
	if err != nil {
		return err
	}
	if uint64(r.count) == p.total {
		err = p.each(r, p.total, func(uint32, []byte) error { return nil })
	}
	if err == nil && (uint64(r.count) != p.total || p.sum.Sum64() != want) {
		err = fmt.Errorf("%w: in the content of pages", ErrDiffers)
	}
	return errors.Join(err, r.close())
}

// holds makes sure that SQLite opens a database and counts so many pages.
func (open Opener) holds(ctx context.Context, db Database, pages uint64) error {
	fresh, err := open.conn(ctx, db)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	n, err := fresh.number("PRAGMA main.page_count")
	if err == nil && n != pages {
		err = fmt.Errorf("%w: %d pages of %d", ErrDiffers, n, pages)
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
