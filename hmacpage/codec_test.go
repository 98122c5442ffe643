package hmacpage

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// testKeys are keys to match a MAC; what they are is of no matter.
func testKeys(mac MAC) Keys {
	k := Keys{Key: bytes.Repeat([]byte{0x11}, KeySize), Salt: []byte("0123456789abcdef")}
	if mac != NoMAC {
		k.MACKey = bytes.Repeat([]byte{0x22}, KeySize)
	}
	return k
}

func v4Codec(tb testing.TB) *Codec {
	return newCodec(tb, Geometry{PageSize: 4096, MAC: HMACSHA512}, testKeys(HMACSHA512))
}

// fill returns a page of bytes that follow from the seed and are never the same
// for two seeds.
func fill(size int, seed uint64) []byte {
	b, r := make([]byte, size), rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// wantPlain is what decryption must give for an encrypted page.
func wantPlain(g Geometry, pgno uint32, plain []byte) []byte {
	w := bytes.Clone(plain)
	clear(w[g.Usable():])
	if pgno == 1 && g.PlaintextHeader == 0 {
		copy(w, "SQLite format 3\x00")
	}
	return w
}

// everyGeometry calls f with all combinations that differ in code or in size.
func everyGeometry(f func(g Geometry)) {
	for size := 512; size <= 65536; size *= 2 {
		for _, mac := range allMACs {
			for _, order := range []PgnoOrder{LittleEndian, BigEndian, NativeEndian} {
				for _, header := range []int{0, 16, 32, 48, size - reserveOf[mac]} {
					g := Geometry{PageSize: size, MAC: mac, PgnoOrder: order, PlaintextHeader: header}
					if validSize(size, mac) {
						f(g)
					}
				}
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	everyGeometry(func(g Geometry) {
		t.Run(fmt.Sprintf("%+v", g), func(t *testing.T) {
			t.Parallel()
			c := newCodec(t, g, testKeys(g.MAC))
			for _, pgno := range []uint32{1, 2, 0x01020304, 0xffffffff} {
				plain := fill(g.PageSize, uint64(pgno))
				before := bytes.Clone(plain)
				want := wantPlain(g, pgno, plain)

				apart := []Page{{Pgno: pgno, Plain: plain, Cipher: make([]byte, g.PageSize)}}
				if err := c.Encrypt(apart); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(plain, before) {
					t.Fatalf("page %d: Encrypt modified Plain", pgno)
				}
				raw := bytes.Clone(apart[0].Cipher)
				from := g.EncryptedFrom(pgno)
				if from < g.Usable() && bytes.Contains(raw, plain[from:from+16]) {
					t.Fatalf("page %d: ciphertext contains plaintext", pgno)
				}
				if bytes.Contains(raw, plain[g.Usable():][:16]) {
					t.Fatalf("page %d: reserve of the plaintext shows", pgno)
				}
				apart[0].Plain = bytes.Repeat([]byte{0xaa}, g.PageSize)
				if err := c.Decrypt(apart); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(apart[0].Plain, want) {
					t.Fatalf("page %d: decrypts to something else", pgno)
				}
				if !bytes.Equal(apart[0].Cipher, raw) {
					t.Fatalf("page %d: Decrypt modified Cipher", pgno)
				}

				inPlace := []Page{{Pgno: pgno, Plain: plain, Cipher: plain}}
				if err := c.Encrypt(inPlace); err != nil {
					t.Fatal(err)
				}
				for i := g.Usable(); i <= g.PageSize-8; i += 4 {
					if bytes.Equal(plain[i:i+8], before[i:i+8]) {
						t.Fatalf("page %d: in place, reserve of the plaintext shows at %d", pgno, i)
					}
				}
				if err := c.Decrypt(inPlace); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(plain, want) {
					t.Fatalf("page %d: in place, decrypts to something else", pgno)
				}
			}
		})
	})
}

// TestPageOneStart checks what stands in clear at the start of the file.
func TestPageOneStart(t *testing.T) {
	t.Parallel()
	everyGeometry(func(g Geometry) {
		c := newCodec(t, g, testKeys(g.MAC))
		p := []Page{{Pgno: 1, Plain: fill(g.PageSize, 1), Cipher: make([]byte, g.PageSize)}}
		if err := c.Encrypt(p); err != nil {
			t.Fatal(err)
		}
		want := p[0].Plain[:g.PlaintextHeader]
		if g.PlaintextHeader == 0 {
			want = []byte("0123456789abcdef")
		}
		if !bytes.HasPrefix(p[0].Cipher, want) {
			t.Errorf("%+v: wrong start of page 1", g)
		}
	})
}

// TestClearPageOne covers the recovery mode, where page 1 has nothing to verify.
func TestClearPageOne(t *testing.T) {
	t.Parallel()
	g := Geometry{PageSize: 1024, MAC: HMACSHA512, PlaintextHeader: 1024 - 80}
	c := newCodec(t, g, testKeys(g.MAC))
	raw := fill(1024, 1)
	p := []Page{
		{Pgno: 1, Plain: make([]byte, 1024), Cipher: raw},
		{Pgno: 2, Plain: make([]byte, 1024), Cipher: bytes.Clone(raw)},
	}
	err := c.Decrypt(p)
	if !errors.Is(err, ErrAuth) || p[0].Bad || !p[1].Bad {
		t.Errorf("error %v, Bad %v and %v", err, p[0].Bad, p[1].Bad)
	}
	if !bytes.Equal(p[0].Plain, wantPlain(g, 1, raw)) {
		t.Error("page 1 was not copied")
	}
	c.kernel.encrypt(p[:1])
	if !bytes.Equal(raw, fill(1024, 1)) {
		t.Error("kernel wrote to a page with nothing to encrypt")
	}
}

func TestPgnoOrderMatters(t *testing.T) {
	t.Parallel()
	for _, mac := range allMACs {
		g := Geometry{PageSize: 1024, MAC: mac}
		codecs := map[PgnoOrder]*Codec{}
		for _, o := range []PgnoOrder{LittleEndian, BigEndian, NativeEndian} {
			g.PgnoOrder = o
			codecs[o] = newCodec(t, g, testKeys(mac))
		}
		for from, enc := range codecs {
			for to, dec := range codecs {
				p := []Page{{Pgno: 7, Plain: fill(1024, 7), Cipher: make([]byte, 1024)}}
				if err := enc.Encrypt(p); err != nil {
					t.Fatal(err)
				}
				same := mac == NoMAC || from.resolve() == to.resolve()
				if err := dec.Decrypt(p); (err == nil) != same {
					t.Errorf("%v: written %v, read %v: %v", mac, from, to, err)
				}
			}
		}
	}
	g := Geometry{PageSize: 1024, PgnoOrder: NativeEndian}
	if got := newCodec(t, g, testKeys(NoMAC)).Geometry().PgnoOrder; got != NativeEndian.resolve() {
		t.Errorf("Geometry() has order %v", got)
	}
}

// TestBatch damages some pages of batches around the size of a tile.
func TestBatch(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 7, 8, 9, tile - 1, tile, tile + 1, 2*tile + 3} {
		for _, inPlace := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d in place %v", n, inPlace), func(t *testing.T) {
				t.Parallel()
				testBatch(t, v4Codec(t), n, inPlace)
			})
		}
	}
}

