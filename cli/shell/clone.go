package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// cloning is the copy of a database into another, which takes as much as can
// be read: where reading ends in an error, it is tried again from the back.
type cloning struct {
	*Shell
	dst *capi.DB
}

// schema makes the objects that match in the copy, and calls fill for each.
func (c cloning) schema(where string, fill func(name string)) {
	query := "SELECT name, sql FROM sqlite_schema WHERE " + where
	for _, order := range []string{"", " ORDER BY rowid DESC"} {
		stmt, _, err := c.db.Prepare(query + order)
		if err != nil {
			c.errorf("Error: (%d) %v on [%s]\n", asError(err).Extended, err, query+order)
			return
		}
		err = eachRow(stmt, func() {
			name, noName := stmt.ColumnText(0)
			sql, noSQL := stmt.ColumnText(1)
			if noName || noSQL {
				return
			}
			fmt.Fprintf(c.stdout, "%s... ", name)
			if err := execAll(c.dst, sql); err != nil {
				c.errorf("Error: %v\nSQL: [%s]\n", err, sql)
			}
			fill(name)
			c.stdout.WriteString("done\n")
		})
		stmt.Finalize()
		if err == nil || c.ctx.Err() != nil {
			return
		}
	}
}

// eachRow steps through the rows of a statement.
func eachRow(stmt *capi.Stmt, f func()) error {
	for {
		more, err := stmt.Step()
		if !more || err != nil {
			return err
		}
		f()
	}
}

// table copies the rows of a table.
func (c cloning) table(name string) {
	query := "SELECT * FROM " + quoteName(name)
	rows, _, err := c.db.Prepare(query)
	if err != nil {
		c.errorf("Error %d: %v on [%s]\n", asError(err).Extended, err, query)
		return
	}
	defer func() { rows.Finalize() }()
	columns := rows.ColumnCount()
	insert, _, err := c.dst.Prepare("INSERT OR IGNORE INTO " + quoteName(name) +
		" VALUES(?" + strings.Repeat(",?", columns-1) + ")")
	if err != nil {
		c.errorf("Error %d: %v on [%s]\n", asError(err).Extended, err, query)
		return
	}
	defer insert.Finalize()
	put := func() {
		for i := range columns {
			_ = insert.BindColumn(i+1, rows, i)
		}
		if _, err := insert.Step(); err != nil {
			c.errorf("Error %d: %v\n", asError(err).Extended, err)
		}
		_ = insert.Reset()
	}
	if eachRow(rows, put) == nil || c.ctx.Err() != nil {
		return
	}
	rows.Finalize()
	if rows, _, err = c.db.Prepare(query + " ORDER BY rowid DESC"); err != nil {
		c.errorf("Warning: cannot step \"%s\" backwards", name)
		return
	}
	_ = eachRow(rows, put)
}
