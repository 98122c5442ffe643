package modernc

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/sqlite"
)

// engineConn is what a connection of modernc.org/sqlite offers to
// database/sql, and to sql.Conn.Raw beyond that.
type engineConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// sessionConn is a connection whose errors say what the VFS knows of them.
type sessionConn struct {
	engineConn
	session *session
}

func newSessionConn(c driver.Conn, s *session) *sessionConn {
	return &sessionConn{engineConn: c.(engineConn), session: s}
}

// Unwrap is the connection of modernc.org/sqlite, for sql.Conn.Raw.
func (c *sessionConn) Unwrap() driver.Conn { return c.engineConn }

func (c *sessionConn) Close() error {
	err := c.engineConn.Close()
	c.session.close()
	return err
}

func (c *sessionConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *sessionConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.session.begin()
	st, err := c.engineConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, c.session.explain(err)
	}
	return &sessionStmt{engineStmt: st.(engineStmt), session: c.session}, nil
}

func (c *sessionConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *sessionConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.session.begin()
	tx, err := c.engineConn.BeginTx(ctx, o)
	if err != nil {
		return nil, c.session.explain(err)
	}
	return sessionTx{tx, c.session}, nil
}

func (c *sessionConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.session.begin()
	r, err := c.engineConn.ExecContext(ctx, query, args)
	return r, c.session.explain(err)
}

func (c *sessionConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.session.begin()
	return c.session.rows(c.engineConn.QueryContext(ctx, query, args))
}

func (c *sessionConn) Ping(ctx context.Context) error {
	c.session.begin()
	return c.session.explain(c.engineConn.Ping(ctx))
}

type sessionTx struct {
	driver.Tx
	session *session
}

func (t sessionTx) Commit() error {
	t.session.begin()
	return t.session.explain(t.Tx.Commit())
}

func (t sessionTx) Rollback() error {
	t.session.begin()
	return t.session.explain(t.Tx.Rollback())
}

type engineStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type sessionStmt struct {
	engineStmt
	session *session
}

func (s *sessionStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.session.begin()
	r, err := s.engineStmt.ExecContext(ctx, args)
	return r, s.session.explain(err)
}

func (s *sessionStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.session.begin()
	return s.session.rows(s.engineStmt.QueryContext(ctx, args))
}

type engineRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

type sessionRows struct {
	engineRows
	session *session
}

func (s *session) rows(r driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, s.explain(err)
	}
	return &sessionRows{r.(engineRows), s}, nil
}

func (r *sessionRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return r.session.explain(err)
}

// codeError is the result code in an error of the engine.
func codeError(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return vfs.Code(e.Code())
	}
	return err
}
