package vfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// twin is a journal of an encrypted database, and one of the same in clear
// that knows nothing of encryption. What is done to one is done to the other.
type twin struct {
	d     *database
	disk  *vfstest.Mem // of the first
	plain *vfstest.Mem // of the second
	ours  *pager
	model *pager
}

func newTwin(tb testing.TB, set compat.Settings, sector int, noSync bool) *twin {
	tb.Helper()
	w := &twin{d: newDatabase(tb, set, 3), disk: &vfstest.Mem{}, plain: &vfstest.Mem{}}
	w.ours = &pager{pageSize: set.PageSize, sector: sector, noSync: noSync}
	w.model = &pager{pageSize: set.PageSize, sector: sector, noSync: noSync, journal: w.plain}
	w.reopen(tb)
	return w
}

// reopen has another connection go on with the journal, from which nothing waits
// any more: it was synced, or pages of the database were written.
func (w *twin) reopen(tb testing.TB) {
	tb.Helper()
	if w.ours.journal != nil {
		if _, err := w.ours.journal.Size(); err != nil {
			tb.Fatal(err)
		}
	}
	w.ours.journal = vfs.NewJournal(w.disk, w.d.open(tb, vfstest.NewMem(w.d.disk), passphrase))
}

func (w *twin) do(tb testing.TB, f func(p *pager) error) {
	tb.Helper()
	if err := f(w.ours); err != nil {
		tb.Fatal(err)
	}
	if err := f(w.model); err != nil {
		tb.Fatalf("model: %v", err)
	}
}

func (w *twin) log(tb testing.TB, pgnos ...uint32) {
	tb.Helper()
	for _, pgno := range pgnos {
		w.do(tb, func(p *pager) error { return p.log(pgno, plainPage(w.d.set, pgno, 9)) })
	}
}

// compare has both read something back, and wants the same.
func (w *twin) compare(tb testing.TB, f func(p *pager) (playback, error)) playback {
	tb.Helper()
	want, err := f(w.model)
	if err != nil {
		tb.Fatalf("model: %v", err)
	}
	got, err := f(w.ours)
	if err != nil {
		tb.Fatal(err)
	}
	if !got.equal(want) {
		tb.Fatalf("read back %v, want %v", got, want)
	}
	return got
}

// String names what was read, without the pages.
func (a playback) String() string {
	s := fmt.Sprintf("%d pages, super-journal %q, images", a.pages, a.super)
	for _, i := range a.images {
		s += fmt.Sprintf(" %d(%x)", i.pgno, sumOf(i.plain))
	}
	return s
}

// hotPlay plays the journal back as another connection would, and ownPlay as
// the one that wrote it. Neither ends the transaction.
func hotPlay(p *pager) (playback, error) { q := *p; return q.play(true) }
func ownPlay(p *pager) (playback, error) { q := *p; return q.play(false) }

// checkDisk compares the journal on disk with the one in clear: the same bytes
// but for images and checksums, and those as SQLCipher has them.
func (w *twin) checkDisk(t *testing.T, records ...int64) {
	t.Helper()
	disk, plain := w.disk.Bytes(), w.plain.Bytes()
	if len(disk) != len(plain) {
		t.Fatalf("journal of %d bytes, want %d", len(disk), len(plain))
	}
	size := w.d.size()
	for _, at := range records {
		pgno := binary.BigEndian.Uint32(disk[at:])
		got, want := disk[at+4:][:size], plain[at+4:][:size]
		if !bytes.Equal(w.d.decrypt(pgno, got), want) {
			t.Fatalf("image of page %d at %d is not on disk", pgno, at)
		}
		sum := binary.BigEndian.Uint32(disk[at+4+int64(size):])
		wantSum := binary.BigEndian.Uint32(plain[at+4+int64(size):])
		if sum-sumOf(got) != wantSum-sumOf(want) {
			t.Fatalf("checksum of page %d at %d is not over the ciphertext", pgno, at)
		}
		clear(disk[at+4:][:size+4])
		clear(plain[at+4:][:size+4])
	}
	if !bytes.Equal(disk, plain) {
		t.Fatal("headers or page numbers differ")
	}
}

func journalSettings() []compat.Settings {
	return []compat.Settings{
		quick(512, noHMAC), quick(1024), quick(1024, sha1), quick(4096), quick(65536),
		quick(1024, plaintextHeader(32)),
	}
}

