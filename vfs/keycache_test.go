package vfs_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// derivations counts those that f causes. The cache is that of the process, so
// the tests that count do not run in parallel.
func derivations(f func()) int64 {
	before := vfs.Derivations()
	f()
	return vfs.Derivations() - before
}

func TestKeysAreShared(t *testing.T) {
	d := newDatabase(t, quick(1024), 2)
	read := func(set compat.Settings, word string) func() {
		return func() {
			db := openDB(t, vfstest.NewMem(d.disk), vfs.Options{Key: keyspec(t, word), Settings: set})
			header(t, db)
			_, _ = db.ReadAt(make([]byte, set.PageSize), 0)
		}
	}
	vfs.ForgetKeys()
	defer vfs.ForgetKeys()
	for _, c := range []struct {
		name string
		do   func()
		want int64
	}{
		{"first", read(d.set, passphrase), 1},
		{"second", read(d.set, passphrase), 0},
		{"other passphrase", read(d.set, otherWord), 1},
		{"other passphrase again", read(d.set, otherWord), 0},
		{"first again", read(d.set, passphrase), 0},
		{"other rounds", read(quick(1024, func(s *compat.Settings) { s.KDFIter = 4 }), passphrase), 1},
		{"other fast rounds", read(quick(1024, func(s *compat.Settings) { s.FastKDFIter = 3 }), passphrase), 1},
		{"other mask", read(quick(1024, func(s *compat.Settings) { s.SaltMask = 0 }), passphrase), 1},
		{"other hash", read(quick(1024, func(s *compat.Settings) { s.KDF = 0 }), passphrase), 1},
		{"no HMAC", read(quick(1024, noHMAC), passphrase), 1},
		{"other salt", read(quick(1024, withSalt), passphrase), 1},
		{"other page size", read(quick(4096), passphrase), 0},
		{"raw key", read(d.set, rawKey(d.keys)), 0},
		{"raw key alone", read(d.set, rawKey(d.keys)[:66]+"'"), 0},
		{"forgotten", func() { vfs.ForgetKeys(); read(d.set, passphrase)() }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n := derivations(c.do); n != c.want {
				t.Errorf("derived %d times, want %d", n, c.want)
			}
		})
	}
}

// TestDerivesOnceAtATime opens a database many times at once.
func TestDerivesOnceAtATime(t *testing.T) {
	d := newDatabase(t, quick(1024, func(s *compat.Settings) { s.KDFIter = 20000 }), 2)
	base := vfstest.NewMem(d.disk)
	vfs.ForgetKeys()
	defer vfs.ForgetKeys()
	n := derivations(func() {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				db := d.open(t, base, passphrase)
				p := make([]byte, len(d.plain))
				if n, err := db.ReadAt(p, 0); n != len(p) || err != nil || !bytes.Equal(p, d.plain) {
					t.Errorf("%d bytes, %v", n, err)
				}
			})
		}
		wg.Wait()
	})
	if n != 1 {
		t.Errorf("derived %d times", n)
	}
}

// TestForgetKeysWhileOpen leaves open databases theirs.
func TestForgetKeysWhileOpen(t *testing.T) {
	d := newDatabase(t, quick(1024), 3)
	base := vfstest.NewMem(d.disk)
	db := d.open(t, base, passphrase)
	checkRead(t, db, d.plain, 1024, 0)
	vfs.ForgetKeys()
	checkRead(t, db, d.plain, len(d.plain), 0)
	writeFull(t, db, d.page(2), 1024)
	d.verify(t, base.Bytes(), d.plain)
}

// TestCloseKeepsCache wipes the keys of one connection, not those of the next.
func TestCloseKeepsCache(t *testing.T) {
	d := newDatabase(t, quick(1024), 3)
	vfs.ForgetKeys()
	defer vfs.ForgetKeys()
	first, err := vfs.NewMainDB(vfstest.NewMem(d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: d.set})
	if err != nil {
		t.Fatal(err)
	}
	checkRead(t, first, d.plain, len(d.plain), 0)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if n := derivations(func() {
		checkRead(t, d.open(t, readOnly(t, d.disk), passphrase), d.plain, len(d.plain), 0)
	}); n != 0 {
		t.Errorf("derived %d times", n)
	}
}
