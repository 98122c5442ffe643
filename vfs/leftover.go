package vfs

import (
	"encoding/binary"
	"io"
)

// content is a file as far as it is read.
type content interface {
	io.ReaderAt
	Size() (int64, error)
}

// Leftover is what a log or a journal that was left behind has of the pages of
// its database.
type Leftover struct {
	// Pages is how many pages the database has with it, zero if it changes
	// nothing.
	Pages uint32
	// Images tells for the number of a page where in the file its image is, as
	// long as a page and encrypted as the database is.
	Images map[uint32]int64
}

// Committed is what a write-ahead log adds to its database: the frames that
// SQLite would recover.
func Committed(log io.ReaderAt, pageSize int) (l Leftover) {
	size, walk := logFrames(log)
	if size != pageSize {
		return l
	}
	frame := make([]byte, frameHeader+pageSize)
	l.Images = make(map[uint32]int64)
	open := make(map[uint32]int64) // of a transaction whose end was not seen
	walk(frame, func(at int64) {
		open[binary.BigEndian.Uint32(frame)] = at + frameHeader
		if pages := binary.BigEndian.Uint32(frame[4:]); pages != 0 {
			l.Pages = pages
			for pgno, image := range open {
				l.Images[pgno] = image
			}
			clear(open)
		}
	})
	return l
}

// Undo is what a hot journal gives back to its database: the pages as they were
// before the transaction that was cut off. Whether the journal is hot is for the
// caller to know, see https://sqlite.org/fileformat2.html#the_rollback_journal.
func Undo(journal content, pageSize int) (l Leftover) {
	first, ok := readSegment(journal, 0, segment{pageSize: uint32(pageSize)})
	if !ok || int(first.pageSize) != pageSize {
		return l
	}
	l.Pages, l.Images = first.dbPages, make(map[uint32]int64)
	image := make([]byte, pageSize+4)
	records(journal, uint32(pageSize), func(r record) bool {
		n, err := journal.ReadAt(image, r.image)
		if n < len(image) || err != nil && err != io.EOF {
			return false
		}
		if binary.BigEndian.Uint32(image[pageSize:]) != r.nonce+sampled(image[:pageSize]) {
			return false
		}
		l.Images[r.pgno] = r.image
		return true
	})
	return l
}
