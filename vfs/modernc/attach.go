package modernc

import (
	"bytes"
	"fmt"
	"strconv"
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
	nested bool   // in another ATTACH, or the other in it
	vacuum bool   // VACUUM INTO attaches its target
	source string // schema that is copied by VACUUM
}

// attaching finds the ATTACH statement that the connection is in, or nil.
func (c *conn) attaching() (found *attachment) {
	if c == nil {
		return nil
	}
	for stmt := sqlite3.Xsqlite3_next_stmt(c.tls, c.db, 0); stmt != 0; stmt = sqlite3.Xsqlite3_next_stmt(c.tls, c.db, stmt) {
		if sqlite3.Xsqlite3_stmt_busy(c.tls, stmt) == 0 {
			continue
		}
		sql := libc.GoString(sqlite3.Xsqlite3_sql(c.tls, stmt))
		if _, ok := compat.AttachKey(sql); ok && found != nil {
			found.nested = true
		} else if ok {
			found = &attachment{conn: c, stmt: stmt, sql: sql}
		} else if compat.IsVacuum(sql) && found != nil && compat.IsVacuumTarget(found.sql) {
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
	if a.nested {
		return o, fmt.Errorf("%w: ATTACH within ATTACH", compat.ErrUnsupported)
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
		if a.vacuum && !compat.GivePageSize(params) {
			o.Settings, err = a.pagesOfSource(o.Settings)
		}
		return o, err
	}
	source := "main"
	if a.vacuum {
		source = a.source
	}
	from := a.conn.fileOf(source)
	if from == nil { // a database of another VFS has no key to hand on
		if main := a.conn.fileOf("main"); a.vacuum && main != nil && main.db.Encrypted() {
			return o, fmt.Errorf("%w: VACUUM INTO without a key, of what is in no file with one", compat.ErrNoKey)
		}
		return o, nil
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

// pagesOfSource are settings with the page size of what VACUUM copies: SQLite
// takes it for the target.
func (a *attachment) pagesOfSource(s compat.Settings) (compat.Settings, error) {
	schema := "PRAGMA " + quoteName(a.source)
	at[sqlite3.Tsqlite3](a.conn.db).FnextPagesize = 0
	h := handle{a.conn.tls, a.conn.db}
	_, err := h.Query(schema + ".schema_version") // or the page size may be a guess
	if err != nil {
		return s, err
	}
	rows, err := h.Query(schema + ".page_size")
	if err != nil {
		return s, err
	}
	s = s.OrDefaults()
	s.PageSize, err = strconv.Atoi(rows[0][0])
	return s, err
}

// key is the value of the KEY clause, which SQLite hands to the function that
// attaches. given is false where there is none, or NULL.
func (a *attachment) key() (key []byte, given bool, err error) {
	tls, value := a.conn.tls, a.argument(2)
	if value == 0 {
		return nil, false, fmt.Errorf("%w: the KEY clause cannot be found", compat.ErrUnsupported)
	}
	var p uintptr
	kind := sqlite3.Xsqlite3_value_type(tls, value)
	switch kind {
	case sqlite3.SQLITE_NULL:
		return nil, false, nil
	case sqlite3.SQLITE_TEXT: // in UTF-8, whatever the encoding of the database
		p = sqlite3.Xsqlite3_value_text(tls, value)
	case sqlite3.SQLITE_BLOB:
		p = sqlite3.Xsqlite3_value_blob(tls, value)
	default:
		return nil, false, fmt.Errorf("%w: Invalid key value", compat.ErrKeyspec)
	}
	n := int(sqlite3.Xsqlite3_value_bytes(tls, value))
	switch {
	case p == 0 && (n > 0 || kind == sqlite3.SQLITE_TEXT):
		return nil, false, vfs.CodeIOErrNoMem
	case n == 0:
		return nil, true, nil
	}
	return bytes.Clone(bytesAt(p, n)), true, nil
}

// argument is an argument of the function that attaches: the file, the schema,
// the key. It is the last that the statement calls; 0 where there is none.
func (a *attachment) argument(n uintptr) (value uintptr) {
	stmt := at[sqlite3.TVdbe](a.stmt)
	for i := range uintptr(stmt.FnOp) {
		op := at[sqlite3.TOp](stmt.FaOp + i*unsafe.Sizeof(sqlite3.TOp{}))
		if op.Fp4type != sqlite3.P4_FUNCCTX {
			continue
		}
		addr := *(*uintptr)(unsafe.Pointer(&op.Fp4))
		call := at[sqlite3.Tsqlite3_context](addr)
		name := libc.GoString(at[sqlite3.TFuncDef](call.FpFunc).FzName)
		if call.FpVdbe == a.stmt && name == "sqlite_attach" {
			value = *at[uintptr](addr + unsafe.Sizeof(*call) + n*unsafe.Sizeof(addr))
		}
	}
	return value
}

// quoteName makes an identifier of a schema name.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