func testBatch(t *testing.T, c *Codec, n int, inPlace bool) {
	pages, want := make([]Page, n), make([][]byte, n)
	for i := range pages {
		plain := fill(4096, uint64(i))
		pages[i] = Page{Pgno: uint32(i + 1), Plain: plain, Cipher: plain, Bad: true}
		want[i] = wantPlain(c.Geometry(), pages[i].Pgno, plain)
		if !inPlace {
			pages[i].Cipher = make([]byte, 4096)
		}
	}
	if err := c.Encrypt(pages); err != nil {
		t.Fatal(err)
	}
	first := uint32(0)
	for i := range pages {
		if i%5 == 3 {
			pages[i].Cipher[i%4096] ^= 0x80
			clear(want[i])
			if first == 0 {
				first = pages[i].Pgno
			}
		}
		if !inPlace {
			pages[i].Plain = bytes.Repeat([]byte{0xaa}, 4096)
		}
	}
	err := c.Decrypt(pages)
	var pageErr *PageError
	switch {
	case first == 0 && err != nil:
		t.Errorf("error %v for good pages", err)
	case first != 0 && (!errors.As(err, &pageErr) || pageErr.Pgno != first || !errors.Is(err, ErrAuth)):
		t.Errorf("error %v, want one for page %d", err, first)
	}
	for i, p := range pages {
		if p.Bad != (i%5 == 3) {
			t.Errorf("page %d: Bad is %v", p.Pgno, p.Bad)
		}
		if !bytes.Equal(p.Plain, want[i]) {
			t.Errorf("page %d: wrong plaintext", p.Pgno)
		}
	}
}

