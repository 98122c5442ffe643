package convert

import (
	"context"
	"sync"
)

// pageSource reads pages in a row, a goroutine at a time.
type pageSource interface {
	// Buffer returns memory for so many pages, to read into.
	Buffer(pages int) []byte
	// Read fills a part of it with pages in a row, from one on.
	Read(into []byte, first uint32) error
	// Close wipes the memory.
	Close()
}

// pageWindow reads pages in any order. Where they are asked for forward many are
// read at a time, and those behind them meanwhile. A page from elsewhere does not
// disturb that: it may be the one above those.
type pageWindow struct {
	ctx   context.Context
	from  pageSource
	size  int // bytes of a page
	count uint32
	now   pageRun // at hand
	next  pageRun // behind these, being read
	lone  pageRun // one that is part of neither, until a run serves another
	busy  sync.WaitGroup
}

const (
	windowPages = 64      // that are read together,
	windowBytes = 1 << 20 // unless they are more
	nearby      = 4       // pages that a read forward moves on by, at most
)

// pageRun are pages in a row.
type pageRun struct {
	first  uint32
	n      uint32
	memory []byte
}

func (r *pageRun) has(pgno uint32) bool    { return pgno-r.first < r.n }
func (r *pageRun) after() uint32           { return r.first + r.n }
func (r *pageRun) isNear(pgno uint32) bool { return r.n > 0 && pgno-r.after() < nearby }

// newPageWindow reads the pages from 1 to count of a source, which stays the
// caller's.
func newPageWindow(ctx context.Context, from pageSource, size int, count uint32) *pageWindow {
	w := &pageWindow{ctx: ctx, from: from, size: size, count: count}
	most := min(windowPages, windowBytes/size)
	w.now.memory, w.next.memory, w.lone.memory = from.Buffer(most), from.Buffer(most), from.Buffer(1)
	return w
}

// page is valid until the next call.
func (w *pageWindow) page(pgno uint32) ([]byte, error) {
	if w.now.has(pgno) {
		w.lone.n = 0
		return w.in(&w.now, pgno), nil
	}
	w.wait()
	if w.next.has(pgno) {
		w.now, w.next = w.next, w.now
	} else if !w.isForward(pgno) || w.fill(&w.now, pgno) != nil {
		err := w.fill(&w.lone, pgno)
		return w.in(&w.lone, pgno), err
	}
	w.next.n, w.lone.n = 0, 0
	if after := w.now.after(); after <= w.count {
		w.busy.Go(func() { _ = w.fill(&w.next, after) }) // an error comes again when the page is asked for
	}
	return w.in(&w.now, pgno), nil
}

// isForward tells whether a page comes shortly behind those at hand, or behind the one
// that was asked for last.
func (w *pageWindow) isForward(pgno uint32) bool {
	return w.now.isNear(pgno) || w.next.isNear(pgno) || w.lone.isNear(pgno)
}

func (w *pageWindow) in(r *pageRun, pgno uint32) []byte {
	return r.memory[int(pgno-r.first)*w.size:][:w.size]
}

// fill reads as many pages as there is memory for, from one on.
func (w *pageWindow) fill(r *pageRun, pgno uint32) error {
	r.first, r.n = pgno, 0
	if err := w.ctx.Err(); err != nil {
		return err
	}
	n := min(len(r.memory)/w.size, int(w.count-pgno+1))
	if err := w.from.Read(r.memory[:n*w.size], pgno); err != nil {
		return err
	}
	r.n = uint32(n)
	return nil
}

// wait waits until nothing is being read.
func (w *pageWindow) wait() { w.busy.Wait() }
