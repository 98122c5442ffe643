package modernc

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// attachment is an ATTACH statement that is being carried out. SQLite parses
// its KEY clause and forgets it, so it is read here from the text of the
// statement, with the values of its parameters in place.
type attachment struct {
	conn   *conn
	expr   string // of the KEY clause, empty for none
	vacuum bool   // VACUUM INTO attaches its target
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
		sql := c.expanded(stmt)
		if found == nil {
			if expr, ok := compat.AttachKey(sql); ok {
				found = &attachment{conn: c, expr: expr}
			}
		} else if compat.IsVacuum(sql) {
			found.vacuum = true
		}
	}
	return found
}

// expanded is the text of a statement with its parameters filled in.
func (c *conn) expanded(stmt uintptr) string {
	z := sqlite3.Xsqlite3_expanded_sql(c.tls, stmt)
	if z == 0 {
		return ""
	}
	defer sqlite3.Xsqlite3_free(c.tls, z)
	sql := libc.GoString(z)
	clear(bytesAt(z, len(sql))) // it may hold a key
	return sql
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
	heir := a.conn.main.db.Heir(a.vacuum)
	if !a.vacuum {
		heir.Settings = o.Settings
	}
	return heir, nil
}

// key evaluates the KEY clause. given is false where there is none, or NULL.
func (a *attachment) key() (key []byte, given bool, err error) {
	if a.expr == "" {
		return nil, false, nil
	}
	if text, ok := compat.Literal(a.expr); ok {
		return []byte(text), true, nil
	}
	c := a.conn
	sql, err := libc.CString("SELECT " + a.expr)
	if err != nil {
		return nil, false, vfs.CodeIOErrNoMem
	}
	defer libc.Xfree(c.tls, sql)
	out := sqlite3.Xsqlite3_malloc(c.tls, 8)
	defer sqlite3.Xsqlite3_free(c.tls, out)
	if rc := sqlite3.Xsqlite3_prepare_v2(c.tls, c.db, sql, -1, out, 0); rc != sqlite3.SQLITE_OK {
		return nil, false, fmt.Errorf("%w: the KEY clause cannot be evaluated", compat.ErrKeyspec)
	}
	stmt := *at[uintptr](out)
	defer sqlite3.Xsqlite3_finalize(c.tls, stmt)
	if rc := sqlite3.Xsqlite3_step(c.tls, stmt); rc != sqlite3.SQLITE_ROW {
		return nil, false, fmt.Errorf("%w: the KEY clause has no value", compat.ErrKeyspec)
	}
	switch sqlite3.Xsqlite3_column_type(c.tls, stmt, 0) {
	case sqlite3.SQLITE_NULL:
		return nil, false, nil
	case sqlite3.SQLITE_TEXT, sqlite3.SQLITE_BLOB:
		p := sqlite3.Xsqlite3_column_blob(c.tls, stmt, 0)
		n := int(sqlite3.Xsqlite3_column_bytes(c.tls, stmt, 0))
		if n == 0 {
			return nil, true, nil
		}
		return append([]byte(nil), bytesAt(p, n)...), true, nil
	}
	return nil, false, fmt.Errorf("%w: Invalid key value", compat.ErrKeyspec)
}

// quoteName makes an identifier of a schema name.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