// TestZeroPage: a hole in the file is no page.
func TestZeroPage(t *testing.T) {
	t.Parallel()
	c := v4Codec(t)
	for _, pgno := range []uint32{1, 2} {
		p := []Page{{Pgno: pgno, Plain: fill(4096, 1), Cipher: make([]byte, 4096)}}
		if err := c.Decrypt(p); !errors.Is(err, ErrAuth) || !allZero(p[0].Plain) {
			t.Errorf("page %d: %v", pgno, err)
		}
	}
}

// TestFreshRandom looks for a random byte string that is used twice. HMACSHA1 has
// 12 bytes behind the tag.
func TestFreshRandom(t *testing.T) {
	t.Parallel()
	for _, mac := range allMACs {
		g := Geometry{PageSize: 1024, MAC: mac}
		c := newCodec(t, g, testKeys(mac))
		pages := make([]Page, tile+9)
		seen := map[string]bool{}
		plain := fill(1024, 1)
		for range 2 {
			for i := range pages {
				pages[i] = Page{Pgno: 9, Plain: plain, Cipher: make([]byte, 1024)}
			}
			if err := c.Encrypt(pages); err != nil {
				t.Fatal(err)
			}
			for i, p := range pages {
				parts := [][]byte{p.Cipher[g.IVOffset():g.TagOffset()]}
				if mac == HMACSHA1 {
					parts = append(parts, p.Cipher[1024-12:])
				}
				for _, b := range parts {
					if seen[string(b)] || allZero(b[:8]) {
						t.Fatalf("%v, page %d of the batch: %x is not fresh", mac, i, b)
					}
					seen[string(b)] = true
				}
			}
		}
	}
}

func TestNewErrors(t *testing.T) {
	t.Parallel()
	v4 := Geometry{PageSize: 4096, MAC: HMACSHA512}
	for _, c := range []struct {
		name   string
		g      Geometry
		change func(k *Keys)
		want   string
	}{
		{"geometry", Geometry{PageSize: 4095}, func(*Keys) {},
			"hmacpage: bad geometry: page size 4095 is no power of two from 512 to 65536"},
		{"256", Geometry{PageSize: 256}, func(*Keys) {},
			"hmacpage: bad geometry: page size 256 is no power of two from 512 to 65536"},
		{"512 with a MAC", Geometry{PageSize: 512, MAC: HMACSHA1}, func(*Keys) {},
			"hmacpage: bad geometry: page size 512 less reserve 48 is under 480 bytes"},
		{"no key", v4, func(k *Keys) { k.Key = nil }, "hmacpage: key of 0 bytes, want 32 with MAC HMAC_SHA512"},
		{"AES-128 key", v4, func(k *Keys) { k.Key = k.Key[:16] }, "hmacpage: key of 16 bytes, want 32 with MAC HMAC_SHA512"},
		{"no MAC key", v4, func(k *Keys) { k.MACKey = nil }, "hmacpage: MAC key of 0 bytes, want 32 with MAC HMAC_SHA512"},
		{"short MAC key", v4, func(k *Keys) { k.MACKey = k.MACKey[1:] }, "hmacpage: MAC key of 31 bytes, want 32 with MAC HMAC_SHA512"},
		{"MAC key without MAC", Geometry{PageSize: 4096}, func(k *Keys) { k.MACKey = k.Key },
			"hmacpage: MAC key of 32 bytes, want 0 with MAC none"},
		{"no salt", v4, func(k *Keys) { k.Salt = nil }, "hmacpage: salt of 0 bytes, want 16 with MAC HMAC_SHA512"},
		{"long salt", v4, func(k *Keys) { k.Salt = make([]byte, 17) }, "hmacpage: salt of 17 bytes, want 16 with MAC HMAC_SHA512"},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := testKeys(c.g.MAC)
			c.change(&keys)
			codec, err := New(c.g, keys)
			if err == nil || err.Error() != c.want || codec != nil {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestNewCopies: New must not depend on what becomes of the keys.
func TestNewCopies(t *testing.T) {
	t.Parallel()
	g := Geometry{PageSize: 1024, MAC: HMACSHA256}
	keys := testKeys(g.MAC)
	c := newCodec(t, g, keys)
	keys.Salt = bytes.Clone(keys.Salt)
	for _, b := range [][]byte{keys.Key, keys.MACKey, keys.Salt} {
		clear(b)
	}
	p := []Page{{Pgno: 1, Plain: fill(1024, 1), Cipher: make([]byte, 1024)}}
	if err := c.Encrypt(p); err != nil {
		t.Fatal(err)
	}
	if err := newCodec(t, g, testKeys(g.MAC)).Decrypt(p); err != nil {
		t.Error(err)
	}
	if !bytes.HasPrefix(p[0].Cipher, testKeys(g.MAC).Salt) {
		t.Error("salt changed after New")
	}
}

func TestPageError(t *testing.T) {
	t.Parallel()
	err := error(&PageError{Pgno: 7})
	if got, want := err.Error(), "hmacpage: page 7: MAC mismatch"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !errors.Is(err, ErrAuth) || errors.Is(err, ErrGeometry) {
		t.Error("is not ErrAuth alone")
	}
}

func TestPanics(t *testing.T) {
	t.Parallel()
	buf := make([]byte, 3*4096)
	a, b := buf[:4096], buf[4096:8192]
	const size, shared = "hmacpage: buffer is not one page long", "hmacpage: buffers overlap without being the same"
	for _, c := range []struct {
		name string
		page Page
		want any
	}{
		{"neighbours", Page{Pgno: 2, Plain: a, Cipher: b}, nil},
		{"neighbours swapped", Page{Pgno: 2, Plain: b, Cipher: a}, nil},
		{"same", Page{Pgno: 2, Plain: a, Cipher: a}, nil},
		{"page 0", Page{Pgno: 0, Plain: a, Cipher: b}, "hmacpage: page number 0"},
		{"short plain", Page{Pgno: 2, Plain: a[1:], Cipher: b}, size},
		{"long plain", Page{Pgno: 2, Plain: buf[:4097], Cipher: b}, size},
		{"short cipher", Page{Pgno: 2, Plain: a, Cipher: b[:4080]}, size},
		{"long cipher", Page{Pgno: 2, Plain: a, Cipher: buf[4096:]}, size},
		{"nil plain", Page{Pgno: 2, Cipher: b}, size},
		{"overlap by one", Page{Pgno: 2, Plain: a, Cipher: buf[4095:8191]}, shared},
		{"overlap by all but one", Page{Pgno: 2, Plain: buf[1:4097], Cipher: a}, shared},
	} {
		for name, do := range map[string]func([]Page) error{"Encrypt": v4Codec(t).Encrypt, "Decrypt": v4Codec(t).Decrypt} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				good := Page{Pgno: 3, Plain: fill(4096, 1), Cipher: fill(4096, 2)}
				wantPlain, wantCipher := bytes.Clone(good.Plain), bytes.Clone(good.Cipher)
				defer func() {
					if got := recover(); got != c.want {
						t.Errorf("panic %v, want %v", got, c.want)
					}
					if c.want != nil && (!bytes.Equal(good.Plain, wantPlain) || !bytes.Equal(good.Cipher, wantCipher)) {
						t.Error("wrote to the page before the wrong one")
					}
				}()
				do([]Page{good, c.page})
			})
		}
	}
}

