package vfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// refuses checks that a database neither serves page 1 nor takes a page.
func refuses(t *testing.T, db *vfs.MainDB, size int, want error) {
	t.Helper()
	noSecrets(t, failRead(t, db, size, 0, want))
	for _, off := range []int{0, size, 7 * size} {
		n, err := db.WriteAt(make([]byte, size), int64(off))
		if n != 0 || !errors.Is(err, want) {
			t.Errorf("write at %d: %d, %v; want %v", off, n, err, want)
		}
		noSecrets(t, err)
	}
}

// TestWrongKey has one thing wrong at a time. The file is neither served nor
// changed, SQLite may look at the header, and the right key is not told apart
// from the right settings.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	type edit = func(*compat.Settings)
	for _, c := range []struct {
		name  string
		set   compat.Settings
		word  string
		wrong edit
	}{
		{"passphrase", quick(1024), otherWord, nil},
		{"passphrase, SHA1", quick(4096, sha1), otherWord, nil},
		{"passphrase, no HMAC", quick(4096, noHMAC), otherWord, nil},
		{"passphrase, header of 32", quick(1024, plaintextHeader(32)), otherWord, nil},
		{"passphrase, no HMAC, header of 32", quick(1024, noHMAC, plaintextHeader(32)), otherWord, nil},
		{"passphrase, 64 KiB", quick(65536), otherWord, nil},
		{"raw key", quick(1024), "x'" + strings.Repeat("5a", 32) + "'", nil},
		{"larger pages", quick(1024), passphrase, func(s *compat.Settings) { s.PageSize = 4096 }},
		{"smaller pages", quick(4096), passphrase, func(s *compat.Settings) { s.PageSize = 1024 }},
		{"larger pages, no HMAC", quick(1024, noHMAC), passphrase, func(s *compat.Settings) { s.PageSize = 4096 }},
		{"smaller pages, no HMAC", quick(4096, noHMAC), passphrase, func(s *compat.Settings) { s.PageSize = 1024 }},
		{"rounds", quick(1024), passphrase, func(s *compat.Settings) { s.KDFIter++ }},
		{"fast rounds", quick(1024), passphrase, func(s *compat.Settings) { s.FastKDFIter++ }},
		{"salt mask", quick(1024), passphrase, func(s *compat.Settings) { s.SaltMask++ }},
		{"KDF", quick(1024), passphrase, func(s *compat.Settings) { s.KDF = 0 }},
		{"HMAC", quick(1024), passphrase, sha1},
		{"HMAC of the same size", quick(1024, sha1), passphrase, func(s *compat.Settings) { s.HMAC = hmacpage.HMACSHA256 }},
		{"HMAC off", quick(1024), passphrase, noHMAC},
		{"HMAC on", quick(1024, noHMAC), passphrase, func(s *compat.Settings) { s.UseHMAC = true }},
		{"page number order", quick(1024), passphrase, func(s *compat.Settings) { s.PgnoOrder = hmacpage.BigEndian }},
		{"salt", quick(1024), passphrase, withSalt},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, c.set, 10)
			set := c.set
			if c.wrong != nil {
				c.wrong(&set)
			}
			db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, c.word), Settings: set})
			if h := header(t, db); string(h[:16]) != compat.Magic {
				t.Errorf("header % x", h)
			}
			refuses(t, db, set.PageSize, compat.ErrWrongKey)
			checkRead(t, d.open(t, vfstest.NewMem(d.disk), passphrase), d.plain, len(d.plain), 0)
		})
	}
}

// TestNoHMACHeaderInClear is the one kind of file that gives nothing away about
// the key: no page has a MAC, and the header can be read without one.
func TestNoHMACHeaderInClear(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024, noHMAC, plaintextHeader(112)), 4)
	db := d.open(t, readOnly(t, d.disk), otherWord)
	if _, err := db.WriteAt(make([]byte, 1024), 1024); err == nil {
		t.Error("a page was written under a key that nothing proves")
	}
}

func TestNotEncrypted(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 4)
	for _, set := range []compat.Settings{quick(1024), quick(4096), quick(1024, noHMAC), quick(1024, withSalt)} {
		refuses(t, openDB(t, readOnly(t, d.plain), vfs.Options{Key: keyspec(t, passphrase), Settings: set}),
			set.PageSize, compat.ErrPlaintext)
	}
}

