package vfs

import "sync/atomic"

// span is a time in which nobody has changed the file, by what SQLite trusts for its
// own cache. With a rollback journal it goes on for as long as each transaction finds
// the change counter that the one before has found; between them nobody knows. With a
// log it is one read transaction. See our readahead.go and
// https://sqlite.org/fileformat2.html#file_change_counter.
// A page of the cache of the process that was found on disk within it is not looked
// for again.
type span struct {
	number  uint64 // 0 if there is none
	counter [16]byte
	unsure  bool // others may have changed the file since
}

// spans counts those of the process.
var spans atomic.Uint64

// pause tells that others may change the file from now on.
func (s *span) pause() { s.unsure = true }

// end tells that it was changed.
func (s *span) end() { s.number = 0 }

// begin begins one. The counter is that with which it may go on.
func (s *span) begin(counter [16]byte) { *s = span{number: spans.Add(1), counter: counter} }

// look takes the change counter as it is read, with what stands beside it.
func (s *span) look(counter [16]byte) {
	if s.number == 0 || s.counter != counter {
		s.begin(counter)
	}
	s.unsure = false
}

// spanNumber is that of the span which the database is in, 0 for none. Nobody tells when
// the next transaction begins where the adapter does not see the shared memory of a
// log: pages that it has change without the counter.
func (m *MainDB) spanNumber() uint64 {
	a := m.ahead
	if a.logged && a.shared && (a.span.unsure || a.span.number == 0) {
		a.span.begin([16]byte{})
	}
	if a.logged && !a.shared || a.span.unsure {
		return 0
	}
	return a.span.number
}

// lookForChanges reads the change counter for SQLite.
func (m *MainDB) lookForChanges(p []byte, off int64) (int, error) {
	// SQLite may have been told to take no lock (nolock=1).
	m.end = 0
	m.ahead.drop()
	n, err := m.readPage(p, off)
	if s := &m.ahead.span; n == len(s.counter) && err == nil {
		s.look([16]byte(p))
	}
	return n, err
}
