package modernc

import (
	"fmt"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqlOf is what a main database asks of its connection.
type sqlOf struct{ *file }

// place finds the connection and the name of the schema there.
func (s sqlOf) place() (c *conn, schema uintptr, err error) {
	if c = s.connection(); c != nil {
		schema = c.schemaOf(s.low.tls, s.addr)
	}
	if schema == 0 {
		return nil, 0, fmt.Errorf("modernc: the connection does not know the file")
	}
	return c, schema, nil
}

// SetGeometry is of vfs.Conn.
func (s sqlOf) SetGeometry(pageSize, reserve int) error {
	c, schema, err := s.place()
	if err != nil {
		return err
	}
	tls := s.low.tls
	// What SQLite took from a header that it was shown no longer counts.
	bt := at[sqlite3.TBtree](c.btreeOf(tls, s.addr)).FpBt
	shared := at[sqlite3.TBtShared](bt)
	shared.FbtsFlags &^= sqlite3.BTS_PAGESIZE_FIXED
	shared.FusableSize = shared.FpageSize // else the reserve would never shrink
	n := sqlite3.Xsqlite3_malloc(tls, 4)
	defer sqlite3.Xsqlite3_free(tls, n)
	*at[int32](n) = int32(reserve)
	if err := check(sqlite3.Xsqlite3_file_control(tls, c.db, schema, sqlite3.SQLITE_FCNTL_RESERVE_BYTES, n)); err != nil {
		return err
	}
	c.sizing = true
	defer func() { c.sizing = false }()
	_, err = s.Run(fmt.Sprintf("PRAGMA %s.page_size=%d", quoteName(libc.GoString(schema)), pageSize))
	return err
}

// Schema is of vfs.Conn.
func (s sqlOf) Schema() (string, error) {
	_, schema, err := s.place()
	if err != nil {
		return "", err
	}
	return quoteName(libc.GoString(schema)), nil
}

// Run is of vfs.Conn.
func (s sqlOf) Run(sql string) (row string, err error) {
	c, _, err := s.place()
	if err != nil {
		return "", err
	}
	rows, err := handle{s.low.tls, c.db}.Query(sql)
	if n := len(rows); n > 0 && len(rows[n-1]) > 0 {
		row = rows[n-1][0]
	}
	return row, err
}

// OpenJournal is of vfs.Conn.
func (s sqlOf) OpenJournal() (vfs.Base, error) {
	tls := s.low.tls
	belowAddr, v := below(s.vfs)
	mem := sqlite3.Xsqlite3_malloc(tls, v.FszOsFile)
	if mem == 0 {
		return nil, vfs.CodeIOErrNoMem
	}
	clear(bytesAt(mem, int(v.FszOsFile)))
	const flags = vfs.OpenMainJournal | sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE
	rc := function[openFunc](v.FxOpen)(tls, belowAddr, sqlite3.Xsqlite3_filename_journal(tls, s.name), mem, flags, 0)
	if err := check(rc); err != nil {
		sqlite3.Xsqlite3_free(tls, mem)
		return nil, err
	}
	return ownLower{&lower{tls: tls, file: mem}}, nil
}

// ownLower is a file whose memory is ours and not SQLite's.
type ownLower struct{ *lower }

func (l ownLower) Close() error {
	err := l.lower.Close()
	sqlite3.Xsqlite3_free(l.tls, l.file)
	return err
}
