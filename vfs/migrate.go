package vfs

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// Migrator is a Conn that can make the database file anew.
type Migrator interface {
	// Migrate brings the database to the default settings of the process, and
	// returns them and whether there was anything to do. The settings given are
	// a guess at what it has; the key is the Conn's to wipe. The file is closed
	// and opened again, whether that succeeds or not.
	Migrate(key compat.Keyspec, guess compat.Settings) (set compat.Settings, done bool, err error)
}

// pragmaMigrate brings a database of an older release to the defaults. As in
// SQLCipher it comes right after the key, before SQLite knows anything of the
// file. Where SQLCipher answers with a result code, this fails.
func (m *MainDB) pragmaMigrate(name string) (Reply, error) {
	if m.frozen() {
		if m.set == compat.Defaults() {
			return row(name, "0"), nil
		}
		return Reply{}, fmt.Errorf("%w: PRAGMA cipher_migrate after the database was read", compat.ErrUnsupported)
	}
	migrator, err := m.migrator()
	if err != nil {
		return Reply{}, err
	}
	if failsToMigrate() {
		return Reply{}, CodeError
	}
	set, done, err := migrator.Migrate(m.spec.Clone(), m.set)
	if err != nil {
		return Reply{}, err
	}
	changed := done || set != m.set
	if err := m.setKey(m.spec.Clone(), set); err != nil {
		return Reply{}, err
	}
	if changed && m.listener != nil {
		m.listener.Migrated(set)
	}
	return row(name, "0"), nil
}

// migrator makes sure that the database can be migrated.
func (m *MainDB) migrator() (Migrator, error) {
	migrator, ok := m.conn.(Migrator)
	if !ok {
		return nil, fmt.Errorf("%w: PRAGMA cipher_migrate", compat.ErrUnsupported)
	}
	if m.readOnly {
		return nil, codeReadOnly
	}
	schema, err := m.conn.Schema()
	if err != nil {
		return nil, err
	}
	if schema != `"main"` {
		return nil, fmt.Errorf("%w: PRAGMA cipher_migrate of an attached database", compat.ErrUnsupported)
	}
	if _, err := m.conn.Run("BEGIN"); err != nil {
		return nil, fmt.Errorf("%w: PRAGMA cipher_migrate inside of a transaction", compat.ErrUnsupported)
	}
	_, err = m.conn.Run("ROLLBACK")
	return migrator, err
}

// passOn leaves a pragma to SQLite.
func passOn(*MainDB, string) (Reply, error) { return Reply{}, nil }

// setAutoVacuum lets SQLite follow the pragma in a database that has no page yet:
// the header that it was shown is to it the one of a file, which is laid out.
func (m *MainDB) setAutoVacuum(_, _ string) (Reply, error) {
	if !m.frozen() {
		_ = m.setGeometry() // in a transaction SQLite passes the pragma over as well
	}
	return Reply{}, nil
}