func TestNoKey(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{
		quick(1024), quick(4096), quick(65536), quick(512, noHMAC), quick(1024, plaintextHeader(32)),
	} {
		d := newDatabase(t, set, 4)
		for guess := 512; guess <= 65536; guess *= 2 {
			failRead(t, openDB(t, readOnly(t, d.disk), vfs.Options{}), guess, 0, compat.ErrNoKey)
		}
	}
}

// TestTruncated cuts the file inside of page 1.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{1024, 4096} {
		for _, size := range []int{2, 15, 16, 17, 100, 512, pageSize - 1} {
			t.Run(fmt.Sprintf("%d of %d", size, pageSize), func(t *testing.T) {
				t.Parallel()
				d := newDatabase(t, quick(pageSize), 1)
				base := readOnly(t, d.disk[:size])
				db := d.open(t, base, passphrase)
				if h := header(t, db); string(h[:16]) != compat.Magic {
					t.Errorf("header % x", h)
				}
				refuses(t, db, pageSize, compat.ErrShortFile)
				failRead(t, db, 16, 24, compat.ErrShortFile)
			})
		}
	}
}

// TestTruncatedLater cuts the file behind page 1.
func TestTruncatedLater(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 4)
	for _, c := range []struct{ bytes, whole int }{
		{3 * size, 3}, {2 * size, 2}, {size, 1},
		{3*size + 1, 3}, {3*size + 500, 3}, {4*size - 1, 3}, {2*size - 1, 1},
	} {
		t.Run(fmt.Sprint(c.bytes), func(t *testing.T) {
			t.Parallel()
			db := d.open(t, readOnly(t, d.disk[:c.bytes]), passphrase)
			for pgno := 1; pgno <= c.whole; pgno++ {
				p := make([]byte, size)
				readFull(t, db, p, int64(pgno-1)*size)
				if !bytes.Equal(p, d.page(pgno)) {
					t.Errorf("page %d has other content", pgno)
				}
			}
			next := uint32(c.whole + 1)
			if c.bytes%size == 0 {
				readEOF(t, db, size, int64(c.bytes))
				readEOF(t, db, size, int64(c.bytes)+size)
				return
			}
			failPage(t, db, size, next)
			failRead(t, db, size, int64(c.whole*size), compat.ErrShortFile)
			n, err := db.ReadAt(make([]byte, 4096), 0)
			if n != c.whole*size || err != io.EOF {
				t.Errorf("read of 4096 bytes: %d, %v", n, err)
			}
		})
	}
}

// TestFlippedByte damages one byte of each kind, in each page in turn.
func TestFlippedByte(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{quick(1024), quick(1024, sha1), quick(4096), quick(1024, plaintextHeader(32))} {
		g := set.Geometry()
		tagEnd := g.TagOffset() + g.MAC.Size()
		for pgno := 1; pgno <= 3; pgno++ {
			from := g.EncryptedFrom(uint32(pgno))
			for _, at := range []int{
				0, 15, from, g.Usable() / 2, g.Usable() - 1, g.IVOffset(), g.TagOffset() - 1,
				g.TagOffset(), tagEnd - 1, set.PageSize - 1,
			} {
				t.Run(fmt.Sprintf("%d-%v-%d page %d byte %d", set.PageSize, g.MAC, set.PlaintextHeader, pgno, at), func(t *testing.T) {
					t.Parallel()
					d := newDatabase(t, set, 3)
					base := vfstest.NewMem(d.disk)
					proven := d.open(t, base, passphrase)
					checkRead(t, proven, d.plain, len(d.plain), 0)
					writeFull(t, base, []byte{d.raw(pgno)[at] ^ 0x10}, int64((pgno-1)*set.PageSize+at))
					vfs.ForgetPages() // they would be served, see TestDamageUnderTheSameTag
					fresh := d.open(t, readOnly(t, base.Bytes()), passphrase)

					covered := at >= from && at < tagEnd
					salt := pgno == 1 && at < 16 && set.PlaintextHeader == 0
					switch {
					case covered && pgno > 1:
						checkRead(t, fresh, d.plain, set.PageSize, 0)
						failPage(t, fresh, set.PageSize, uint32(pgno))
						failPage(t, proven, set.PageSize, uint32(pgno))
					case covered:
						failPage(t, fresh, set.PageSize, 1)
						failPage(t, proven, set.PageSize, 1)
						if n, err := fresh.WriteAt(d.page(2), int64(set.PageSize)); n != 0 || !errors.Is(err, compat.ErrDamaged) {
							t.Errorf("write: %d, %v", n, err)
						}
					case salt:
						// Nothing verifies under the keys that another salt leads to.
						refuses(t, fresh, set.PageSize, compat.ErrWrongKey)
						checkRead(t, proven, d.plain, len(d.plain), 0)
						raw := openDB(t, readOnly(t, base.Bytes()), vfs.Options{Key: keyspec(t, rawKey(d.keys)), Settings: set})
						checkRead(t, raw, d.plain, len(d.plain), 0)
					default:
						if pgno == 1 && at < set.PlaintextHeader {
							d.page(1)[at] ^= 0x10 // in clear, and so as it stands there
						}
						checkRead(t, fresh, d.plain, len(d.plain), 0)
						checkRead(t, proven, d.plain, len(d.plain), 0)
					}
				})
			}
		}
	}
}

