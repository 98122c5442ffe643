package vfs_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pageseal/pageseal/vfs"
)

const journalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

// pager makes the calls that SQLite's pager.c makes to a rollback journal, in
// its order.
type pager struct {
	journal  vfs.File
	pageSize int
	sector   int

	noSync bool // synchronous=OFF: the header is valid from the start
	nonce  uint32
	pages  uint32 // of the database before the transaction

	header, off int64 // of the current segment; where the next write goes
	records     uint32
	placed      []int64 // where the records are, for savepoints
}

func (p *pager) roundUp(off int64) int64 {
	s := int64(p.sector)
	return (off + s - 1) / s * s
}

func (p *pager) write(b []byte, off int64) error {
	n, err := p.journal.WriteAt(b, off)
	if err == nil && n != len(b) {
		err = fmt.Errorf("wrote %d of %d bytes", n, len(b))
	}
	return err
}

func (p *pager) write32(word uint32, off int64) error {
	return p.write(binary.BigEndian.AppendUint32(nil, word), off)
}

// begin is pager_open_journal: the first header of a transaction.
func (p *pager) begin(nonce, pages uint32) error {
	p.nonce, p.pages, p.off, p.placed = nonce, pages, 0, nil
	return p.writeHeader()
}

// writeHeader is writeJournalHdr. It writes one chunk over and over.
func (p *pager) writeHeader() error {
	chunk := make([]byte, min(p.pageSize, p.sector))
	p.off = p.roundUp(p.off)
	p.header, p.records = p.off, 0
	if p.noSync {
		copy(chunk, journalMagic)
		binary.BigEndian.PutUint32(chunk[8:], 0xffffffff)
	}
	for i, word := range []uint32{p.nonce, p.pages, uint32(p.sector), uint32(p.pageSize)} {
		binary.BigEndian.PutUint32(chunk[12+4*i:], word)
	}
	for end := p.off + int64(p.sector); p.off < end; p.off += int64(len(chunk)) {
		if err := p.write(chunk, p.off); err != nil {
			return err
		}
	}
	return nil
}

// log is pagerAddPageToRollbackJournal.
func (p *pager) log(pgno uint32, image []byte) error {
	at := p.off
	if err := p.write32(pgno, at); err != nil {
		return err
	}
	if err := p.write(image, at+4); err != nil {
		return err
	}
	if err := p.write32(p.nonce+sumOf(image), at+4+int64(len(image))); err != nil {
		return err
	}
	p.off += int64(len(image)) + 8
	p.records++
	p.placed = append(p.placed, at)
	return nil
}

// sumOf is the part of pager_cksum that comes from the page.
func sumOf(page []byte) (sum uint32) {
	for i := range page {
		if i > 0 && (len(page)-i)%200 == 0 {
			sum += uint32(page[i])
		}
	}
	return sum
}

// sync is syncJournal when the cache spills: it makes the segment valid, and
// begins a new one.
func (p *pager) sync() error {
	if err := p.commit(); err != nil || p.noSync {
		return err
	}
	p.nonce = p.nonce*1664525 + 1013904223
	return p.writeHeader()
}

// commit is syncJournal before the database is written for the last time.
func (p *pager) commit() error {
	if p.noSync {
		return nil
	}
	next := p.roundUp(p.off)
	magic := make([]byte, 8)
	n, err := p.journal.ReadAt(magic, next)
	if err != nil && err != io.EOF {
		return err
	}
	if n == 8 && string(magic) == journalMagic {
		if err := p.write([]byte{0}, next); err != nil {
			return err
		}
	}
	if err := p.journal.Sync(2); err != nil {
		return err
	}
	if err := p.write(binary.BigEndian.AppendUint32([]byte(journalMagic), p.records), p.header); err != nil {
		return err
	}
	return p.journal.Sync(2)
}

// super is writeSuperJournal.
func (p *pager) super(name string) error {
	p.off = p.roundUp(p.off)
	sum := uint32(0)
	for _, c := range []byte(name) {
		sum += uint32(int32(int8(c)))
	}
	at := p.off
	trailer := binary.BigEndian.AppendUint32(nil, uint32(len(name)))
	for _, b := range [][]byte{
		binary.BigEndian.AppendUint32(nil, p.lockPage()), []byte(name),
		trailer, binary.BigEndian.AppendUint32(nil, sum), []byte(journalMagic),
	} {
		if err := p.write(b, at); err != nil {
			return err
		}
		at += int64(len(b))
	}
	p.off = at
	if size, err := p.journal.Size(); err != nil || size <= at {
		return err
	}
	return p.journal.Truncate(at)
}

func (p *pager) lockPage() uint32 { return uint32(1<<30/p.pageSize) + 1 }

// persist ends a transaction in journal_mode=PERSIST.
func (p *pager) persist() error { return p.write(make([]byte, 28), 0) }

// image is a record as playback has read it.
type image struct {
	pgno  uint32
	plain []byte
}

// playback is what came of playing a journal back.
type playback struct {
	super  string
	pages  uint32 // size of the database before the transaction
	images []image
}

