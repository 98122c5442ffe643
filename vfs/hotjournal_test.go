package vfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// hotJournal is a journal on disk with an image of each page given, as it was
// before a transaction on a database of n pages. Nothing of package vfs wrote
// it.
func (d *database) hotJournal(tb testing.TB, n uint32, pgnos ...uint32) []byte {
	tb.Helper()
	disk := &vfstest.Mem{}
	p := &pager{journal: disk, pageSize: d.size(), sector: 512}
	if err := p.begin(12345, n); err != nil {
		tb.Fatal(err)
	}
	for _, pgno := range pgnos {
		if err := p.log(pgno, d.encrypt(tb, pgno, d.page(int(pgno)))); err != nil {
			tb.Fatal(err)
		}
	}
	if err := p.commit(); err != nil {
		tb.Fatal(err)
	}
	return disk.Bytes()
}

// reader is a pager of the journal of a database, as a connection that has just
// found it.
func (d *database) reader(journal []byte, tb testing.TB, db *vfs.MainDB) *pager {
	return &pager{journal: vfs.NewJournal(readOnly(tb, journal), db), pageSize: d.size(), sector: 512}
}

// checkPlayback wants the images of the pages given, as the database has them.
func (d *database) checkPlayback(t *testing.T, got playback, err error, pages uint32, pgnos ...uint32) {
	t.Helper()
	want := playback{pages: pages}
	for _, pgno := range pgnos {
		want.images = append(want.images, image{pgno, d.page(int(pgno))})
	}
	if err != nil || !got.equal(want) {
		t.Fatalf("read %v, %v; want %v", got, err, want)
	}
}

// notServed makes each of the first reads that SQLite can make, through a
// handle of its own, and wants no byte.
func notServed(t *testing.T, journal []byte, db *vfs.MainDB, want error) {
	t.Helper()
	size := int64(len(journal))
	for _, read := range []struct {
		n   int
		off int64
	}{{1, 0}, {4, size - 16}, {8, 0}, {4, 8}, {4, 512}, {1024, 516}, {8, size - 8}, {4, size}} {
		j := vfs.NewJournal(readOnly(t, journal), db)
		for range 2 { // SQLite may try again
			noSecrets(t, failRead(t, j, read.n, read.off, want))
		}
	}
}

func TestHotJournal(t *testing.T) {
	t.Parallel()
	for _, set := range journalSettings() {
		t.Run(fmt.Sprintf("%d-%v-%d", set.PageSize, set.Geometry().MAC, set.PlaintextHeader), func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, set, 5)
			journal := d.hotJournal(t, 4, 3, 1, 4, 5)
			p := d.reader(journal, t, d.open(t, readOnly(t, d.disk), passphrase))
			if hot, err := p.isHot(); !hot || err != nil {
				t.Fatalf("hot %v, %v", hot, err)
			}
			got, err := p.play(true)
			d.checkPlayback(t, got, err, 4, 3, 1, 4) // 5 is behind the end
			notServed(t, journal, d.open(t, readOnly(t, d.disk), otherWord), compat.ErrWrongKey)
			if set.PageSize != 512 {
				notServed(t, journal, openDB(t, readOnly(t, d.disk), vfs.Options{}), compat.ErrNoKey)
			}
		})
	}
}

// TestHotJournalPlayedBack writes what was read into the database, as SQLite
// does.
func TestHotJournalPlayedBack(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 6)
	journal := d.hotJournal(t, 4, 4, 2)
	base := vfstest.NewMem(d.disk)
	writeFull(t, base, d.encrypt(t, 2, plainPage(d.set, 77, 0)), size)
	writeFull(t, base, make([]byte, size), 3*size)
	db := d.open(t, base, passphrase)
	got, err := d.reader(journal, t, db).play(true)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Truncate(int64(got.pages) * size); err != nil {
		t.Fatal(err)
	}
	for _, i := range got.images {
		writeFull(t, db, i.plain, int64(i.pgno-1)*size)
	}
	d.verify(t, base.Bytes(), d.plain[:4*size])
}

// TestNotHot is what SQLite asks of every journal that it finds.
func TestNotHot(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	done := d.hotJournal(t, 3, 1)
	clear(done[:28])
	for name, journal := range map[string][]byte{"empty": nil, "zero": {0}, "done": done} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, db := range []*vfs.MainDB{
				d.open(t, readOnly(t, d.disk), passphrase), d.open(t, readOnly(t, d.disk), otherWord),
				openDB(t, readOnly(t, d.disk), vfs.Options{}), openDB(t, readOnly(t, d.plain), vfs.Options{}),
			} {
				if hot, err := d.reader(journal, t, db).isHot(); hot || err != nil {
					t.Errorf("hot %v, %v", hot, err)
				}
			}
		})
	}
}