// TestPagesSwapped moves pages that verify each in its own place.
func TestPagesSwapped(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 4)
	two := bytes.Clone(d.raw(2))
	copy(d.raw(2), d.raw(3))
	copy(d.raw(3), two)
	db := d.open(t, readOnly(t, d.disk), passphrase)
	checkRead(t, db, d.plain, size, 0)
	failPage(t, db, size, 2)
	failPage(t, db, size, 3)
}

// TestPage1Damaged tells a damaged page 1 from a wrong key where page 2 can.
func TestPage1Damaged(t *testing.T) {
	t.Parallel()
	const size = 1024
	for _, c := range []struct {
		name  string
		pages int
		word  string
		two   bool // page 2 is damaged too
		want  error
	}{
		{"page 2 is whole", 3, passphrase, false, compat.ErrDamaged},
		{"wrong key", 3, otherWord, false, compat.ErrWrongKey},
		{"no page 2", 1, passphrase, false, compat.ErrWrongKey},
		{"page 2 is damaged", 3, passphrase, true, compat.ErrWrongKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, quick(size), c.pages)
			d.raw(1)[600] ^= 1
			if c.two {
				d.raw(2)[600] ^= 1
			}
			db := d.open(t, readOnly(t, d.disk), c.word)
			header(t, db)
			refuses(t, db, size, c.want)
			if c.want == compat.ErrDamaged {
				failPage(t, db, size, 1)
			}
		})
	}
}

// TestHeaderSizeForgotten has a header in the settings that the file has not:
// the other pages verify, and yet page 1 is not damaged.
func TestHeaderSizeForgotten(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size, withSalt), 3)
	plaintextHeader(32)(&d.set)
	db := d.open(t, readOnly(t, d.disk), passphrase)
	refuses(t, db, size, compat.ErrWrongKey)
}

func TestPageOfZeros(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 3)
	clear(d.raw(2))
	db := d.open(t, readOnly(t, d.disk), passphrase)
	checkRead(t, db, d.plain, size, 0)
	failPage(t, db, size, 2)
}

// TestFollowSalt has two connections find an empty file; one creates it.
func TestFollowSalt(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size)
	open := func(t *testing.T, base vfs.Base, word string) *vfs.MainDB {
		db := openDB(t, base, vfs.Options{Key: keyspec(t, word), Settings: set})
		header(t, db)
		return db
	}
	create := func(t *testing.T, base vfs.Base) (want []byte) {
		db := open(t, base, passphrase)
		for pgno := uint32(1); pgno <= 3; pgno++ {
			page := plainPage(set, pgno, 3)
			writeFull(t, db, page, int64(pgno-1)*size)
			want = append(want, page...)
		}
		return want
	}
	t.Run("same key", func(t *testing.T) {
		t.Parallel()
		base := &vfstest.Mem{}
		db := open(t, base, passphrase)
		want := create(t, base)
		checkRead(t, db, want, size, 0)
		checkRead(t, db, want, len(want), 0)
		page := plainPage(set, 9, 0)
		writeFull(t, db, page, 2*size)
		copy(want[2*size:], page)
		checkRead(t, open(t, base, passphrase), want, len(want), 0)
	})
	t.Run("change counter first", func(t *testing.T) {
		t.Parallel()
		base := &vfstest.Mem{}
		db := open(t, base, passphrase)
		want := create(t, base)
		checkRead(t, db, want, 16, 24)
		checkRead(t, db, want, len(want), 0)
	})
	t.Run("other key", func(t *testing.T) {
		t.Parallel()
		base := &vfstest.Mem{}
		db := open(t, base, otherWord)
		create(t, base)
		before := base.Bytes()
		refuses(t, db, size, compat.ErrWrongKey)
		if !bytes.Equal(base.Bytes(), before) {
			t.Error("the file has changed")
		}
	})
	t.Run("salt read before", func(t *testing.T) {
		t.Parallel()
		base := &vfstest.Mem{}
		db := open(t, base, passphrase)
		none, err := db.Pragma("cipher_salt", nil)
		if err != nil || len(none.Text()) != 32 {
			t.Fatalf("cipher_salt %q, %v", none.Text(), err)
		}
		want := create(t, base)
		checkRead(t, db, want, len(want), 0)
		salt, err := db.Pragma("cipher_salt", nil)
		if err != nil || salt.Text() != fmt.Sprintf("%x", base.Bytes()[:16]) {
			t.Errorf("cipher_salt %q, %v", salt.Text(), err)
		}
	})
}

