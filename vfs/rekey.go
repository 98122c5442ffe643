package vfs

import (
	"errors"
	"fmt"
	"math"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

const (
	codeBusy     Code = 5 // SQLITE_BUSY
	codeReadOnly Code = 8 // SQLITE_READONLY
)

// pragmaRekey changes the key of a database. SQLCipher writes every page through
// the pager and answers ok whether it could or not. Here SQLite takes the
// exclusive lock, and the pages are rewritten below it, under a rollback journal
// of the ordinary kind: a crash at any moment leaves a database that SQLite, or
// SQLCipher, rolls back to the old key, or one under the new key.
func (m *MainDB) pragmaRekey(name, value string) (Reply, error) {
	spec, err := m.keyspecOf(name, value)
	if err != nil {
		return Reply{}, err
	}
	err = compat.ErrKeyState
	if m.state != unkeyed {
		err = m.rekey(spec)
	}
	if err != nil {
		spec.Wipe()
		return Reply{}, err
	}
	return okReply, nil
}

// rekey takes over the keyspec unless it fails.
func (m *MainDB) rekey(spec compat.Keyspec) error {
	schema, err := m.writable()
	if err != nil {
		return err
	}
	if size, err := m.base.Size(); err != nil {
		return err
	} else if size <= 1 {
		// There is nothing yet to be rewritten.
		if err := m.setKey(spec, m.set); err != nil {
			return err
		}
		m.tellRekeyed(spec)
		return nil
	}
	return m.alone(schema, "a new key", func() error { return m.changeKey(spec) })
}

// writable makes sure that the database could be rewritten, first of all that
// the key is right. It returns the name of the schema.
func (m *MainDB) writable() (schema string, err error) {
	switch {
	case m.conn == nil:
		return "", fmt.Errorf("%w: no connection", compat.ErrUnsupported)
	case m.readOnly:
		return "", codeReadOnly
	}
	if schema, err = m.conn.Schema(); err != nil {
		return "", err
	}
	_, err = m.conn.Run("PRAGMA " + schema + ".schema_version")
	return schema, err
}

// alone has f write something new to the file while nobody else uses it.
func (m *MainDB) alone(schema, what string, f func() error) error {
	return m.journaled(schema, func() error {
		return m.exclusively(what, func() error {
			err := f()
			if err == nil {
				m.touch(schema)
			}
			return err
		})
	})
}

// touch writes page 1 once more, through SQLite: others see that the database
// has changed, and the empty journal goes the way of the journal mode. The file
// is rewritten whether it can or not.
func (m *MainDB) touch(schema string) {
	version := "PRAGMA " + schema + ".user_version"
	if n, err := m.conn.Run(version); err == nil {
		_, _ = m.conn.Run(version + "=" + n)
	}
}

func (m *MainDB) tellRekeyed(spec compat.Keyspec) {
	if m.listener != nil {
		m.listener.Rekeyed(spec.Clone())
	}
}

// journaled runs f in a mode in which the journal is a file of its own, and
// goes back to the mode of before.
func (m *MainDB) journaled(schema string, f func() error) error {
	mode := "PRAGMA " + schema + ".journal_mode"
	was, err := m.conn.Run(mode)
	switch {
	case err != nil:
		return err
	case was == "wal":
		err = m.leaveWAL(schema, mode)
	case was == "memory" || was == "off":
		_, err = m.conn.Run(mode + "=DELETE")
	default:
		return f()
	}
	if err != nil {
		return err
	}
	err = f()
	// Where somebody else is faster, the database stays in the other mode.
	_, _ = m.conn.Run(mode + "=" + was)
	return err
}

// leaveWAL ends the write-ahead log, which takes that nobody else has it open.
// It is emptied first: SQLite does not mind if it cannot be deleted, but its
// frames are of the old key.
func (m *MainDB) leaveWAL(schema, mode string) error {
	busy, err := m.conn.Run("PRAGMA " + schema + ".wal_checkpoint(TRUNCATE)")
	if err != nil {
		return err
	}
	now, err := m.conn.Run(mode + "=DELETE")
	if err != nil {
		return err
	}
	if busy != "0" || now != "delete" {
		return fmt.Errorf("%w: the write-ahead log is in use", codeBusy)
	}
	return nil
}

// exclusively runs f while SQLite holds the exclusive lock. It fails inside of
// a transaction.
func (m *MainDB) exclusively(what string, f func() error) error {
	if _, err := m.conn.Run("BEGIN EXCLUSIVE"); errors.Is(err, CodeError) {
		return fmt.Errorf("%w: %s inside of a transaction", compat.ErrUnsupported, what)
	} else if err != nil {
		return err
	}
	err := f()
	if _, endErr := m.conn.Run("COMMIT"); endErr != nil { // touch changes nothing
		_, _ = m.conn.Run("ROLLBACK")
	}
	return err
}

// changeKey rewrites the database from the key that it has to another.
func (m *MainDB) changeKey(spec compat.Keyspec) error {
	salt := spec.Salt()
	if salt == nil {
		salt = m.keys.Salt
	}
	keys, err := derivedKeys.keys(spec, m.set, salt)
	if err != nil {
		return err
	}
	next, err := hmacpage.New(m.set.Geometry(), keys)
	if err == nil {
		if err = m.rewrite(m.set.Geometry(), keys, math.MaxUint32); err != nil {
			next.Wipe()
		}
	}
	if err != nil {
		wipeKeys(keys)
		return err
	}
	m.dropKeys()
	m.keys, m.codec, m.state = keys, next, proven
	m.tellRekeyed(spec)
	m.spec.Wipe()
	m.spec = spec
	m.dropPass()
	return nil
}
