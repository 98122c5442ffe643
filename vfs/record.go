package vfs

import (
	"encoding/binary"
	"io"
)

// The rollback journal, see https://sqlite.org/fileformat2.html#the_rollback_journal:
// segments, each a header padded to the sector size and then records of page
// number, page image and checksum.
const (
	journalMagic     = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
	journalHeader    = 28  // bytes of the header that carry something
	journalMaxSector = 512 // headers stand at multiples of at least that
	recordOverhead   = 8   // page number and checksum
)

// segment is what a journal header says.
type segment struct {
	records  uint32 // ffffffff: as many as the file holds
	nonce    uint32
	dbPages  uint32 // size of the database before the transaction
	sector   uint32
	pageSize uint32
	start    int64 // offset of the first record
}

// readSegment reads the header at off. Only the first header of a journal says
// the sector and page size, so those come along; where it leaves out the page
// size, it is that of the database.
func readSegment(f content, off int64, first segment) (segment, bool) {
	var b [journalHeader]byte
	if n, err := f.ReadAt(b[:], off); n < len(b) || err != nil && err != io.EOF {
		return segment{}, false
	}
	if string(b[:8]) != journalMagic {
		return segment{}, false
	}
	word := func(i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }
	s := segment{records: word(8), nonce: word(12), dbPages: word(16), sector: first.sector, pageSize: first.pageSize}
	if off == 0 {
		s.sector = word(20)
		if size := word(24); size != 0 {
			s.pageSize = size
		}
	}
	if s.sector < 32 || s.sector > 65536 || s.pageSize < 512 || s.pageSize > 65536 {
		return segment{}, false
	}
	s.start = off + int64(s.sector)
	return s, true
}

// record is the place of one page image in a journal.
type record struct {
	pgno  uint32
	image int64 // offset
	nonce uint32
}

// records walks the journal as SQLite plays it back and yields each record
// whose page number could be one, until it is told to stop.
func records(f content, pageSize uint32, yield func(record) bool) {
	size, err := f.Size()
	if err != nil {
		return
	}
	s, ok := readSegment(f, 0, segment{pageSize: pageSize})
	for ; ok; s, ok = readSegment(f, s.start, s) {
		length := int64(s.pageSize) + recordOverhead
		for n := uint32(0); n < s.records && s.start+length <= size; n++ {
			var b [4]byte
			if _, err := f.ReadAt(b[:], s.start); err != nil {
				return
			}
			pgno := binary.BigEndian.Uint32(b[:])
			if pgno == 0 || !yield(record{pgno: pgno, image: s.start + 4, nonce: s.nonce}) {
				return
			}
			s.start += length
		}
		s.start = (s.start + int64(s.sector) - 1) / int64(s.sector) * int64(s.sector)
	}
}

// sampled is the part of a record's checksum that depends on the page: every
// 200th byte, counted from the end, without the one at offset 0.
func sampled(page []byte) (sum uint32) {
	for i := len(page) - 200; i > 0; i -= 200 {
		sum += uint32(page[i])
	}
	return sum
}
