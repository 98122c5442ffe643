package vfs_test

import (
	"bytes"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestSpan has a kept page be looked for on disk but once, for as long as the change
// counter stays the same.
func TestSpan(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file, reads := counted(d.disk)
	a, b := d.at(t, "/a.db", file), d.at(t, "/a.db", file)
	stranger := d.at(t, "/another process", file)
	now := bytes.Clone(d.plain)
	begin := func(db *vfs.MainDB) {
		db.Changed()
		checkRead(t, db, now, 16, 24)
		reads()
	}
	page := func(what string, pgno int, want ...int) {
		t.Helper()
		reads()
		checkRead(t, a, now, 1024, int64(pgno-1)*1024)
		wantReads(t, what, reads(), want...)
	}
	write := func(db *vfs.MainDB, pgno int) {
		now[(pgno-1)*1024+200]++
		writeFull(t, db, now[(pgno-1)*1024:pgno*1024], int64(pgno-1)*1024)
		if err := db.Sync(0); err != nil {
			t.Fatal(err)
		}
	}
	checkRead(t, a, now, 4096, 0)
	checkRead(t, b, now, 4096, 0)
	checkRead(t, stranger, now, 4096, 0)
	page("before the first look at the counter", 2, 80)

	begin(a)
	page("for the first time", 2, 80)
	page("again", 2)
	begin(b)
	checkRead(t, b, now, 1024, 1024)
	begin(a)
	page("found by another connection meanwhile", 2, 80)
	page("again", 2)
	begin(a)
	page("in the next transaction", 2)
	a.Changed()
	page("before it has looked at the counter", 2, 80)

	begin(a)
	write(a, 3)
	page("once it has written", 2, 80)
	begin(a)
	page("once it has written, in the next transaction", 3, 80)

	page("again", 3)
	page("another one", 2, 80)
	begin(stranger)
	write(stranger, 3)
	now[24+3]++
	write(stranger, 1)
	begin(a)
	page("written by another process", 3, 80, 1024)
	page("not written by it", 2, 80)
	page("again", 2)
	if err := a.Truncate(3 * 1024); err != nil {
		t.Fatal(err)
	}
	begin(a)
	page("once it has cut the file", 2, 80)
}

// TestSpanWithLog has a read transaction of a database with a log be one. Its pages
// are changed by a checkpoint, which the counter does not tell of.
func TestSpanWithLog(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file, reads := counted(d.disk)
	db := d.at(t, "/a.db", file)
	checkRead(t, db, d.plain, 4096, 0)
	checkRead(t, db, d.plain, 16, 24)
	log, err := vfs.NewWAL(vfstest.NewMem(nil), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	page := func(what string, want ...int) {
		t.Helper()
		reads()
		checkRead(t, db, d.plain, 1024, 1024)
		wantReads(t, what, reads(), want...)
	}
	page("with no word of the shared memory", 80)
	page("again", 80)
	db.SharedMemory()
	page("in a transaction", 80)
	page("again")
	for range 2 {
		db.SharedMemory()
		checkRead(t, db, d.plain, 16, 24)
		page("in the next one", 80)
	}

	writer := d.at(t, "/a.db", vfstest.NewMem(d.disk)) // what it writes is not in this snapshot
	checkRead(t, writer, d.plain, 1024, 0)
	newer := bytes.Clone(d.page(2))
	newer[200]++
	writeFull(t, writer, newer, 1024)
	if err := writer.Sync(0); err != nil {
		t.Fatal(err)
	}
	page("which the cache has in another version", 80, 1024)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSpanOfPageTakenBack has a transaction write a page to the log, which is taken
// back: SQLite reads page 1 once more, from the file, before it ends the transaction.
func TestSpanOfPageTakenBack(t *testing.T) {
	for _, again := range []bool{false, true} {
		withPageCache(t, 1<<20)
		d := newDatabase(t, quick(1024), 4)
		db := d.at(t, "/a.db", vfstest.NewMem(d.disk))
		checkRead(t, db, d.plain, 1024, 0)
		disk := vfstest.NewMem(nil)
		log, err := vfs.NewWAL(disk, db, &runningSum{})
		if err != nil {
			t.Fatal(err)
		}
		db.SharedMemory()
		checkRead(t, db, d.plain, 1024, 0)
		newer := bytes.Clone(d.page(1))
		newer[200]++
		const frame = 32
		header := make([]byte, 24) // without a checksum, as behind a frame that was overwritten
		header[3], header[7] = 1, 4
		writeFull(t, log, header, frame)
		writeFull(t, log, newer, frame+24)
		if again {
			vfs.ForgetPages() // it is kept as it is read
			checkRead(t, db, d.plain, 1024, 0)
		}
		got := make([]byte, 1024)
		if readFull(t, log, got, frame+24); !bytes.Equal(got, newer) {
			t.Fatal("the frame has other content")
		}
		checkRead(t, db, d.plain, 1024, 0)
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
