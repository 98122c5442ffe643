package ncruces

import (
	"encoding/binary"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/vfs/convert"
)

// addExport makes the function sqlcipher_export known to a connection.
func addExport(c *sqlite3.Conn) error {
	return c.CreateFunction(convert.ExportName, -1, sqlite3.DIRECTONLY, export)
}

// export is the function sqlcipher_export.
func export(ctx sqlite3.Context, values ...sqlite3.Value) {
	args := make([]*string, len(values))
	for i, v := range values {
		if v.Type() != sqlite3.NULL {
			text := v.Text()
			args[i] = &text
		}
	}
	if err := convert.Function(handle{ctx.Conn()}, args...); err != nil {
		ctx.ResultError(err)
	}
}

// handle is a connection, to run SQL on from within one of its calls.
type handle struct{ conn *sqlite3.Conn }

var _ convert.Conn = handle{}

// Query is of convert.Conn.
func (h handle) Query(sql string) (rows [][]string, err error) {
	stmt, _, err := h.conn.Prepare(sql)
	if err != nil {
		return nil, err
	}
	for stmt.Step() {
		row := make([]string, stmt.ColumnCount())
		for i := range row {
			row[i] = stmt.ColumnText(i)
		}
		rows = append(rows, row)
	}
	err = stmt.Err()
	if closeErr := stmt.Close(); err == nil {
		err = closeErr
	}
	return rows, err
}

// Config is of convert.Conn.
func (h handle) Config(option int, on bool) (was bool, err error) {
	if was, err = h.conn.Config(sqlite3.DBConfig(option)); err == nil {
		_, err = h.conn.Config(sqlite3.DBConfig(option), on)
	}
	return was, err
}

// Quietly is of convert.Conn. The engine has no word for the counters of
// changes, so they are set where they are found to stand.
func (h handle) Quietly(f func() error) error {
	rowid, changes, total := h.conn.LastInsertRowID(), h.conn.Changes(), h.conn.TotalChanges()
	e, err := engineOf(h.conn)
	if err != nil {
		return err
	}
	db, err := handleOf(h.conn)
	if err != nil {
		return err
	}
	counters := func() []byte { return memory(e, db+dbChanges, 16) }
	is := func(i int, n int64) bool { return int64(binary.LittleEndian.Uint64(counters()[i:])) == n }
	found := is(0, changes) && is(8, total)
	defer func() {
		h.conn.SetLastInsertRowID(rowid)
		if found && is(0, h.conn.Changes()) && is(8, h.conn.TotalChanges()) {
			binary.LittleEndian.PutUint64(counters(), uint64(changes))
			binary.LittleEndian.PutUint64(counters()[8:], uint64(total))
		}
	}()
	return f()
}
