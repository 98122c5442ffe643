package measure

import (
	"context"
	"fmt"
)

// The workload is that of a pharmacy: one table of articles.
const (
	createTable = `CREATE TABLE artikel(Id INTEGER PRIMARY KEY, PZN TEXT, EVP REAL, HAP REAL,
		ArtikelBez TEXT, ArtikelText TEXT, Hersteller TEXT)`
	insertRows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO artikel SELECT i, printf('%%08d', i * 37), i %% 9000 / 100.0, i %% 7000 / 100.0,
		printf('%%-40.40s', 'Artikel ' || i || ' Filmtabletten 400 mg N2'),
		printf('%%-26.26s', 'Kühl lagern, Charge ' || i), printf('H%%04d', i * 7919 %% 1000) FROM n`
	insertRow = `INSERT INTO artikel(PZN, EVP, HAP, ArtikelBez, ArtikelText, Hersteller)
		VALUES ('99999999', 12.95, 8.5, 'Einzeln', 'Einzeln', 'H0001')`
	update = `UPDATE artikel SET ArtikelText = ArtikelText || ', nicht über 25 Grad, vor Licht schützen' WHERE Id %% %d = 0`
)

// How often the short statements run, to be long enough for the clock.
const (
	queries     = 100
	commits     = 50
	pointReads  = 1000
	connections = 16
	updateEach  = 10
)

// Step is a part of the workload.
type Step struct {
	Name       string `json:"name"`
	Operations int    `json:"operations"`

	before, run, after func(ctx context.Context, l *lane) error // before and after take no time
}

// Steps are the workload on a table of so many rows, in their order.
func Steps(rows int) []Step {
	return []Step{
		{Name: "bulk insert", Operations: rows,
			run: statements("BEGIN", createTable, fmt.Sprintf(insertRows, rows), "COMMIT")},
		{Name: "create index", Operations: 1,
			run: statements("CREATE INDEX artikel_hersteller ON artikel(Hersteller)")},
		{Name: "count by index", Operations: queries,
			run: repeated(queries, func(i int) string {
				return fmt.Sprintf("SELECT count(*) FROM artikel WHERE Hersteller = 'H%04d'", i)
			})},
		{Name: "count by scan", Operations: 1,
			run: statements("SELECT count(*) FROM artikel WHERE EVP > HAP")},
		{Name: "first 10 by index", Operations: queries,
			run: repeated(queries, func(int) string { return "SELECT * FROM artikel ORDER BY Hersteller LIMIT 10" })},
		{Name: "update every tenth row", Operations: rows / updateEach,
			run: statements(fmt.Sprintf(update, updateEach))},
		{Name: "commit a row (DELETE)", Operations: commits,
			before: statements("PRAGMA journal_mode = DELETE"),
			run:    repeated(commits, func(int) string { return insertRow })},
		{Name: "commit a row (WAL)", Operations: commits,
			before: statements("PRAGMA journal_mode = WAL"),
			run:    repeated(commits, func(int) string { return insertRow }),
			after:  statements("PRAGMA journal_mode = DELETE")},
		{Name: "read a row, cold", Operations: pointReads,
			before: reopen, // a connection that has no page
			run: repeated(pointReads, func(i int) string {
				return fmt.Sprintf("SELECT * FROM artikel WHERE Id = %d", i*7919%rows+1)
			})},
		{Name: "open 16 connections", Operations: connections,
			before: closed,
			run:    openMany,
			after:  reopen},
	}
}

// statements runs them one after the other.
func statements(all ...string) func(context.Context, *lane) error {
	return repeated(len(all), func(i int) string { return all[i] })
}

func repeated(n int, statement func(i int) string) func(context.Context, *lane) error {
	return func(ctx context.Context, l *lane) error {
		for i := range n {
			if _, err := l.conn.Run(ctx, statement(i)); err != nil {
				return err
			}
		}
		return nil
	}
}
