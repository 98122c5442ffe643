package vfs_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// withReadAhead leaves reading ahead alone with the file, for a test that is not
// parallel.
func withReadAhead(t *testing.T) {
	before, ahead := vfs.SetPageCache(0), vfs.SetReadAhead(true)
	t.Cleanup(func() { vfs.SetPageCache(before); vfs.SetReadAhead(ahead) })
}

// forward reads pages one by one.
func (d *database) forward(t *testing.T, db *vfs.MainDB, first, last int) {
	t.Helper()
	for pgno := first; pgno <= last; pgno++ {
		d.readPage(t, db, pgno, d.page(pgno))
	}
}

func (d *database) readPage(t *testing.T, db *vfs.MainDB, pgno int, want []byte) {
	t.Helper()
	p := make([]byte, d.size())
	readFull(t, db, p, int64(pgno-1)*int64(d.size()))
	if !bytes.Equal(p, want) {
		t.Fatalf("page %d has other content", pgno)
	}
}

func TestReadAhead(t *testing.T) {
	withReadAhead(t)
	for _, c := range []struct {
		set         compat.Settings
		most, reads int // bytes at a time; reads of 200 pages, at most
	}{
		{quick(1024), 64 << 10, 9},
		{quick(1024, sha1), 64 << 10, 9},
		{quick(4096), 64 << 10, 16},
		{quick(4096, plaintextHeader(32)), 64 << 10, 16},
		{quick(32768), 64 << 10, 103},
		{quick(65536), 64 << 10, 200},
		{quick(1024, noHMAC), 1024, 200},
	} {
		d := newDatabase(t, c.set, 200)
		file, reads := counted(d.disk)
		db := d.open(t, file, passphrase)
		d.forward(t, db, 1, 200)
		readEOF(t, db, d.size(), int64(len(d.disk)))
		got := reads()
		if slices.Max(got) > c.most || len(got) > c.reads+3 { // and the salt, and the end
			t.Errorf("pages of %d: %d reads, the longest of %d bytes", d.size(), len(got), slices.Max(got))
		}
		for pgno := 200; pgno > 0; pgno-- {
			d.readPage(t, db, pgno, d.page(pgno))
		}
		if got := reads(); slices.Max(got) > c.most || len(got) > c.reads+3 {
			t.Errorf("pages of %d backward: %d reads, the longest of %d bytes", d.size(), len(got), slices.Max(got))
		}
		// With gaps, and another forward read between.
		for i := range 40 {
			d.readPage(t, db, 3*i+1, d.page(3*i+1))
			d.readPage(t, db, 190-i, d.page(190-i))
			d.readPage(t, db, 120+2*i, d.page(120+2*i))
		}
	}
}

// TestReadAheadOfTwo reads in two places by turns, and an inner page now and then,
// as SQLite does where a table has grown in its middle.
func TestReadAheadOfTwo(t *testing.T) {
	withReadAhead(t)
	withProcessors(t, 2)
	d := newDatabase(t, quick(4096), 400)
	file, reads := counted(d.disk)
	db := d.open(t, file, passphrase)
	for i := range 150 {
		d.readPage(t, db, 10+i, d.page(10+i))
		d.readPage(t, db, 390-i, d.page(390-i))
		if i%50 == 0 {
			d.readPage(t, db, 5, d.page(5))
		}
	}
	if got := reads(); len(got) > 50 {
		t.Errorf("%d reads of two times 150 pages", len(got))
	}
	for _, pgno := range []int{163, 237} { // which either has read ahead
		d.page(pgno)[77] ^= 1
		write(t, db, d.page(pgno), int64(pgno-1)*4096)
	}
	for i := range 10 {
		d.readPage(t, db, 160+i, d.page(160+i))
		d.readPage(t, db, 240-i, d.page(240-i))
	}
}

