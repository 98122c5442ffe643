package vfstest

import (
	"context"
	"database/sql"
	"testing"
)

// Snapshots reads forward through one connection, part of a table at a time, while
// another one writes all of it and copies the log into the database: each read sees
// the state that its transaction began with, and the next transaction the new one.
// The databases are two connections to one file, with one connection each.
func Snapshots(t *testing.T, reader, writer *sql.DB) {
	const rows, perPage = 400, 4
	ctx := t.Context()
	conn, err := reader.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	do := func(db interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
	}, query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	want := func(what string, version, rows int) {
		t.Helper()
		var least, most, n int
		const query = "SELECT min(v), max(v), count(*) FROM (SELECT v FROM t LIMIT ?)"
		if err := conn.QueryRowContext(ctx, query, rows).Scan(&least, &most, &n); err != nil {
			t.Fatal(err)
		}
		if least != version || most != version || n != rows {
			t.Fatalf("%s: %d rows of the versions %d to %d, want %d of %d", what, n, least, most, rows, version)
		}
	}
	do(writer, "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, filler BLOB)")
	do(writer, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < ?)
		INSERT INTO t SELECT i, 0, zeroblob(900) FROM n`, rows)
	do(conn, "PRAGMA cache_size = 10")
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		t.Fatal(err)
	}
	for round := range 25 {
		do(writer, "PRAGMA wal_checkpoint(TRUNCATE)")
		part := (1 + 3*round) * perPage
		want("part of the table", round, part)
		do(writer, "UPDATE t SET v = ?", round+1)
		do(writer, "PRAGMA wal_checkpoint(TRUNCATE)")
		want("after a write and a checkpoint", round+1, rows)
		if mode != "wal" {
			continue
		}
		do(conn, "BEGIN")
		want("part of the table in a transaction", round+1, part)
		do(writer, "UPDATE t SET v = ?", 1000)
		do(writer, "PRAGMA wal_checkpoint(PASSIVE)")
		want("rest of it", round+1, rows)
		do(writer, "UPDATE t SET v = ?", round+1)
		do(writer, "PRAGMA wal_checkpoint(PASSIVE)")
		want("once more", round+1, rows)
		do(conn, "COMMIT")
	}
}
