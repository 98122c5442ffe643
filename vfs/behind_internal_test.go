package vfs

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
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

// TestWhatWaitsIsEncryptedAgain has pages that could not be encrypted, or were under
// another key, be encrypted when it is tried again.
func TestWhatWaitsIsEncryptedAgain(t *testing.T) {
	t.Parallel()
	page := bytes.Repeat([]byte{7}, 1024)
	wiped, other := newCodec(t), newCodec(t)
	wiped.Wipe()
	for name, c := range map[string]struct {
		first, jobs *hmacpage.Codec
		fails       bool
	}{
		"failed": {wiped, other, true}, "failed in the goroutine": {other, wiped, true}, "another key": {other, other, false},
	} {
		b := &behind{db: &MainDB{codec: c.first}, memory: func(n int) []byte { return make([]byte, n) }}
		b.add(0, page, pagePiece, 1)
		b.job = &job{codec: c.jobs, pages: b.left(nil), encrypts: true}
		b.add(1024, page, pagePiece, 2)
		if err := b.encrypt(); errors.Is(err, hmacpage.ErrWiped) != c.fails || err != nil != c.fails {
			t.Fatalf("%s: %v", name, err)
		}
		if !c.fails {
			b.reset()
		}
		clear(b.disk)
		b.db.codec = newCodec(t)
		if err := b.encrypt(); err != nil {
			t.Fatal(err)
		}
		for _, p := range b.pieces {
			disk := b.onDisk(p)
			if err := b.db.codec.Decrypt([]hmacpage.Page{{Pgno: p.pgno, Plain: disk, Cipher: disk}}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestWhatWaitedIsWiped leaves no page in clear behind once it is written or dropped.
func TestWhatWaitedIsWiped(t *testing.T) {
	t.Parallel()
	b := &behind{memory: func(n int) []byte { return make([]byte, n) }}
	b.add(0, bytes.Repeat([]byte{7}, 1024), pagePiece, 1)
	b.drop()
	if !allZero(b.plain) {
		t.Error("a page stays in memory")
	}
}
