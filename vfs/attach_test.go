package vfs_test

import (
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestHeir has a database take over the key of another, before and after its
// keys are derived.
func TestHeir(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		set  compat.Settings // of the first database
		read bool
		with bool   // settings
		want string // form of the key handed on
	}{
		{"passphrase", quick(1024), false, true, "passphrase"},
		{"derived", quick(1024), true, true, "raw key with MAC key and salt"},
		{"derived, default settings", quick(1024), true, false, "raw key with MAC key and salt"},
		{"no HMAC", quick(1024, noHMAC), true, true, "raw key with salt"},
		{"no HMAC, default settings", quick(1024, noHMAC), true, false, "raw key with salt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, c.set, 2)
			db := d.open(t, readOnly(t, d.disk), passphrase)
			if c.read {
				checkRead(t, db, d.plain, len(d.plain), 0)
			}
			o := db.Heir(c.with)
			if o.Key.String() != c.want {
				t.Errorf("handed on: %v, want %s", o.Key, c.want)
			}
			if want := map[bool]compat.Settings{true: c.set}[c.with]; o.Settings != want {
				t.Errorf("settings %+v", o.Settings)
			}
			set := c.set
			if !c.with {
				set = compat.Latest.Settings()
			}
			base := &vfstest.Mem{}
			page := plainPage(set, 1, 1)
			heir := openDB(t, base, o)
			writeFull(t, heir, page, 0)
			checkRead(t, heir, page, set.PageSize, 0)
			// It shares no memory with its source.
			if err := vfs.NewJournal(base, heir).Close(); err != nil {
				t.Fatal(err)
			}
			checkRead(t, db, d.plain, len(d.plain), 0)
			if c.with {
				checkRead(t, d.open(t, base, passphrase), page, set.PageSize, 0)
			}
		})
	}
}

// TestHeirOutlives closes the first database before the second is used.
func TestHeirOutlives(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	for _, read := range []bool{false, true} {
		db, err := vfs.NewMainDB(readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: d.set})
		if err != nil {
			t.Fatal(err)
		}
		if read {
			checkRead(t, db, d.plain, len(d.plain), 0)
		}
		heir := openDB(t, readOnly(t, d.disk), db.Heir(true))
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		checkRead(t, heir, d.plain, len(d.plain), 0)
	}
}

// TestHeirOfNone: a plaintext database hands on no key.
func TestHeirOfNone(t *testing.T) {
	t.Parallel()
	told := false
	db := openDB(t, &vfstest.Mem{}, vfs.Options{Listener: listener{report: func(error) { told = true }}})
	o := db.Heir(true)
	if !o.Key.IsZero() {
		t.Errorf("handed on: %v", o.Key)
	}
	if o.Listener.Report(nil); !told {
		t.Error("the reporter is not handed on")
	}
}