// TestReadAheadIsNotWasted reads here and there: two pages that follow each other
// are not worth a window.
func TestReadAheadIsNotWasted(t *testing.T) {
	withReadAhead(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	d := newDatabase(t, quick(1024), 200)
	file, reads := counted(d.disk)
	db := d.open(t, file, passphrase)
	d.forward(t, db, 1, 100)
	reads()
	for range 100 {
		pgno := 1 + rng.IntN(180)
		d.forward(t, db, pgno, pgno+1)
		db.Changed()
	}
	bytes := 0
	for _, n := range reads() {
		bytes += n
	}
	if most := 100*1024*4 + 64<<10; bytes > most {
		t.Errorf("read %d bytes for 200 pages of 1024, want at most %d", bytes, most)
	}
}

// TestReadAheadDropped has another connection write between two reads, with what
// the adapter tells meanwhile: a page of the window that is being read, and one of
// the next, which may be under way to be decrypted.
func TestReadAheadDropped(t *testing.T) {
	withReadAhead(t)
	withProcessors(t, 2)
	for _, pgno := range []int{42, 100} {
		t.Run(fmt.Sprint(pgno), func(t *testing.T) { readAheadDropped(t, pgno) })
	}
}

func readAheadDropped(t *testing.T, pgno int) {
	d := newDatabase(t, quick(1024), 200)
	other := plainPage(d.set, uint32(pgno), 200)
	other[77] ^= 1
	cipher := d.encrypt(t, uint32(pgno), other)
	off := int64(pgno-1) * 1024
	for name, c := range map[string]struct {
		event func(*testing.T, *vfs.MainDB)
		stays bool
	}{
		"nothing":             {func(*testing.T, *vfs.MainDB) {}, true},
		"write of elsewhere":  {func(t *testing.T, db *vfs.MainDB) { write(t, db, d.page(50), 49*1024) }, true},
		"lock":                {func(_ *testing.T, db *vfs.MainDB) { db.Changed() }, false},
		"shared memory":       {func(_ *testing.T, db *vfs.MainDB) { db.SharedMemory() }, false},
		"change counter":      {func(t *testing.T, db *vfs.MainDB) { readFull(t, db, make([]byte, 16), 24) }, false},
		"start of checkpoint": {func(_ *testing.T, db *vfs.MainDB) { db.StartCheckpoint(); db.EndCheckpoint() }, false},
		"truncation": {func(t *testing.T, db *vfs.MainDB) {
			if err := db.Truncate(199 * 1024); err != nil {
				t.Fatal(err)
			}
		}, false},
		"key": {func(t *testing.T, db *vfs.MainDB) { pragma(t, db, "key", passphrase) }, true}, // too late, and passed over
	} {
		t.Run(name, func(t *testing.T) {
			file := vfstest.NewMem(d.disk)
			db := d.open(t, file, passphrase)
			d.forward(t, db, 1, 40) // 4, 8, 16 and 32 pages, and 64 more by now
			writeFull(t, file, cipher, off)
			c.event(t, db)
			want := other
			if c.stays {
				want = d.page(pgno)
			}
			d.readPage(t, db, pgno, want)
		})
	}
	t.Run("own write", func(t *testing.T) {
		db := d.open(t, vfstest.NewMem(d.disk), passphrase)
		d.forward(t, db, 1, 40)
		write(t, db, other, off)
		d.readPage(t, db, pgno, other)
		d.readPage(t, db, pgno+1, d.page(pgno+1))
	})
}

func write(t *testing.T, db *vfs.MainDB, page []byte, off int64) {
	t.Helper()
	writeFull(t, db, page, off)
	if err := db.Sync(0); err != nil {
		t.Fatal(err)
	}
}

// withProcessors has goroutines run on that many, for a test that is not parallel.
func withProcessors(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// TestReadAheadOfWork has the next window read before its first page is asked for,
// where there is a processor to decrypt it meanwhile.
func TestReadAheadOfWork(t *testing.T) {
	withReadAhead(t)
	for processors, want := range map[int]int{1: 0, 2: 64} {
		withProcessors(t, processors)
		d := newDatabase(t, quick(1024), 200)
		file, reads := counted(d.disk)
		db := d.open(t, file, passphrase)
		d.forward(t, db, 1, 32)
		reads()
		d.forward(t, db, 33, 40)
		if got := reads(); want == 0 && len(got) > 0 || want > 0 && !slices.Equal(got, []int{want << 10}) {
			t.Errorf("%d processors: reads of %d bytes at page 40 of 60 that were read", processors, got)
		}
		d.forward(t, db, 41, 200)
	}
}

// TestReadAheadClosed closes databases, and gives them another key, at some point of
// a forward read.
func TestReadAheadClosed(t *testing.T) {
	withReadAhead(t)
	withProcessors(t, 2)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	d := newDatabase(t, quick(4096), 120)
	for range 100 {
		file := vfstest.NewMem(d.disk)
		db := d.open(t, file, passphrase)
		d.forward(t, db, 1, 15+rng.IntN(100))
		if rng.IntN(2) == 0 {
			db.Changed() // and the windows are used for something else
			d.forward(t, db, 10+rng.IntN(20), 60)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadAheadForgotten empties the cache of the process while pages were not
// decrypted because it had them.
func TestReadAheadForgotten(t *testing.T) {
	withReadAhead(t)
	withProcessors(t, 2)
	vfs.SetPageCache(8 << 20)
	d := newDatabase(t, quick(1024), 200)
	file, reads := counted(d.disk)
	db := d.at(t, "/a.db", file)
	for range 3 {
		d.forward(t, db, 1, 200)
	}
	vfs.SetReadAhead(false)
	db.Changed()
	reads()
	d.readPage(t, db, 150, d.page(150))
	wantReads(t, "a page that came by in long reads", reads(), 1024)
	d.forward(t, db, 1, 200)
	vfs.SetReadAhead(true)
	d.forward(t, db, 1, 40)
	vfs.ForgetPages()
	d.forward(t, db, 41, 200)
}

// TestReadAheadOfSomeKept has windows that the cache has the first pages of, so that
// nobody has waited for the others when the next window begins.
func TestReadAheadOfSomeKept(t *testing.T) {
	withReadAhead(t)
	withProcessors(t, 2)
	vfs.SetPageCache(8 << 20)
	d := newDatabase(t, quick(1024), 400)
	db := d.at(t, "/a.db", vfstest.NewMem(d.disk))
	vfs.SetReadAhead(false)
	for first := 60; first < 400; first += 64 {
		d.forward(t, db, first, min(first+40, 400))
	}
	vfs.SetReadAhead(true)
	d.forward(t, db, 1, 400)
}

// TestReadAheadWithLog is for adapters that do not see the shared memory: what was
// read ahead is served only as long as its tag is on disk.
func TestReadAheadWithLog(t *testing.T) {
	withReadAhead(t)
	d := newDatabase(t, quick(1024), 60)
	other := plainPage(d.set, 40, 60)
	other[77] ^= 1
	for name, tells := range map[string]bool{"blind": false, "telling": true} {
		t.Run(name, func(t *testing.T) {
			file, reads := counted(d.disk)
			db := d.open(t, file, passphrase)
			if _, err := vfs.NewWAL(&vfstest.Mem{}, db, noChain{}); err != nil {
				t.Fatal(err)
			}
			if tells {
				db.SharedMemory()
			}
			d.forward(t, db, 1, 38)
			reads()
			d.readPage(t, db, 39, d.page(39))
			if got := reads(); tells && len(got) > 0 || !tells && !slices.Equal(got, []int{80}) {
				t.Errorf("reads of %d bytes", got)
			}
			writeFull(t, file, d.encrypt(t, 40, other), 39*1024)
			if tells {
				db.SharedMemory()
			}
			d.readPage(t, db, 40, other)
			d.readPage(t, db, 41, d.page(41))
		})
	}
}

// TestReadAheadTorn has a page that does not verify among those read ahead: it is
// an error when it is asked for, unless it verifies by then.
func TestReadAheadTorn(t *testing.T) {
	withReadAhead(t)
	d := newDatabase(t, quick(1024), 60)
	file := vfstest.NewMem(d.disk)
	writeFull(t, file, make([]byte, 512), 39*1024)
	db := d.open(t, file, passphrase)
	d.forward(t, db, 1, 39)
	d.forward(t, db, 41, 60)
	failPage(t, db, 1024, 40)
	db.Changed()
	d.forward(t, db, 30, 39)
	writeFull(t, file, d.raw(40), 39*1024)
	d.forward(t, db, 40, 60)

	// So it is for a page at the start of a window, with others behind it, and of
	// one that is decrypted while others are read.
	writeFull(t, file, make([]byte, 512), 39*1024)
	db.Changed()
	d.forward(t, db, 36, 37)
	db.Changed()
	failPage(t, db, 1024, 40)
	d.forward(t, db, 41, 60)

	withProcessors(t, 2)
	d = newDatabase(t, quick(1024), 200)
	file = vfstest.NewMem(d.disk)
	writeFull(t, file, make([]byte, 512), 99*1024)
	db = d.open(t, file, passphrase)
	d.forward(t, db, 1, 99)
	failPage(t, db, 1024, 100)
	d.forward(t, db, 101, 200)
}

// TestReadAheadFails has the file below fail for long reads.
func TestReadAheadFails(t *testing.T) {
	withReadAhead(t)
	d := newDatabase(t, quick(1024), 60)
	file := vfstest.NewMem(d.disk)
	file.Hook = func(c vfstest.Call) error {
		if c.Op == vfstest.OpRead && len(c.P) > 1024 {
			return errBelow
		}
		return nil
	}
	db := d.open(t, file, passphrase)
	d.forward(t, db, 1, 60)
}

// TestReadAheadOfLockByte has reads in both directions come to the page that SQLite locks.
func TestReadAheadOfLockByte(t *testing.T) {
	withReadAhead(t)
	const lockByte = 1<<30/4096 + 1
	d := newDatabase(t, quick(4096), 1)
	file := vfstest.NewMem(d.disk)
	page := make([]byte, 4096)
	for pgno := uint32(lockByte - 40); pgno < lockByte+40; pgno++ {
		fillNoise(page[:4016], uint64(pgno))
		writeFull(t, file, d.encrypt(t, pgno, page), int64(pgno-1)*4096)
	}
	file.Hook = func(c vfstest.Call) error {
		if at := int64(lockByte-1) * 4096; c.Op == vfstest.OpRead && c.Off <= at && at < c.Off+int64(len(c.P)) {
			t.Errorf("read of %d bytes at %d", len(c.P), c.Off)
		}
		return nil
	}
	db := d.open(t, file, passphrase)
	checkRead(t, db, d.plain, 4096, 0)
	read := func(pgno int) {
		if pgno == lockByte {
			return
		}
		fillNoise(page[:4016], uint64(pgno))
		d.readPage(t, db, pgno, page)
	}
	for i := -40; i < 40; i++ {
		read(lockByte + i)
	}
	for i := 39; i >= -40; i-- {
		read(lockByte + i)
	}
}
