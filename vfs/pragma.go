package vfs

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// Reply is what a file answers to a pragma: at most one row of one column,
// which is all that SQLite's file control can carry.
type Reply struct {
	// Handled tells that SQLite is to leave the pragma alone.
	Handled bool
	// Row is the one row; empty for none.
	Row string
}

// Pragma answers the pragmas that concern encryption, and refuses those that
// would harm an encrypted file. value is nil where none was given. The name is
// taken in any case.
func (m *MainDB) Pragma(name string, value *string) (Reply, error) {
	reply, err := m.pragma(strings.ToLower(name), value)
	return reply, m.fail(err)
}

func (m *MainDB) pragma(name string, value *string) (Reply, error) {
	switch name {
	case "key", "textkey", "hexkey":
		return m.pragmaKey(name, value)
	case "rekey", "hexrekey", "textrekey":
		return Reply{}, fmt.Errorf("%w: %s", compat.ErrUnsupported, name)
	case "cipher_version":
		return Reply{Handled: true, Row: compat.Version}, nil
	}
	if m.state == unkeyed {
		return Reply{}, nil
	}
	switch name {
	case "page_size":
		// SQLite would pack small pages into writes of the old size.
		name = "cipher_page_size"
	case "cipher_salt":
		if value == nil {
			return m.saltRow()
		}
	}
	if compat.IsSetting(name) {
		return m.pragmaSetting(name, value)
	}
	return Reply{}, nil
}

// pragmaKey sets a key. As in SQLCipher a key that has proven right stays, and
// a new one is answered with ok all the same; one that has not is replaced.
func (m *MainDB) pragmaKey(name string, value *string) (Reply, error) {
	if value == nil {
		return Reply{Handled: true}, nil
	}
	parse := compat.ParseKeyspec
	if name == "hexkey" {
		parse = compat.HexKeyspec
	}
	spec, err := parse([]byte(*value))
	if err != nil {
		return Reply{}, fmt.Errorf("%w (%w)", compat.ErrKeyState, err)
	}
	ok := Reply{Handled: true, Row: "ok"}
	if m.frozen() {
		spec.Wipe()
		return ok, nil
	}
	if err := m.setKey(spec, m.defaults); err != nil {
		return Reply{}, err
	}
	return ok, m.setGeometry()
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

// pragmaSetting reads or sets a cipher setting. Once the key is proven a new
// value is passed over, as in SQLCipher.
func (m *MainDB) pragmaSetting(name string, value *string) (Reply, error) {
	if value == nil {
		row, _ := m.set.Get(name)
		return Reply{Handled: true, Row: row}, nil
	}
	if m.frozen() {
		return Reply{Handled: true}, nil
	}
	next := m.set
	if err := next.Set(name, *value); err != nil {
		return Reply{}, err
	}
	if err := m.setKey(m.spec.Clone(), next); err != nil {
		return Reply{}, err
	}
	reply := Reply{Handled: true}
	switch name {
	case "fast_kdf_iter", "cipher_hmac_pgno", "cipher_hmac_salt_mask":
		reply.Row = fmt.Sprintf("PRAGMA %s is deprecated, please remove from use", name)
	}
	return reply, m.setGeometry()
}

func (m *MainDB) saltRow() (Reply, error) {
	if err := m.derive(); err != nil {
		return Reply{}, err
	}
	return Reply{Handled: true, Row: fmt.Sprintf("%x", m.keys.Salt)}, nil
}