// TestHotJournalUnkeyed plays the journal of a database in clear back.
func TestHotJournalUnkeyed(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	disk := &vfstest.Mem{}
	w := &pager{journal: disk, pageSize: 1024, sector: 512}
	if err := errors.Join(w.begin(1, 3), w.log(1, d.page(1)), w.log(3, d.page(3)), w.commit()); err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{d.plain, nil, d.plain[:700], make([]byte, 2048)} {
		got, err := d.reader(disk.Bytes(), t, openDB(t, readOnly(t, file), vfs.Options{})).play(true)
		d.checkPlayback(t, got, err, 3, 1, 3)
	}
}

// TestKeyBetweenReads gives a key after a journal was looked at without one.
func TestKeyBetweenReads(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	journal := d.hotJournal(t, 3, 2)
	file := make([]byte, 2*1024) // too damaged to tell that it is encrypted
	db := openDB(t, readOnly(t, file), vfs.Options{})
	p := d.reader(journal, t, db)
	if _, err := p.play(true); err != nil {
		t.Fatal(err)
	}
	pragma(t, db, "key", otherWord)
	pragma(t, db, "kdf_iter", "1")
	pragma(t, db, "cipher_page_size", "1024")
	if _, err := p.play(true); !errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("error %v", err)
	}
}

// TestPage1Torn leaves it to the journal to prove the key.
func TestPage1Torn(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{quick(1024), quick(4096), quick(1024, noHMAC)} {
		tear := map[string]func(d *database) []byte{
			"second half": func(d *database) []byte {
				newer := d.encrypt(t, 1, plainPage(set, 1, 99))
				copy(d.raw(1)[512:], newer[512:])
				return d.disk
			},
			"first half": func(d *database) []byte {
				newer := d.encrypt(t, 1, plainPage(set, 1, 99))
				copy(d.raw(1)[:512], newer[:512])
				return d.disk
			},
			"lost": func(d *database) []byte { clear(d.raw(1)[16:]); return d.disk },
			"alone": func(d *database) []byte {
				d.raw(1)[700] ^= 1
				return d.disk[:set.PageSize]
			},
			"short": func(d *database) []byte { return d.disk[:700] },
		}
		for name, tear := range tear {
			for _, order := range [][]uint32{{1, 3}, {3, 1}, {3}} {
				if !set.UseHMAC && len(order) == 1 {
					continue // only an image of page 1 proves anything
				}
				t.Run(fmt.Sprintf("%d-%v %s, journal of %v", set.PageSize, set.Geometry().MAC, name, order), func(t *testing.T) {
					t.Parallel()
					d := newDatabase(t, set, 4)
					journal := d.hotJournal(t, 4, order...)
					torn := bytes.Clone(tear(d))
					db := d.open(t, readOnly(t, torn), passphrase)
					header(t, db)
					got, err := d.reader(journal, t, db).play(true)
					d.checkPlayback(t, got, err, 4, order...)
					wrong := d.open(t, readOnly(t, torn), otherWord)
					header(t, wrong)
					if _, err := d.reader(journal, t, wrong).play(true); err == nil {
						t.Error("a wrong key was let in")
					}
					base := vfstest.NewMem(torn)
					if len(torn) < set.PageSize || len(order) == 1 {
						return // SQLite lengthens it by whole pages; page 1 stays torn
					}
					db = d.open(t, base, passphrase)
					if got, err = d.reader(journal, t, db).play(true); err != nil {
						t.Fatal(err)
					}
					for _, i := range got.images {
						writeFull(t, db, i.plain, int64(i.pgno-1)*int64(set.PageSize))
					}
					checkRead(t, d.open(t, base, passphrase), d.page(1), set.PageSize, 0)
				})
			}
		}
	}
}

