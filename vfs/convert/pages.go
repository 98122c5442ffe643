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
// source holds. Each MAC is verified, by now or when a connection of this process
// has read the page, and the copy is read once more and compared.
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
	p.size, p.usable, p.lockByte = int(size), w.usable, w.lockByte
	err = first(p.fill(w), p.source.exec("ROLLBACK"))
	if err == nil {
		err = p.verify()
	}
	if err != nil {
		return errors.Join(err, remove(p.to.Path))
	}
	return nil
}

// fill writes the copy, and makes it durable.
func (p *pageCopy) fill(w *pageFile) error {
	last := uint32(0)
	err := p.source.each(func(row []driver.Value) error {
		pgno, _ := row[0].(int64)
		page, _ := row[1].([]byte)
		if uint32(pgno) != last+1 || len(page) < p.usable {
			return fmt.Errorf("%w: page %d has %d bytes", ErrDiffers, last+1, len(page))
		}
		last++
		if err := p.note(0, last, page); err != nil {
			return err
		}
		return w.add(last, page)
	}, "SELECT pgno, data FROM sqlite_dbpage('main')")
	if err == nil && uint64(last) != p.total {
		err = fmt.Errorf("%w: %d pages of %d", ErrDiffers, last, p.total)
	}
	if err == nil {
		err = w.complete()
	}
	if err == nil {
		err = w.Sync()
	}
	return errors.Join(err, w.close())
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
	err = r.each(func(pgno uint32, page []byte) error { return p.note(p.total, pgno, page) })
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
