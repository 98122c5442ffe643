package vfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// pageSizes are all that there are, with settings that each can have.
func pageSizes() []compat.Settings {
	sets := []compat.Settings{quick(512, noHMAC)}
	for size := 1024; size <= 65536; size *= 2 {
		sets = append(sets, quick(size))
	}
	return sets
}

// checkRead reads a range and compares it with the database in clear.
func checkRead(t *testing.T, db *vfs.MainDB, plain []byte, n int, off int64) {
	t.Helper()
	want := plain[min(off, int64(len(plain))):]
	wantErr := error(io.EOF)
	if len(want) >= n {
		want, wantErr = want[:n], nil
	}
	p := make([]byte, n)
	got, err := db.ReadAt(p, off)
	if got != len(want) || err != wantErr || !bytes.Equal(p[:got], want) {
		t.Fatalf("read of %d bytes at %d: %d, %v; want %d, %v, and the same content",
			n, off, got, err, len(want), wantErr)
	}
}

// TestReadGuesses reads with every page size that SQLite can have guessed.
func TestReadGuesses(t *testing.T) {
	t.Parallel()
	for _, set := range pageSizes() {
		t.Run(fmt.Sprint(set.PageSize), func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, set, max(3, 150000/set.PageSize))
			for guess := 512; guess <= 65536; guess *= 2 {
				db := d.open(t, readOnly(t, d.disk), passphrase)
				checkRead(t, db, d.plain, 100, 0)
				for off := 0; off < len(d.plain)+2*guess; off += guess {
					checkRead(t, db, d.plain, guess, int64(off))
				}
				checkRead(t, db, d.plain, 16, 24)
			}
		})
	}
}

// TestReadShortTail has files of fewer pages than SQLite asks for at once.
func TestReadShortTail(t *testing.T) {
	t.Parallel()
	for _, set := range pageSizes() {
		for pages := 1; pages < 4; pages++ {
			t.Run(fmt.Sprintf("%d pages of %d", pages, set.PageSize), func(t *testing.T) {
				t.Parallel()
				d := newDatabase(t, set, pages)
				for guess := 512; guess <= 65536; guess *= 2 {
					checkRead(t, d.open(t, readOnly(t, d.disk), passphrase), d.plain, guess, 0)
				}
			})
		}
	}
}

func TestReadAnyRange(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	d := newDatabase(t, quick(1024), 20)
	db := d.open(t, readOnly(t, d.disk), passphrase)
	for range 5000 {
		off := rng.IntN(len(d.plain) + 3000)
		n := 1 + rng.IntN(1<<rng.IntN(14))
		checkRead(t, db, d.plain, n, int64(off))
	}
}

// TestReadDamagedBehindGuess has a bad page among those read at once.
func TestReadDamagedBehindGuess(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 8)
	d.raw(3)[500] ^= 1
	db := d.open(t, readOnly(t, d.disk), passphrase)
	p := make([]byte, 4096)
	if n, err := db.ReadAt(p, 0); n != 2048 || err != io.EOF || !bytes.Equal(p[:n], d.plain[:2048]) {
		t.Errorf("%d bytes, %v; want the two pages before the bad one", n, err)
	}
	failPage(t, db, 1024, 3)
}

func TestEmptyFile(t *testing.T) {
	t.Parallel()
	sets := append(pageSizes(), quick(1024, sha1), quick(4096, noHMAC), quick(4096, plaintextHeader(32)))
	for i, set := range sets {
		for size := range 2 {
			t.Run(fmt.Sprintf("settings %d, %d bytes", i, size), func(t *testing.T) {
				t.Parallel()
				base := readOnly(t, make([]byte, size))
				db := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
				h := header(t, db)
				pageSize := int(binary.BigEndian.Uint16(h[16:]))
				if pageSize == 1 {
					pageSize = 65536
				}
				if string(h[:16]) != compat.Magic || pageSize != set.PageSize ||
					int(h[20]) != set.Geometry().Reserve() || [3]byte(h[21:]) != [3]byte{64, 32, 32} ||
					h[18] != 1 || h[19] != 1 {
					t.Errorf("header % x", h[:24])
				}
				if !bytes.Equal(h[24:], make([]byte, 76)) {
					t.Errorf("header goes on % x", h[24:])
				}
				readEOF(t, db, 16, 24)
				readEOF(t, db, set.PageSize, 0)
				if n, err := db.Size(); n != 0 || err != nil {
					t.Errorf("size %d, %v", n, err)
				}
				base.Hook = nil
				page := plainPage(set, 1, 1)
				writeFull(t, db, page, 0)
				checkRead(t, db, page, set.PageSize, 0)
				reopened := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
				checkRead(t, reopened, page, set.PageSize, 0)
			})
		}
	}
}

