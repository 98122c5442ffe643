package vfs

import (
	"os"

	"github.com/pageseal/pageseal/hmacpage"
)

// behind is what SQLite has written to a file and what does not stand there yet.
// Pages wait so that they are encrypted several at a time, which takes a fraction
// of the time, and written by few large writes instead of many small ones.
//
// It is for those who use it to flush it before anything that has to find the
// file as SQLite left it: a read of what waits, a sync, the end of a transaction.
// An error of the file below comes then. It is for them too to know what an
// error means for what waits: it stays until it is dropped.
type behind struct {
	base    File
	memory  func(n int) []byte                    // of the engine
	written func(pgno uint32, plain, disk []byte) // is told of pages, or nil
	plain   []byte                                // what waits, as SQLite sees it
	disk    []byte                                // the same as it goes to the disk
	pieces  []piece
	pages   []hmacpage.Page // scratch of flush
}

// piece is one write, or a part of one.
type piece struct {
	off  int64 // in the file
	at   int   // in the buffers
	n    int   // bytes
	pgno uint32
	kind pieceKind
}

type pieceKind byte

const (
	rawPiece  pieceKind = iota // stands on the disk as it is
	pagePiece                  // is encrypted
	sumPiece                   // is the checksum over the page before it
)

// noBehind lets nothing wait, for tests and for doubt.
var noBehind = os.Getenv("PAGESEAL_WRITEBEHIND") == "0"

// fits tells whether n more bytes find room. The first piece always does.
func (b *behind) fits(n int) bool { return len(b.pieces) == 0 || b.used()+n <= batchBytes }

func (b *behind) used() int {
	if len(b.pieces) == 0 {
		return 0
	}
	last := b.pieces[len(b.pieces)-1]
	return last.at + last.n
}

// add takes a piece, and copies it. Who adds one has made sure of the room.
func (b *behind) add(off int64, p []byte, kind pieceKind, pgno uint32) {
	at := b.used()
	if need := at + len(p); need > len(b.plain) {
		grown := make([]byte, max(need, batchBytes))
		copy(grown, b.plain[:at])
		clear(b.plain)
		b.plain, b.disk = grown, b.memory(len(grown))
	}
	copy(b.plain[at:], p)
	b.pieces = append(b.pieces, piece{off, at, len(p), pgno, kind})
}

// overlaps is the last piece that overlaps a range of the file, nil if none does.
func (b *behind) overlaps(off int64, n int) *piece {
	for i := len(b.pieces) - 1; i >= 0; i-- {
		if p := &b.pieces[i]; off < p.off+int64(p.n) && p.off < off+int64(n) {
			return p
		}
	}
	return nil
}

// onDisk is the memory of a piece as it goes to the disk, between encryption and
// writing.
func (b *behind) onDisk(p piece) []byte { return b.disk[p.at:][:p.n] }

// inClear is the memory of a piece as SQLite wrote it.
func (b *behind) inClear(p piece) []byte { return b.plain[p.at:][:p.n] }

// flush encrypts what waits, has it completed, and writes it. Nothing waits
// then, unless it fails.
func (b *behind) flush(encrypt func([]hmacpage.Page) error, complete func() error) error {
	if len(b.pieces) == 0 {
		return nil
	}
	b.pages = b.pages[:0]
	for _, p := range b.pieces {
		if p.kind == pagePiece {
			b.pages = append(b.pages, hmacpage.Page{Pgno: p.pgno, Plain: b.inClear(p), Cipher: b.onDisk(p)})
		} else {
			copy(b.onDisk(p), b.inClear(p))
		}
	}
	if len(b.pages) > 0 {
		if err := encrypt(b.pages); err != nil {
			return err
		}
	}
	if complete != nil {
		if err := complete(); err != nil {
			return err
		}
	}
	if err := b.write(); err != nil {
		return err
	}
	if b.written != nil {
		for _, p := range b.pages {
			b.written(p.Pgno, p.Plain, p.Cipher)
		}
	}
	b.drop()
	return nil
}

// write writes the pieces, those that follow each other together.
func (b *behind) write() error {
	for i := 0; i < len(b.pieces); {
		first, last := b.pieces[i], b.pieces[i]
		for i++; i < len(b.pieces) && b.pieces[i].off == last.off+int64(last.n); i++ {
			last = b.pieces[i]
		}
		if _, err := b.base.WriteAt(b.disk[first.at:last.at+last.n], first.off); err != nil {
			return err
		}
	}
	return nil
}

// drop forgets what waits.
func (b *behind) drop() { b.pieces = b.pieces[:0] }

// wipe forgets it for good.
func (b *behind) wipe() {
	b.drop()
	clear(b.plain)
}
