package vfs_test

import (
	"slices"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestNoAllocations is not parallel: AllocsPerRun counts for the whole process.
func TestNoAllocations(t *testing.T) {
	const size = 4096
	d := newDatabase(t, quick(size), 4)
	db := d.open(t, vfstest.NewMem(d.disk), passphrase)
	journal := vfs.NewJournal(&vfstest.Mem{}, db)
	temp := newTemp(t, &vfstest.Mem{})
	page, word, part := make([]byte, size), []byte{0, 0, 0, 2}, make([]byte, 16)
	for _, c := range []struct {
		name string
		most float64 // allocations
		do   func()
	}{
		{"read a page", 0, func() { readFull(t, db, page, size) }},
		{"read a part", 0, func() { readFull(t, db, part, 24) }},
		{"write a page", 0, func() { writeFull(t, db, page, size) }},
		{"write a record", 1, func() { // the checksum of 4 bytes
			writeFull(t, journal, word, 512)
			writeFull(t, journal, page, 516)
			writeFull(t, journal, word, 516+size)
		}},
		{"read a record", 0, func() {
			readFull(t, journal, word, 512)
			readFull(t, journal, page, 516)
			readFull(t, journal, word, 516+size)
		}},
		{"temporary file", 2, func() { // a nonce of 12 bytes for each block
			writeFull(t, temp, page, 2*size)
			readFull(t, temp, page, 0)
		}},
	} {
		c.do()
		if n := testing.AllocsPerRun(100, c.do); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", c.name, n, c.most)
		}
	}
}

// engineMem takes large reads and writes only in memory of its own kind, as an
// engine may.
type engineMem struct {
	vfstest.Mem
	t       *testing.T
	buffers [][]byte
	db      *engineMem // that a journal belongs to, or nil
}

func (m *engineMem) Buffer(n int) []byte {
	b := make([]byte, n)
	m.buffers = append(m.buffers, b)
	return b
}

// check tells whether p lies in one of the buffers.
func (m *engineMem) check(p []byte) {
	if len(p) < 512 {
		return
	}
	known := m.buffers
	if m.db != nil {
		known = append(slices.Clone(known), m.db.buffers...)
	}
	for _, b := range known {
		for i := range b {
			if &b[i] == &p[0] {
				return
			}
		}
	}
	m.t.Errorf("%d bytes of other memory", len(p))
}

func (m *engineMem) ReadAt(p []byte, off int64) (int, error) {
	m.check(p)
	return m.Mem.ReadAt(p, off)
}

func (m *engineMem) WriteAt(p []byte, off int64) (int, error) {
	m.check(p)
	return m.Mem.WriteAt(p, off)
}

// TestEngineMemory hands the files below only memory from their Buffer, or what
// SQLite passed in.
func TestEngineMemory(t *testing.T) {
	t.Parallel()
	const size = 2048
	d := newDatabase(t, quick(size), 4)
	newBase := func(content []byte) *engineMem {
		m := &engineMem{t: t}
		writeFull(t, &m.Mem, content, 0)
		return m
	}
	base, below, tempBelow := newBase(d.disk), newBase(nil), newBase(nil)
	sqlite := base.Buffer(4 * size)
	below.buffers, tempBelow.buffers = [][]byte{sqlite}, [][]byte{sqlite}
	below.db = base
	sizes := func(m *engineMem) (n []int) {
		for _, b := range m.buffers {
			n = append(n, len(b))
		}
		return n
	}

	db := d.open(t, base, passphrase)
	for range 3 {
		header(t, db)
		readFull(t, db, sqlite[:512], 0)
		readFull(t, db, sqlite[:4*size], 0)
		writeFull(t, db, sqlite[size:2*size], size)
		writeFull(t, db, sqlite[size:2*size], 7*size) // behind a gap
		if err := db.Truncate(4 * size); err != nil {
			t.Fatal(err)
		}
		journal := vfs.NewJournal(below, db)
		word := []byte{0, 0, 0, 2}
		writeFull(t, journal, word, 512)
		writeFull(t, journal, sqlite[size:2*size], 516)
		writeFull(t, journal, word, 516+size)
		readFull(t, journal, word, 512)
		readFull(t, journal, sqlite[:size], 516)
	}
	temp := newTemp(t, tempBelow)
	for i := range int64(8) {
		writeFull(t, temp, sqlite, i*4*size)
		readFull(t, temp, sqlite, 0)
	}

	// Page 1 is torn, and the journal proves the key.
	journal := d.hotJournal(t, 4, 1, 2)
	clear(d.raw(1)[600:])
	torn := newBase(d.disk)
	if _, err := d.reader(journal, t, d.open(t, torn, passphrase)).play(true); err != nil {
		t.Fatal(err)
	}
	plain := newBase(d.plain)
	plain.buffers = append(plain.buffers, sqlite)
	unkeyed := openDB(t, plain, vfs.Options{})
	readFull(t, unkeyed, sqlite, 0)
	if _, err := d.reader(journal, t, unkeyed).isHot(); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*engineMem{base, below, tempBelow, torn, plain} {
		// One each for pages and for records of the journal that wait.
		const waiting = 64 << 10
		n := sizes(m)
		large := slices.DeleteFunc(slices.Clone(n), func(n int) bool { return n <= 4*size })
		if len(n) > 6 || len(large) > 2 || slices.Max(append(n, 0)) > waiting {
			t.Errorf("buffers of %d bytes", n)
		}
	}
}
