package vfs

import (
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
)

// images are the page images that a hot journal holds. Where page 1 of the
// database is half-written, one of them can still prove the key.
type images interface {
	// proves tells whether an image of the journal opens under the key of the
	// database.
	proves() bool
	// salt is that of page 1 before the transaction, or nil.
	salt() []byte
	// wasEmpty tells whether the database had no page before the transaction.
	wasEmpty() bool
}

// prove makes sure of the key before anything is changed. It reads page 1, or
// else asks the journal, which may be nil.
func (m *MainDB) prove(hot images) error {
	if m.state == proven || m.wrote {
		return nil
	}
	err := m.proveByPage1()
	switch {
	case m.state == proven || m.state == created:
		return nil
	case err == nil: // page 1 is in clear, as far as it tells
		if _, err = m.readPages(m.page, m.pageSize()); err == nil && m.state != proven {
			err = fmt.Errorf("%w: no page can prove the key", compat.ErrUnsupported)
		}
	}
	if m.state == proven || hot == nil {
		return err
	}
	if m.codec != nil && (hot.proves() || m.deriveAgain(hot.salt()) && hot.proves()) {
		m.proved()
		return nil
	}
	if hot.wasEmpty() && m.neverWritten() {
		m.undoable = true
		return nil
	}
	return err
}

// proveByPage1 reads page 1. An empty file, also one that is empty again, is to
// be created.
func (m *MainDB) proveByPage1() error {
	if err := m.derive(); err != nil {
		return err
	}
	_, err := m.readPages(m.page, 0)
	switch {
	case err == io.EOF && m.state == derived:
		m.dropKeys()
		m.state = keyed
		return m.derive()
	case err == io.EOF:
		return nil
	case m.state == created:
		m.state = derived // another process has created the file
	}
	return err
}

// neverWritten tells whether page 1 was left half-written when the database
// was created: it is short, or a disk sector of it was never written. Nothing
// was committed then, and any key may roll it back.
func (m *MainDB) neverWritten() bool {
	const sector = 512
	page := m.base.Buffer(m.set.PageSize)
	n, err := m.base.ReadAt(page, 0)
	if err != nil && err != io.EOF {
		return false
	}
	if n < len(page) {
		return true
	}
	for at := 0; at < len(page); at += sector {
		if allZero(page[at : at+sector]) {
			return true
		}
	}
	return false
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// admission is the leave to play a journal or a log back into its database.
// SQLite keeps the file for as long as it is refused.
type admission struct {
	granted bool
	keyed   bool // the database had a key when it was granted
}

// holds tells whether leave was granted and the database still has a key, or
// still has none.
func (a *admission) holds(m *MainDB) bool { return a.granted && a.keyed == (m.state != unkeyed) }

// grant gives leave when the key is proven, or when there is none and the
// database is not encrypted.
func (a *admission) grant(m *MainDB, hot images) (err error) {
	if a.holds(m) {
		return nil
	}
	if m.state == unkeyed {
		err = m.guardPlain()
	} else {
		err = m.prove(hot)
	}
	*a = admission{granted: err == nil, keyed: m.state != unkeyed}
	return err
}

// provePlain makes sure, before anything is changed without a key, that the file
// is not encrypted.
func (m *MainDB) provePlain() (err error) {
	if !m.plain {
		err = m.guardPlain()
		m.plain = err == nil
	}
	return err
}

// guardPlain refuses a database that is encrypted while no key was given.
func (m *MainDB) guardPlain() error {
	head := m.base.Buffer(compat.SmallestPage)
	n, err := m.base.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	size, err := m.base.Size()
	if err != nil {
		return err
	}
	if compat.Detect(head[:n], size).Encrypted() {
		return compat.ErrNoKey
	}
	return nil
}
