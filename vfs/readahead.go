package vfs

import (
	"math/bits"
	"os"

	"github.com/pageseal/pageseal/hmacpage"
)

// A page is decrypted in a fraction of the time where it is one of eight. So
// where SQLite reads a file forward, the pages that it will ask for next are read
// by the same read, and kept until it does.
//
// They are good for as long as nothing can have changed. In rollback mode that is
// as long as the lock of the file is held. With a log it is as long as the read
// transaction lasts: a checkpoint of another process may write pages meanwhile,
// but only such as the transaction finds in the log, so that it does not ask the
// file for them. The adapter tells of each call on a lock or on the shared memory
// of a log. Where it cannot see the latter, each page takes a look at its tag on
// disk. See https://sqlite.org/wal.html#concurrency.

const (
	firstAhead = 4  // pages in the first window, which cost little more than one
	mostAhead  = 32 // pages in a window
	nearby     = 4  // pages that a forward read moves on by, at most
)

// noReadAhead reads nothing ahead, for tests and for doubt.
var noReadAhead = os.Getenv("PAGESEAL_READAHEAD") == "0"

// readAhead is what a database has read ahead of SQLite.
type readAhead struct {
	size   int    // bytes of a page
	buf    []byte // the engine's
	first  uint32 // page at its start
	n      int    // pages in it
	good   uint32 // which of them can be served, as bits
	served uint32 // which of them were
	seals  [mostAhead][maxReserve]byte
	pages  [mostAhead]hmacpage.Page // scratch

	recent [2]uint32 // where each of two forward reads is
	older  int       // which of them was met longer ago
	window int       // pages to be read at once

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
func (a *readAhead) drop() { a.good = 0 }

// reset wipes it: the keys are about to go.
func (a *readAhead) reset() {
	clear(a.buf)
	a.n, a.good, a.served, a.window, a.recent = 0, 0, 0, 0, [2]uint32{}
}

// overwritten gives up the pages in a range of the file.
func (a *readAhead) overwritten(off int64, n int) {
	for i := range a.n {
		at := int64(a.first-1+uint32(i)) * int64(a.size)
		if at < off+int64(n) && off < at+int64(a.size) {
			a.good &^= 1 << i
		}
	}
}

// follows notes a page that SQLite asks for, and tells whether it comes shortly
// behind another one. There are two to follow, as a read of leaves is now and then
// interrupted by one of an inner page.
func (a *readAhead) follows(pgno uint32) bool {
	for i, last := range a.recent {
		if last > 0 && pgno > last && pgno-last <= nearby {
			a.recent[i], a.older = pgno, 1-i
			return true
		}
	}
	a.recent[a.older] = pgno
	a.older = 1 - a.older
	return false
}

// widen sets the window for the next read: twice the last one, or half of it if
// no more than half of that was asked for.
func (a *readAhead) widen(most int) {
	switch {
	case a.window == 0:
		a.window = firstAhead
	case a.n > 0 && 2*bits.OnesCount32(a.served) <= a.n:
		a.window = max(1, a.window/2)
	default:
		a.window *= 2
	}
	a.window = min(a.window, most)
	a.n, a.good, a.served = 0, 0, 0
}

// aheadPage is a page that was read ahead, in clear, nil if it was not.
func (m *MainDB) aheadPage(pgno uint32) []byte {
	a := m.ahead
	i := int64(pgno) - int64(a.first)
	if i < 0 || i >= int64(a.n) || a.good&(1<<i) == 0 {
		return nil
	}
	seal := a.seals[i][:m.sealSize()]
	if a.logged && !a.shared && !m.sealed(seal, pgno) {
		a.good &^= 1 << i
		return nil
	}
	page := a.buf[int(i)*a.size:][:a.size]
	if a.served&(1<<i) == 0 {
		a.served |= 1 << i
		m.keep(pgno, seal, page)
	}
	return page
}

// fetch reads a page and the ones behind it, and returns the page. It returns nil
// if the page is to be read by itself: to be read ahead there are none, or it does
// not verify, which then is to be said in the proper way.
func (m *MainDB) fetch(pgno uint32) []byte {
	a := m.ahead
	most := min(mostAhead, m.pagesAtOnce())
	if noReadAhead || most < 2 {
		return nil
	}
	a.widen(most)
	n := uint32(a.window)
	if lockByte := m.set.Geometry().LockBytePage(); pgno < lockByte {
		n = min(n, lockByte-pgno)
	}
	if n < 2 {
		return nil
	}
	if size := most * m.set.PageSize; len(a.buf) != size {
		a.buf, a.size = m.base.Buffer(size), m.set.PageSize
	}
	got, _ := m.base.ReadAt(a.buf[:int(n)*a.size], int64(pgno-1)*m.pageSize())
	a.first, a.n = pgno, got/a.size
	m.decryptAhead()
	return m.aheadPage(pgno)
}

// decryptAhead decrypts what was read, as far as the cache does not have it. Pages
// that do not verify are given up: another process may be writing them.
func (m *MainDB) decryptAhead() {
	a := m.ahead
	batch := a.pages[:0]
	for i := range a.n {
		page, pgno := a.buf[i*a.size:][:a.size], a.first+uint32(i)
		seal := a.seals[i][:copy(a.seals[i][:], m.sealOf(page))]
		if k, ok := m.cached(pgno); ok && verifiedPages.get(k, seal, page, 0) {
			a.good |= 1 << i
			continue
		}
		batch = append(batch, hmacpage.Page{Pgno: pgno, Plain: page, Cipher: page})
	}
	_ = m.codec.Decrypt(batch)
	for _, p := range batch {
		if !p.Bad {
			a.good |= 1 << (p.Pgno - a.first)
		}
	}
}
