package vfs

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// getSetting answers a setting of the database. SQLCipher has no answer where
// there are several in one.
func (m *MainDB) getSetting(name string) (Reply, error) {
	text, ok := m.set.Get(name)
	if !ok {
		return silent, nil
	}
	return row(name, text), nil
}

// setSetting changes a setting of the database. Once the key is proven a new
// value is passed over, as in SQLCipher, but for that of the header.
func (m *MainDB) setSetting(name, value string) (Reply, error) {
	reply := silent
	switch name {
	case "fast_kdf_iter", "cipher_hmac_pgno", "cipher_hmac_salt_mask":
		reply = deprecated(name)
	}
	frozen := m.frozen()
	if frozen && name != "cipher_plaintext_header_size" {
		return reply, nil
	}
	next := m.set
	if err := next.Set(name, value); err != nil {
		return Reply{}, err
	}
	if frozen {
		return reply, m.convertHeader(next)
	}
	if err := m.setKey(m.spec.Clone(), next); err != nil {
		return Reply{}, err
	}
	return reply, m.setGeometry()
}

// SQLite would pack small pages into writes of the old size, so its own name
// of the page size is taken for ours.

func (m *MainDB) getPageSize(string) (Reply, error) { return m.getSetting("cipher_page_size") }

func (m *MainDB) setPageSize(_, value string) (Reply, error) {
	return m.setSetting("cipher_page_size", value)
}

// getSalt answers the salt in use. That of a database that is yet to be
// created is chosen now, and stays.
func (m *MainDB) getSalt(name string) (Reply, error) {
	if err := m.derive(); err != nil {
		return Reply{}, err
	}
	return row(name, fmt.Sprintf("%x", m.keys.Salt)), nil
}

func (m *MainDB) getStorePass(name string) (Reply, error) {
	return row(name, compat.BoolText(m.storePass)), nil
}

// setStorePass says whether the passphrase is kept when the key is proven.
// Later it is not to be had any more.
func (m *MainDB) setStorePass(name, value string) (Reply, error) {
	keep, ok := compat.ParseBool(value)
	if !ok {
		return Reply{}, &compat.SettingError{Name: name, Value: value}
	}
	m.storePass = keep
	if m.state == proven {
		m.dropPass()
	}
	return deprecated(name), nil
}

func listSettings(m *MainDB, _ string) (Reply, error) { return statements(m.set.Pragmas()), nil }

func listDefaults(*MainDB, string) (Reply, error) {
	return statements(compat.Defaults().DefaultPragmas()), nil
}

func statements(sql []string) Reply {
	return Reply{Handled: true, Column: "pragma", Rows: sql}
}

func getDefault(_ *MainDB, name string) (Reply, error) {
	text, ok := compat.Default(name)
	if !ok {
		return silent, nil
	}
	return row(name, text), nil
}

func setDefault(_ *MainDB, name, value string) (Reply, error) {
	return silent, compat.SetDefault(name, value)
}
