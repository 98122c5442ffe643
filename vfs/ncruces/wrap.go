package ncruces

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
)

// engineConn is what a connection of the engine's driver offers to
// database/sql, and to sql.Conn.Raw beyond that.
type engineConn interface {
	sqlite.Conn
	driver.ExecerContext
	driver.NamedValueChecker
}

// sessionConn is a connection whose errors say what the VFS knows of them.
type sessionConn struct {
	engineConn
	session *session.Session
}

var _ sqlite.Conn = (*sessionConn)(nil)

func (c *sessionConn) Close() error {
	err := c.engineConn.Close()
	c.session.Close()
	return err
}

// Rekey changes the key of the main database as PRAGMA rekey does. The key is in
// no statement, and stays the caller's. Reach it by sql.Conn.Raw.
func (c *sessionConn) Rekey(ctx context.Context, key compat.Keyspec) error {
	return c.session.Lend(key, func(text string) error {
		_, err := c.ExecContext(ctx, "PRAGMA main.rekey = '"+text+"'", nil)
		return err
	})
}

// Pages reads the file of the main database below SQLite, see [vfs.MainDB.Pages].
func (c *sessionConn) Pages(size int) (*vfs.Pages, error) { return c.session.Pages(size) }

// ResetSession is of database/sql/driver: a connection whose key was changed by
// another one leaves the pool.
func (c *sessionConn) ResetSession(ctx context.Context) error {
	if c.session.Stale() {
		return driver.ErrBadConn
	}
	if r, ok := c.engineConn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *sessionConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *sessionConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.session.Begin()
	st, err := c.engineConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, explain(c.session, err)
	}
	return &sessionStmt{st.(engineStmt), c.session, c.session.Answered()}, nil
}

func (c *sessionConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *sessionConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.session.Begin()
	tx, err := c.engineConn.BeginTx(ctx, o)
	if err != nil {
		return nil, explain(c.session, err)
	}
	return sessionTx{tx, c.session}, nil
}

func (c *sessionConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.session.Begin()
	r, err := c.engineConn.ExecContext(ctx, query, args)
	return r, explain(c.session, err)
}

type sessionTx struct {
	driver.Tx
	session *session.Session
}

func (t sessionTx) Commit() error {
	t.session.Begin()
	return explain(t.session, t.Tx.Commit())
}

func (t sessionTx) Rollback() error {
	t.session.Begin()
	return explain(t.session, t.Tx.Rollback())
}

type engineStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

type sessionStmt struct {
	engineStmt
	session  *session.Session
	prepared vfs.Reply // of a pragma, given when it was prepared
}

func (s *sessionStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.session.Begin()
	r, err := s.engineStmt.ExecContext(ctx, args)
	return r, explain(s.session, err)
}

func (s *sessionStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.session.Begin()
	r, err := s.engineStmt.QueryContext(ctx, args)
	if err != nil {
		return nil, explain(s.session, err)
	}
	if answer := s.session.Rows(r, s.prepared); answer != r {
		return answer, nil
	}
	return &sessionRows{engineRows: r.(engineRows), session: s.session}, nil
}

type engineRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypeScanType
}

type sessionRows struct {
	engineRows
	session *session.Session
}

func (r *sessionRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return explain(r.session, err)
}

func (r *sessionRows) Close() error { return explain(r.session, r.engineRows.Close()) }

// explain joins an error of the engine with the cause that the VFS told.
func explain(s *session.Session, err error) error {
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return err
	}
	return s.Explain(err, vfs.Code(code))
}
