package vfs

import (
	"bytes"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
)

// newCodec is one for pages of 1024 bytes.
func newCodec(t *testing.T) *hmacpage.Codec {
	t.Helper()
	key := bytes.Repeat([]byte{1}, 32)
	codec, err := hmacpage.New(hmacpage.Geometry{PageSize: 1024, MAC: hmacpage.HMACSHA512},
		hmacpage.Keys{Key: key, MACKey: key, Salt: key[:16]})
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

// TestDecryptionCancelled has a goroutine come late: what it was to decrypt is
// memory of something else by then.
func TestDecryptionCancelled(t *testing.T) {
	t.Parallel()
	codec := newCodec(t)
	for name, drop := range map[string]func(*window){"another use": (*window).release, "wipe": (*window).wipe} {
		page := bytes.Repeat([]byte{7}, 1024)
		w := &window{size: 1024, buf: page, first: 9, n: 1, good: 1}
		w.job = &job{codec: codec, pages: []hmacpage.Page{{Pgno: 9, Plain: page, Cipher: page}}}
		late := w.job
		drop(w)
		next := bytes.Repeat([]byte{8}, 1024)
		copy(page, next)
		late.do()
		if !bytes.Equal(page, next) || w.holds(9) {
			t.Errorf("%s: the memory was written to, or the page is served", name)
		}
	}
}

// TestDecryptionByWipedCodec serves nothing that was not decrypted.
func TestDecryptionByWipedCodec(t *testing.T) {
	t.Parallel()
	page := bytes.Repeat([]byte{7}, 1024)
	w := &window{size: 1024, buf: page, first: 9, n: 1, good: 1}
	w.job = &job{codec: &hmacpage.Codec{}, pages: appendPage(nil, 9, page)}
	w.finish()
	if w.holds(9) {
		t.Error("a page is served as it stands on disk")
	}
}
