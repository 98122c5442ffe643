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
//
// Where there is a second processor the pages that have come together are encrypted
// by a goroutine, while more of them come. They wait all the same.
type behind struct {
	db      *MainDB
	base    File
	memory  func(n int) []byte                    // of the engine
	written func(pgno uint32, plain, disk []byte) // is told of pages, or nil
	plain   []byte                                // what waits, as SQLite sees it
	disk    []byte                                // the same as it goes to the disk
	pieces  []piece
	rest    []hmacpage.Page // scratch of encrypt

	twin  twin
	job   *job            // the last one, nil if there is none
	begun int             // bytes for whose pages there was one
	pages []hmacpage.Page // of the job
}

// piece is one write, or a part of one.
type piece struct {
	off  int64 // in the file
	at   int   // in the buffers
	n    int   // bytes
	pgno uint32
	kind pieceKind
	done bool // it is encrypted, or about to be
}

type pieceKind byte

const (
	rawPiece  pieceKind = iota // stands on the disk as it is
	pagePiece                  // is encrypted
	sumPiece                   // is the checksum over the page before it
)

// noBehind lets nothing wait, for tests and for doubt.
var noBehind = os.Getenv("PAGESEAL_WRITEBEHIND") == "0"

// waitingBytes wait at most where pages are encrypted meanwhile. The batch that came
// last is left to the flush, so it takes several for that to be worth it.
const waitingBytes = 4 * batchBytes

// fits tells whether n more bytes find room. The first piece always does.
func (b *behind) fits(n int) bool {
	most := batchBytes
	if worthwhile() {
		most = waitingBytes
	}
	return len(b.pieces) == 0 || b.used()+n <= most
}

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
	if at+len(p) > len(b.plain) {
		b.grow(at, at+len(p))
	}
	copy(b.plain[at:], p)
	b.pieces = append(b.pieces, piece{off, at, len(p), pgno, kind, false})
	if kind == pagePiece && b.used()-b.begun >= batchBytes && worthwhile() {
		b.begin()
	}
}

// grow makes room for so many bytes, of which some are in use.
func (b *behind) grow(used, need int) {
	b.job.do()
	size := batchBytes
	if used > 0 {
		size = waitingBytes
	}
	plain, disk := make([]byte, max(need, size)), b.memory(max(need, size))
	copy(plain, b.plain[:used])
	copy(disk, b.disk[:used])
	clear(b.plain)
	b.plain, b.disk = plain, disk
}

// replace has a page that waits be another one.
func (b *behind) replace(p *piece, plain []byte) {
	if p.done {
		b.job.do()
	}
	p.done = false
	copy(b.inClear(*p), plain)
}

// cut gives up all pieces but the first n.
func (b *behind) cut(n int) {
	if n < len(b.pieces) {
		b.job.do()
	}
	b.pieces = b.pieces[:n]
	b.begun = min(b.begun, b.used())
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
func (b *behind) flush(complete func() error) error {
	if len(b.pieces) == 0 {
		return nil
	}
	if err := b.encrypt(); err != nil {
		return err
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
		for _, p := range b.pieces {
			if p.kind == pagePiece {
				b.written(p.pgno, b.inClear(p), b.onDisk(p))
			}
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
		if err := writePieces(b.base, b.disk[first.at:last.at+last.n], first.off); err != nil {
			return err
		}
	}
	return nil
}

// drop forgets what waits, and wipes it.
func (b *behind) drop() {
	b.stop()
	clear(b.plain[:b.used()])
	b.pieces, b.begun = b.pieces[:0], 0
}

// wipe forgets it for good.
func (b *behind) wipe() {
	b.drop()
	b.twin.wipe()
	clear(b.plain)
}
