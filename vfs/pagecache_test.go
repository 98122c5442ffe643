package vfs_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// withPageCache gives the cache a size for a test, which is not parallel, and
// turns reading ahead off.
func withPageCache(t *testing.T, bytes int64) {
	before, ahead := vfs.SetPageCache(bytes), vfs.SetReadAhead(false)
	t.Cleanup(func() { vfs.SetPageCache(before); vfs.SetReadAhead(ahead) })
}

// counted is a file that notes how many bytes were read at a time.
func counted(content []byte) (file *vfstest.Mem, reads func() []int) {
	file = vfstest.NewMem(content)
	var sizes []int
	file.Hook = func(c vfstest.Call) error {
		if c.Op == vfstest.OpRead {
			sizes = append(sizes, len(c.P))
		}
		return nil
	}
	return file, func() []int {
		now := sizes
		sizes = nil
		return now
	}
}

// at opens a file that is at a path.
func (d *database) at(t *testing.T, path string, base vfs.Base) *vfs.MainDB {
	t.Helper()
	return openDB(t, base, vfs.Options{Path: path, Key: keyspec(t, passphrase), Settings: d.set})
}

func wantReads(t *testing.T, what string, got []int, want ...int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: reads of %d bytes, want %d", what, got, want)
	}
}

// TestWrittenPagesAreKept has a page that is kept be the one that was written last,
// once it is on the disk.
func TestWrittenPagesAreKept(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file, reads := counted(d.disk)
	db := d.at(t, "/a.db", file)
	checkRead(t, db, d.page(1), 1024, 0)
	checkRead(t, db, d.plain, 1024, 1024)
	written := bytes.Clone(d.plain)
	copy(written[1024:], "newer")
	copy(written[2048:], "newer too")
	for _, off := range []int64{1024, 2048} {
		if _, err := db.WriteAt(written[off:off+1024], off); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Flush(); err != nil {
		t.Fatal(err)
	}
	reads()
	checkRead(t, db, written, 1024, 1024)
	wantReads(t, "a page that was kept", reads(), 80)
	checkRead(t, db, written, 1024, 2048)
	wantReads(t, "one that was not", reads(), 1024)
}

// TestPagesAreShared has a page decrypted once for all connections to a file.
func TestPagesAreShared(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file, reads := counted(d.disk)
	a, b := d.at(t, "/a.db", file), d.at(t, "/a.db", file)
	checkRead(t, a, d.page(1), 1024, 0)
	checkRead(t, a, d.plain, 1024, 1024)
	reads()
	checkRead(t, a, d.plain, 1024, 1024)
	checkRead(t, a, d.plain, 16, 24)
	checkRead(t, a, d.plain, 100, 0)
	wantReads(t, "again", reads(), 80, 80, 80)
	checkRead(t, b, d.plain, 1024, 1024)
	if got := reads(); slices.Max(got) != 1024 {
		t.Errorf("a key that is not proven: reads of %d bytes, and none of a page", got)
	}
	checkRead(t, b, d.plain, 1024, 1024)
	checkRead(t, b, d.plain, 16, 24)
	wantReads(t, "another connection", reads(), 80, 80)

	other := d.at(t, "/b.db", file)
	checkRead(t, other, d.page(1), 1024, 0)
	reads()
	checkRead(t, other, d.plain, 1024, 1024)
	wantReads(t, "another path", reads(), 1024)
	vfs.ForgetPages()
	checkRead(t, b, d.plain, 1024, 1024)
	wantReads(t, "forgotten", reads(), 1024)
}

// TestPagesOfOthers sees at once what another connection writes, and what it takes
// back.
func TestPagesOfOthers(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file := vfstest.NewMem(d.disk)
	a, b := d.at(t, "/a.db", file), d.at(t, "/a.db", file)
	checkRead(t, a, d.plain, 4096, 0)
	for i, pgno := range []int{3, 1, 3, 2} {
		before := file.Bytes()
		page := plainPage(d.set, uint32(pgno), 4)
		page[200] ^= byte(1 + i)
		off := int64(pgno-1) * 1024
		writeFull(t, b, page, off)
		if err := b.Sync(0); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			checkRead(t, a, append(make([]byte, off), page...), 1024, off)
		}
		writeFull(t, file, before[off:off+1024], off)
		checkRead(t, a, append(make([]byte, off), d.page(pgno)...), 1024, off)
		checkRead(t, b, append(make([]byte, off), d.page(pgno)...), 1024, off)
	}
}

// TestDamageUnderTheSameTag is what the cache changes: ciphertext that was changed
// and has its old tag is not looked at while a page that was read before is kept.
// A check of the file finds it, and so does whoever opens the file next.
func TestDamageUnderTheSameTag(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file := vfstest.NewMem(d.disk)
	a, b := d.at(t, "/a.db", file), d.at(t, "/a.db", file)
	checkRead(t, a, d.plain, 4096, 0)
	checkRead(t, b, d.page(1), 1024, 0)
	writeFull(t, file, []byte{d.raw(3)[100] ^ 1}, 2*1024+100)
	checkRead(t, a, d.plain, 1024, 2*1024)
	checkRead(t, b, d.plain, 1024, 2*1024)
	problems(t, a, failed(3))
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	next := d.at(t, "/a.db", file)
	checkRead(t, next, d.page(1), 1024, 0)
	failPage(t, next, 1024, 3)

	writeFull(t, file, d.disk, 0)
	c := d.at(t, "/a.db", file)
	checkRead(t, c, d.plain, 4096, 0)
	for _, at := range []int{1024 - 80, 1024 - 65, 1024 - 64, 1023} { // first and last of IV and tag
		writeFull(t, file, []byte{d.raw(3)[at] ^ 1}, 2*1024+int64(at))
		failPage(t, c, 1024, 3)
		writeFull(t, file, d.disk, 0)
		checkRead(t, c, d.plain, 4096, 0)
	}
}

