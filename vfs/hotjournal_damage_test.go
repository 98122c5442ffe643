package vfs_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestTornRecord is the end of the journal to SQLite, and no error.
func TestTornRecord(t *testing.T) {
	t.Parallel()
	const size, record = 1024, 1024 + 8
	second := 512 + record
	for _, c := range []struct {
		name string
		tear func(journal []byte) []byte
	}{
		{"page number", func(j []byte) []byte { return j[:second+2] }},
		{"no image", func(j []byte) []byte { return j[:second+4] }},
		{"half an image", func(j []byte) []byte { return j[:second+600] }},
		{"no checksum", func(j []byte) []byte { return j[:second+4+size] }},
		{"half a checksum", func(j []byte) []byte { return j[:second+6+size] }},
		{"sector of zeros", func(j []byte) []byte { clear(j[second+300 : second+812]); return j }},
		{"image of zeros", func(j []byte) []byte { clear(j[second+4 : second+4+size]); return j }},
		{"end of zeros", func(j []byte) []byte { clear(j[second+700:]); return j }},
		{"older image", func(j []byte) []byte { fillNoise(j[second+4:second+4+size], 5); return j }},
		{"page number 0", func(j []byte) []byte { clear(j[second : second+4]); return j }},
		{"other page number", func(j []byte) []byte { j[second+3] = 3; j[second+record-1]++; return j }},
		{"lock-byte page", func(j []byte) []byte { binary.BigEndian.PutUint32(j[second:], 1<<30/size+1); return j }},
		{"checksum", func(j []byte) []byte { j[second+record-1] ^= 1; return j }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, quick(size), 3)
			journal := c.tear(d.hotJournal(t, 3, 1, 2))
			got, err := d.reader(journal, t, d.open(t, readOnly(t, d.disk), passphrase)).play(true)
			d.checkPlayback(t, got, err, 3, 1)
		})
	}
}

// TestForeignRecord has an image in the journal that was written whole, and yet
// does not open. SQLite must not take it for the end.
func TestForeignRecord(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size)
	d, other := newDatabase(t, set, 3), databaseOf(t, set, otherWord, 3)
	for _, c := range []struct {
		name  string
		image []byte
	}{
		{"other key", other.encrypt(t, 2, d.page(2))},
		{"in clear", d.page(2)},
		{"other page", d.encrypt(t, 3, d.page(3))},
		{"zeros", make([]byte, size)},
	} {
		for _, sync := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, segment of its own %v", c.name, sync), func(t *testing.T) {
				t.Parallel()
				disk := &vfstest.Mem{}
				w := &pager{journal: disk, pageSize: size, sector: 512}
				err := errors.Join(w.begin(99, 3), w.log(1, d.encrypt(t, 1, d.page(1))))
				if sync {
					err = errors.Join(err, w.sync())
				}
				if err := errors.Join(err, w.log(2, c.image), w.commit()); err != nil {
					t.Fatal(err)
				}
				p := d.reader(disk.Bytes(), t, d.open(t, readOnly(t, d.disk), passphrase))
				got, err := p.play(true)
				var page *compat.PageError
				if !errors.Is(err, compat.ErrJournal) || !errors.As(err, &page) || page.Pgno != 2 {
					t.Fatalf("read %v, %v", got, err)
				}
				if code := vfs.CodeOf(err, vfs.CodeIOErrRead); code&0xff != vfs.CodeIOErr {
					t.Errorf("result code %d is no I/O error", code)
				}
				noSecrets(t, err, d.keys, other.keys)
				d.checkPlayback(t, got, nil, 3, 1)
			})
		}
	}
}

// TestOtherPageSize has a hot journal with pages of another size than those of
// the database. SQLite would take the size from it.
func TestOtherPageSize(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(2048), 4)
	for _, size := range []int{512, 1024, 4096, 8192} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			disk := &vfstest.Mem{}
			w := &pager{journal: disk, pageSize: size, sector: 512}
			if err := errors.Join(w.begin(5, 4), w.log(2, d.disk[:size]), w.commit()); err != nil {
				t.Fatal(err)
			}
			p := d.reader(disk.Bytes(), t, d.open(t, readOnly(t, d.disk), passphrase))
			if got, err := p.play(true); err == nil {
				t.Errorf("read %v without an error", got)
			}
		})
	}
}

// TestHeaderWithoutPageSize is a journal of which SQLite takes the page size to
// be that of the database.
func TestHeaderWithoutPageSize(t *testing.T) {
	t.Parallel()
	d, other := newDatabase(t, quick(1024), 3), databaseOf(t, quick(1024), otherWord, 3)
	journal := d.hotJournal(t, 3, 1, 2)
	clear(journal[24:28])
	got, err := d.reader(journal, t, d.open(t, readOnly(t, d.disk), passphrase)).play(true)
	d.checkPlayback(t, got, err, 3, 1, 2)
	foreign := other.hotJournal(t, 3, 1, 2)
	clear(foreign[24:28])
	got, err = d.reader(foreign, t, d.open(t, readOnly(t, d.disk), passphrase)).play(true)
	if err == nil {
		t.Errorf("of another key: read %v without an error", got)
	}
}

// TestOwnRecordDamaged changes an image between its writing and a rollback of
// the same transaction. To a savepoint SQLite does not look at checksums; of a
// whole transaction it would leave the rest as it is.
func TestOwnRecordDamaged(t *testing.T) {
	t.Parallel()
	back := map[string]func(p *pager) (playback, error){
		"savepoint": func(p *pager) (playback, error) { return p.savepoint(0) }, "transaction": ownPlay,
	}
	for name, back := range back {
		for _, synced := range []bool{false, true} {
			for _, at := range []int64{100, 624} { // the second has a part in the checksum
				t.Run(fmt.Sprintf("%s, synced %v, byte %d", name, synced, at), func(t *testing.T) {
					t.Parallel()
					w := newTwin(t, quick(1024), 512, false)
					w.do(t, func(p *pager) error { return p.begin(5, 9) })
					w.log(t, 1, 2, 3)
					if synced {
						w.do(t, (*pager).sync)
					} else if _, err := w.ours.journal.Size(); err != nil { // nothing waits then
						t.Fatal(err)
					}
					at := w.ours.placed[1] + 4 + at
					b := make([]byte, 1)
					readFull(t, w.disk, b, at)
					writeFull(t, w.disk, []byte{b[0] ^ 1}, at)
					if got, err := back(w.ours); err == nil {
						t.Errorf("read %v without an error", got)
					}
				})
			}
		}
	}
}
