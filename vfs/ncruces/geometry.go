package ncruces

import (
	"encoding/binary"
	"fmt"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

const fcntlReserveBytes = 38 // SQLITE_FCNTL_RESERVE_BYTES

// sqlOf is what a main database asks of its connection.
type sqlOf struct{ *mainDB }

var _ vfs.Conn = sqlOf{}

// Schema is of vfs.Conn.
func (s sqlOf) Schema() (string, error) {
	p, err := s.place()
	if err != nil {
		return "", err
	}
	return quoteName(text(s.conn, p.name)), nil
}

// Run is of vfs.Conn.
func (s sqlOf) Run(sql string) (row string, err error) {
	p, err := s.place()
	if err != nil {
		return "", err
	}
	c := s.conn
	stmt, err := c.prepare(p.db, sql)
	if err != nil {
		return "", err
	}
	rc := c.Xsqlite3_step(stmt)
	for ; rc == resultRow; rc = c.Xsqlite3_step(stmt) {
		value := pointer(c.Xsqlite3_column_blob(stmt, 0))
		row = string(memory(c, value, int(c.Xsqlite3_column_bytes(stmt, 0))))
	}
	if rc := c.Xsqlite3_finalize(stmt); rc != resultOK {
		return row, vfs.Code(rc)
	}
	return row, nil
}

// OpenJournal is of vfs.Conn.
func (s sqlOf) OpenJournal() (vfs.Base, error) {
	const flags = sqlitevfs.OPEN_MAIN_JOURNAL | sqlitevfs.OPEN_READWRITE | sqlitevfs.OPEN_CREATE
	name, err := s.journalName(flags)
	if err != nil {
		return nil, err
	}
	f, _, err := vfsutil.WrapOpenFilename(s.vfs, name, flags)
	if err != nil {
		return nil, belowError{err}
	}
	return &lower{file: f}, nil
}

// SetGeometry is of vfs.Conn.
func (s sqlOf) SetGeometry(pageSize, reserve int) error {
	c := s.conn
	p, err := s.place()
	if err != nil {
		return err
	}
	b := memory(c, p.shared, sharedUsable+4)
	size := binary.LittleEndian.Uint32(b[sharedPageSize:])
	if size < 512 || size > 65536 || size&(size-1) != 0 {
		return errMoved
	}
	if b[sharedTrans] != 0 || binary.LittleEndian.Uint32(b[sharedPage1:]) != 0 {
		return fmt.Errorf("%w: a transaction is open", compat.ErrKeyState)
	}
	// What SQLite took from a header that it was shown no longer counts.
	b[sharedFlags] &^= pageSizeFixed
	if err := c.fileControl(p.db, p.name, fcntlReserveBytes, reserve); err != nil {
		return err
	}
	if err := s.setPageSize(p, pageSize); err != nil {
		return err
	}
	// SQLite does not lower the reserve again, and neither does SQLCipher.
	if l := c.layout(p.shared); l.pageSize != pageSize || l.reserve < reserve {
		return fmt.Errorf("ncruces: %w: the database keeps pages of %d bytes, %d reserved",
			compat.ErrUnsupported, l.pageSize, l.reserve)
	}
	return nil
}

// readLayout is the layout of a database as its page 1 says.
func (c *conn) readLayout(db pointer, number int) (layout, error) {
	p, ok := c.database(db, number)
	if !ok {
		return layout{}, errMoved
	}
	err := c.exec(db, "PRAGMA "+quoteName(text(c, p.name))+".schema_version")
	return c.layout(p.shared), err
}

// setPageSize runs the pragma that is answered by the database otherwise.
func (f *mainDB) setPageSize(p place, pageSize int) error {
	f.sizing = true
	defer func() { f.sizing = false }()
	return f.conn.exec(p.db, fmt.Sprintf("PRAGMA %s.page_size=%d", quoteName(text(f.conn, p.name)), pageSize))
}

// keepPageSize drops a PRAGMA page_size that is pending in the connection when
// a write to an encrypted database begins. VACUUM would follow it and fail.
// Where the place cannot be found nothing is lost: a page 1 with another page
// size is not written.
func (f *mainDB) keepPageSize() {
	if !f.db.Encrypted() {
		return
	}
	p, err := f.place()
	if err != nil {
		return
	}
	own := word(f.conn, p.shared+sharedPageSize)
	if pending := word(f.conn, p.db+dbNextPageSize); pending != 0 && pending != own {
		_ = f.setPageSize(p, int(own))
	}
}