// TestPagesNotKept has what may not enter the cache.
func TestPagesNotKept(t *testing.T) {
	withPageCache(t, 1<<20)
	for name, c := range map[string]struct {
		set   compat.Settings
		pgno  int
		limit int64
	}{
		"no MAC":                  {quick(1024, noHMAC), 2, 1 << 20},
		"page 1 partly in clear":  {quick(1024, plaintextHeader(32)), 1, 1 << 20},
		"page larger than a part": {quick(4096), 2, 16 * 4095},
		"turned off":              {quick(4096), 2, 0},
	} {
		vfs.SetPageCache(c.limit)
		d := newDatabase(t, c.set, 3)
		file, reads := counted(d.disk)
		db := d.at(t, "/a.db", file)
		checkRead(t, db, d.page(1), d.size(), 0)
		off := int64((c.pgno - 1) * d.size())
		checkRead(t, db, d.plain, d.size(), off)
		reads()
		checkRead(t, db, d.plain, d.size(), off)
		wantReads(t, name, reads(), d.size())
	}
}

// TestWrongKeyIsServedNothing has the file open under the right key.
func TestWrongKeyIsServedNothing(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file := vfstest.NewMem(d.disk)
	right := d.at(t, "/a.db", file)
	checkRead(t, right, d.plain, 4096, 0)
	for name, o := range map[string]vfs.Options{
		"key":        {Key: keyspec(t, otherWord), Settings: d.set},
		"MAC":        {Key: keyspec(t, passphrase), Settings: quick(1024, sha1)},
		"page size":  {Key: keyspec(t, passphrase), Settings: quick(2048)},
		"iterations": {Key: keyspec(t, passphrase), Settings: quick(1024, func(s *compat.Settings) { s.KDFIter++ })},
	} {
		o.Path = "/a.db"
		wrong := openDB(t, file, o)
		for off := int64(0); off < 4096; off += int64(o.Settings.PageSize) {
			if n, err := wrong.ReadAt(make([]byte, o.Settings.PageSize), off); n != 0 || err == nil {
				t.Errorf("other %s: %d bytes at %d, %v", name, n, off, err)
			}
		}
	}
	checkRead(t, right, d.plain, 4096, 0)
}

// noChain is for logs that are only read.
type noChain struct{ vfs.Chain }

// logOf is a log with a frame for each page, as far as its content goes.
func (d *database) logOf(t *testing.T, pgnos []uint32, plain [][]byte) []byte {
	t.Helper()
	log := make([]byte, 32)
	for i, pgno := range pgnos {
		header := make([]byte, 24)
		header[3] = byte(pgno)
		log = append(append(log, header...), d.encrypt(t, pgno, plain[i])...)
	}
	return log
}

// TestPagesOfLog reads versions of one page from the log and the file by turns, as
// two snapshots do, and the log anew after a reset.
func TestPagesOfLog(t *testing.T) {
	withPageCache(t, 1<<20)
	d := newDatabase(t, quick(1024), 4)
	file := vfstest.NewMem(d.disk)
	db := d.at(t, "/a.db", file)
	version := func(pgno uint32, c byte) []byte {
		page := plainPage(d.set, pgno, 4)
		page[500] = c
		return page
	}
	v := [][]byte{version(2, 1), version(3, 2), version(2, 3)}
	disk, reads := counted(d.logOf(t, []uint32{2, 3, 2}, v))
	log, err := vfs.NewWAL(disk, db, noChain{})
	if err != nil {
		t.Fatal(err)
	}
	frame := func(i int) (int64, []byte) { return 32 + int64(i)*1048 + 24, make([]byte, 1024) }
	check := func(i int, want []byte) {
		t.Helper()
		off, p := frame(i)
		readFull(t, log, p, off)
		if string(p) != string(want) {
			t.Fatalf("frame %d has other content", i)
		}
	}
	for range 3 {
		for i := range v {
			check(i, v[i])
			checkRead(t, db, append(make([]byte, 1024), d.page(2)...), 1024, 1024)
		}
	}
	check(1, v[1])
	reads()
	check(1, v[1])
	wantReads(t, "a frame that was read before", reads(), 1048)

	reset := [][]byte{version(3, 4), version(2, 5), version(3, 6)}
	writeFull(t, disk, d.logOf(t, []uint32{3, 2, 3}, reset), 0)
	for i := range reset {
		check(i, reset[i])
		check(i, reset[i])
	}

	// A checkpoint takes the page as it stands on disk.
	db.StartCheckpoint()
	off, p := frame(2)
	readFull(t, log, p, off)
	if string(p) != string(disk.Bytes()[off:off+1024]) {
		t.Error("a checkpoint is served a page in clear")
	}
	db.EndCheckpoint()
	check(2, reset[2])

	off, p = frame(2)
	writeFull(t, disk, []byte{disk.Bytes()[off+1023] ^ 1}, off+1023)
	if _, err := log.ReadAt(p, off); !errors.Is(err, compat.ErrDamaged) {
		t.Errorf("a frame with another tag: %v", err)
	}
}
