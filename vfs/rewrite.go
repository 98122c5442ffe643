package vfs

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// rewriter writes the pages of a database anew, all of them or the first ones.
// First they go into the rollback journal as they are on disk, and the journal
// is made durable; then the file is overwritten. It is a journal as SQLite
// writes it for a transaction that changes these pages.
type rewriter struct {
	m       *MainDB
	journal Base
	was     *hmacpage.Team
	next    *hmacpage.Team
	pages   []hmacpage.Page // one batch
	disk    []byte          // their bytes on disk
	records []byte          // their records in the journal
	nonce   uint32
	count   uint32 // pages of the file
	last    uint32 // page to be written
}

const (
	journalSector = 512 // bytes, of a header
	syncFull      = 3   // SQLITE_SYNC_FULL
)

// rewrite encrypts the pages from the first to the last, or all that there are,
// under other keys or another geometry. SQLite holds the exclusive lock and no
// page that is newer than the file. After an error the file is as it was, or a hot
// journal lies beside it that makes it so.
func (m *MainDB) rewrite(g hmacpage.Geometry, keys hmacpage.Keys, last uint32) (err error) {
	size, err := m.base.Size()
	if err != nil {
		return err
	}
	if size%m.pageSize() != 0 {
		return fmt.Errorf("%w: %d bytes are no whole pages", compat.ErrDamaged, size)
	}
	was, err := hmacpage.NewTeam(m.set.Geometry(), m.keys)
	if err != nil {
		return err
	}
	defer was.Wipe()
	next, err := hmacpage.NewTeam(g, keys)
	if err != nil {
		return err
	}
	defer next.Wipe()
	journal, err := m.conn.OpenJournal()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	count := uint32(size / m.pageSize())
	last = min(last, count)
	batch := int(m.bulkOf(last))
	w := &rewriter{
		m: m, journal: journal, was: was, next: next, count: count, last: last,
		pages:   make([]hmacpage.Page, 0, batch),
		disk:    journal.Buffer(batch * m.set.PageSize),
		records: journal.Buffer(batch * (m.set.PageSize + recordOverhead)),
	}
	if err := w.keep(); err != nil {
		return errors.Join(err, w.finish())
	}
	err = w.overwrite()
	if err == nil {
		err = w.finish()
	}
	if err != nil {
		return errors.Join(err, w.restore())
	}
	return nil
}

// each reads the file in batches.
func (w *rewriter) each(f func(first uint32) error) error {
	return w.m.batches(w.last, func(first, n uint32) error {
		size := w.m.set.PageSize
		disk := w.disk[:int(n)*size]
		if err := readFull(w.m.base, disk, int64(first-1)*w.m.pageSize()); err != nil {
			return err
		}
		w.pages = w.pages[:0]
		for i := range n {
			page := disk[int(i)*size:][:size]
			w.pages = append(w.pages, hmacpage.Page{Pgno: first + i, Plain: page, Cipher: page})
		}
		return f(first)
	})
}

// recordAt is where the record of a page stands in the journal.
func (w *rewriter) recordAt(pgno uint32) int64 {
	n := int64(pgno - 1)
	if pgno > w.m.set.Geometry().LockBytePage() {
		n--
	}
	return journalSector + n*(w.m.pageSize()+recordOverhead)
}

// keep writes the journal. Every page must verify, as it could not be written
// anew otherwise.
func (w *rewriter) keep() error {
	var nonce [4]byte
	_, _ = rand.Read(nonce[:]) // never fails, see crypto/rand
	w.nonce = binary.BigEndian.Uint32(nonce[:])
	if err := w.journal.Truncate(0); err != nil {
		return err
	}
	header := make([]byte, journalSector) // without the magic it is no journal yet
	if _, err := w.journal.WriteAt(header, 0); err != nil {
		return err
	}
	if err := w.each(w.keepBatch); err != nil {
		return err
	}
	if err := w.journal.Sync(syncFull); err != nil {
		return err
	}
	records := w.last
	if w.last >= w.m.set.Geometry().LockBytePage() {
		records--
	}
	copy(header, journalMagic)
	for i, word := range []uint32{records, w.nonce, w.count, journalSector, uint32(w.m.set.PageSize)} {
		binary.BigEndian.PutUint32(header[8+4*i:], word)
	}
	if _, err := w.journal.WriteAt(header, 0); err != nil {
		return err
	}
	return w.journal.Sync(syncFull)
}

func (w *rewriter) keepBatch(first uint32) error {
	records := w.records[:0]
	for _, p := range w.pages {
		records = binary.BigEndian.AppendUint32(records, p.Pgno)
		records = append(records, p.Cipher...)
		records = binary.BigEndian.AppendUint32(records, w.nonce+sampled(p.Cipher))
	}
	if err := w.decrypt(); err != nil {
		return err
	}
	if err := writePieces(w.journal, records, w.recordAt(first)); err != nil {
		return err
	}
	return w.progress(0, first)
}

// progress is told of a batch, behind as many pages as were done before in all.
func (w *rewriter) progress(before, first uint32) error {
	return w.m.progress(uint64(before)+uint64(first)+uint64(len(w.pages))-1, 2*uint64(w.last))
}

func (w *rewriter) decrypt() error {
	if err := w.was.Decrypt(w.pages); err == nil {
		return nil
	}
	for _, p := range w.pages {
		if p.Bad {
			return &compat.PageError{Pgno: p.Pgno}
		}
	}
	return compat.ErrDamaged
}

// overwrite writes the pages under the new codec and makes them durable.
func (w *rewriter) overwrite() error {
	err := w.each(func(first uint32) error {
		if err := w.decrypt(); err != nil {
			return err
		}
		if err := w.next.Encrypt(w.pages); err != nil {
			return err
		}
		if err := w.write(first); err != nil {
			return err
		}
		return w.progress(w.last, first)
	})
	if err != nil {
		return err
	}
	return w.m.base.Sync(syncFull)
}

// write writes the batch into the file.
func (w *rewriter) write(first uint32) error {
	return writePieces(w.m.base, w.disk[:len(w.pages)*w.m.set.PageSize], int64(first-1)*w.m.pageSize())
}

// restore writes the pages back as the journal has them. If that fails too, the
// journal stays for whoever opens the database next.
func (w *rewriter) restore() error {
	err := w.each(func(first uint32) error {
		records := w.records[:len(w.pages)*(w.m.set.PageSize+recordOverhead)]
		if err := readFull(w.journal, records, w.recordAt(first)); err != nil {
			return err
		}
		for i, p := range w.pages {
			copy(p.Cipher, records[i*(len(p.Cipher)+recordOverhead)+4:])
		}
		return w.write(first)
	})
	if err == nil {
		err = w.m.base.Sync(syncFull)
	}
	if err != nil {
		return err
	}
	return w.finish()
}

// finish empties the journal: from here on the file counts. The one of SQLite
// may be open, so it is not deleted. That it is empty may not be durable yet,
// as the deletion of a journal is not.
func (w *rewriter) finish() error {
	if err := w.journal.Truncate(0); err != nil {
		return err
	}
	_ = w.journal.Sync(syncFull)
	return nil
}
