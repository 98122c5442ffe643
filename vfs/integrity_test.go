package vfs_test

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// problems wants the integrity check to find these.
func problems(t *testing.T, db *vfs.MainDB, want ...string) {
	t.Helper()
	r := reply(t, db, "cipher_integrity_check")
	if r.Column != "cipher_integrity_check" || !slices.Equal(r.Rows, want) {
		t.Errorf("%+v, want %q", r, want)
	}
}

func failed(pgno int) string { return fmt.Sprintf("HMAC verification failed for page %d", pgno) }

func TestIntegrityCheck(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size)
	// Not all of them go into one batch.
	const count = 200
	for _, c := range []struct {
		name   string
		set    compat.Settings
		change func(d *database)
		want   []string
	}{
		{"in order", set, func(*database) {}, nil},
		{"SHA1", quick(size, sha1), func(*database) {}, nil},
		{"plaintext header", quick(size, plaintextHeader(32)), func(*database) {}, nil},
		{"ciphertext", set, func(d *database) { d.raw(1)[16] ^= 1; d.raw(64)[0] ^= 1 }, []string{failed(1), failed(64)}},
		{"IV", set, func(d *database) { d.raw(65)[size-reserve] ^= 1 }, []string{failed(65)}},
		{"tag", set, func(d *database) { d.raw(count)[size-1] ^= 1 }, []string{failed(count)}},
		{"random bytes behind the tag", quick(size, sha1), func(d *database) { d.raw(2)[size-1] ^= 1 }, nil},
		{"header in clear", quick(size, plaintextHeader(32)), func(d *database) { d.raw(1)[31] ^= 1 }, nil},
		{"swapped", set, func(d *database) {
			swapped := slices.Concat(d.raw(3), d.raw(2))
			copy(d.raw(2), swapped)
			copy(d.raw(3), swapped[size:])
		}, []string{failed(2), failed(3)}},
		{"zeros", set, func(d *database) { clear(d.raw(7)) }, []string{failed(7)}},
		{"bytes at the end", set, func(d *database) { d.disk = append(d.disk, make([]byte, 100)...) },
			[]string{fmt.Sprintf("page %d has an invalid size of 100 bytes (expected 1024 bytes)", count+1)}},
		{"pages at the end", set, func(d *database) { d.disk = append(d.disk, make([]byte, size)...) },
			[]string{failed(count + 1)}},
		{"cut short", set, func(d *database) { d.disk = d.disk[:2*size+1] },
			[]string{"page 3 has an invalid size of 1 bytes (expected 1024 bytes)"}},
		{"damaged and cut", set, func(d *database) { d.raw(1)[16] ^= 1; d.disk = d.disk[:size+9] },
			[]string{failed(1), "page 2 has an invalid size of 9 bytes (expected 1024 bytes)"}},
		{"part of a page", set, func(d *database) { d.disk = d.disk[:15] },
			[]string{"page 1 has an invalid size of 15 bytes (expected 1024 bytes)"}},
		{"empty", set, func(d *database) { d.disk = nil }, nil},
		{"page 1 in clear", quick(size, plaintextHeader(size-reserve)), func(*database) {}, []string{failed(1)}},
		{"without HMAC", quick(size, noHMAC), func(d *database) { d.raw(2)[0] ^= 1 },
			[]string{"HMAC is not enabled, unable to integrity check"}},
		{"no salt", quick(size, plaintextHeader(32), func(s *compat.Settings) { s.HasSalt, s.Salt = false, [16]byte{} }),
			func(*database) {}, []string{"unable to derive keys"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, c.set, count)
			c.change(d)
			db := d.open(t, readOnly(t, d.disk), passphrase)
			problems(t, db, c.want...)
			problems(t, db, c.want...) // it changes nothing
			if row := pragma(t, db, "kdf_iter", "9"); row != "" {
				t.Errorf("row %q", row)
			}
			if row := pragma(t, db, "kdf_iter"); row != "9" {
				t.Errorf("the settings are frozen at %s", row)
			}
		})
	}
	d := newDatabase(t, set, 3)
	left(t, openDB(t, readOnly(t, d.plain), vfs.Options{}), "cipher_integrity_check")
	wrong := d.open(t, readOnly(t, d.disk), otherWord)
	problems(t, wrong, failed(1), failed(2), failed(3))
	pragma(t, wrong, "key", passphrase)
	problems(t, wrong)
}

