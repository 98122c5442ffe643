package vfs_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

const (
	passphrase = "open sesame, please"
	otherWord  = "close sesame, please"
	reserve    = 80 // of the latest profile
)

var errBelow = errors.New("the file below failed")

// quick are the latest settings with hardly any rounds.
func quick(pageSize int, edits ...func(*compat.Settings)) compat.Settings {
	s := compat.Latest.Settings()
	s.PageSize, s.KDFIter = pageSize, 3
	for _, edit := range edits {
		edit(&s)
	}
	return s
}

func noHMAC(s *compat.Settings) { s.UseHMAC = false }

func sha1(s *compat.Settings) { s.HMAC = hmacpage.HMACSHA1 }

func withSalt(s *compat.Settings) { s.HasSalt, s.Salt = true, [16]byte([]byte("sixteen of salt.")) }

func plaintextHeader(n int) func(*compat.Settings) {
	return func(s *compat.Settings) { s.PlaintextHeader = n; withSalt(s) }
}

func keyspec(tb testing.TB, text string) compat.Keyspec {
	tb.Helper()
	k, err := compat.ParseKeyspec([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// database is an encrypted database that no code of package vfs has touched.
type database struct {
	set   compat.Settings
	keys  hmacpage.Keys
	plain []byte // all pages in clear
	disk  []byte // the same encrypted
}

var fixedSalt = []byte("0123456789abcdef")

// newDatabase makes a database of n pages under the passphrase.
func newDatabase(tb testing.TB, set compat.Settings, n int) *database {
	tb.Helper()
	return databaseOf(tb, set, passphrase, n)
}

func databaseOf(tb testing.TB, set compat.Settings, word string, n int) *database {
	tb.Helper()
	salt := fixedSalt
	if set.HasSalt {
		salt = set.Salt[:]
	}
	key, err := kdf.Derive([]byte(word), salt, set.KDFParams())
	if err != nil {
		tb.Fatal(err)
	}
	d := &database{set: set, keys: hmacpage.Keys{Key: key, Salt: salt}}
	if set.UseHMAC {
		if d.keys.MACKey, err = kdf.DeriveMAC(key, salt, set.KDFParams()); err != nil {
			tb.Fatal(err)
		}
	}
	for pgno := uint32(1); pgno <= uint32(n); pgno++ {
		page := plainPage(set, pgno, uint32(n))
		d.plain = append(d.plain, page...)
		d.disk = append(d.disk, d.encrypt(tb, pgno, page)...)
	}
	return d
}

// plainPage is a page as SQLite would have it: noise, but page 1 with a header
// of a database of n pages, and zeros in the reserve.
func plainPage(set compat.Settings, pgno, n uint32) []byte {
	g := set.Geometry()
	page := make([]byte, set.PageSize)
	fillNoise(page[:g.Usable()], uint64(pgno))
	if pgno == 1 {
		clear(page[:100])
		copy(page, compat.Magic)
		page[16], page[17] = byte(set.PageSize>>8), byte(set.PageSize>>16)
		page[18], page[19], page[20] = 1, 1, byte(g.Reserve())
		page[21], page[22], page[23] = 64, 32, 32
		binary.BigEndian.PutUint32(page[24:], 7) // change counter
		binary.BigEndian.PutUint32(page[28:], n)
		page[47], page[59] = 4, 1 // schema format, UTF-8
		binary.BigEndian.PutUint32(page[92:], 7)
	}
	return page
}

func fillNoise(p []byte, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for i := range p {
		p[i] = byte(rng.Uint32())
	}
}

func (d *database) size() int { return d.set.PageSize }

// page is a page in clear.
func (d *database) page(pgno int) []byte {
	return d.plain[(pgno-1)*d.size():][:d.size()]
}

// raw is a page as it stands on disk. A change of it is one of the file.
func (d *database) raw(pgno int) []byte {
	return d.disk[(pgno-1)*d.size():][:d.size()]
}

func (d *database) encrypt(tb testing.TB, pgno uint32, plain []byte) []byte {
	tb.Helper()
	p := []hmacpage.Page{{Pgno: pgno, Plain: plain, Cipher: make([]byte, len(plain))}}
	if err := d.codec().Encrypt(p); err != nil {
		tb.Fatal(err)
	}
	return p[0].Cipher
}

// codec is a new one each time, as tests share a database.
func (d *database) codec() *hmacpage.Codec {
	c, err := hmacpage.New(d.set.Geometry(), d.keys)
	if err != nil {
		panic(err)
	}
	return c
}

// decrypt is nil where the page does not verify.
func (d *database) decrypt(pgno uint32, disk []byte) []byte {
	p := []hmacpage.Page{{Pgno: pgno, Plain: make([]byte, len(disk)), Cipher: disk}}
	if d.codec().Decrypt(p) != nil {
		return nil
	}
	return p[0].Plain
}

// verify checks that the file holds the pages in clear, each of them encrypted
// under the keys of the database.
func (d *database) verify(t *testing.T, file, want []byte) {
	t.Helper()
	if len(file) != len(want) {
		t.Fatalf("file of %d bytes, want %d", len(file), len(want))
	}
	for at := 0; at < len(file); at += d.size() {
		pgno := uint32(at/d.size()) + 1
		plain := d.decrypt(pgno, file[at:at+d.size()])
		if plain == nil {
			t.Fatalf("page %d does not verify", pgno)
		}
		if !bytes.Equal(plain, want[at:at+d.size()]) {
			t.Fatalf("page %d has other content", pgno)
		}
	}
}

// open opens a file under a passphrase and the settings of the database.
func (d *database) open(tb testing.TB, base vfs.Base, key string) *vfs.MainDB {
	tb.Helper()
	return openDB(tb, base, vfs.Options{Name: "test.db", Key: keyspec(tb, key), Settings: d.set})
}

func openDB(tb testing.TB, base vfs.Base, o vfs.Options) *vfs.MainDB {
	tb.Helper()
	db, err := vfs.NewMainDB(base, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// rawKey is the text of the keys in the form of 160 digits.
func rawKey(k hmacpage.Keys) string {
	return "x'" + hex.EncodeToString(k.Key) + hex.EncodeToString(k.MACKey) + hex.EncodeToString(k.Salt) + "'"
}

// readOnly refuses everything that changes the file, and fails the test.
func readOnly(tb testing.TB, content []byte) *vfstest.Mem {
	m := vfstest.NewMem(content)
	m.Hook = func(c vfstest.Call) error {
		if c.Op == vfstest.OpWrite || c.Op == vfstest.OpTruncate {
			tb.Errorf("%s of %d bytes at %d", c.Op, len(c.P), c.Off)
			return errBelow
		}
		return nil
	}
	return m
}

// readFull reads all of p and nothing less.
func readFull(tb testing.TB, f vfs.File, p []byte, off int64) {
	tb.Helper()
	if n, err := f.ReadAt(p, off); n != len(p) || err != nil {
		tb.Fatalf("read of %d bytes at %d: %d, %v", len(p), off, n, err)
	}
}

// readEOF reads at an offset where the file ends.
func readEOF(tb testing.TB, f vfs.File, n int, off int64) {
	tb.Helper()
	if n, err := f.ReadAt(make([]byte, n), off); n != 0 || err != io.EOF {
		tb.Errorf("read at %d: %d bytes, %v; want none, EOF", off, n, err)
	}
}

func writeFull(tb testing.TB, f vfs.File, p []byte, off int64) {
	tb.Helper()
	if n, err := f.WriteAt(p, off); n != len(p) || err != nil {
		tb.Fatalf("write of %d bytes at %d: %d, %v", len(p), off, n, err)
	}
	if db, ok := f.(*vfs.MainDB); ok {
		if err := db.Flush(); err != nil {
			tb.Fatalf("write of %d bytes at %d: %v", len(p), off, err)
		}
	}
}

// header is SQLite's first read of a database.
func header(tb testing.TB, db *vfs.MainDB) []byte {
	tb.Helper()
	p := make([]byte, 100)
	readFull(tb, db, p, 0)
	return p
}

// failRead reads a page, wants the error, and nothing of the page.
func failRead(t *testing.T, f vfs.File, size int, off int64, want error) error {
	t.Helper()
	p := bytes.Repeat([]byte{0xaa}, size)
	n, err := f.ReadAt(p, off)
	if n != 0 || !errors.Is(err, want) {
		t.Fatalf("read of %d bytes at %d: %d, %v; want %v", size, off, n, err, want)
	}
	for _, b := range p {
		if b != 0 && b != 0xaa {
			t.Fatalf("read of %d bytes at %d left content behind", size, off)
		}
	}
	return err
}

// failPage wants a *compat.PageError of the page.
func failPage(t *testing.T, db *vfs.MainDB, size int, pgno uint32) {
	t.Helper()
	err := failRead(t, db, size, int64(pgno-1)*int64(size), compat.ErrDamaged)
	var page *compat.PageError
	if !errors.As(err, &page) || page.Pgno != pgno {
		t.Fatalf("%v is not of page %d", err, pgno)
	}
}

// noSecrets looks for what must not stand in an error.
func noSecrets(tb testing.TB, err error, keys ...hmacpage.Keys) {
	tb.Helper()
	if err == nil {
		return
	}
	secrets := []string{passphrase, otherWord, hex.EncodeToString([]byte(passphrase))}
	for _, k := range keys {
		for _, b := range [][]byte{k.Key, k.MACKey, k.Salt} {
			if len(b) > 0 {
				secrets = append(secrets, string(b), hex.EncodeToString(b))
			}
		}
	}
	text := strings.ToLower(err.Error())
	for _, s := range secrets {
		if strings.Contains(text, strings.ToLower(s)) {
			tb.Errorf("error shows a secret: %v", err)
		}
	}
}

// listener hands on what it is told.
type listener struct{ report func(error) }

func (l listener) Report(err error)     { l.report(err) }
func (listener) Answer(vfs.Reply)       {}
func (listener) Rekeyed(compat.Keyspec) {}

func (listener) Migrated(compat.Settings) {}

func (listener) Key(string) (compat.Keyspec, bool) { return compat.Keyspec{}, false }

func (listener) Progress(uint64, uint64) error { return nil }
