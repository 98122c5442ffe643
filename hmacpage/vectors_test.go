package hmacpage

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/testdata/vectors"
)

// image is one encrypted page of the vectors, wherever it stood.
type image struct {
	name        string
	g           Geometry
	keys        Keys
	pgno        uint32
	raw         []byte
	plainSHA256 []byte
	plain       []byte // nil if only the digest is known
}

func macNamed(tb testing.TB, name string) MAC {
	tb.Helper()
	switch name {
	case "sha1":
		return HMACSHA1
	case "sha256":
		return HMACSHA256
	case "sha512":
		return HMACSHA512
	}
	tb.Fatalf("vectors name an unknown HMAC %q", name)
	return NoMAC
}

// images returns the pages of all databases, WAL frames and journal records. The
// last two are laid out as pages of the database are: a frame has its image 24
// bytes after its start, a record 4.
func images(tb testing.TB) []image {
	tb.Helper()
	set := vectors.Load()
	var list []image
	for _, db := range set.Databases {
		g := Geometry{PageSize: db.PageSize, PlaintextHeader: db.PlaintextHeader}
		if db.UseHMAC {
			g.MAC = macNamed(tb, db.HMACAlgo)
		}
		if db.PgnoOrder == "be" {
			g.PgnoOrder = BigEndian
		}
		if g.Reserve() != db.Reserve {
			tb.Errorf("%s: reserve %d, want %d", db.Name, g.Reserve(), db.Reserve)
		}
		for _, p := range db.Pages {
			list = append(list, image{db.Name, g, Keys{db.Key, db.MACKey, db.Salt}, p.Pgno, p.Raw, p.PlainSHA256, p.Plain})
		}
	}
	add := func(name string, s vectors.Source, offset int, pgno uint32, sum []byte) {
		g := Geometry{PageSize: s.PageSize, MAC: macNamed(tb, s.HMACAlgo)}
		raw := s.File[offset:][:s.PageSize]
		list = append(list, image{name, g, Keys{s.Key, s.MACKey, s.Salt}, pgno, raw, sum, nil})
	}
	for i, f := range set.WAL.Frames {
		add("wal", set.WAL.Source, 32+i*(24+set.WAL.PageSize)+24, f.Pgno, f.PlainSHA256)
	}
	for _, s := range set.HotJournal.Segments {
		for _, r := range s.Records {
			add("journal", set.HotJournal.Source, r.Offset+4, r.Pgno, r.PlainSHA256)
		}
	}
	// No test may pass for want of pages.
	if want := 48 + 3 + 6; len(list) != want {
		tb.Fatalf("%d pages in the vectors, want %d", len(list), want)
	}
	return list
}

func newCodec(tb testing.TB, g Geometry, keys Keys) *Codec {
	tb.Helper()
	c, err := New(g, keys)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestVectors decrypts what SQLCipher wrote, encrypts it anew and decrypts that.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, im := range images(t) {
		t.Run(im.name, func(t *testing.T) {
			t.Parallel()
			c := newCodec(t, im.g, im.keys)
			usable := im.g.Usable()
			p := []Page{{Pgno: im.pgno, Plain: make([]byte, im.g.PageSize), Cipher: bytes.Clone(im.raw)}}
			for _, round := range []string{"as written", "encrypted anew"} {
				if err := c.Decrypt(p); err != nil {
					t.Fatalf("page %d %s: %v", im.pgno, round, err)
				}
				plain := p[0].Plain
				if sum := sha256.Sum256(plain[:usable]); !bytes.Equal(sum[:], im.plainSHA256) {
					t.Fatalf("page %d %s: wrong plaintext", im.pgno, round)
				}
				if im.plain != nil && !bytes.Equal(plain[:usable], im.plain) {
					t.Fatalf("page %d %s: plaintext is not that of the vector", im.pgno, round)
				}
				if !allZero(plain[usable:]) {
					t.Errorf("page %d %s: reserve of the plaintext is not zero", im.pgno, round)
				}
				if err := c.Encrypt(p); err != nil {
					t.Fatal(err)
				}
				from := im.g.EncryptedFrom(im.pgno)
				if !bytes.Equal(p[0].Cipher[:from], im.raw[:from]) {
					t.Errorf("page %d %s: salt or header is not that of the file", im.pgno, round)
				}
				if bytes.Equal(p[0].Cipher[from:], im.raw[from:]) {
					t.Errorf("page %d %s: encrypted under the same IV", im.pgno, round)
				}
			}
		})
	}
}