// TestNewSalt looks at the salts of new databases.
func TestNewSalt(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{string(make([]byte, 16)): true}
	for range 4 {
		base := &vfstest.Mem{}
		db := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: quick(1024)})
		writeFull(t, db, plainPage(quick(1024), 1, 1), 0)
		salt := string(base.Bytes()[:16])
		if seen[salt] {
			t.Fatalf("salt % x comes twice, or is no salt", salt)
		}
		seen[salt] = true
	}
	t.Run("given", func(t *testing.T) {
		t.Parallel()
		set := quick(1024, withSalt)
		base := &vfstest.Mem{}
		db := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
		page := plainPage(set, 1, 1)
		writeFull(t, db, page, 0)
		newDatabase(t, set, 1).verify(t, base.Bytes(), page)
		if !bytes.HasPrefix(base.Bytes(), set.Salt[:]) {
			t.Error("the file has another salt")
		}
	})
}

func TestWriteRefused(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 3)
	for _, c := range []struct {
		n   int
		off int64
	}{
		{0, 0}, {1, 0}, {16, 24}, {100, 0}, {512, 0}, {size - 1, 0}, {size + 1, 0}, {size + 512, size},
		{size, 1}, {size, 16}, {size, 512}, {size, size - 1}, {size, 3*size + 1}, {512, 1 << 30},
	} {
		t.Run(fmt.Sprintf("%d bytes at %d", c.n, c.off), func(t *testing.T) {
			t.Parallel()
			for _, proven := range []bool{false, true} {
				db := d.open(t, readOnly(t, d.disk), passphrase)
				if proven {
					checkRead(t, db, d.plain, size, 0)
				}
				if n, err := db.WriteAt(make([]byte, c.n), c.off); n != 0 || !errors.Is(err, compat.ErrUnsupported) {
					t.Errorf("proven %v: %d, %v", proven, n, err)
				}
			}
		})
	}
}

func TestWritePages(t *testing.T) {
	t.Parallel()
	for _, set := range append(pageSizes(), quick(1024, sha1), quick(4096, plaintextHeader(32))) {
		name := fmt.Sprintf("%d-%v-%d", set.PageSize, set.Geometry().MAC, set.PlaintextHeader)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, set, 4)
			base := vfstest.NewMem(d.disk)
			db := d.open(t, base, passphrase) // a write is what proves the key
			want := bytes.Clone(d.plain)
			write := func(pgno int, pages ...[]byte) {
				t.Helper()
				off := (pgno - 1) * set.PageSize
				p := bytes.Join(pages, nil)
				before := bytes.Clone(p)
				writeFull(t, db, p, int64(off))
				if !bytes.Equal(p, before) {
					t.Fatal("WriteAt modified its argument")
				}
				want = append(want[:off], append(p, want[min(len(want), off+len(p)):]...)...)
				d.verify(t, base.Bytes(), want)
				checkRead(t, db, want, len(want), 0)
			}
			write(3, plainPage(set, 77, 0))
			write(1, plainPage(set, 1, 5))
			write(5, plainPage(set, 78, 0))
			write(2, plainPage(set, 79, 0), plainPage(set, 80, 0))
			write(6, plainPage(set, 81, 0), plainPage(set, 82, 0), plainPage(set, 83, 0))
			before := base.Bytes()
			write(4, want[3*set.PageSize:4*set.PageSize])
			if bytes.Equal(base.Bytes()[3*set.PageSize:4*set.PageSize], before[3*set.PageSize:4*set.PageSize]) {
				t.Error("written twice under one IV")
			}
			checkRead(t, d.open(t, base, passphrase), want, len(want), 0)
		})
	}
}

