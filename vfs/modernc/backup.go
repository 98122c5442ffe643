package modernc

import (
	"context"
	"database/sql/driver"
	"io"

	"modernc.org/sqlite"
)

// backuper is what connections of the engine offer for online backups.
type backuper interface {
	NewBackup(dstURI string) (*sqlite.Backup, error)
	NewRestore(srcURI string) (*sqlite.Backup, error)
}

// NewBackup starts an online backup of the main database to the one that a data
// source name of this package names; see the method of the same name in
// modernc.org/sqlite. Without a key in it the copy has that of the database. An
// encrypted database is not copied into one in clear, nor the other way round:
// compat.ErrUnsupported. Sizes and reserve of the pages must be the same. Reach
// it by sql.Conn.Raw.
func (c *sessionConn) NewBackup(dsn string) (*sqlite.Backup, error) {
	return c.backup(dsn, backuper.NewBackup)
}

// NewRestore starts an online backup in the other direction.
func (c *sessionConn) NewRestore(dsn string) (*sqlite.Backup, error) {
	return c.backup(dsn, backuper.NewRestore)
}

func (c *sessionConn) backup(dsn string, start func(backuper, string) (*sqlite.Backup, error)) (*sqlite.Backup, error) {
	encrypted, err := c.encrypted()
	if err != nil {
		return nil, err
	}
	uri, err := c.session.BackupURI(dsn, encrypted, VFSName, isRegistered)
	if err != nil {
		return nil, err
	}
	c.session.Begin()
	b, err := start(c.engineConn.(backuper), uri)
	return b, explain(c.session, err)
}

// encrypted tells whether the main database has a key: only then it has an answer.
func (c *sessionConn) encrypted() (bool, error) {
	rows, err := c.QueryContext(context.Background(), "PRAGMA main.cipher_page_size", nil)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	switch err := rows.Next(make([]driver.Value, len(rows.Columns()))); err {
	case nil:
		return true, nil
	case io.EOF:
		return false, nil
	default:
		return false, err
	}
}
