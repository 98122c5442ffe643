package hmacpage

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzDecrypt opens arbitrary bytes under the keys of real pages. Nothing but a
// real page of that number and those keys may pass a MAC, whatever is not covered
// by it aside.
func FuzzDecrypt(f *testing.F) {
	seeds := images(f) // never empty
	for i, im := range seeds {
		f.Add(i, im.pgno, im.raw)
		f.Add(i, im.pgno+1, im.raw)
		f.Add(i, im.pgno, im.raw[:im.g.PageSize/2])
		f.Add(i, im.pgno, make([]byte, im.g.PageSize))
		next := seeds[(i+1)%len(seeds)]
		f.Add(i, next.pgno, next.raw)
	}
	genuine := func(im image, pgno uint32, raw []byte) bool {
		from, end := im.g.EncryptedFrom(pgno), im.g.TagOffset()+im.g.MAC.Size()
		for _, known := range seeds {
			if known.pgno == pgno && bytes.Equal(known.keys.MACKey, im.keys.MACKey) &&
				bytes.Equal(known.raw[from:end], raw[from:end]) {
				return true
			}
		}
		return false
	}
	f.Fuzz(func(t *testing.T, which int, pgno uint32, data []byte) {
		im := seeds[uint(which)%uint(len(seeds))]
		c := newCodec(t, im.g, im.keys)
		if pgno == 0 {
			pgno = im.pgno
		}
		raw := bytes.Clone(im.raw) // what data is too short for
		copy(raw, data)
		before := bytes.Clone(raw)
		p := []Page{{Pgno: pgno, Plain: bytes.Repeat([]byte{0xaa}, len(raw)), Cipher: raw}}
		err := c.Decrypt(p)
		if !bytes.Equal(raw, before) {
			t.Fatal("Decrypt modified Cipher")
		}
		if err != nil {
			if im.g.MAC == NoMAC || !errors.Is(err, ErrAuth) || !p[0].Bad || !allZero(p[0].Plain) {
				t.Fatalf("%v, Bad %v, zeroed %v", err, p[0].Bad, allZero(p[0].Plain))
			}
			return
		}
		if p[0].Bad || !allZero(p[0].Plain[im.g.Usable():]) {
			t.Fatal("Bad set, or reserve not zero, on success")
		}
		if im.g.MAC != NoMAC && !genuine(im, pgno, raw) {
			t.Fatalf("%s: a forgery passed as page %d", im.name, pgno)
		}
	})
}

// FuzzRoundTrip decrypts what was encrypted, under any geometry.
func FuzzRoundTrip(f *testing.F) {
	for _, im := range images(f) {
		f.Add(im.g.PageSize, int(im.g.MAC), int(im.g.PgnoOrder), im.g.PlaintextHeader, im.pgno, false, im.plain)
		f.Add(im.g.PageSize, int(im.g.MAC), int(im.g.PgnoOrder), im.g.Usable(), im.pgno, true, im.raw)
	}
	f.Fuzz(func(t *testing.T, size, mac, order, header int, pgno uint32, inPlace bool, data []byte) {
		g := Geometry{PageSize: size, MAC: MAC(mac), PgnoOrder: PgnoOrder(order), PlaintextHeader: header}
		c, err := New(g, testKeys(MAC(mac)))
		if err != nil {
			if !errors.Is(err, ErrGeometry) {
				t.Fatal(err)
			}
			return
		}
		if pgno == 0 {
			pgno = 1
		}
		plain := make([]byte, size)
		copy(plain, data)
		want := wantPlain(g, pgno, plain)
		p := []Page{{Pgno: pgno, Plain: plain, Cipher: plain}}
		if !inPlace {
			p[0].Cipher = make([]byte, size)
		}
		if err := c.Encrypt(p); err != nil {
			t.Fatal(err)
		}
		if !inPlace {
			p[0].Plain = bytes.Repeat([]byte{0xaa}, size)
		}
		if err := c.Decrypt(p); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p[0].Plain, want) {
			t.Fatalf("%+v, page %d: decrypts to something else", g, pgno)
		}
	})
}