func TestWipe(t *testing.T) {
	t.Parallel()
	c := v4Codec(t)
	k := c.kernel
	p := []Page{{Pgno: 2, Plain: fill(4096, 1), Cipher: make([]byte, 4096)}}
	if err := c.Encrypt(p); err != nil {
		t.Fatal(err)
	}
	c.Wipe()
	c.Wipe()
	if *k != (kernel{}) || !allZero(c.random) {
		t.Error("scratch or keyed state is left")
	}
	if err := c.Decrypt(p); !errors.Is(err, ErrWiped) || !bytes.Equal(p[0].Plain, fill(4096, 1)) {
		t.Errorf("Decrypt after Wipe: %v", err)
	}
	if err := c.Encrypt(p); !errors.Is(err, ErrWiped) {
		t.Errorf("Encrypt after Wipe: %v", err)
	}
}

// TestNoAllocations is not parallel: AllocsPerRun counts for the whole process.
func TestNoAllocations(t *testing.T) {
	for _, mac := range allMACs {
		c := newCodec(t, Geometry{PageSize: 4096, MAC: mac}, testKeys(mac))
		plain, raw := make([]byte, 8*4096), make([]byte, 8*4096)
		// The batch itself must be able to live on the caller's stack, which
		// it would not if the calls went through an interface.
		allocs := testing.AllocsPerRun(100, func() {
			var pages [8]Page
			for i := range pages {
				pages[i] = Page{Pgno: uint32(i + 1), Plain: plain[i*4096:][:4096], Cipher: raw[i*4096:][:4096]}
			}
			for n := range pages {
				if err := c.Encrypt(pages[:n+1]); err != nil {
					t.Fatal(err)
				}
				if err := c.Decrypt(pages[:n+1]); err != nil {
					t.Fatal(err)
				}
			}
		})
		if allocs != 0 {
			t.Errorf("%v: %v allocations", mac, allocs)
		}
	}
}
