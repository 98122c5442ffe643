package vfs

import "github.com/pageseal/pageseal/compat"

// Listener is told what SQLite's result codes, and the one row that it lets a
// pragma answer with, cannot carry. A session of a driver is one. The calls come
// within the calls of SQLite, one at a time.
type Listener interface {
	// Report is told of each error with its full cause, before SQLite is told
	// of a bare result code.
	Report(err error)
	// Answer is told of the reply to a pragma, before SQLite hands on its text.
	Answer(r Reply)
	// Key is the key that a text stands for which a pragma gives for one, so that
	// the key itself is in no statement; false for a text that is a key itself. It
	// is the caller's to wipe.
	Key(text string) (key compat.Keyspec, ok bool)
	// Rekeyed is told of the new key of the main database. It is the
	// listener's to keep and to wipe.
	Rekeyed(key compat.Keyspec)
	// Migrated is told of the new settings of the main database, whose file may
	// be another one from now on.
	Migrated(set compat.Settings)
	// Progress is told how many pages of a long piece of work are done, of all
	// that it takes: a check of the whole file, or a new key for it. An error ends
	// the work, which then has changed nothing, with that error.
	Progress(done, total uint64) error
}

// progress tells the listener, if there is one.
func (m *MainDB) progress(done, total uint64) error {
	if m.listener == nil {
		return nil
	}
	return m.listener.Progress(done, total)
}

// attached passes on to the listener of a connection what concerns a database
// that is attached to it.
type attached struct{ Listener }

func (attached) Rekeyed(key compat.Keyspec) { key.Wipe() }

func (attached) Migrated(compat.Settings) {}

// Listener is the one that a database attached to the same connection is to
// have, or nil.
func (m *MainDB) Listener() Listener {
	if m.listener == nil {
		return nil
	}
	return attached{m.listener}
}
