package ncruces

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
)

// attachment is an ATTACH statement that is being carried out. SQLite parses
// its KEY clause and forgets it, so it is read here from the statement.
type attachment struct {
	conn *conn
	db   pointer // the sqlite3 that attaches
	statement
	vacuum string // VACUUM INTO attaches its target
}

// statement is one that a sqlite3 is in.
type statement struct {
	at  pointer
	sql string // as it was prepared
}

// attaching finds the ATTACH statement that the connection is in, or nil. Of
// two at once, one within the other, it cannot be told which opens the file.
func (c *conn) attaching() (found *attachment, err error) {
	handles, err := c.handles()
	if err != nil {
		return nil, err
	}
	for _, db := range handles {
		statements, err := c.running(db)
		if err != nil {
			return nil, err
		}
		for i, st := range statements {
			if _, ok := compat.AttachKey(st.sql); !ok {
				continue
			}
			if found != nil {
				return nil, fmt.Errorf("%w: ATTACH within ATTACH", compat.ErrUnsupported)
			}
			found = &attachment{conn: c, db: db, statement: st}
			if compat.IsVacuumTarget(st.sql) {
				found.vacuum = vacuumOf(statements[i+1:])
			}
		}
	}
	return found, nil
}

// vacuumOf is the VACUUM among the statements, or empty.
func vacuumOf(statements []statement) string {
	for _, st := range statements {
		if compat.IsVacuum(st.sql) {
			return st.sql
		}
	}
	return ""
}

// running are the statements that a sqlite3 is in, the latest to be prepared
// first. A text that cannot be had is an error: it might give a key.
func (c *conn) running(db pointer) (statements []statement, err error) {
	// A statement made now must be the first of the list, or it is not one.
	mark, err := c.prepare(db, "SELECT 1")
	if err != nil {
		return nil, err
	}
	defer c.Xsqlite3_finalize(mark)
	if word(c, db+dbFirstStmt) != pointer(mark) {
		return nil, errMoved
	}
	previous := db + dbFirstStmt
	for at := pointer(mark); at != 0; at = word(c, at+stmtNext) {
		if word(c, at+stmtDB) != db || word(c, at+stmtPrevious) != previous {
			return nil, errMoved
		}
		previous = at + stmtNext
		if c.Xsqlite3_stmt_busy(int32(at)) == 0 {
			continue
		}
		sql := text(c, pointer(c.Xsqlite3_sql(int32(at))))
		if sql == "" {
			return nil, fmt.Errorf("ncruces: %w: a statement without a text", compat.ErrUnsupported)
		}
		statements = append(statements, statement{at, sql})
	}
	return statements, nil
}

// options are those of the file being attached. The KEY clause goes before the
// URI, the URI before the key of the main database. An empty KEY means that
// the file is not encrypted.
func (a *attachment) options(params []compat.Param) (vfs.Options, error) {
	o, err := vfs.OptionsOf("", params)
	if err != nil {
		return o, err
	}
	if a.vacuum != "" {
		return a.copyOptions(o, params)
	}
	key, given, err := a.key()
	defer kdf.Wipe(key)
	switch {
	case err != nil || given:
		o.Key.Wipe()
		o.Key = compat.Keyspec{}
		if err == nil && len(key) > 0 {
			o.Key, err = compat.ParseKeyspec(key)
		}
		return o, err
	case !o.Key.IsZero():
		return o, nil
	}
	if main := a.conn.schema(a.db, 0); main != nil {
		o.Key = main.db.Heir(false).Key
	}
	return o, nil
}

// key is the value of the KEY clause, which SQLite hands to the function that
// attaches. given is false where there is none, or NULL.
func (a *attachment) key() (key []byte, given bool, err error) {
	expr, _ := compat.AttachKey(a.sql)
	value, err := a.argument(2)
	if err != nil {
		return nil, false, err
	}
	key, given, err = a.conn.value(value)
	if given && expr == "" {
		return nil, false, errMoved
	}
	return key, given, err
}

// argument is the address of an argument of the function that attaches: the
// file, the schema, the key. It is the last that the statement calls.
func (a *attachment) argument(n pointer) (value pointer, err error) {
	c := a.conn
	op := word(c, a.at+stmtOps)
	for range word(c, a.at+stmtOpCount) {
		call := word(c, op+opP4)
		function := word(c, call+callFunction)
		if word(c, call+callStmt) == a.at && text(c, word(c, function+functionName)) == "sqlite_attach" {
			value = word(c, call+callArguments+4*n)
		}
		op += opSize
	}
	if word(c, value+valueDB) != a.db {
		return 0, errMoved
	}
	return value, nil
}

// copyOptions are those of the target of VACUUM INTO. It takes over key and
// settings of the database that is copied unless it is given a key. Its page
// size it takes over in any case, as SQLite does, unless another is given.
func (a *attachment) copyOptions(o vfs.Options, params []compat.Param) (vfs.Options, error) {
	number, err := a.conn.vacuumed(a.db, a.vacuum)
	if err != nil {
		return o, err
	}
	source, main := a.conn.schema(a.db, number), a.conn.schema(a.db, 0)
	if source != nil {
		source.keepPageSize()
		if o.Key.IsZero() {
			o = source.db.Heir(true)
		}
	}
	switch {
	case !o.Key.IsZero():
	case source == nil && main != nil && main.db.Encrypted():
		return o, fmt.Errorf("%w: VACUUM INTO without a key, of what is in no file with one", compat.ErrNoKey)
	default:
		return o, nil
	}
	from, err := a.conn.readLayout(a.db, number)
	if err != nil {
		return o, err
	}
	if err := a.dropPageSize(); err != nil {
		return o, err
	}
	o.Settings = o.Settings.OrDefaults()
	switch {
	case !compat.GivePageSize(params):
		o.Settings.PageSize = from.pageSize
	case o.Settings.PageSize != from.pageSize:
		return o, fmt.Errorf("%w: VACUUM INTO pages of %d bytes from pages of %d",
			compat.ErrUnsupported, o.Settings.PageSize, from.pageSize)
	}
	return o, nil
}

// dropPageSize drops a PRAGMA page_size that is pending in the connection.
// SQLite would lay out the target by it.
func (a *attachment) dropPageSize() error {
	pending := word(a.conn, a.db+dbNextPageSize)
	if pending&(pending-1) != 0 || pending > 65536 {
		return errMoved
	}
	clear(memory(a.conn, a.db+dbNextPageSize, 4))
	return nil
}