// TestJournalIdentity writes a journal of several segments, and reads it back
// through the same handle and through another.
func TestJournalIdentity(t *testing.T) {
	t.Parallel()
	for _, set := range journalSettings() {
		for _, sector := range []int{512, 4096} {
			for _, noSync := range []bool{false, true} {
				name := fmt.Sprintf("%d-%v-%d sectors of %d noSync %v",
					set.PageSize, set.Geometry().MAC, set.PlaintextHeader, sector, noSync)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					w := newTwin(t, set, sector, noSync)
					w.do(t, func(p *pager) error { return p.begin(0xfffffff0, 8) })
					w.log(t, 1, 3, 2)
					w.do(t, (*pager).sync)
					w.log(t, 8, 5)
					w.do(t, (*pager).sync)
					if got := w.compare(t, hotPlay); len(got.images) != 5 || got.pages != 8 {
						t.Fatalf("read back %v", got)
					}
					w.reopen(t)
					w.compare(t, hotPlay)
					w.checkDisk(t, w.ours.placed...)
				})
			}
		}
	}
}

// TestJournalRollback reads a journal in the middle of its transaction.
func TestJournalRollback(t *testing.T) {
	t.Parallel()
	for _, set := range journalSettings() {
		t.Run(fmt.Sprintf("%d-%v-%d", set.PageSize, set.Geometry().MAC, set.PlaintextHeader), func(t *testing.T) {
			t.Parallel()
			w := newTwin(t, set, 512, false)
			w.do(t, func(p *pager) error { return p.begin(77, 9) })
			w.log(t, 1, 4)
			for n := range 3 {
				w.compare(t, func(p *pager) (playback, error) { return p.savepoint(n) })
			}
			w.do(t, (*pager).sync)
			w.log(t, 2, 3)
			w.compare(t, func(p *pager) (playback, error) { return p.savepoint(1) })
			w.log(t, 7, 9)
			if got := w.compare(t, ownPlay); len(got.images) != 6 {
				t.Errorf("read back %v", got)
			}
			w.checkDisk(t, w.ours.placed...)
		})
	}
}

// TestJournalPersist has transactions write over what others left.
func TestJournalPersist(t *testing.T) {
	t.Parallel()
	for _, noSync := range []bool{false, true} {
		t.Run(fmt.Sprintf("noSync %v", noSync), func(t *testing.T) {
			t.Parallel()
			w := newTwin(t, quick(1024), 512, noSync)
			for n, pgnos := range [][]uint32{{1, 2, 3, 4, 5, 6}, {6, 5}, {1, 2, 3}, {4}} {
				w.do(t, func(p *pager) error { return p.begin(uint32(1000*n), 8) })
				w.log(t, pgnos...)
				w.do(t, (*pager).sync)
				w.log(t, 7)
				w.do(t, (*pager).commit)
				if got := w.compare(t, hotPlay); len(got.images) != len(pgnos)+1 {
					t.Errorf("read back %v", got)
				}
				w.do(t, (*pager).persist)
				if hot, err := w.ours.isHot(); hot || err != nil {
					t.Errorf("hot %v, %v after the end of the transaction", hot, err)
				}
				if !bytes.HasPrefix(w.disk.Bytes(), make([]byte, 28)) {
					t.Error("the header is not zero")
				}
				if n == 2 {
					w.reopen(t)
				}
			}
		})
	}
}

// TestJournalStaleTail rolls a transaction back whose journal goes on with what
// an earlier one left behind: with synchronous=OFF the header does not say how
// many records there are, and SQLite reads on until one does not fit.
func TestJournalStaleTail(t *testing.T) {
	t.Parallel()
	w := newTwin(t, quick(1024), 512, false)
	w.do(t, func(p *pager) error { return p.begin(5, 9) })
	for pgno := range uint32(8) {
		w.log(t, pgno+1)
		w.do(t, (*pager).sync) // each record in a segment of its own
	}
	w.do(t, (*pager).persist)
	for i, records := range []uint32{2, 3, 1, 0} {
		if i > 0 { // at first the same handle goes on
			w.reopen(t)
		}
		w.ours.noSync, w.model.noSync = true, true
		w.do(t, func(p *pager) error { return p.begin(0x10000000*(records+1), 9) })
		for pgno := range records {
			w.log(t, pgno+1)
		}
		if got := w.compare(t, ownPlay); len(got.images) != int(records) {
			t.Errorf("read back %v", got)
		}
		w.do(t, (*pager).persist)
	}
}