// TestCreatedElsewhere has a key with its salt wait at an empty file, which
// another process then creates under another key and the same salt.
func TestCreatedElsewhere(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size, withSalt)
	base := &vfstest.Mem{}
	db := openDB(t, base, vfs.Options{Key: keyspec(t, otherWord), Settings: set})
	header(t, db)
	d := newDatabase(t, set, 3)
	writeFull(t, base, d.disk, 0)
	refuses(t, db, size, compat.ErrWrongKey)
	if !bytes.Equal(base.Bytes(), d.disk) {
		t.Error("the file has changed")
	}
}

// TestPage1InClear has a plaintext header that covers all of page 1, so that
// page 2 must prove the key.
func TestPage1InClear(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size, plaintextHeader(size-reserve))
	d := newDatabase(t, set, 3)
	db := d.open(t, vfstest.NewMem(d.disk), passphrase)
	checkRead(t, db, d.plain, len(d.plain), 0)
	base := vfstest.NewMem(d.disk)
	page := plainPage(set, 9, 0)
	writeFull(t, d.open(t, base, passphrase), page, 2*size)
	d.verify(t, base.Bytes(), append(d.plain[:2*size:2*size], page...))

	wrong := d.open(t, readOnly(t, d.disk), otherWord)
	checkRead(t, wrong, d.plain, size, 0)
	failPage(t, wrong, size, 2)
	if n, err := wrong.WriteAt(page, 2*size); n != 0 || err == nil {
		t.Errorf("write under a wrong key: %d, %v", n, err)
	}
	alone := d.open(t, readOnly(t, d.disk[:size]), otherWord)
	if n, err := alone.WriteAt(page, size); n != 0 || err == nil {
		t.Errorf("write under a key that nothing proves: %d, %v", n, err)
	}
}

// TestHeaderSaltMissing: a plaintext header leaves no room for the salt.
func TestHeaderSaltMissing(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size, plaintextHeader(32)), 2)
	set := d.set
	set.HasSalt = false
	db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: set})
	refuses(t, db, size, compat.ErrSetting)
	raw := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, rawKey(d.keys)), Settings: set})
	checkRead(t, raw, d.plain, len(d.plain), 0)
}

// TestWipes looks at the key that was handed over, which the database is to
// wipe when it is of no more use.
func TestWipes(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	for name, end := range map[string]func(db *vfs.MainDB){
		"closed":   func(db *vfs.MainDB) {},
		"proven":   func(db *vfs.MainDB) { checkRead(t, db, d.plain, 1024, 0) },
		"replaced": func(db *vfs.MainDB) { pragma(t, db, "key", passphrase) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := keyspec(t, rawKey(d.keys))
			db, err := vfs.NewMainDB(readOnly(t, d.disk), vfs.Options{Key: spec, Settings: d.set})
			if err != nil {
				t.Fatal(err)
			}
			if end(db); name == "closed" {
				err = db.Close()
			}
			keys, deriveErr := spec.Derive(d.set, nil)
			if err := errors.Join(err, deriveErr); err != nil || !bytes.Equal(keys.Key, make([]byte, 32)) ||
				!bytes.Equal(keys.MACKey, make([]byte, 32)) {
				t.Errorf("keys are left behind, error %v", err)
			}
		})
	}
}
