package ncruces

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// SQL that the adapter runs on a sqlite3 from within one of its calls. It goes
// past the *sqlite3.Conn, which knows one sqlite3 only and none while that is
// being opened; a backup has a second one.

const (
	resultOK  = 0   // SQLITE_OK
	resultRow = 100 // SQLITE_ROW

	typeText = 3 // SQLITE_TEXT
	typeBlob = 4 // SQLITE_BLOB
	typeNull = 5 // SQLITE_NULL
)

// cString copies a text into SQLite's memory. free wipes it: it may hold a key.
func (c *conn) cString(s string) (p pointer, free func()) {
	p = pointer(c.Xsqlite3_malloc64(int64(len(s)) + 1))
	b := memory(c, p, len(s)+1)
	if b == nil {
		return 0, func() {}
	}
	b[copy(b, s)] = 0
	return p, func() {
		clear(memory(c, p, len(s)+1))
		c.Xsqlite3_free(int32(p))
	}
}

// exec runs SQL that returns nothing.
func (c *conn) exec(db pointer, sql string) error {
	p, free := c.cString(sql)
	defer free()
	if rc := c.Xsqlite3_exec(int32(db), int32(p), 0, 0, 0); rc != resultOK {
		return vfs.Code(rc)
	}
	return nil
}

// prepare compiles one statement. The caller finalizes it.
func (c *conn) prepare(db pointer, sql string) (stmt int32, err error) {
	p, free := c.cString(sql)
	defer free()
	out, freeOut := c.cString("\x00\x00\x00\x00")
	defer freeOut()
	if rc := c.Xsqlite3_prepare_v2(int32(db), int32(p), -1, int32(out), 0); rc != resultOK {
		return 0, vfs.Code(rc)
	}
	return int32(word(c, out)), nil
}

// fileControl hands an int to a file control of a schema.
func (c *conn) fileControl(db, schema pointer, op int32, value int) error {
	arg, free := c.cString("\x00\x00\x00\x00")
	defer free()
	binary.LittleEndian.PutUint32(memory(c, arg, 4), uint32(value))
	if rc := c.Xsqlite3_file_control(int32(db), int32(schema), op, int32(arg)); rc != resultOK {
		return vfs.Code(rc)
	}
	return nil
}

// value is that of a sqlite3_value that stands for a key, in UTF-8 where it is a
// text. NULL is none.
func (c *conn) value(at pointer) (key []byte, given bool, err error) {
	var p int32
	kind := c.Xsqlite3_value_type(int32(at))
	switch kind {
	case typeNull:
		return nil, false, nil
	case typeText:
		p = c.Xsqlite3_value_text(int32(at))
	case typeBlob:
		p = c.Xsqlite3_value_blob(int32(at))
	default:
		return nil, false, fmt.Errorf("%w: Invalid key value", compat.ErrKeyspec)
	}
	n := c.Xsqlite3_value_bytes(int32(at))
	key = append([]byte{}, memory(c, pointer(p), int(n))...)
	if len(key) != int(n) || p == 0 && kind == typeText {
		return nil, false, vfs.CodeIOErrNoMem // and not an empty key
	}
	return key, true, nil
}

// vacuumed is the number of the database that a VACUUM statement works on, as
// SQLite itself reads the statement.
func (c *conn) vacuumed(db pointer, sql string) (schema int, err error) {
	const opcode, p1 = 1, 2 // columns of EXPLAIN
	stmt, err := c.prepare(db, "EXPLAIN "+sql)
	if err != nil {
		return 0, fmt.Errorf("%w: the VACUUM statement cannot be understood", compat.ErrUnsupported)
	}
	defer c.Xsqlite3_finalize(stmt)
	for c.Xsqlite3_step(stmt) == resultRow {
		name := c.Xsqlite3_column_blob(stmt, opcode)
		if string(memory(c, pointer(name), int(c.Xsqlite3_column_bytes(stmt, opcode)))) == "Vacuum" {
			return int(c.Xsqlite3_column_int(stmt, p1)), nil
		}
	}
	return 0, fmt.Errorf("%w: the VACUUM statement cannot be understood", compat.ErrUnsupported)
}

// quoteName makes an identifier of a schema name.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
