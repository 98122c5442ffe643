package vfs

import (
	"bytes"
	"testing"
)

// TestJobOfWhatWaits has a goroutine come late: the memory of what it was to encrypt
// is somebody else's by then, or the page is another one.
func TestJobOfWhatWaits(t *testing.T) {
	t.Parallel()
	codec := newCodec(t)
	page := bytes.Repeat([]byte{7}, 1024)
	for name, happens := range map[string]func(*behind){
		"the last one taken back": func(b *behind) { b.cut(1) },
		"dropped":                 (*behind).drop,
		"wiped":                   (*behind).wipe,
		"another key":             (*behind).reset,
		"more memory":             func(b *behind) { b.grow(b.used(), 2*waitingBytes) },
		"replaced":                func(b *behind) { b.replace(&b.pieces[1], page[1:]) },
		"encrypted":               func(b *behind) { _ = b.encrypt() },
	} {
		b := &behind{memory: func(n int) []byte { return make([]byte, n) }}
		for i := range 2 {
			b.add(int64(i)*1024, page, pagePiece, uint32(i)+1)
		}
		plain, disk := b.plain, b.disk
		b.pages = b.left(nil)
		b.job = &job{codec: codec, pages: b.pages, encrypts: true}
		late := b.job
		happens(b)
		copy(plain, bytes.Repeat([]byte{8}, 4096))
		before := bytes.Clone(disk)
		late.do()
		if !bytes.Equal(disk, before) {
			t.Errorf("%s: the goroutine comes late and writes", name)
		}
	}
}
