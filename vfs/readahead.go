package vfs

import (
	"os"
	"runtime"

	"github.com/pageseal/pageseal/hmacpage"
)

// A page is decrypted in a fraction of the time where it is one of eight. So
// where SQLite reads a file forward, or backward as its integrity check does, the
// pages that it will ask for next are read by the same read, and kept until it
// does. In a long read the window that comes next is fetched, and decrypted by a
// goroutine, while SQLite works on this one.
//
// They are good for as long as nothing can have changed. In rollback mode that is
// as long as the lock of the file is held; where SQLite takes none, until it looks at
// the change counter. With a log it is as long as the read
// transaction lasts: a checkpoint of another process may write pages meanwhile,
// but only such as the transaction finds in the log, so that it does not ask the
// file for them. The adapter tells of each call on a lock or on the shared memory
// of a log. Where it cannot see the latter, each page takes a look at its tag on
// disk. See https://sqlite.org/wal.html#concurrency.

const (
	firstAhead = 4 // pages in the first window, which cost little more than one
	nearby     = 4 // pages that such a read moves on by, at most
)

// direction is where a read of pages goes.
type direction int

const (
	nowhereNear direction = 0
	forward     direction = 1
	backward    direction = -1
)

// noReadAhead reads nothing ahead, for tests and for doubt.
var noReadAhead = os.Getenv("PAGESEAL_READAHEAD") == "0"

// readAhead is what a database has read ahead of SQLite: the window that pages are
// asked for in, and the one that comes next.
type readAhead struct {
	windows [2]window
	now     int             // that pages are asked for in
	most    int             // pages to be read at once
	codec   *hmacpage.Codec // for goroutines
	like    *hmacpage.Codec // of the database, that it was made after

	next   uint32    // page that the one which comes next begins with, or ends
	recent [2]uint32 // where each of two reads is
	older  int       // which of them was met longer ago

	logged bool // the database has, or had, a log
	shared bool // the adapter tells of calls on the shared memory
}

// watched is the file of a database whose writes are noticed.
type watched struct {
	Base
	ahead *readAhead
}

func (w watched) WriteAt(p []byte, off int64) (int, error) {
	w.ahead.overwritten(off, len(p))
	return w.Base.WriteAt(p, off)
}

func (w watched) Truncate(size int64) error {
	w.ahead.drop()
	return w.Base.Truncate(size)
}

// Changed tells the database that others may have changed the file, or may do so
// from now on: its lock was taken or given up.
func (m *MainDB) Changed() { m.ahead.drop() }

// SharedMemory tells the database of a call on the shared memory of its log. An
// adapter tells of all of them or of none.
func (m *MainDB) SharedMemory() {
	m.ahead.shared = true
	m.ahead.drop()
}

// drop gives up what was read ahead.
func (a *readAhead) drop() { a.windows[0].good, a.windows[1].good = 0, 0 }

// reset wipes it: the keys are about to go.
func (a *readAhead) reset() {
	for i := range a.windows {
		a.windows[i].wipe()
	}
	if a.codec != nil {
		a.codec.Wipe()
	}
	a.codec, a.like = nil, nil
	a.most, a.next, a.recent = 0, 0, [2]uint32{}
}

// overwritten gives up the pages in a range of the file.
func (a *readAhead) overwritten(off int64, n int) {
	for i := range a.windows {
		a.windows[i].overwritten(off, n)
	}
}

// holds is the window that a page can be served from, nil if there is none.
func (a *readAhead) holds(pgno uint32) *window {
	for i := range a.windows {
		if w := &a.windows[(a.now+i)%2]; w.holds(pgno) {
			return w
		}
	}
	return nil
}

// follows notes a page that SQLite asks for, and tells whether it comes shortly
// behind another one, or before it. There are two to follow, as a read of leaves is
// now and then interrupted by one of an inner page.
func (a *readAhead) follows(pgno uint32) direction {
	for i, last := range a.recent {
		way := forward
		if pgno < last {
			way = backward
		}
		if step := (int64(pgno) - int64(last)) * int64(way); last > 0 && step > 0 && step <= nearby {
			a.recent[i], a.older = pgno, 1-i
			return way
		}
	}
	a.recent[a.older] = pgno
	a.older = 1 - a.older
	return nowhereNear
}

// widen sets how many pages the next read takes: twice as many as the last one,
// or half of them if no more than half of those were asked for.
func (a *readAhead) widen(most int) {
	switch {
	case a.most == 0:
		a.most = firstAhead
	case a.windows[a.now].wasted(), a.windows[1-a.now].wasted():
		a.most = max(1, a.most/2)
	default:
		a.most *= 2
	}
	a.most = min(a.most, most)
}

// mostAhead is how many pages are read at once while SQLite waits.
func (m *MainDB) mostAhead() int { return min(m.pagesAtOnce(), m.windowPages()/2) }

// fetch reads a page and the ones that come next, and returns the window. It
// returns nil if the page is to be read by itself: to be read ahead there are none,
// or it does not verify, which then is to be said in the proper way.
func (m *MainDB) fetch(pgno uint32, way direction) *window {
	a := m.ahead
	if noReadAhead || m.mostAhead() < 2 {
		return nil
	}
	a.widen(m.mostAhead())
	a.windows[1-a.now].release()
	a.next = 0
	w := &a.windows[a.now]
	if a.most < 2 {
		w.release()
		return nil
	}
	first, n := m.run(pgno, a.most, way)
	m.fill(w, first, n, m.codec)
	w.finish()
	return a.holds(pgno)
}

// run is where n pages from one on begin, and how many they are where there are
// not so many: page 1 and that of the lock byte are in no window.
func (m *MainDB) run(pgno uint32, n int, way direction) (first uint32, count int) {
	lowest := uint32(2)
	lockByte := m.set.Geometry().LockBytePage()
	switch {
	case pgno == lockByte || pgno < lowest:
		return pgno, 0
	case pgno > lockByte:
		lowest = lockByte + 1
	case way == forward:
		n = min(n, int(lockByte-pgno))
	}
	if way == forward {
		return pgno, n
	}
	n = min(n, int(pgno-lowest)+1)
	return pgno + 1 - uint32(n), n
}

// fetchNext has the window that comes next read and decrypted while SQLite is at
// work on this one, once the read is a long one. It needs a processor for that.
func (m *MainDB) fetchNext(w *window, way direction) {
	a := m.ahead
	if w != &a.windows[a.now] {
		a.now = 1 - a.now
	}
	pgno := w.first + uint32(w.n)
	if way == backward {
		pgno = w.first - 1
	}
	if a.next == pgno || w.n < m.mostAhead() || w.asked() < w.n/4 || runtime.GOMAXPROCS(0) < 2 {
		return
	}
	w.finish() // with the same codec
	next := &a.windows[1-a.now]
	next.release()
	codec := m.codecAhead()
	if codec == nil {
		return
	}
	a.next = pgno
	first, n := m.run(pgno, min(2*w.n, m.windowPages()), way)
	m.fill(next, first, n, codec)
	if next.job != nil {
		go next.job.do()
	}
}

// codecAhead is a codec for the work of a goroutine. There is one at a time.
func (m *MainDB) codecAhead() *hmacpage.Codec {
	a := m.ahead
	if a.like != m.codec {
		if a.codec != nil {
			a.codec.Wipe()
		}
		a.codec, _ = hmacpage.New(m.codec.Geometry(), m.keys)
		a.like = m.codec
	}
	return a.codec
}
