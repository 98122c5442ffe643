package vfs

import (
	"errors"

	"github.com/pageseal/pageseal/hmacpage"
)

// begin has a goroutine encrypt the pages that wait and are not encrypted. After one
// that has failed there is no other.
func (b *behind) begin() {
	if b.job != nil {
		if b.job.do(); b.job.err != nil {
			return
		}
	}
	if codec := b.twin.get(b.db); codec != nil && !failsToEncrypt() {
		b.pages = b.left(b.pages[:0])
		b.job = &job{codec: codec, pages: b.pages, encrypts: true}
		b.begun = b.used()
		go b.job.do()
	}
}

// left appends the pages that are yet to be encrypted, for somebody who does it now.
func (b *behind) left(pages []hmacpage.Page) []hmacpage.Page {
	for i := range b.pieces {
		if p := &b.pieces[i]; p.kind == pagePiece && !p.done {
			p.done = true
			pages = append(pages, hmacpage.Page{Pgno: p.pgno, Plain: b.inClear(*p), Cipher: b.onDisk(*p)})
		}
	}
	return pages
}

// encrypt encrypts what is left, and waits for the rest.
func (b *behind) encrypt() (err error) {
	if b.rest = b.left(b.rest[:0]); len(b.rest) > 0 {
		err = b.db.encrypt(b.rest)
	}
	if b.job != nil {
		b.job.do()
		err = errors.Join(err, b.job.err)
		b.job = nil
	}
	for i := range b.pieces {
		if p := &b.pieces[i]; p.kind != pagePiece {
			copy(b.onDisk(*p), b.inClear(*p))
		} else if err != nil {
			p.done = false
		}
	}
	return err
}

// stop sees to it that no job is under way. What it was to encrypt is not: whoever
// goes on with that says so.
func (b *behind) stop() {
	b.job.cancel()
	b.job = nil
}

// reset is for keys that are about to go: what waits is encrypted under the next
// ones, or not at all.
func (b *behind) reset() {
	b.stop()
	b.twin.wipe()
	for i := range b.pieces {
		b.pieces[i].done = false
	}
}
