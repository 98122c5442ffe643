package ncruces

import (
	"context"
	"database/sql/driver"
	"io"

	sqlite "github.com/ncruces/go-sqlite3/driver"
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
	session *session
}

var _ sqlite.Conn = (*sessionConn)(nil)

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
	driver.NamedValueChecker
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
	r, err := s.engineStmt.QueryContext(ctx, args)
	if err != nil {
		return nil, s.session.explain(err)
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
	session *session
}

func (r *sessionRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return r.session.explain(err)
}

func (r *sessionRows) Close() error { return r.session.explain(r.engineRows.Close()) }