// errDone is the end of a journal as far as it is valid.
var errDone = errors.New("end of the journal")

func (p *pager) read32(off int64) (uint32, error) {
	b := make([]byte, 4)
	n, err := p.journal.ReadAt(b, off)
	if err == nil && n < 4 {
		err = fmt.Errorf("read %d of 4 bytes", n)
	}
	return binary.BigEndian.Uint32(b), err
}

// isHot is the part of hasHotJournal that reads.
func (p *pager) isHot() (bool, error) {
	b := make([]byte, 1)
	_, err := p.journal.ReadAt(b, 0)
	if err == io.EOF {
		err = nil
	}
	return b[0] != 0, err
}

// play is pager_playback: of a hot journal, or of one's own. Sector and page
// size are then those of the journal.
func (p *pager) play(hot bool) (out playback, err error) {
	defer func() {
		if err == errDone || err == io.EOF {
			err = nil
		}
	}()
	size, err := p.journal.Size()
	if err != nil {
		return out, err
	}
	if out.super, err = p.readSuper(size); err != nil {
		return out, err
	}
	for at := int64(0); ; {
		at = p.roundUp(at)
		if at+int64(p.sector) > size {
			return out, nil
		}
		records, err := p.readHeader(&out, hot, at, size)
		if err != nil {
			return out, err
		}
		at += int64(p.sector)
		for range records {
			if err := p.playOne(&out, at, false); err != nil {
				return out, err
			}
			at += int64(p.pageSize) + 8
		}
	}
}

// readHeader is readJournalHdr and what pager_playback makes of the number of
// records.
func (p *pager) readHeader(out *playback, hot bool, at, size int64) (uint32, error) {
	if hot || at != p.header {
		magic := make([]byte, 8)
		if n, err := p.journal.ReadAt(magic, at); err != nil {
			return 0, err
		} else if n < 8 || string(magic) != journalMagic {
			return 0, errDone
		}
	}
	var words [5]uint32 // records, nonce, pages, sector, page size
	for i := range words {
		var err error
		if words[i], err = p.read32(at + 8 + 4*int64(i)); err != nil {
			return 0, err
		}
		if at > 0 && i == 2 {
			break
		}
	}
	records := words[0]
	p.nonce = words[1]
	if at == 0 {
		out.pages = words[2]
		sector, size := words[3], words[4]
		if size == 0 {
			size = uint32(p.pageSize)
		}
		if size < 512 || size > 65536 || size&(size-1) != 0 ||
			sector < 32 || sector > 65536 || sector&(sector-1) != 0 {
			return 0, errDone
		}
		p.sector, p.pageSize = int(sector), int(size)
	}
	rest := max(0, size-at-int64(p.sector)) / int64(p.pageSize+8)
	if records == 0xffffffff {
		return uint32(rest), nil
	}
	if records == 0 && !hot && p.header == at {
		return uint32(rest), nil
	}
	return records, nil
}

// playOne is pager_playback_one_page. Savepoints take checksums on trust.
func (p *pager) playOne(out *playback, at int64, savepoint bool) error {
	pgno, err := p.read32(at)
	if err != nil {
		return err
	}
	page := make([]byte, p.pageSize)
	if n, err := p.journal.ReadAt(page, at+4); err != nil {
		return err
	} else if n < len(page) {
		return fmt.Errorf("read %d bytes of an image", n)
	}
	if pgno == 0 || pgno == p.lockPage() {
		return errDone
	}
	if pgno > out.pages && !savepoint {
		return nil
	}
	sum, err := p.read32(at + 4 + int64(p.pageSize))
	if err != nil {
		return err
	}
	if !savepoint && sum != p.nonce+sumOf(page) {
		return errDone
	}
	out.images = append(out.images, image{pgno, page})
	return nil
}

// readSuper is readSuperJournal.
func (p *pager) readSuper(size int64) (string, error) {
	if size < 16 {
		return "", nil
	}
	length, err := p.read32(size - 16)
	if err != nil {
		return "", err
	}
	if int64(length) > size-16 || length == 0 || length > 1024 {
		return "", nil
	}
	sum, err := p.read32(size - 12)
	if err != nil {
		return "", err
	}
	magic := make([]byte, 8)
	if _, err := p.journal.ReadAt(magic, size-8); err != nil || string(magic) != journalMagic {
		return "", err
	}
	name := make([]byte, length)
	if _, err := p.journal.ReadAt(name, size-16-int64(length)); err != nil {
		return "", err
	}
	for _, c := range name {
		sum -= uint32(int32(int8(c)))
	}
	if sum != 0 {
		return "", nil
	}
	return string(name), nil
}

// savepoint rolls back to a savepoint before the nth record: it reads from
// there on, and writes go on behind the last one.
func (p *pager) savepoint(n int) (out playback, err error) {
	for _, at := range p.placed[n:] {
		if err := p.playOne(&out, at, true); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a playback) equal(b playback) bool {
	return a.super == b.super && a.pages == b.pages && slices.EqualFunc(a.images, b.images, func(x, y image) bool {
		return x.pgno == y.pgno && string(x.plain) == string(y.plain)
	})
}
