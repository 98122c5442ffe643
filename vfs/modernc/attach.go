package modernc

import (
	"bytes"
	"fmt"
	"strings"
	"unsafe"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// attachment is an ATTACH statement that is being carried out. SQLite parses
// its KEY clause and forgets it, so it is read here from the statement.
type attachment struct {
	conn   *conn
	stmt   uintptr
	sql    string
	vacuum bool   // VACUUM INTO attaches its target
	source string // schema that is copied by VACUUM
}

// attaching finds the ATTACH statement that the connection is in, or nil. The
// latest statement comes first: VACUUM has its ATTACH within.
func (c *conn) attaching() (found *attachment) {
	if c == nil {
		return nil
	}
	for stmt := sqlite3.Xsqlite3_next_stmt(c.tls, c.db, 0); stmt != 0; stmt = sqlite3.Xsqlite3_next_stmt(c.tls, c.db, stmt) {
		if sqlite3.Xsqlite3_stmt_busy(c.tls, stmt) == 0 {
			continue
		}
		sql := libc.GoString(sqlite3.Xsqlite3_sql(c.tls, stmt))
		if found == nil {
			if _, ok := compat.AttachKey(sql); ok {
				found = &attachment{conn: c, stmt: stmt, sql: sql}
			}
		} else if compat.IsVacuum(sql) {
			found.vacuum, found.source = true, compat.VacuumSchema(sql)
		}
	}
	return found
}

// options are those of the file being attached. The KEY clause goes before the
// URI, the URI before the key of the main database. An empty KEY means that
// the file is not encrypted.
func (a *attachment) options(params []compat.Param) (vfs.Options, error) {
	o, err := vfs.OptionsOf("", params)
	if err != nil {
		return o, err
	}
	key, given, err := a.key()
	if err != nil || given && len(key) == 0 {
		o.Key.Wipe()
		o.Key = compat.Keyspec{}
		return o, err
	}
	if given {
		defer kdf.Wipe(key)
		o.Key.Wipe()
		o.Key, err = compat.ParseKeyspec(key)
		return o, err
	}
	if !o.Key.IsZero() {
		return o, nil
	}
	source := "main"
	if a.vacuum {
		source = a.source
	}
	from := a.conn.fileOf(source)
	if from == nil {
		return o, nil // a database of another VFS has no key to hand on
	}
	heir := from.db.Heir(a.vacuum)
	if !a.vacuum {
		heir.Settings = o.Settings
	} else if !heir.Key.IsZero() {
		// A pending page size would not fit the settings of the source.
		at[sqlite3.Tsqlite3](a.conn.db).FnextPagesize = 0
	}
	return heir, nil
}

// key evaluates the KEY clause. given is false where there is none, or NULL.
func (a *attachment) key() (key []byte, given bool, err error) {
	expr, _ := compat.AttachKey(a.sql)
	if expr == "" {
		return nil, false, nil
	}
	if text, ok := compat.Literal(expr); ok {
		return []byte(text), true, nil
	}
	columns := append(compat.ParamsBefore(a.sql), expr)
	stmt, err := a.prepare("SELECT " + strings.Join(columns, ", "))
	if err != nil {
		return nil, false, err
	}
	tls, last := a.conn.tls, int32(len(columns)-1)
	defer sqlite3.Xsqlite3_finalize(tls, stmt)
	if rc := sqlite3.Xsqlite3_step(tls, stmt); rc != sqlite3.SQLITE_ROW {
		return nil, false, fmt.Errorf("%w: the KEY clause has no value", compat.ErrKeyspec)
	}
	switch sqlite3.Xsqlite3_column_type(tls, stmt, last) {
	case sqlite3.SQLITE_NULL:
		return nil, false, nil
	case sqlite3.SQLITE_TEXT, sqlite3.SQLITE_BLOB:
		p := sqlite3.Xsqlite3_column_blob(tls, stmt, last)
		n := int(sqlite3.Xsqlite3_column_bytes(tls, stmt, last))
		if n == 0 {
			return nil, true, nil
		}
		return bytes.Clone(bytesAt(p, n)), true, nil
	}
	return nil, false, fmt.Errorf("%w: Invalid key value", compat.ErrKeyspec)
}

// prepare compiles a statement and gives it the parameters of the ATTACH.
func (a *attachment) prepare(text string) (stmt uintptr, err error) {
	c := a.conn
	sql, err := libc.CString(text)
	if err != nil {
		return 0, vfs.CodeIOErrNoMem
	}
	defer libc.Xfree(c.tls, sql)
	out := sqlite3.Xsqlite3_malloc(c.tls, 8)
	defer sqlite3.Xsqlite3_free(c.tls, out)
	if rc := sqlite3.Xsqlite3_prepare_v2(c.tls, c.db, sql, -1, out, 0); rc != sqlite3.SQLITE_OK {
		return 0, fmt.Errorf("%w: the KEY clause cannot be evaluated", compat.ErrKeyspec)
	}
	stmt = *at[uintptr](out)
	values := at[sqlite3.TVdbe](a.stmt).FaVar
	for i := range uintptr(sqlite3.Xsqlite3_bind_parameter_count(c.tls, stmt)) {
		value := values + i*unsafe.Sizeof(sqlite3.TMem{})
		if rc := sqlite3.Xsqlite3_bind_value(c.tls, stmt, int32(i+1), value); rc != sqlite3.SQLITE_OK {
			sqlite3.Xsqlite3_finalize(c.tls, stmt)
			return 0, fmt.Errorf("%w: the KEY clause has a value that is too long", compat.ErrKeyspec)
		}
	}
	return stmt, nil
}

// quoteName makes an identifier of a schema name.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
