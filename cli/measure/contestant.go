// Package measure runs one workload on several engines in turn and compares how
// long they take. It knows no engine: contestants bring them.
package measure

import (
	"context"
	"database/sql"
	"errors"
)

// Contestant is an engine, or one way to set it up.
type Contestant interface {
	// Name is what tables call it.
	Name() string
	// Open is the database in a file, which need not be there yet.
	Open(path string) (Pool, error)
}

// Pool gives connections to one database.
type Pool interface {
	// Conn opens a connection, if none has been given back.
	Conn(ctx context.Context) (Conn, error)
	Close() error
}

// Conn is a connection.
type Conn interface {
	// Run runs a statement to its end and returns how many rows that gave.
	Run(ctx context.Context, statement string) (rows int, err error)
	// Close gives the connection back to its pool.
	Close() error
}

// SQL is a contestant of database/sql.
func SQL(name string, open func(path string) (*sql.DB, error)) Contestant {
	return sqlContestant{name, open}
}

type sqlContestant struct {
	name string
	open func(path string) (*sql.DB, error)
}

func (c sqlContestant) Name() string { return c.name }

func (c sqlContestant) Open(path string) (Pool, error) {
	db, err := c.open(path)
	if err != nil {
		return nil, err
	}
	return sqlPool{db}, nil
}

type sqlPool struct{ db *sql.DB }

func (p sqlPool) Conn(ctx context.Context) (Conn, error) {
	c, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return sqlConn{c}, nil
}

func (p sqlPool) Close() error { return p.db.Close() }

type sqlConn struct{ conn *sql.Conn }

func (c sqlConn) Run(ctx context.Context, statement string) (n int, err error) {
	rows, err := c.conn.QueryContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (c sqlConn) Close() error { return c.conn.Close() }
