package convert

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"strconv"

	"github.com/pageseal/pageseal/compat"
)

// Database is a file that is converted, or what becomes of it.
type Database struct {
	// Path of the file.
	Path string
	// Key of the database; the zero value where it is not encrypted. It stays
	// the caller's.
	Key compat.Keyspec
	// Settings of the encryption. The zero value stands for the defaults of the
	// process.
	Settings compat.Settings
}

// Opener opens a connection to a database, as the function Open of an adapter
// does. It says what is wrong by the errors of package compat.
type Opener func(ctx context.Context, db Database) (driver.Conn, error)

// conn is a connection of a driver.
type conn struct {
	driver.Conn
	ctx context.Context
}

func (open Opener) conn(ctx context.Context, db Database) (*conn, error) {
	c, err := open(ctx, db)
	if err != nil {
		return nil, err
	}
	return &conn{c, ctx}, nil
}

// query carries out one statement and returns its rows as text.
func (c *conn) query(sql string, args ...string) (rows [][]string, err error) {
	err = c.each(func(values []driver.Value) error {
		row := make([]string, len(values))
		for i, v := range values {
			if row[i], err = text(v); err != nil {
				return err
			}
		}
		rows = append(rows, row)
		return nil
	}, sql, args...)
	return rows, err
}

// each carries out one statement and hands on its rows, one at a time.
func (c *conn) each(f func(row []driver.Value) error, sql string, args ...string) (err error) {
	st, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(c.ctx, sql)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.Close()) }()
	var values []driver.NamedValue
	for i, arg := range args {
		values = append(values, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return eachRow(c.ctx, st, values, f)
}

// eachRow does that for a statement.
func eachRow(ctx context.Context, st driver.Stmt, args []driver.NamedValue, f func(row []driver.Value) error) (err error) {
	r, err := st.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = first(err, r.Close()) }()
	dest := make([]driver.Value, len(r.Columns()))
	for {
		switch err := r.Next(dest); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		if err := f(dest); err != nil {
			return err
		}
	}
}

// first is the first of several errors: drivers tell one again when they close.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func text(v driver.Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("convert: a value of type %T", v)
}

func (c *conn) exec(statements ...string) error {
	for _, sql := range statements {
		if _, err := c.query(sql); err != nil {
			return err
		}
	}
	return nil
}

// value is the first one that a statement returns, empty if there is none.
func (c *conn) value(sql string) (string, error) {
	rows, err := c.query(sql)
	if err != nil || len(rows) == 0 || len(rows[0]) == 0 {
		return "", err
	}
	return rows[0][0], nil
}
