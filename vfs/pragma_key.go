package vfs

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

var okReply = row("ok", "ok")

// pragmaKey sets a key. As in SQLCipher a key that has proven right stays, and
// a new one is answered with ok all the same; one that has not is replaced,
// and its settings with it.
func (m *MainDB) pragmaKey(name, value string) (Reply, error) {
	spec, err := m.keyspecOf(name, value)
	if err != nil {
		return Reply{}, err
	}
	if m.frozen() {
		spec.Wipe()
		return okReply, nil
	}
	if err := m.setKey(spec, m.given.OrDefaults()); err != nil {
		return Reply{}, err
	}
	m.storePass, m.newSalt = false, nil
	// The key stays even if this fails: who passes over the error writes
	// nothing, rather than a database in clear.
	if err := m.eraseDeleted(); err != nil {
		return Reply{}, err
	}
	return okReply, m.setGeometry()
}

// keyspecOf reads the value of a pragma that gives a key.
func (m *MainDB) keyspecOf(name, value string) (compat.Keyspec, error) {
	if m.listener != nil {
		if spec, ok := m.listener.Key(value); ok {
			return spec, nil
		}
	}
	parse := compat.ParseKeyspec
	if strings.HasPrefix(name, "hex") {
		parse = compat.HexKeyspec
	}
	spec, err := parse([]byte(value))
	if err != nil {
		return spec, fmt.Errorf("%w (%w)", compat.ErrKeyState, err)
	}
	return spec, nil
}

// setGeometry tells SQLite how to lay out a database that has no page yet.
func (m *MainDB) setGeometry() error {
	if m.conn == nil {
		return nil
	}
	if size, err := m.base.Size(); err != nil || size > 1 {
		return err
	}
	return m.conn.SetGeometry(m.set.PageSize, m.set.Geometry().Reserve())
}

// eraseDeleted has SQLite overwrite what is deleted, as SQLCipher does where
// there is a key.
func (m *MainDB) eraseDeleted() error {
	if m.conn == nil {
		return nil
	}
	schema, err := m.conn.Schema()
	if err == nil {
		_, err = m.conn.Run("PRAGMA " + schema + ".secure_delete=ON")
	}
	return err
}