// TestVectorsDamaged flips a bit of every byte of every page in turn. The MAC must
// notice all but those outside of it: salt, plaintext header, end of the reserve.
func TestVectorsDamaged(t *testing.T) {
	t.Parallel()
	for _, im := range images(t) {
		t.Run(im.name, func(t *testing.T) {
			t.Parallel()
			c := newCodec(t, im.g, im.keys)
			covered := func(i int) bool {
				return im.g.MAC != NoMAC && i >= im.g.EncryptedFrom(im.pgno) && i < im.g.TagOffset()+im.g.MAC.Size()
			}
			raw, plain := bytes.Clone(im.raw), make([]byte, im.g.PageSize)
			p := []Page{{Pgno: im.pgno, Plain: plain, Cipher: raw}}
			for i := range raw {
				for j := range plain {
					plain[j] = 0xaa
				}
				raw[i] ^= 1 << (i % 8)
				err := c.Decrypt(p)
				raw[i] = im.raw[i]
				if covered(i) != (err != nil) || p[0].Bad != (err != nil) {
					t.Fatalf("page %d, byte %d: %v, Bad %v", im.pgno, i, err, p[0].Bad)
				}
				if err != nil && (!errors.Is(err, ErrAuth) || !allZero(plain)) {
					t.Fatalf("page %d, byte %d: %v; zeroed: %v", im.pgno, i, err, allZero(plain))
				}
			}
			if im.g.MAC == NoMAC {
				return
			}
			other := im.pgno + 1
			if im.pgno == 1 {
				other = 2
			}
			p[0].Pgno = other
			if err := c.Decrypt(p); !errors.Is(err, ErrAuth) || !allZero(plain) {
				t.Errorf("page %d read as page %d: %v", im.pgno, other, err)
			}
		})
	}
}

// TestSynthetic has the only vectors of an encryption, because it needs the IV set.
func TestSynthetic(t *testing.T) {
	t.Parallel()
	for _, s := range vectors.Load().Synthetic {
		g := Geometry{PageSize: s.PageSize, MAC: macNamed(t, s.HMACAlgo)}
		if g.Reserve() != s.Reserve {
			t.Fatalf("%d/%v: reserve %d, want %d", s.PageSize, g.MAC, g.Reserve(), s.Reserve)
		}
		c := newCodec(t, g, Keys{s.Key, s.MACKey, s.Salt})
		plain, raw := make([]byte, s.PageSize), make([]byte, s.PageSize)
		copy(plain, s.Plain())
		copy(raw[g.IVOffset():], s.IV)
		p := []Page{{Pgno: s.Pgno, Plain: plain, Cipher: raw}}
		c.kernel.encrypt(p)
		sum := sha256.Sum256(raw[:g.Usable()])
		if !bytes.Equal(sum[:], s.CipherSHA256) ||
			!bytes.HasPrefix(raw, s.CipherFirst16) || !bytes.HasSuffix(raw[:g.Usable()], s.CipherLast16) {
			t.Errorf("%d/%v: wrong ciphertext", s.PageSize, g.MAC)
		}
		if !bytes.Equal(raw[g.TagOffset():][:g.MAC.Size()], s.MAC) {
			t.Errorf("%d/%v: wrong tag", s.PageSize, g.MAC)
		}
		p[0].Plain = make([]byte, s.PageSize)
		if err := c.Decrypt(p); err != nil || !bytes.Equal(p[0].Plain, plain) {
			t.Errorf("%d/%v: decrypts to something else, error %v", s.PageSize, g.MAC, err)
		}
	}
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