// TestJournalProvesNothing has page 1 in doubt and a journal that cannot help.
func TestJournalProvesNothing(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 3)
	other := databaseOf(t, quick(size), otherWord, 3)
	d.raw(1)[600] ^= 1
	d.raw(2)[600] ^= 1
	torn := d.hotJournal(t, 3, 1)
	clear(torn[700:900])
	oneBitOff := d.hotJournal(t, 3, 1)
	oneBitOff[len(oneBitOff)-1] ^= 1 // of the checksum
	noMagic, noNumber := d.hotJournal(t, 3, 1), d.hotJournal(t, 3, 1)
	noMagic[1] ^= 1
	noNumber[515] = 0
	short := d.hotJournal(t, 3, 1)
	otherSize := newDatabase(t, quick(2*size), 3).hotJournal(t, 3, 1)
	for name, journal := range map[string][]byte{
		"no record": d.hotJournal(t, 3), "torn record": torn, "checksum": oneBitOff, "short": short[:1500],
		"other key": other.hotJournal(t, 3, 1), "header alone": short[:512], "part of a header": short[:27],
		"magic": noMagic, "page number 0": noNumber, "other page size": otherSize, "no journal": bytes.Repeat([]byte{7}, 3000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			notServed(t, journal, d.open(t, readOnly(t, d.disk), passphrase), compat.ErrWrongKey)
		})
	}
}

// TestInterruptedCreation rolls back the transaction that made the file.
func TestInterruptedCreation(t *testing.T) {
	t.Parallel()
	const size = 2048
	d := newDatabase(t, quick(size), 2)
	sectorLost := func(n int) []byte {
		file := bytes.Clone(d.disk)
		clear(file[512*n:][:512])
		return file
	}
	created, later := d.hotJournal(t, 0), d.hotJournal(t, 2)
	for _, c := range []struct {
		name    string
		file    []byte
		journal []byte
		word    string
		want    error
	}{
		{"empty file", nil, created, otherWord, nil},
		{"whole page", d.disk, created, passphrase, nil},
		{"whole page, wrong key", d.disk, created, otherWord, compat.ErrWrongKey},
		{"first sector alone", d.disk[:512], created, otherWord, nil},
		{"short by a byte", d.disk[:size-1], created, otherWord, nil},
		{"first sector lost", sectorLost(0), created, otherWord, nil},
		{"second sector lost", sectorLost(1), created, otherWord, nil},
		{"last sector lost", sectorLost(3), created, otherWord, nil},
		{"sector of page 2 lost", sectorLost(4), created, otherWord, compat.ErrWrongKey},
		{"less than a salt", d.disk[:15], created, otherWord, nil},
		{"database had pages, short", d.disk[:512], later, otherWord, compat.ErrShortFile},
		{"database had pages, sector lost", sectorLost(1), later, otherWord, compat.ErrWrongKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := d.open(t, readOnly(t, c.file), c.word)
			header(t, db)
			if c.want != nil {
				notServed(t, c.journal, db, c.want)
				return
			}
			got, err := d.reader(c.journal, t, db).play(true)
			d.checkPlayback(t, got, err, 0)
		})
	}
}

// TestCreatedAfterRollback goes on with the connection that has rolled an
// interrupted creation back: the file is empty and any key will do.
func TestCreatedAfterRollback(t *testing.T) {
	t.Parallel()
	const size = 2048
	d := newDatabase(t, quick(size), 2)
	for _, file := range [][]byte{d.disk, d.disk[:512], append(bytes.Clone(d.disk[:1024]), make([]byte, 1024)...)} {
		for _, word := range []string{passphrase, otherWord} {
			if len(file) == len(d.disk) && word == otherWord {
				continue
			}
			t.Run(fmt.Sprintf("%d bytes, %s", len(file), word), func(t *testing.T) {
				t.Parallel()
				base := vfstest.NewMem(file)
				db := d.open(t, base, word)
				header(t, db)
				if _, err := d.reader(d.hotJournal(t, 0), t, db).play(true); err != nil {
					t.Fatal(err)
				}
				if err := db.Truncate(0); err != nil {
					t.Fatal(err)
				}
				db.Unlocked()
				w := &pager{pageSize: size, sector: 512, journal: vfs.NewJournal(&vfstest.Mem{}, db)}
				if err := errors.Join(w.begin(1, 0), w.commit()); err != nil {
					t.Fatal(err)
				}
				writeFull(t, db, d.page(1), 0)
				writeFull(t, db, d.page(2), size)
				checkRead(t, d.open(t, base, word), d.plain, len(d.plain), 0)
			})
		}
	}
}

// TestHotJournalAfterCreation has another process create the file that was
// empty at the first look, and crash in its next transaction.
func TestHotJournalAfterCreation(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	for _, word := range []string{passphrase, otherWord} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			base := &vfstest.Mem{}
			db := d.open(t, base, word)
			header(t, db)
			writeFull(t, base, d.disk, 0)
			journal := d.hotJournal(t, 3, 2, 3)
			if word == otherWord {
				notServed(t, journal, db, compat.ErrWrongKey)
				return
			}
			got, err := d.reader(journal, t, db).play(true)
			d.checkPlayback(t, got, err, 3, 2, 3)
		})
	}
}
