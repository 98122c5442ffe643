package ncruces

import (
	"github.com/ncruces/go-sqlite3"
)

// Backup copies a database of the connection, by its schema, to the one that a
// data source name of this package names; see the method of the same name of
// sqlite3.Conn. Without a key in it the copy has that of the database. An
// encrypted database is not copied into one in clear, nor the other way round:
// compat.ErrUnsupported. Sizes and reserve of the pages must be the same. Reach
// it by sql.Conn.Raw; the connection that Raw returns there asks nothing.
func (c *sessionConn) Backup(schema, dsn string) error {
	return c.backup(schema, dsn, (*sqlite3.Conn).Backup)
}

// Restore copies in the other direction.
func (c *sessionConn) Restore(schema, dsn string) error {
	return c.backup(schema, dsn, (*sqlite3.Conn).Restore)
}

func (c *sessionConn) backup(schema, dsn string, run func(c *sqlite3.Conn, schema, uri string) error) error {
	encrypted, err := c.encrypted(schema)
	if err != nil {
		return err
	}
	uri, err := c.session.BackupURI(dsn, encrypted, VFSName, isRegistered)
	if err != nil {
		return err
	}
	c.session.Begin()
	return explain(c.session, run(c.Raw(), schema, uri))
}

// encrypted tells whether a database has a key: only then it has an answer.
func (c *sessionConn) encrypted(schema string) (bool, error) {
	st, _, err := c.Raw().Prepare("PRAGMA " + sqlite3.QuoteIdentifier(schema) + ".cipher_page_size")
	if err != nil {
		return false, err
	}
	defer st.Close()
	return st.Step(), st.Err()
}