// TestIntegrityCheckAfterUse checks a database whose key is proven, and one
// that another process has made meanwhile.
func TestIntegrityCheckAfterUse(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	base := vfstest.NewMem(d.disk)
	db := d.open(t, base, passphrase)
	checkRead(t, db, d.plain, len(d.plain), 0)
	problems(t, db)
	raw := base.Bytes()
	raw[1024] ^= 1
	raw[3] ^= 1 // the salt, which the keys no longer need
	writeFull(t, base, raw, 0)
	problems(t, db, failed(2))

	empty := &vfstest.Mem{}
	db = d.open(t, empty, passphrase)
	pragma(t, db, "cipher_salt") // of its own
	writeFull(t, empty, d.disk, 0)
	problems(t, db)
	checkRead(t, db, d.plain, len(d.plain), 0)
}

// sparse is a file of which some pages can be read.
type sparse struct {
	vfstest.Mem
	size  int64
	pages map[int64][]byte // by offset
	most  int              // bytes of the longest read
}

func (s *sparse) Size() (int64, error) { return s.size, nil }

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	s.most = max(s.most, len(p))
	page, ok := s.pages[off]
	if !ok || len(p) > len(page) {
		return 0, vfs.CodeIOErrRead
	}
	n := copy(p, page)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestIntegrityCheckReadErrors lists the pages that cannot be read, with the
// lock-byte page left out.
func TestIntegrityCheckReadErrors(t *testing.T) {
	t.Parallel()
	const size, lockByte = 65536, 1<<30/65536 + 1
	d := newDatabase(t, quick(size), 2)
	bad := slices.Clone(d.raw(2))
	bad[5] ^= 1
	base := &sparse{size: lockByte * size, pages: map[int64][]byte{0: d.raw(1)[:16], size: bad}}
	base.size += 2 * size
	db := openDB(t, base, vfs.Options{Key: keyspec(t, rawKey(d.keys)), Settings: d.set})
	want := []string{"error reading 65520 bytes from file page 1 at offset 16", failed(2)}
	for pgno := 3; pgno <= lockByte+2; pgno++ {
		if pgno != lockByte {
			want = append(want, fmt.Sprintf("error reading 65536 bytes from file page %d at offset %d", pgno, (pgno-1)*size))
		}
	}
	if r := reply(t, db, "cipher_integrity_check"); !reflect.DeepEqual(r.Rows, want) {
		t.Errorf("%d rows, want %d", len(r.Rows), len(want))
	}
}

// TestIntegrityCheckFarOut checks pages past 4 GiB, where an offset of 32 bits
// would read others.
func TestIntegrityCheckFarOut(t *testing.T) {
	t.Parallel()
	const size, far = 65536, 4<<30/65536 + 1
	d := newDatabase(t, quick(size), 1)
	base := &sparse{size: (far + 2) * size, pages: map[int64][]byte{0: d.raw(1)}}
	for pgno := uint32(far); pgno < far+3; pgno++ {
		base.pages[int64(pgno-1)*size] = d.encrypt(t, pgno, plainPage(d.set, pgno, far+2))
	}
	base.pages[(far)*size][7] ^= 1
	db := openDB(t, base, vfs.Options{Key: keyspec(t, rawKey(d.keys)), Settings: d.set})
	r := reply(t, db, "cipher_integrity_check")
	// Between the two there is nothing that could be read, but for the lock-byte page.
	if n := len(r.Rows); n != far-3+1 || r.Rows[n-1] != failed(far+1) ||
		r.Rows[n-2] != fmt.Sprintf("error reading 65536 bytes from file page %d at offset %d", far-1, (far-2)*size) {
		t.Errorf("%d rows, the last ones %q", n, r.Rows[max(0, n-2):])
	}
}

// TestIntegrityCheckIsBounded checks a large file of which no page is in order.
func TestIntegrityCheckIsBounded(t *testing.T) {
	t.Parallel()
	const size, count, most = 1024, 150_000, 100_000
	d := newDatabase(t, quick(size), 1)
	base := &sparse{size: count * size, pages: map[int64][]byte{0: d.raw(1)[:16]}}
	db := openDB(t, base, vfs.Options{Key: keyspec(t, rawKey(d.keys)), Settings: d.set})
	r := reply(t, db, "cipher_integrity_check")
	if n := len(r.Rows); n != most+1 || r.Rows[most] != "50000 further problems" ||
		!strings.Contains(r.Rows[most-1], "file page 100000 ") {
		t.Errorf("%d rows, the last ones %q", n, r.Rows[max(0, n-2):])
	}
	if base.most > 1<<20 {
		t.Errorf("a read of %d bytes", base.most)
	}
}

// TestIntegrityCheckMemory reads into the engine's memory, and takes it once.
func TestIntegrityCheckMemory(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(2048), 100)
	base := &engineMem{t: t}
	writeFull(t, &base.Mem, d.disk, 0)
	db := d.open(t, base, passphrase)
	for range 5 {
		problems(t, db)
	}
	if n := len(base.buffers); n > 2 {
		t.Errorf("%d buffers", n)
	}
}