// TestWriteGap writes behind the end, as SQLite does where a page in between
// was added and freed again.
func TestWriteGap(t *testing.T) {
	t.Parallel()
	const size = 1024
	set := quick(size)
	page := plainPage(set, 99, 0)
	gap := func(n int) []byte { return make([]byte, n*size) }
	t.Run("existing file", func(t *testing.T) {
		t.Parallel()
		d := newDatabase(t, set, 3)
		base := vfstest.NewMem(d.disk)
		db := d.open(t, base, passphrase)
		writeFull(t, db, page, 7*size)
		d.verify(t, base.Bytes(), bytes.Join([][]byte{d.plain, gap(4), page}, nil))
		writeFull(t, db, page, 9*size)
		d.verify(t, base.Bytes(), bytes.Join([][]byte{d.plain, gap(4), page, gap(1), page}, nil))
	})
	t.Run("new file", func(t *testing.T) {
		t.Parallel()
		set := quick(size, withSalt)
		d := newDatabase(t, set, 1)
		base := &vfstest.Mem{}
		db := d.open(t, base, passphrase)
		writeFull(t, db, page, 3*size)
		writeFull(t, db, d.plain, 0)
		d.verify(t, base.Bytes(), bytes.Join([][]byte{d.plain, gap(2), page}, nil))
	})
	t.Run("truncated in between", func(t *testing.T) {
		t.Parallel()
		d := newDatabase(t, set, 6)
		base := vfstest.NewMem(d.disk)
		db := d.open(t, base, passphrase)
		writeFull(t, db, page, 6*size)
		if err := db.Truncate(2 * size); err != nil {
			t.Fatal(err)
		}
		writeFull(t, db, page, 4*size)
		d.verify(t, base.Bytes(), bytes.Join([][]byte{d.plain[:2*size], gap(2), page}, nil))
	})
	t.Run("lengthened", func(t *testing.T) {
		t.Parallel()
		d := newDatabase(t, set, 3)
		base := vfstest.NewMem(d.disk)
		db := d.open(t, base, passphrase)
		checkRead(t, db, d.plain, size, 0)
		if err := db.Truncate(6 * size); err != nil {
			t.Fatal(err)
		}
		d.verify(t, base.Bytes(), append(d.plain, gap(3)...))
	})
	t.Run("truncated by another process", func(t *testing.T) {
		t.Parallel()
		d := newDatabase(t, set, 6)
		base := vfstest.NewMem(d.disk)
		db := d.open(t, base, passphrase)
		writeFull(t, db, page, 6*size)
		db.Unlocked()
		if err := base.Truncate(2 * size); err != nil {
			t.Fatal(err)
		}
		writeFull(t, db, page, 4*size)
		d.verify(t, base.Bytes(), bytes.Join([][]byte{d.plain[:2*size], gap(2), page}, nil))
	})
}

// TestLockBytePage leaves the page at 1 GiB a hole.
func TestLockBytePage(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{quick(1024), quick(4096), quick(65536)} {
		t.Run(fmt.Sprint(set.PageSize), func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, set, 1)
			size := int64(set.PageSize)
			lock := int64(1<<30)/size + 1
			base := vfstest.NewMem(d.disk)
			if err := base.Truncate((lock - 2) * size); err != nil {
				t.Fatal(err)
			}
			var written []int64
			base.Hook = func(c vfstest.Call) error {
				for at := c.Off; c.Op == vfstest.OpWrite && at < c.Off+int64(len(c.P)); at += size {
					written = append(written, at/size+1)
				}
				return nil
			}
			db := d.open(t, base, passphrase)
			page := plainPage(set, 99, 0)
			writeFull(t, db, page, (lock+1)*size)
			if want := []int64{lock - 1, lock + 1, lock + 2}; fmt.Sprint(written) != fmt.Sprint(want) {
				t.Fatalf("wrote pages %d, want %d", written, want)
			}
			for pgno, want := range map[int64][]byte{
				lock - 1: make([]byte, size), lock + 1: make([]byte, size), lock + 2: page,
			} {
				got := make([]byte, size)
				readFull(t, db, got, (pgno-1)*size)
				if !bytes.Equal(got, want) {
					t.Errorf("page %d has other content", pgno)
				}
				readFull(t, base, got, (pgno-1)*size)
				if !bytes.Equal(d.decrypt(uint32(pgno), got), want) {
					t.Errorf("page %d on disk has other content", pgno)
				}
			}
		})
	}
}

