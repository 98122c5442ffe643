package vfs

// stream is a read of pages in a row: the window that pages are asked for in, and
// the one that comes next.
type stream struct {
	windows [2]window
	now     int    // that pages are asked for in
	last    uint32 // page that was asked for, 0 if none was
	most    int    // pages to be read at once
	next    uint32 // page that the window which comes next begins with, or ends

	twin twin // has one job at a time
}

func (s *stream) drop() { s.windows[0].good, s.windows[1].good = 0, 0 }

func (s *stream) reset() {
	for i := range s.windows {
		s.windows[i].wipe()
	}
	s.twin.wipe()
	s.last, s.most, s.next = 0, 0, 0
}

func (s *stream) overwritten(off int64, n int) {
	for i := range s.windows {
		s.windows[i].overwritten(off, n)
	}
}

func (s *stream) holds(pgno uint32) *window {
	for i := range s.windows {
		if w := &s.windows[(s.now+i)%2]; w.holds(pgno) {
			return w
		}
	}
	return nil
}

// moveOn notes a page that is asked for, and tells the way to it.
func (s *stream) moveOn(pgno uint32) direction {
	way := wayOf(s.last, pgno)
	s.last = pgno
	return way
}

// widen sets how many pages the next read takes: twice as many as the last one,
// or half of them if no more than half of those were asked for.
func (s *stream) widen(most int) {
	switch {
	case s.most == 0:
		s.most = firstAhead
	case s.windows[s.now].wasted(), s.windows[1-s.now].wasted():
		s.most = max(1, s.most/2)
	default:
		s.most *= 2
	}
	s.most = min(s.most, most)
}

// mostAhead is how many pages are read at once while SQLite waits.
func (m *MainDB) mostAhead() int { return min(m.pagesAtOnce(), m.windowPages()/2) }

// fetch reads a page and the ones that come next, and returns the window. It
// returns nil if the page is to be read by itself: to be read ahead there are none,
// or it does not verify, which then is to be said in the proper way.
func (m *MainDB) fetch(s *stream, pgno uint32, way direction) *window {
	if noReadAhead || m.mostAhead() < 2 {
		return nil
	}
	s.widen(m.mostAhead())
	s.windows[1-s.now].release()
	s.next = 0
	w := &s.windows[s.now]
	if s.most < 2 {
		w.release()
		return nil
	}
	first, n := m.run(pgno, s.most, way)
	m.fill(w, first, n, m.codec)
	w.finish()
	return s.holds(pgno)
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
func (m *MainDB) fetchNext(s *stream, w *window, way direction) {
	if w != &s.windows[s.now] {
		s.now = 1 - s.now
	}
	pgno := w.first + uint32(w.n)
	if way == backward {
		pgno = w.first - 1
	}
	if s.next == pgno || w.n < m.mostAhead() || w.asked() < w.n/4 || !worthwhile() {
		return
	}
	w.finish() // by the twin
	next := &s.windows[1-s.now]
	next.release()
	codec := s.twin.get(m)
	if codec == nil {
		return
	}
	s.next = pgno
	first, n := m.run(pgno, min(2*w.n, m.windowPages()), way)
	m.fill(next, first, n, codec)
	if next.job != nil {
		go next.job.do()
	}
}
