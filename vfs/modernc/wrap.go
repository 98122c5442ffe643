package modernc

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
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
	session *session.Session
}

func newSessionConn(c driver.Conn, s *session.Session) *sessionConn {
	return &sessionConn{engineConn: c.(engineConn), session: s}
}

// Unwrap is the connection of modernc.org/sqlite, for sql.Conn.Raw.
func (c *sessionConn) Unwrap() driver.Conn { return c.engineConn }

func (c *sessionConn) Close() error {
	err := c.engineConn.Close()
	c.session.Close()
	return err
}

// IsValid is of database/sql/driver: a connection whose key was changed by
// another one leaves the pool.
func (c *sessionConn) IsValid() bool { return !c.session.Stale() && c.engineConn.IsValid() }

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

// ResetSession is of database/sql/driver.
func (c *sessionConn) ResetSession(ctx context.Context) error {
	if c.session.Stale() {
		return driver.ErrBadConn
	}
	return c.engineConn.ResetSession(ctx)
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

func (c *sessionConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.session.Begin()
	r, err := c.engineConn.QueryContext(ctx, query, args)
	return rowsOf(c.session, r, err, vfs.Reply{})
}

func (c *sessionConn) Ping(ctx context.Context) error {
	c.session.Begin()
	return explain(c.session, c.engineConn.Ping(ctx))
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
	return rowsOf(s.session, r, err, s.prepared)
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
	session *session.Session
}

// rowsOf are the rows of a query, those of a pragma of ours as it has answered.
func rowsOf(s *session.Session, r driver.Rows, err error, prepared vfs.Reply) (driver.Rows, error) {
	if err != nil {
		return nil, explain(s, err)
	}
	if answer := s.Rows(r, prepared); answer != r {
		return answer, nil
	}
	return &sessionRows{r.(engineRows), s}, nil
}

func (r *sessionRows) Next(dest []driver.Value) error {
	err := r.engineRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return explain(r.session, err)
}

// explain joins an error of the engine with the cause that the VFS told.
func explain(s *session.Session, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	return s.Explain(err, vfs.Code(e.Code()))
}

// codeError is the result code in an error of the engine.
func codeError(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return vfs.Code(e.Code())
	}
	return err
}
