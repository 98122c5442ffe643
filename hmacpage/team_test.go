package hmacpage

import (
	"bytes"
	"errors"
	"runtime"
	"testing"
)

// TestTeam has a team and a codec read what the other wrote, in batches of any
// length, with pages that are bad.
func TestTeam(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(5))
	g := Geometry{PageSize: 1024, MAC: HMACSHA512}
	keys := testKeys(g.MAC)
	team, err := NewTeam(g, keys)
	if err != nil {
		t.Fatal(err)
	}
	codec := newCodec(t, g, keys)
	for n := range 200 {
		for _, side := range []struct {
			encrypt, decrypt func([]Page) error
		}{{team.Encrypt, codec.Decrypt}, {codec.Encrypt, team.Decrypt}} {
			var pages []Page
			var want [][]byte
			for i := range n {
				plain := fill(g.PageSize, uint64(i))
				pages = append(pages, Page{Pgno: uint32(i + 1), Plain: plain, Cipher: plain})
				want = append(want, wantPlain(g, uint32(i+1), plain))
			}
			if err := side.encrypt(pages); err != nil {
				t.Fatal(err)
			}
			bad := map[int]bool{n / 3: true, n - 1: true}
			for i := range bad {
				if i >= 0 && i < n {
					pages[i].Cipher[100] ^= 1
					want[i] = make([]byte, g.PageSize)
				}
			}
			err := side.decrypt(pages)
			var first *PageError
			if n > 0 && (!errors.As(err, &first) || first.Pgno != uint32(n/3+1)) || n == 0 && err != nil {
				t.Fatalf("%d pages: %v", n, err)
			}
			for i, p := range pages {
				if p.Bad != bad[i] || !bytes.Equal(p.Plain, want[i]) {
					t.Fatalf("page %d of %d: bad %v", i+1, n, p.Bad)
				}
			}
		}
	}
	team.Wipe()
	page := make([]byte, g.PageSize)
	if err := team.Encrypt([]Page{{Pgno: 2, Plain: page, Cipher: page}}); !errors.Is(err, ErrWiped) {
		t.Errorf("after Wipe: %v", err)
	}
	if _, err := NewTeam(Geometry{}, keys); !errors.Is(err, ErrGeometry) {
		t.Errorf("without a geometry: %v", err)
	}
}
