package convert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// export copies the source into the target. The order is that of SQLCipher, but
// for the indexes: they come after the rows, as SQLite then sorts once instead
// of looking for the place of each row.
func (e *exporter) export() error {
	tables, err := e.entries("type = 'table' AND name <> 'sqlite_sequence' AND rootpage > 0")
	if err != nil {
		return err
	}
	plain, err := e.entries("type = 'index' AND sql NOT LIKE 'CREATE UNIQUE %'")
	if err != nil {
		return err
	}
	unique, err := e.entries("type = 'index' AND sql LIKE 'CREATE UNIQUE %'")
	if err != nil {
		return err
	}
	if err := e.create(tables); err != nil {
		return err
	}
	for _, t := range tables {
		if err := e.copyRows(t.name); err != nil {
			return err
		}
	}
	if err := e.create(slices.Concat(plain, unique)); err != nil {
		return err
	}
	if err := e.copySequences(); err != nil {
		return err
	}
	if err := e.copyEntries(); err != nil {
		return err
	}
	if err := e.copyNumbers(); err != nil {
		return err
	}
	return e.reload()
}

// entry is a row of a schema table.
type entry struct{ name, sql string }

// entries are those of the source that a condition holds for.
func (e *exporter) entries(condition string) (all []entry, err error) {
	rows, err := e.Query("SELECT name, sql FROM " + e.source + ".sqlite_schema WHERE " + condition + " ORDER BY rowid")
	for _, row := range rows {
		all = append(all, entry{row[0], row[1]})
	}
	return all, err
}

// create makes tables and indexes in the target.
func (e *exporter) create(entries []entry) error {
	for _, entry := range entries {
		sql, ok := compat.CreateIn(entry.sql, e.target)
		if !ok {
			return fmt.Errorf("malformed database schema (%s)", entry.name)
		}
		if err := e.exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// copyRows copies the rows of a table. SQLite computes the generated columns.
func (e *exporter) copyRows(table string) error {
	columns, taken, err := e.columns(table)
	if err != nil {
		return err
	}
	withRowid, err := e.hasRowid(table)
	if err != nil {
		return err
	}
	if withRowid {
		for _, rowid := range []string{"rowid", "_rowid_", "oid"} {
			if !slices.ContainsFunc(taken, func(s string) bool { return strings.EqualFold(s, rowid) }) {
				columns = append([]string{rowid}, columns...)
				break
			}
		}
	}
	list, name := strings.Join(columns, ", "), quoteName(table)
	// What a constraint does to a row that it does not like must not happen
	// here: it could leave the row out.
	return e.exec(fmt.Sprintf("INSERT OR ABORT INTO %s.%s(%s) SELECT %s FROM %s.%s",
		e.target, name, list, list, e.source, name))
}

// columns are the columns of a table that hold values, quoted, and the names of
// all.
func (e *exporter) columns(table string) (columns, all []string, err error) {
	const name, hidden = 1, 6 // columns of the pragma
	rows, err := e.Query("PRAGMA " + e.source + ".table_xinfo(" + quoteText(table) + ")")
	for _, row := range rows {
		all = append(all, row[name])
		if row[hidden] == "0" {
			columns = append(columns, quoteName(row[name]))
		}
	}
	return columns, all, err
}

func (e *exporter) hasRowid(table string) (bool, error) {
	const without = 4 // column of the pragma
	rows, err := e.Query("PRAGMA " + e.source + ".table_list(" + quoteText(table) + ")")
	if err != nil {
		return false, err
	}
	if len(rows) != 1 {
		return false, fmt.Errorf("convert: %d tables %s", len(rows), table)
	}
	return rows[0][without] == "0", nil
}

// copySequences copies where AUTOINCREMENT has come to.
func (e *exporter) copySequences() error {
	for _, schema := range []string{e.source, e.target} {
		n, err := e.number("SELECT count(*) FROM " + schema + ".sqlite_schema WHERE name = 'sqlite_sequence'")
		if err != nil || n == 0 {
			return err
		}
	}
	ofSource := " WHERE name IN (SELECT name FROM " + e.source + ".sqlite_schema WHERE type = 'table')"
	if err := e.exec("DELETE FROM " + e.target + ".sqlite_sequence" + ofSource); err != nil {
		return err
	}
	return e.exec("INSERT INTO " + e.target + ".sqlite_sequence SELECT * FROM " + e.source + ".sqlite_sequence" + ofSource)
}

// copyEntries copies views, triggers and virtual tables as what they are in the
// schema: a virtual table has its content in tables that are there by now.
func (e *exporter) copyEntries() error {
	const others = ".sqlite_schema WHERE type IN ('view', 'trigger') OR type = 'table' AND ifnull(rootpage, 0) = 0"
	rows, err := e.Query("SELECT n.type, o.name FROM (SELECT type, name FROM " + e.source + others + ") AS o JOIN " +
		e.target + ".sqlite_schema AS n ON o.name = n.name COLLATE NOCASE AND (o.type = 'trigger') = (n.type = 'trigger')")
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return fmt.Errorf("%s %s already exists", rows[0][0], rows[0][1])
	}
	return e.exec("INSERT INTO " + e.target + ".sqlite_schema SELECT type, name, tbl_name, 0, sql FROM " +
		e.source + others + " ORDER BY rowid")
}

// copyNumbers copies the two numbers in the header that are the application's,
// unless the target has its own.
func (e *exporter) copyNumbers() error {
	for _, pragma := range []string{".user_version", ".application_id"} {
		own, err := e.number("PRAGMA " + e.target + pragma)
		if err != nil {
			return err
		}
		n, err := e.number("PRAGMA " + e.source + pragma)
		if err != nil {
			return err
		}
		if own != 0 || n == 0 {
			continue
		}
		if err := e.exec(fmt.Sprintf("PRAGMA %s%s = %d", e.target, pragma, n)); err != nil {
			return err
		}
	}
	return nil
}

// reload makes this connection and all others read the schema of the target
// anew: what copyEntries wrote is known to none of them.
func (e *exporter) reload() error {
	version := "PRAGMA " + e.target + ".schema_version"
	n, err := e.number(version)
	if err != nil {
		return err
	}
	return e.exec(fmt.Sprintf("%s = %d", version, n+1))
}
