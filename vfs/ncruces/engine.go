package ncruces

import (
	"encoding/binary"
	"fmt"
	"reflect"

	"github.com/ncruces/go-sqlite3"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
)

// engine is a connection's copy of SQLite, with the C functions that the Go
// API of the engine has no word for. The functions are those of
// https://sqlite.org/c3ref/funclist.html; pointers are offsets into the memory.
type engine interface {
	// Slice is the linear memory. It may move when SQLite allocates.
	Slice() *[]byte

	Xsqlite3_malloc64(size int64) int32
	Xsqlite3_free(p int32)
	Xsqlite3_exec(db, sql, callback, arg, message int32) int32
	Xsqlite3_prepare_v2(db, sql, length, stmt, tail int32) int32
	Xsqlite3_step(stmt int32) int32
	Xsqlite3_finalize(stmt int32) int32
	Xsqlite3_column_blob(stmt, column int32) int32
	Xsqlite3_column_bytes(stmt, column int32) int32
	Xsqlite3_column_int(stmt, column int32) int32
	Xsqlite3_value_type(value int32) int32
	Xsqlite3_value_text(value int32) int32
	Xsqlite3_value_blob(value int32) int32
	Xsqlite3_value_bytes(value int32) int32
	Xsqlite3_stmt_busy(stmt int32) int32
	Xsqlite3_sql(stmt int32) int32
	Xsqlite3_file_control(db, schema, op, arg int32) int32
}

// pointer is an address in the linear memory.
type pointer = uint32

// Names of what is not exported in the engine. A test pins them; where one is
// not found, nothing is opened.
const (
	fieldWrapper = "wrp"    // of vfs.Filename and of sqlite3.Conn: the engine
	fieldPath    = "zPath"  // of vfs.Filename: the address of the name
	fieldDB      = "DB"     // of the engine: its *sqlite3.Conn
	fieldHandle  = "handle" // of sqlite3.Conn: the address of its sqlite3
)

// errMoved is for an engine that is built in another way than the one that
// this package was written for.
var errMoved = fmt.Errorf("ncruces: %w: this version of github.com/ncruces/go-sqlite3", compat.ErrUnsupported)

// inside finds the engine that opens a file, the connection that it works for
// and the address of the name of the file. A name does not say which
// connection it comes from, so they are taken from its unexported fields.
func inside(name *sqlitevfs.Filename) (e engine, conn *sqlite3.Conn, path pointer, err error) {
	if name == nil {
		return nil, nil, 0, errMoved // SQLite names every database
	}
	fields := reflect.ValueOf(name).Elem()
	wrapper, address := fields.FieldByName(fieldWrapper), fields.FieldByName(fieldPath)
	if wrapper.Kind() != reflect.Pointer || wrapper.IsNil() || address.Kind() != reflect.Uint32 {
		return nil, nil, 0, errMoved
	}
	e, w, ok := engineAt(wrapper)
	if !ok {
		return nil, nil, 0, errMoved
	}
	db := w.Elem().FieldByName(fieldDB)
	if db.Kind() != reflect.Interface || !db.CanInterface() {
		return nil, nil, 0, errMoved
	}
	if conn, ok = db.Interface().(*sqlite3.Conn); !ok {
		return nil, nil, 0, errMoved
	}
	return e, conn, pointer(address.Uint()), nil
}

// engineAt is the engine that an unexported field points to, also as what it is
// in Go.
func engineAt(field reflect.Value) (e engine, w reflect.Value, ok bool) {
	// The same pointer, without the mark of an unexported field.
	w = reflect.NewAt(field.Type().Elem(), field.UnsafePointer())
	e, ok = w.Interface().(engine)
	return e, w, ok
}

// engineOf is the engine of a connection.
func engineOf(conn *sqlite3.Conn) (engine, error) {
	wrapper := reflect.ValueOf(conn).Elem().FieldByName(fieldWrapper)
	if wrapper.Kind() == reflect.Pointer && !wrapper.IsNil() {
		if e, _, ok := engineAt(wrapper); ok {
			return e, nil
		}
	}
	return nil, errMoved
}

// handleOf is the address of a connection's sqlite3, 0 until it is open.
func handleOf(conn *sqlite3.Conn) (pointer, error) {
	handle := reflect.ValueOf(conn).Elem().FieldByName(fieldHandle)
	if handle.Kind() != reflect.Uint32 {
		return 0, errMoved
	}
	return pointer(handle.Uint()), nil
}

// memory are n bytes from an address, or nil if there are none.
func memory(e engine, at pointer, n int) []byte {
	all := *e.Slice()
	if at == 0 || int64(at)+int64(n) > int64(len(all)) {
		return nil
	}
	return all[at:][:n:n]
}

// word reads 4 bytes; outside of the memory they are 0.
func word(e engine, at pointer) uint32 {
	b := memory(e, at, 4)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

// text reads a C string.
func text(e engine, at pointer) string {
	all := *e.Slice()
	if at == 0 || int64(at) >= int64(len(all)) {
		return ""
	}
	b := all[at:]
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return ""
}