// TestFileBelowFails passes on what the file below says.
func TestFileBelowFails(t *testing.T) {
	t.Parallel()
	const size = 1024
	d := newDatabase(t, quick(size), 3)
	page := plainPage(d.set, 2, 0)
	for _, c := range []struct {
		name string
		op   vfstest.Op
		do   func(db *vfs.MainDB) error
	}{
		{"read", vfstest.OpRead, func(db *vfs.MainDB) error { _, err := db.ReadAt(make([]byte, size), size); return err }},
		{"part", vfstest.OpRead, func(db *vfs.MainDB) error { _, err := db.ReadAt(make([]byte, 16), 24); return err }},
		{"write", vfstest.OpWrite, func(db *vfs.MainDB) error { _, err := db.WriteAt(page, size); return errors.Join(err, db.Flush()) }},
		{"write unproven", vfstest.OpRead, func(db *vfs.MainDB) error { _, err := db.WriteAt(page, size); return err }},
		{"gap", vfstest.OpSize, func(db *vfs.MainDB) error { _, err := db.WriteAt(page, 9*size); return err }},
		{"truncate", vfstest.OpTruncate, func(db *vfs.MainDB) error { return db.Truncate(size) }},
		{"size", vfstest.OpSize, func(db *vfs.MainDB) error { _, err := db.Size(); return err }},
		{"sync", vfstest.OpSync, func(db *vfs.MainDB) error { return db.Sync(2) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := vfstest.NewMem(d.disk)
			db := d.open(t, base, passphrase)
			if c.name != "write unproven" {
				checkRead(t, db, d.plain, size, 0)
			}
			base.Hook = func(call vfstest.Call) error {
				if call.Op == c.op {
					return errBelow
				}
				return nil
			}
			if err := c.do(db); !errors.Is(err, errBelow) {
				t.Errorf("error %v", err)
			}
			if !bytes.Equal(base.Bytes(), d.disk) {
				t.Error("the file has changed")
			}
			base.Hook = nil
			if err := c.do(db); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestSyncFlags(t *testing.T) {
	t.Parallel()
	base := &vfstest.Mem{}
	var flags []int
	base.Hook = func(c vfstest.Call) error { flags = append(flags, c.Sync); return nil }
	db := openDB(t, base, vfs.Options{})
	for _, f := range []vfs.File{db, vfs.NewJournal(base, db)} {
		flags = nil
		if err := f.Sync(0x13); err != nil || fmt.Sprint(flags) != "[19]" {
			t.Errorf("%T: flags %d, %v", f, flags, err)
		}
	}
}

// TestUnkeyed passes a file through as it is.
func TestUnkeyed(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(4096), 3)
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"empty", nil}, {"one byte", []byte{0}}, {"text", bytes.Repeat([]byte("no database. "), 1000)}, {"database", d.plain},
		{"short", d.plain[:700]}, {"header alone", d.plain[:100]},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := vfstest.NewMem(c.file)
			db := openDB(t, base, vfs.Options{})
			if db.Encrypted() {
				t.Error("says that it is encrypted")
			}
			checkRead(t, db, c.file, 16, 24)
			for _, n := range []int{512, 1024, 4096, 65536} {
				for _, off := range []int64{0, 4096, 8192} {
					checkRead(t, db, c.file, n, off)
				}
			}
			writeFull(t, db, []byte("any text"), 33)
			want := append(bytes.Clone(c.file), make([]byte, max(0, 41-len(c.file)))...)
			copy(want[33:], "any text")
			if !bytes.Equal(base.Bytes(), want) {
				t.Error("a write was not passed through")
			}
		})
	}
}

// TestUnkeyedHeader is the read from which SQLite takes the page size.
func TestUnkeyedHeader(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(4096), 3)
	checkRead(t, openDB(t, readOnly(t, d.plain), vfs.Options{}), d.plain, 100, 0)
	readEOF(t, openDB(t, readOnly(t, d.disk), vfs.Options{}), 100, 0)
}

func TestReport(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	d.raw(3)[0] ^= 1
	var told []error
	db := openDB(t, vfstest.NewMem(d.disk), vfs.Options{
		Name: "dir/my.db", Key: keyspec(t, passphrase), Settings: d.set,
		Listener: listener{report: func(err error) { told = append(told, err) }},
	})
	checkRead(t, db, d.plain, 100, 0)
	checkRead(t, db, d.plain, 1024, 0)
	readEOF(t, db, 1024, 3*1024)
	if len(told) != 0 {
		t.Fatalf("told of %v without a failure", told)
	}
	_, readErr := db.ReadAt(make([]byte, 1024), 2048)
	_, writeErr := db.WriteAt(make([]byte, 3), 0)
	_, pragmaErr := db.Pragma("rekey", new(string))
	if len(told) != 3 || told[0] != readErr || told[1] != writeErr || told[2] != pragmaErr {
		t.Errorf("told of %v, want the errors returned", told)
	}
	for _, err := range told {
		if !bytes.Contains([]byte(err.Error()), []byte("pageseal: dir/my.db: ")) {
			t.Errorf("%v does not name the file", err)
		}
	}
	if db.Listener() == nil {
		t.Error("no reporter")
	}
}

func TestInvalidSettings(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]compat.Settings{
		"level": {PageSize: 4096}, "512 with HMAC": quick(512), "page size": quick(3000),
		"header": quick(1024, func(s *compat.Settings) { s.PlaintextHeader = 17 }),
		"rounds": quick(1024, func(s *compat.Settings) { s.KDFIter = 0 }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := vfs.NewMainDB(&vfstest.Mem{}, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
			if !errors.Is(err, compat.ErrSetting) {
				t.Errorf("error %v", err)
			}
		})
	}
}
