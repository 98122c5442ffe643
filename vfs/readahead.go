package vfs

import "os"

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

// readAhead is what a database has read ahead of SQLite. There are two reads to
// follow at a time: a table that has grown in its middle has some of its leaves at
// the end of the file, so that a read of it goes on in two places by turns.
type readAhead struct {
	streams [2]stream
	older   int       // which of them was met longer ago
	strays  [2]uint32 // pages asked for last that are of none, the last one first

	span   span
	logged bool // the database has, or had, a log
	shared bool // the adapter tells of calls on the shared memory
}

// watched is the file of a database whose writes are noticed.
type watched struct {
	Base
	ahead *readAhead
}

func (w watched) WriteAt(p []byte, off int64) (int, error) {
	w.ahead.span.end()
	w.ahead.overwritten(off, len(p))
	return w.Base.WriteAt(p, off)
}

func (w watched) Truncate(size int64) error {
	w.ahead.span.end()
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
func (a *readAhead) drop() {
	a.span.pause()
	for i := range a.streams {
		a.streams[i].drop()
	}
}

// reset wipes it: the keys are about to go.
func (a *readAhead) reset() {
	for i := range a.streams {
		a.streams[i].reset()
	}
	a.strays = [2]uint32{}
	a.span.end()
}

// overwritten gives up the pages in a range of the file.
func (a *readAhead) overwritten(off int64, n int) {
	for i := range a.streams {
		a.streams[i].overwritten(off, n)
	}
}

// holds is the window that a page can be served from, nil if there is none.
func (a *readAhead) holds(pgno uint32) *window {
	for i := range a.streams {
		if w := a.streams[i].holds(pgno); w != nil {
			return w
		}
	}
	return nil
}

// follows notes a page that SQLite asks for, and tells which of the reads it is part
// of, and whether it comes shortly behind the page before it, or ahead of it.
func (a *readAhead) follows(pgno uint32) (*stream, direction) {
	if i := a.streamOf(pgno); i >= 0 {
		a.older = 1 - i
		return &a.streams[i], a.streams[i].moveOn(pgno)
	}
	for i, stray := range a.strays {
		if wayOf(stray, pgno) != nowhereNear {
			s := &a.streams[a.older]
			s.last, a.strays[i], a.older = stray, 0, 1-a.older
			return s, s.moveOn(pgno)
		}
	}
	a.strays = [2]uint32{pgno, a.strays[0]}
	return nil, nowhereNear
}

// streamOf is the number of the read that a page is part of, -1 if it is of none.
func (a *readAhead) streamOf(pgno uint32) int {
	for i := range a.streams {
		if a.streams[i].holds(pgno) != nil {
			return i
		}
	}
	for i := range a.streams {
		if wayOf(a.streams[i].last, pgno) != nowhereNear {
			return i
		}
	}
	return -1
}

// wayOf tells whether a page comes shortly behind another one, or before it.
func wayOf(last, pgno uint32) direction {
	switch step := int64(pgno) - int64(last); {
	case last == 0 || step == 0 || step > nearby || step < -nearby:
		return nowhereNear
	case step < 0:
		return backward
	}
	return forward
}
