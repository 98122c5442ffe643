package vfs

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// Reply is the answer to a pragma: rows of one column. SQLite's file control
// carries one row, whose column has the name of its text; a Listener gets it
// whole.
type Reply struct {
	// Handled tells that SQLite is to leave the pragma alone.
	Handled bool
	// Column is its name; empty where the pragma has no result.
	Column string
	Rows   []string
}

// Text is all rows in one, a line each.
func (r Reply) Text() string { return strings.Join(r.Rows, "\n") }

// row is a reply of one row.
func row(column, text string) Reply {
	return Reply{Handled: true, Column: column, Rows: []string{text}}
}

// silent is the reply of a pragma that was carried out and has no result.
var silent = Reply{Handled: true}

var okReply = row("ok", "ok")

// Pragma answers the pragmas that concern encryption, and refuses those that
// would harm an encrypted file. value is nil where none was given. The name is
// taken in any case.
func (m *MainDB) Pragma(name string, value *string) (Reply, error) {
	reply, err := m.pragma(strings.ToLower(name), value)
	if err == nil && reply.Handled && m.listener != nil {
		m.listener.Answer(reply)
	}
	return reply, m.fail(err)
}

func (m *MainDB) pragma(name string, value *string) (Reply, error) {
	switch name {
	case "key", "textkey", "hexkey":
		return m.pragmaKey(name, value)
	case "rekey", "hexrekey", "textrekey":
		return m.pragmaRekey(name, value)
	case "cipher_version":
		return row(name, compat.Version), nil
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
		return silent, nil
	}
	spec, err := keyspecOf(name, *value)
	if err != nil {
		return Reply{}, err
	}
	if m.frozen() {
		spec.Wipe()
		return okReply, nil
	}
	if err := m.setKey(spec, m.defaults); err != nil {
		return Reply{}, err
	}
	return okReply, m.setGeometry()
}

// keyspecOf reads the value of a pragma that gives a key.
func keyspecOf(name, value string) (compat.Keyspec, error) {
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

// pragmaSetting reads or sets a cipher setting. Once the key is proven a new
// value is passed over, as in SQLCipher.
func (m *MainDB) pragmaSetting(name string, value *string) (Reply, error) {
	if value == nil {
		text, _ := m.set.Get(name)
		return row(name, text), nil
	}
	if m.frozen() {
		return silent, nil
	}
	next := m.set
	if err := next.Set(name, *value); err != nil {
		return Reply{}, err
	}
	if err := m.setKey(m.spec.Clone(), next); err != nil {
		return Reply{}, err
	}
	reply := silent
	switch name {
	case "fast_kdf_iter", "cipher_hmac_pgno", "cipher_hmac_salt_mask":
		text := fmt.Sprintf("PRAGMA %s is deprecated, please remove from use", name)
		reply = row(text, text)
	}
	return reply, m.setGeometry()
}

func (m *MainDB) saltRow() (Reply, error) {
	if err := m.derive(); err != nil {
		return Reply{}, err
	}
	return row("cipher_salt", fmt.Sprintf("%x", m.keys.Salt)), nil
}
