// Package convert makes one database of another: encrypted of plain, plain of
// encrypted, of one key or one release of SQLCipher another. It knows no engine.
package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Conn is a connection of SQLite, as an export needs it.
type Conn interface {
	// Query carries out one statement and returns its rows. All values are
	// text, NULL is empty. An error says what SQLite says, and has its result
	// code.
	Query(sql string) (rows [][]string, err error)
	// Config sets an option of sqlite3_db_config and returns what it was.
	Config(option int, on bool) (was bool, err error)
	// Quietly carries out f and sets back what sqlite3_changes,
	// sqlite3_total_changes and sqlite3_last_insert_rowid told before.
	Quietly(f func() error) error
}

// ExportName is the name of the SQL function.
const ExportName = "sqlcipher_export"

// Function carries out sqlcipher_export(target [, source]); nil stands for NULL.
// The result is NULL.
func Function(c Conn, args ...*string) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("invalid number of arguments (%d) passed to sqlcipher_export", len(args))
	}
	if slices.Contains(args, nil) {
		return errors.New("target database can't be NULL")
	}
	source := "main"
	if len(args) > 1 {
		source = *args[1]
	}
	return Export(c, *args[0], source)
}

// Export copies all of a database into another one that is attached to the same
// connection, schema names in any case. It is one transaction, or within the
// transaction of the caller one savepoint: where something fails nothing is
// copied.
//
// Tables, rows, indexes and the rest go over as they are. A rowid is lost only
// where each of its three names is also that of a column.
func Export(c Conn, target, source string) error {
	e := exporter{Conn: c}
	var err error
	if e.target, err = e.schema(target); err == nil && e.target == "" {
		err = fmt.Errorf("unknown database %s", target)
	}
	if err != nil {
		return err
	}
	if e.source, err = e.schema(source); err == nil && e.source == "" {
		err = errors.New("SQL logic error")
	}
	if err != nil {
		return err
	}
	return c.Quietly(func() error {
		return e.configured(func() error { return e.atomically(e.export) })
	})
}

// exporter is an export under way.
type exporter struct {
	Conn
	target, source string // schemas, quoted
}

// schema is the quoted name of a database of the connection, empty if there is
// none.
func (e *exporter) schema(name string) (string, error) {
	rows, err := e.Query("PRAGMA database_list")
	if err != nil {
		return "", err
	}
	known := []string{"main", "temp"} // which is not listed before it is used
	for _, row := range rows {
		known = append(known, row[1])
	}
	i := slices.IndexFunc(known, func(s string) bool { return strings.EqualFold(s, name) })
	if i < 0 {
		return "", nil
	}
	return quoteName(known[i]), nil
}

// The options of sqlite3_db_config that an export needs one way or the other,
// see https://sqlite.org/c3ref/c_dbconfig_defensive.html.
var options = []struct {
	number int
	on     bool
}{
	{1002, false}, // ENABLE_FKEY
	{1010, false}, // DEFENSIVE
	{1011, true},  // WRITABLE_SCHEMA
	{1014, true},  // DQS_DDL: a schema may be older than the habit of the connection
}

// configured carries out f with the options set, and CHECK constraints ignored.
func (e *exporter) configured(f func() error) (err error) {
	for _, o := range options {
		was, err := e.Config(o.number, o.on)
		if err != nil {
			return err
		}
		defer func() { _, _ = e.Config(o.number, was) }()
	}
	const checks = "PRAGMA ignore_check_constraints"
	were, err := e.number(checks)
	if err != nil {
		return err
	}
	if err := e.exec(checks + "=ON"); err != nil {
		return err
	}
	defer func() { _ = e.exec(fmt.Sprintf("%s=%d", checks, were)) }()
	return f()
}

// atomically carries out f in a savepoint, which is a transaction if there is
// none yet.
func (e *exporter) atomically(f func() error) error {
	const savepoint = ExportName
	if err := e.exec("SAVEPOINT " + savepoint); err != nil {
		return err
	}
	err := f()
	if err == nil {
		if err = e.exec("RELEASE " + savepoint); err == nil {
			return nil
		}
	}
	// Where SQLite has rolled back all by itself there is none any more. What
	// could not be committed is not committed empty either.
	if e.exec("ROLLBACK TO "+savepoint) == nil && e.exec("RELEASE "+savepoint) != nil {
		_ = e.exec("ROLLBACK")
	}
	return err
}