// TestJournalSuper writes the name of a super-journal.
func TestJournalSuper(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{quick(512, noHMAC), quick(1024), quick(4096)} {
		for _, length := range []int{1, 3, 4, 5, 28, 29, 60, 511, 512, 513, 1024} {
			t.Run(fmt.Sprintf("%d bytes, pages of %d", length, set.PageSize), func(t *testing.T) {
				t.Parallel()
				name := string(bytes.Repeat([]byte("naïve"), 200)[:length])
				w := newTwin(t, set, 512, false)
				w.do(t, func(p *pager) error { return p.begin(5, 9) })
				w.log(t, 1, 2)
				w.do(t, func(p *pager) error { return p.super(name) })
				w.do(t, (*pager).commit)
				w.reopen(t)
				if got := w.compare(t, hotPlay); got.super != name || len(got.images) != 2 {
					t.Errorf("read back %v", got)
				}
				w.checkDisk(t, w.ours.placed...)
			})
		}
	}
}

// TestJournalTruncate begins anew in the same file.
func TestJournalTruncate(t *testing.T) {
	t.Parallel()
	w := newTwin(t, quick(1024), 512, false)
	for n := range uint32(3) {
		w.do(t, func(p *pager) error { return p.begin(n, 8) })
		w.log(t, 1, 2+n)
		w.do(t, (*pager).commit)
		w.compare(t, hotPlay)
		w.checkDisk(t, w.ours.placed...)
		w.do(t, func(p *pager) error { return p.journal.Truncate(0) })
		if size, err := w.ours.journal.Size(); size != 0 || err != nil {
			t.Errorf("size %d, %v", size, err)
		}
	}
}

// TestJournalReserve has a page whose reserve is not zero: it becomes zero, and
// the checksum that SQLite will compute of it is right.
func TestJournalReserve(t *testing.T) {
	t.Parallel()
	w := newTwin(t, quick(1024), 512, false)
	dirty := bytes.Repeat([]byte{0xee}, 1024)
	if err := errors.Join(w.ours.begin(5, 9), w.ours.log(2, dirty), w.ours.sync()); err != nil {
		t.Fatal(err)
	}
	got, err := w.ours.play(true)
	clear(dirty[1024-reserve:])
	if err != nil || len(got.images) != 1 || !bytes.Equal(got.images[0].plain, dirty) {
		t.Errorf("read back %v, %v", got, err)
	}
}

// TestJournalRefused writes what is no part of a journal. It may be a page.
func TestJournalRefused(t *testing.T) {
	t.Parallel()
	const size = 1024
	page := plainPage(quick(size), 2, 0)
	word := func(w uint32) []byte { return binary.BigEndian.AppendUint32(nil, w) }
	lock := word(1<<30/size + 1)
	type write struct {
		p   []byte
		off int64
	}
	for _, c := range []struct {
		name   string
		before []write
		p      []byte
		off    int64
	}{
		{"page without a number", nil, page, 512},
		{"page behind a header", []write{{make([]byte, 512), 0}}, page, 512},
		{"page not behind its number", []write{{word(2), 512}}, page, 517},
		{"page before its number", []write{{word(2), 516 + size}}, page, 512},
		{"page behind a checksum", []write{{word(2), 512}, {page, 516}, {word(9), 516 + size}}, page, 520 + size},
		{"page twice", []write{{word(2), 512}, {page, 516}}, page, 516},
		{"page behind number 0", []write{{word(0), 512}}, page, 516},
		{"page behind the number of the lock-byte page", []write{{lock, 512}}, page, 516},
		{"text behind number 0", []write{{word(0), 512}}, bytes.Repeat([]byte("x"), 100), 516},
		{"text behind a number", []write{{word(2), 512}}, bytes.Repeat([]byte("x"), 100), 516},
		{"half a page", []write{{word(2), 512}}, page[:512], 516},
		{"two pages", []write{{word(2), 512}}, append(page[:size:size], page...), 516},
		{"page and a byte", []write{{word(2), 512}}, append(page[:size:size], 1), 516},
		{"a piece of a page", []write{{word(2), 512}}, page[:100], 516},
		{"29 bytes", nil, page[:29], 512},
		{"header with more in it", nil, append([]byte(journalMagic), page[:504]...), 512},
		{"number, another write, page", []write{{word(2), 512}, {make([]byte, 12), 0}}, page, 516},
		{"page behind the name of a super-journal", []write{{lock, 512}, {[]byte("name"), 516}}, page, 516},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, quick(size), 3)
			base := &vfstest.Mem{}
			j := vfs.NewJournal(base, d.open(t, readOnly(t, d.disk), passphrase))
			for _, w := range c.before {
				writeFull(t, j, w.p, w.off)
			}
			before := base.Bytes()
			n, err := j.WriteAt(c.p, c.off)
			if n != 0 || !errors.Is(err, compat.ErrUnsupported) {
				t.Errorf("%d, %v", n, err)
			}
			if !bytes.Equal(base.Bytes(), before) {
				t.Error("the file has changed")
			}
			if bytes.Contains(base.Bytes(), page[:16]) {
				t.Error("a page stands there in clear")
			}
		})
	}
}

