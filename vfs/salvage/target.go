package salvage

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// target is a database that rows are salvaged into.
type target struct {
	ctx  context.Context
	conn driver.Conn

	// The statements of the last rows: those of a table and those without one
	// come by turns at worst.
	table, lost prepared
}

// prepared is a statement to be carried out many times.
type prepared struct {
	sql  string
	stmt driver.Stmt
}

// Begin is of Output.
func (t *target) Begin(h Header) error {
	return t.exec(
		"PRAGMA synchronous = OFF", // the file is synced when it is whole
		"PRAGMA foreign_keys = OFF",
		"PRAGMA ignore_check_constraints = ON",
		"PRAGMA encoding = "+quoteText(h.Encoding),
		fmt.Sprintf("PRAGMA auto_vacuum = %d", h.AutoVacuum),
		"BEGIN",
		fmt.Sprintf("PRAGMA user_version = %d", h.UserVersion),
		fmt.Sprintf("PRAGMA application_id = %d", h.ApplicationID),
		"PRAGMA writable_schema = ON")
}

// Exec is of Output.
func (t *target) Exec(sql string) error { return refused(t.exec(sql)) }

// Insert is of Output.
func (t *target) Insert(table string, columns []string, values []any) error {
	p, into := &t.table, quoteText(table)
	if len(columns) == 0 {
		p = &t.lost
	} else {
		into += "(" + strings.Join(columns, ", ") + ")"
	}
	// What the table itself wants done with a row that it does not like must
	// not happen: it could be to delete another one.
	sql := "INSERT OR ABORT INTO " + into + " VALUES(?" + strings.Repeat(", ?", len(values)-1) + ")"
	if p.sql != sql {
		if err := p.close(); err != nil {
			return err
		}
		stmt, err := t.conn.(driver.ConnPrepareContext).PrepareContext(t.ctx, sql)
		if err != nil {
			return refused(err)
		}
		*p = prepared{sql, stmt}
	}
	args := make([]driver.NamedValue, len(values))
	for i, v := range values {
		args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	_, err := p.stmt.(driver.StmtExecContext).ExecContext(t.ctx, args)
	return refused(err)
}

func (p *prepared) close() (err error) {
	if p.stmt != nil {
		err = p.stmt.Close()
	}
	*p = prepared{}
	return err
}

// End is of Output.
func (t *target) End() error {
	if err := errors.Join(t.table.close(), t.lost.close()); err != nil {
		return err
	}
	return t.exec("PRAGMA writable_schema = OFF", "COMMIT")
}

// Query is of Output.
func (t *target) Query(sql string) (rows [][]string, err error) {
	stmt, err := t.conn.(driver.ConnPrepareContext).PrepareContext(t.ctx, sql)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stmt.Close()) }()
	r, err := stmt.(driver.StmtQueryContext).QueryContext(t.ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	values := make([]driver.Value, len(r.Columns()))
	for {
		if err := r.Next(values); err == io.EOF {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = asText(v)
		}
		rows = append(rows, row)
	}
}

func asText(v driver.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(v, 10)
	case []byte:
		return string(v)
	}
	return fmt.Sprint(v)
}

func (t *target) exec(statements ...string) error {
	for _, sql := range statements {
		if _, err := t.Query(sql); err != nil {
			return err
		}
	}
	return nil
}

// refused tells an error of one statement or row from one that ends everything,
// by the result code.
func refused(err error) error {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return err
	}
	switch coded.Code() & 0xff {
	case 1, 18, 19, 20: // SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH
		return &RefusedError{err}
	}
	return err
}
