package measure

import (
	"context"
	"fmt"
	"strings"
)

// comparison is the workload for engines in processes: a step is one request,
// whatever it does, so that nothing but the engine counts.
func comparison(rows int) []Step {
	few := max(1, min(rows/100, 500)) // commits wait for the disk, now longer and now shorter
	const (
		// The join reads rows one by one from all over the table, by its key.
		reads = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			SELECT sum(length(ArtikelText)) FROM n CROSS JOIN artikel ON Id = i * 7919 %% %d + 1`
		cold, warm = 1000, 20000
	)
	near := min(rows, 250_000) // rows on 20 times as many pages as SQLite's cache has by itself
	reading := func(n, among int) func(context.Context, *lane) error { return statements(fmt.Sprintf(reads, n, among)) }
	longer := func(rest int) func(context.Context, *lane) error {
		return statements(fmt.Sprintf(`UPDATE artikel SET ArtikelText = ArtikelText || ', nicht über 25 Grad, vor Licht schützen'
			WHERE Id %% %d = %d`, updateEach, rest))
	}
	commit := func(journal, synchronous string) Step {
		return Step{Name: "commit, " + journal + ", " + synchronous, Operations: few,
			before: statements("PRAGMA journal_mode = " + journal + "; PRAGMA synchronous = " + synchronous),
			run:    text(few, func(int) string { return insertRow }),
			after:  statements("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE")}
	}
	return []Step{
		{Name: "bulk insert", Operations: rows,
			run: statements("BEGIN;" + createTable + ";" + fmt.Sprintf(insertRows, rows) + "; COMMIT")},
		{Name: "create index", Operations: 1,
			run: statements("CREATE INDEX artikel_hersteller ON artikel(Hersteller)")},
		{Name: "count by index", Operations: queries,
			run: text(queries, func(i int) string {
				return fmt.Sprintf("SELECT count(*) FROM artikel WHERE Hersteller = 'H%04d'", i)
			})},
		{Name: "count by scan", Operations: 1,
			run: statements("SELECT count(*) FROM artikel WHERE EVP > HAP")},
		{Name: "first 10 by index", Operations: queries,
			run: text(queries, func(int) string { return "SELECT * FROM artikel ORDER BY Hersteller LIMIT 10" })},
		{Name: "read a row, cold", Operations: cold, before: reopen, run: reading(cold, rows)},
		{Name: "read a row, warm", Operations: warm, before: inTwentieth(near, rows, reading(warm, near)), run: reading(warm, near), after: reopen},
		{Name: "update each tenth, DELETE", Operations: rows / updateEach, run: longer(0)},
		{Name: "update each tenth, WAL", Operations: rows / updateEach,
			before: statements("PRAGMA journal_mode = WAL"), run: longer(5)},
		{Name: "checkpoint of that", Operations: 1,
			run: statements("PRAGMA wal_checkpoint(TRUNCATE)"), after: statements("PRAGMA journal_mode = DELETE")},
		commit("DELETE", "FULL"),
		commit("DELETE", "NORMAL"),
		commit("WAL", "FULL"),
		commit("WAL", "NORMAL"),
		{Name: "an empty request", Operations: 1, run: statements(";"),
			after: statements("SELECT count(*), sum(length(ArtikelText)) FROM artikel")}, // by which all must agree
	}
}

// text is one request of n statements.
func text(n int, statement func(i int) string) func(context.Context, *lane) error {
	var all []string
	for i := range n {
		all = append(all, statement(i))
	}
	return statements(strings.Join(all, ";"))
}

// inTwentieth runs it with a page cache of a twentieth of the part of the database
// that so many of its rows take.
func inTwentieth(near, rows int, run func(context.Context, *lane) error) func(context.Context, *lane) error {
	return func(ctx context.Context, l *lane) error {
		r, err := l.conn.(processConn).do("exec", "PRAGMA page_count")
		if err != nil {
			return err
		}
		var pages int
		if _, err := fmt.Sscan(r.Text(), &pages); err != nil {
			return err
		}
		if _, err := l.conn.Run(ctx, fmt.Sprintf("PRAGMA cache_size = %d", max(10, pages*near/rows/20))); err != nil {
			return err
		}
		return run(ctx, l)
	}
}