// TestJournalWrongKey writes no image under a key that is not that of the
// database.
func TestJournalWrongKey(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	base := &vfstest.Mem{}
	w := &pager{pageSize: 1024, sector: 512, journal: vfs.NewJournal(base, d.open(t, readOnly(t, d.disk), otherWord))}
	if err := w.begin(1, 3); err != nil {
		t.Fatal(err)
	}
	if err := w.log(2, d.page(2)); !errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("error %v", err)
	}
	if size, _ := base.Size(); size > 516 {
		t.Errorf("journal of %d bytes", size)
	}
}

// TestJournalUnkeyed is that of a database in clear.
func TestJournalUnkeyed(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	base := &vfstest.Mem{}
	w := &twin{d: d, disk: base, plain: &vfstest.Mem{}}
	w.ours = &pager{pageSize: 1024, sector: 512, journal: vfs.NewJournal(base, openDB(t, readOnly(t, d.plain), vfs.Options{}))}
	w.model = &pager{pageSize: 1024, sector: 512, journal: w.plain}
	w.do(t, func(p *pager) error { return p.begin(5, 9) })
	w.log(t, 1, 2, 3)
	w.do(t, (*pager).sync)
	w.compare(t, hotPlay)
	if !bytes.Equal(base.Bytes(), w.plain.Bytes()) {
		t.Error("the journal was changed on its way")
	}
	writeFull(t, w.ours.journal, d.page(2), 33)
}

// rollsBack wants the rollback that SQLite now tries to fail once, and the next
// one to find nothing but right images.
func (w *twin) rollsBack(t *testing.T) {
	t.Helper()
	if _, err := w.ours.journal.Size(); err != nil {
		if vfs.CodeOf(err, 0) != vfs.CodeIOErrData {
			t.Errorf("the rollback fails with %v", err)
		}
		if _, err := w.ours.journal.Size(); err != nil {
			t.Errorf("the size, once more: %v", err)
		}
	}
	got, err := hotPlay(w.ours)
	if err != nil {
		t.Errorf("played back: %v", err)
	}
	for _, i := range got.images {
		if !bytes.Equal(i.plain, plainPage(w.d.set, i.pgno, 9)) {
			t.Errorf("page %d comes back as another", i.pgno)
		}
	}
}

// TestJournalFileBelowFails passes on what the file below says. What SQLite takes
// for written then is not taken back from memory, but from what there is.
func TestJournalFileBelowFails(t *testing.T) {
	t.Parallel()
	for fail := range 10 {
		t.Run(fmt.Sprint("call ", fail), func(t *testing.T) {
			t.Parallel()
			w := newTwin(t, quick(1024), 512, false)
			w.do(t, func(p *pager) error { return p.begin(5, 9) })
			calls := 0
			w.disk.Hook = func(vfstest.Call) error {
				if calls++; calls == fail+1 {
					return vfs.CodeFull
				}
				return nil
			}
			failed := false
			for _, step := range []func(p *pager) error{
				func(p *pager) error { return p.log(1, plainPage(w.d.set, 1, 9)) },
				func(p *pager) error { return p.log(5, plainPage(w.d.set, 5, 9)) },
				(*pager).commit,
			} {
				if err := step(w.model); err != nil {
					t.Fatal(err)
				}
				if failed {
					continue
				}
				if err := step(w.ours); err != nil {
					failed = true
					if !errors.Is(err, vfs.CodeFull) {
						t.Errorf("error %v", err)
					}
				}
			}
			w.disk.Hook = nil
			if failed != (fail < calls) {
				t.Fatalf("failed %v in %d calls", failed, calls)
			}
			if failed {
				w.rollsBack(t)
				return
			}
			w.compare(t, hotPlay)
			w.checkDisk(t, w.ours.placed...)
		})
	}
}

// TestShortWriteInClear: what is shorter than a header may be content too.
func TestShortWriteInClear(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	disk := &vfstest.Mem{}
	j := vfs.NewJournal(disk, d.open(t, readOnly(t, d.disk), passphrase))
	for _, p := range [][]byte{{0}, make([]byte, 28), []byte("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\x00\x00\x00\x01")} {
		if _, err := j.WriteAt(p, 0); err != nil {
			t.Errorf("%x: %v", p, err)
		}
	}
	for _, p := range []string{"x", "Ada Muster, penicillin", "\x00\x00\x00\x00\x00\x00\x00\x00Ada"} {
		if _, err := j.WriteAt([]byte(p), 0); !errors.Is(err, compat.ErrUnsupported) {
			t.Errorf("%q: %v, want %v", p, err, compat.ErrUnsupported)
		}
	}
}
