package ncruces

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
)

// attachment is an ATTACH statement that is being carried out. SQLite parses
// its KEY clause and forgets it, so it is read here from the text of the
// statement, with the values of its parameters in place.
type attachment struct {
	conn   *conn
	db     pointer // the sqlite3 that attaches
	expr   string  // of the KEY clause, empty for none
	vacuum string  // VACUUM INTO attaches its target
}

// attaching finds the ATTACH statement that the connection is in, or nil. The
// latest statement comes first: VACUUM has its ATTACH within.
func (c *conn) attaching() (*attachment, error) {
	handles, err := c.handles()
	if err != nil {
		return nil, err
	}
	for _, db := range handles {
		var found *attachment
		statements, err := c.running(db)
		if err != nil {
			return nil, err
		}
		for _, sql := range statements {
			if found == nil {
				if expr, ok := compat.AttachKey(sql); ok {
					found = &attachment{conn: c, db: db, expr: expr}
				}
			} else if compat.IsVacuum(sql) {
				found.vacuum = sql
			}
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

// running are the texts of the statements that a sqlite3 is in, the latest
// first. A text that cannot be had is an error: it might give a key.
func (c *conn) running(db pointer) (statements []string, err error) {
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
	for stmt := pointer(mark); stmt != 0; stmt = word(c, stmt+stmtNext) {
		if word(c, stmt+stmtDB) != db || word(c, stmt+stmtPrevious) != previous {
			return nil, errMoved
		}
		previous = stmt + stmtNext
		if c.Xsqlite3_stmt_busy(int32(stmt)) == 0 {
			continue
		}
		sql := c.statement(stmt)
		if sql == "" {
			return nil, fmt.Errorf("ncruces: %w: a statement without a text", compat.ErrUnsupported)
		}
		statements = append(statements, sql)
	}
	return statements, nil
}

// statement is the text of a statement with its parameters filled in. Within
// another statement, as VACUUM has its ATTACH, SQLite does not fill them in but
// makes a comment of each line: the text is then the one that was prepared.
func (c *conn) statement(stmt pointer) string {
	z := c.Xsqlite3_expanded_sql(int32(stmt))
	if z == 0 {
		return ""
	}
	defer c.Xsqlite3_free(z)
	sql := text(c, pointer(z))
	clear(memory(c, pointer(z), len(sql))) // it may hold a key
	prepared := text(c, pointer(c.Xsqlite3_sql(int32(stmt))))
	comment := ""
	for line := range strings.Lines(prepared) {
		comment += "-- " + line
	}
	if sql == comment {
		return prepared
	}
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
	if a.vacuum != "" {
		return a.copyOptions(o)
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

// key evaluates the KEY clause. given is false where there is none, or NULL.
func (a *attachment) key() (key []byte, given bool, err error) {
	if a.expr == "" {
		return nil, false, nil
	}
	if text, ok := compat.Literal(a.expr); ok {
		return []byte(text), true, nil
	}
	return a.conn.evaluate(a.db, a.expr)
}

// copyOptions are those of the target of VACUUM INTO. It takes over key and
// settings of the database that is copied unless it is given a key; SQLite
// copies the layout of the pages, so it must do for the target.
func (a *attachment) copyOptions(o vfs.Options) (vfs.Options, error) {
	number, err := a.conn.vacuumed(a.db, a.vacuum)
	if err != nil {
		return o, err
	}
	source := a.conn.schema(a.db, number)
	if source != nil {
		source.keepPageSize()
		if o.Key.IsZero() {
			o = source.db.Heir(true)
		}
	}
	if o.Key.IsZero() {
		return o, nil
	}
	from, err := a.conn.readLayout(a.db, number)
	if err != nil {
		return o, err
	}
	to := o.Settings.Geometry()
	if from.pageSize != to.PageSize || from.reserve < to.Reserve() {
		return o, fmt.Errorf("%w: VACUUM INTO a database of another layout: pages of %d bytes with %d reserved",
			compat.ErrUnsupported, from.pageSize, from.reserve)
	}
	return o, nil
}
