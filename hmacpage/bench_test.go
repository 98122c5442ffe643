package hmacpage

import (
	"fmt"
	"testing"
)

// Sizes are those of SQLCipher 3 and 4; a batch of 1 is a page read by SQLite, 8
// and 64 are what read-ahead and write-behind gather.
func benchmark(b *testing.B, do func(c *Codec, pages []Page) error) {
	for _, g := range []Geometry{
		{PageSize: 4096, MAC: HMACSHA512},
		{PageSize: 4096, MAC: HMACSHA256},
		{PageSize: 1024, MAC: HMACSHA1},
		{PageSize: 4096, MAC: NoMAC},
	} {
		for _, n := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%d/%v/batch=%d", g.PageSize, g.MAC, n), func(b *testing.B) {
				c := newCodec(b, g, testKeys(g.MAC))
				pages := make([]Page, n)
				for i := range pages {
					pages[i] = Page{Pgno: uint32(i + 2), Plain: fill(g.PageSize, uint64(i)), Cipher: make([]byte, g.PageSize)}
				}
				if err := c.Encrypt(pages); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(n * g.PageSize))
				b.ReportAllocs()
				for b.Loop() {
					if err := do(c, pages); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/page")
			})
		}
	}
}

func BenchmarkEncrypt(b *testing.B) { benchmark(b, (*Codec).Encrypt) }

func BenchmarkDecrypt(b *testing.B) { benchmark(b, (*Codec).Decrypt) }
