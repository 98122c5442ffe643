package interop

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// script makes up SQL, one statement after the other. Each query sorts, so that
// its rows have one order.
type script struct {
	rnd    *rand.Rand
	tables int // made at first: t1, t2, ...
	begun  bool
	points int // savepoints open
}

func newScript(rnd *rand.Rand) *script { return &script{rnd: rnd} }

// restart is for a connection that was closed.
func (s *script) restart() { s.begun, s.points = false, 0 }

func (s *script) number(below int) int { return s.rnd.IntN(below) }

const tableCount = 7

func (s *script) table() string { return fmt.Sprintf("t%d", 1+s.number(tableCount)) }

func (s *script) pick(texts ...string) string { return texts[s.number(len(texts))] }

// next is the next statement.
func (s *script) next() string {
	if s.tables < tableCount {
		s.tables++
		return s.create(fmt.Sprintf("t%d", s.tables))
	}
	switch n := s.number(100); {
	case n < 4:
		return s.create(s.table()) // one that a rollback has taken
	case n < 30:
		return s.insert()
	case n < 45:
		return s.update()
	case n < 52:
		return s.remove()
	case n < 78:
		return s.query()
	case n < 90:
		return s.transaction()
	case n < 96:
		return s.schema()
	}
	return s.maintenance()
}

func (s *script) create(t string) string {
	t = "IF NOT EXISTS " + t
	return s.pick(
		"CREATE TABLE "+t+"(a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL DEFAULT 1.5)",
		"CREATE TABLE "+t+"(a INTEGER, b TEXT, c BLOB, d REAL, PRIMARY KEY(a, b)) WITHOUT ROWID",
		"CREATE TABLE "+t+"(a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT COLLATE NOCASE, c BLOB UNIQUE, d REAL CHECK(d IS NULL OR d < 5000))",
		"CREATE TABLE "+t+"(a, b TEXT NOT NULL DEFAULT 'none', c, d, f AS (length(b) * 0.5) STORED)",
		"CREATE VIRTUAL TABLE "+t+" USING fts5(a, b, c, d)",
	)
}

// count is a number of rows, mostly small.
func (s *script) count() int {
	if s.number(8) == 0 {
		return 100 + s.number(150)
	}
	return 1 + s.number(20)
}

func (s *script) insert() string {
	from := s.number(2000)
	columns, values := "(a, b, c, d)", "i, 'name ' || (i*7919 % 1000), zeroblob(i*31 % "+s.pick("40", "300", "9000")+"), i / 3.0"
	if s.number(4) == 0 {
		columns, values = "(a, b, c)", "i, 'v' || i, i || hex(i*i)"
	}
	return fmt.Sprintf("INSERT %sINTO %s%s WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i+1 FROM n LIMIT %d) SELECT %s FROM n",
		s.pick("", "OR REPLACE ", "OR IGNORE ", "OR ABORT ", "OR FAIL "), s.table(), columns, from, s.count(), values)
}

func (s *script) where() string {
	n := s.number(2000)
	return s.pick(
		fmt.Sprintf("a = %d", n),
		fmt.Sprintf("a BETWEEN %d AND %d", n, n+s.number(300)),
		fmt.Sprintf("b LIKE 'name %d%%'", n%10),
		fmt.Sprintf("length(c) > %d", n),
		fmt.Sprintf("a IN (SELECT a FROM %s WHERE d < %d)", s.table(), n),
	)
}

func (s *script) update() string {
	return fmt.Sprintf("UPDATE %s%s SET %s WHERE %s", s.pick("", "OR IGNORE ", "OR REPLACE "), s.table(),
		s.pick("b = b || 'x'", "c = zeroblob(length(c) + 900)", "b = upper(b), c = hex(c)", "a = a + 1", "c = substr(c, 1, 10)"), s.where())
}

func (s *script) remove() string {
	return fmt.Sprintf("DELETE FROM %s WHERE %s", s.table(), s.where()) + s.pick("", "", " RETURNING a")
}

func (s *script) query() string {
	t, u := s.table(), s.table()
	return s.pick(
		"SELECT count(*), sum(a), min(b), max(b), sum(length(c)) FROM "+t,
		"SELECT a, b, length(c) FROM "+t+" WHERE "+s.where()+" ORDER BY a, b, length(c) LIMIT 20",
		"SELECT x.a, x.b, y.b FROM "+t+" x JOIN "+u+" y ON x.a = y.a ORDER BY 1, 2, 3 LIMIT 15",
		"SELECT substr(b, 1, 6) AS k, count(*) FROM "+t+" GROUP BY k ORDER BY k LIMIT 30",
		"SELECT a, sum(length(b)) OVER (ORDER BY a, b ROWS 3 PRECEDING) FROM "+t+" ORDER BY 1, 2 LIMIT 10",
		"SELECT a FROM "+t+" EXCEPT SELECT a FROM "+u+" ORDER BY 1 LIMIT 40",
		"SELECT DISTINCT b FROM "+t+" UNION SELECT b FROM "+u+" ORDER BY 1 DESC LIMIT 12",
		"SELECT rowid, b FROM "+t+" WHERE b > 'name 5' ORDER BY b, rowid LIMIT 9",
		"SELECT count(*), sum(x.d > 100) FROM "+t+" x WHERE EXISTS (SELECT 1 FROM "+u+" y WHERE y.a = x.a + 1)",
		"SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name",
	)
}

func (s *script) transaction() string {
	switch {
	case s.points > 0 && s.number(2) == 0:
		end := s.pick("RELEASE", "ROLLBACK TO") + fmt.Sprintf(" s%d", s.points)
		if strings.HasPrefix(end, "RELEASE") {
			s.points--
		}
		return end
	case s.begun && s.number(2) == 0:
		s.begun, s.points = false, 0
		return s.pick("COMMIT", "COMMIT", "ROLLBACK")
	case s.begun:
		s.points++
		return fmt.Sprintf("SAVEPOINT s%d", s.points)
	}
	s.begun = true
	return s.pick("BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE")
}

func (s *script) schema() string {
	t := s.table()
	return s.pick(
		fmt.Sprintf("CREATE INDEX i%d ON %s(b, a)", s.number(1000), t),
		fmt.Sprintf("CREATE INDEX i%d ON %s(length(b)) WHERE a > 100", s.number(1000), t),
		fmt.Sprintf("ALTER TABLE %s ADD COLUMN e%d DEFAULT 'e'", t, s.number(50)),
		fmt.Sprintf("CREATE VIEW v%d AS SELECT a, b FROM %s", s.number(1000), t),
		fmt.Sprintf("CREATE TRIGGER IF NOT EXISTS g%d AFTER DELETE ON %s BEGIN UPDATE %s SET b = b || '-' WHERE a = old.a; END", s.number(3), t, s.table()),
		"DROP TABLE IF EXISTS "+t+"; CREATE TABLE "+t+"(a, b, c, d)",
		fmt.Sprintf("CREATE TEMP TABLE m%d AS SELECT * FROM %s", s.number(1000), t),
	)
}

// freePages has a row for each page that it frees: those of an encrypted
// database hold less.
const freePages = "PRAGMA incremental_vacuum(3)"

func (s *script) maintenance() string {
	return s.pick("VACUUM", "REINDEX", "ANALYZE", "PRAGMA integrity_check", freePages,
		fmt.Sprintf("PRAGMA user_version=%d", s.number(1000)), "PRAGMA user_version", "PRAGMA quick_check",
		"PRAGMA cache_size=5", "PRAGMA cache_size=200", "PRAGMA foreign_key_check")
}
