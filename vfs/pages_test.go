package vfs_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// readRun reads n pages from one on, and wants them as they are in clear.
func (d *database) readRun(t *testing.T, p *vfs.Pages, first, n, usable int) (got []byte) {
	t.Helper()
	got = p.Buffer(n)
	if err := p.Read(got, uint32(first)); err != nil {
		t.Fatalf("pages %d to %d: %v", first, first+n-1, err)
	}
	for i := range n {
		if !bytes.Equal(got[i*d.size():][:usable], d.page(first + i)[:usable]) {
			t.Fatalf("page %d of %d from %d on has other content", first+i, n, first)
		}
	}
	return got
}

// TestPages reads files many pages at a time, with all processors.
func TestPages(t *testing.T) {
	t.Parallel()
	const size, count = 1024, 90
	for name, set := range map[string]compat.Settings{
		"level 4": quick(size), "no MAC": quick(size, noHMAC), "another MAC": quick(size, sha1),
		"header in clear": quick(size, plaintextHeader(32)), "in clear": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inClear := set == (compat.Settings{})
			d := newDatabase(t, quick(size), count)
			if !inClear {
				d = newDatabase(t, set, count)
			}
			disk, o, usable := d.disk, vfs.Options{Name: "test.db", Key: keyspec(t, passphrase), Settings: set}, d.set.Geometry().Usable()
			if inClear {
				disk, o, usable = d.plain, vfs.Options{Name: "test.db"}, size
			}
			file := &engineMem{t: t}
			writeFull(t, &file.Mem, disk, 0)
			var db *vfs.MainDB
			o.Opened = func(m *vfs.MainDB) { db = m }
			if opened := openDB(t, file, o); opened != db {
				t.Fatal("it was not told")
			}
			if _, err := db.Pages(size); !inClear && !errors.Is(err, compat.ErrUnsupported) {
				t.Fatalf("with a key that is not proven: %v", err)
			}
			page := file.Buffer(size)
			readFull(t, db, page, 0)
			p, err := db.Pages(size)
			if err != nil {
				t.Fatal(err)
			}
			first, second := d.readRun(t, p, 1, count, usable), d.readRun(t, p, 50, 40, usable)
			p.Close()
			if !bytes.Equal(first, make([]byte, len(first))) || !bytes.Equal(second, make([]byte, len(second))) {
				t.Error("pages are left in memory")
			}
			if _, err := db.Pages(2 * size); !inClear && !errors.Is(err, compat.ErrUnsupported) {
				t.Errorf("in pages of another size: %v", err)
			}

			copy(page, d.page(3)) // waits to be written
			if _, err := db.WriteAt(page, size); err != nil {
				t.Fatal(err)
			}
			copy(d.page(2), d.page(3))
			again, err := db.Pages(size)
			if err != nil {
				t.Fatal(err)
			}
			d.readRun(t, again, 1, 10, usable)
			again.Close()
		})
	}
}

// TestPagesFail reads what is damaged, what ends too soon, and what is not all of the
// database.
func TestPagesFail(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 60)
	file := vfstest.NewMem(d.disk)
	db := d.open(t, file, passphrase)
	readFull(t, db, make([]byte, size), 0)
	p, err := db.Pages(size)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	fails := func(first uint32, n int, wants ...error) {
		t.Helper()
		err := p.Read(p.Buffer(n), first)
		for _, want := range wants {
			var page *compat.PageError
			if errors.As(want, &page) {
				if !errors.As(err, &page) || page.Pgno != want.(*compat.PageError).Pgno {
					t.Errorf("%v, want %v", err, want)
				}
			} else if !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
	writeFull(t, file, []byte("damage"), 36*size+100)
	fails(10, 50, compat.ErrDamaged, &compat.PageError{Pgno: 37})
	d.readRun(t, p, 10, 27, size-reserve)
	if err := file.Truncate(50*size + 7); err != nil {
		t.Fatal(err)
	}
	fails(40, 20, compat.ErrShortFile, &compat.PageError{Pgno: 51})
	fails(51, 1, compat.ErrShortFile, &compat.PageError{Pgno: 51})
	file.Hook = func(c vfstest.Call) error { return errBelow }
	fails(2, 1, errBelow)
	file.Hook = nil
	if _, err := vfs.NewWAL(&vfstest.Mem{}, db, noChain{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pages(size); !errors.Is(err, compat.ErrUnsupported) {
		t.Errorf("beside a log: %v", err)
	}
}

// TestPagesOfLockByte reads around the page that SQLite locks.
func TestPagesOfLockByte(t *testing.T) {
	t.Parallel()
	const lockByte, size = 1<<30/4096 + 1, 4096
	d := newDatabase(t, quick(size), 1)
	file := vfstest.NewMem(nil)
	want := make([]byte, 80*size)
	for i := range 80 {
		if pgno := uint32(lockByte - 40 + i); pgno != lockByte {
			fillNoise(want[i*size:][:size-reserve], uint64(pgno))
			writeFull(t, file, d.encrypt(t, pgno, want[i*size:][:size]), int64(pgno-1)*size)
		}
	}
	file.Hook = func(c vfstest.Call) error {
		if at := int64(lockByte-1) * size; c.Op == vfstest.OpRead && c.Off <= at && at < c.Off+int64(len(c.P)) {
			t.Errorf("read of %d bytes at %d", len(c.P), c.Off)
		}
		return nil
	}
	team, err := hmacpage.NewTeam(d.set.Geometry(), d.keys)
	if err != nil {
		t.Fatal(err)
	}
	p := vfs.NewPages(file, team, size, file.Buffer)
	defer p.Close()
	for _, run := range []struct{ first, n int }{{0, 80}, {0, 40}, {0, 41}, {40, 1}, {40, 40}, {41, 39}, {39, 3}} {
		got := p.Buffer(run.n)
		got[0] = 1
		if err := p.Read(got, uint32(lockByte-40+run.first)); err != nil {
			t.Fatalf("%d pages from %d on: %v", run.n, run.first, err)
		}
		for i := range run.n {
			if !bytes.Equal(got[i*size:][:size-reserve], want[(run.first+i)*size:][:size-reserve]) {
				t.Errorf("%d pages from %d on: page %d has other content", run.n, run.first, run.first+i)
			}
		}
	}
}
