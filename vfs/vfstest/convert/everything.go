package convert

import (
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// everything makes a database in which there is something of each kind.
const everything = `
	PRAGMA user_version = 7; PRAGMA application_id = 4711;
	CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, c REAL DEFAULT 1.5);
	INSERT INTO parent(id, name) VALUES (-5, 'one'), (9007199254740993, 'two'), (3, NULL), (4, NULL);
	CREATE TABLE child(a REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED, b);
	INSERT INTO child VALUES (3, x'00ff'), (12345, 'an orphan');
	CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
	INSERT INTO counted(a) VALUES ('x'), ('y'), ('z'); DELETE FROM counted WHERE a = 'z';
	CREATE TABLE empty(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO empty VALUES (41); DELETE FROM empty;
	CREATE TABLE sparse(a); INSERT INTO sparse(rowid, a) VALUES (5, 'five'), (100, 'hundred'), (-1, 'minus');
	CREATE TABLE descending(id INTEGER PRIMARY KEY DESC, a); INSERT INTO descending(rowid, id) VALUES (8, 1), (9, 2);
	CREATE TABLE shadowing(rowid, _rowid_ TEXT); INSERT INTO shadowing(oid, rowid) VALUES (50, 1), (60, 2);
	CREATE TABLE hiding(rowid, _rowid_, oid); INSERT INTO hiding VALUES (1, 2, 3);
	CREATE TABLE without(a TEXT, b, PRIMARY KEY(b, a)) WITHOUT ROWID; INSERT INTO without VALUES ('k', 2), ('j', 1);
	CREATE TABLE firm(a INT, b TEXT, c ANY) STRICT; INSERT INTO firm VALUES (1, 'x', 2.0), (NULL, NULL, '2.0');
	CREATE TABLE computed(a, b AS (a * 2) STORED, c AS (a || '!'), d); INSERT INTO computed(a, d) VALUES (7, 'd');
	CREATE TABLE checked(a CHECK (a < 10), b NOT NULL ON CONFLICT IGNORE, c UNIQUE ON CONFLICT REPLACE);
	PRAGMA ignore_check_constraints = ON; INSERT INTO checked VALUES (100, 1, 1), (1, 2, 2);
	PRAGMA ignore_check_constraints = OFF;
	CREATE TABLE "select"("from", "a""b", 'x y'); INSERT INTO "select" VALUES (1, 2, 3);
	CREATE TABLE "main.it's ""odd"""([col.umn] DEFAULT 'it''s', ` + "`b`" + `); INSERT INTO "main.it's ""odd""" VALUES (1, 2);
	CREATE TABLE/* here */ "if" /* and there */("exists" DEFAULT /* ( */ ')'); INSERT INTO "if" VALUES ('schlüssel');
	CREATE TABLE IF NOT EXISTS maybe(a DEFAULT "literal"); INSERT INTO maybe DEFAULT VALUES;
	CREATE TABLE said(a CHECK (a <> "nothing")); INSERT INTO said VALUES ('something');
	CREATE TABLE later AS SELECT * FROM parent;
	CREATE TABLE big(id INTEGER PRIMARY KEY, body BLOB, h);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
		INSERT INTO big SELECT i, zeroblob(i * 997 % 40000), hex(i * 7919) FROM n;
	CREATE INDEX byName ON parent(c, name DESC);
	CREATE UNIQUE INDEX one ON parent(name, id);
	CREATE INDEX part ON parent(name) WHERE c > 1;
	CREATE INDEX "ex.pr" ON parent(lower(name), c + 1);
	CREATE INDEX IF NOT EXISTS ondesc ON big(h COLLATE NOCASE);
	CREATE VIEW seen(n) AS SELECT name FROM parent WHERE id > 0;
	CREATE VIEW "odd view" AS SELECT * FROM "select";
	CREATE TABLE log(what);
	CREATE TRIGGER noted AFTER INSERT ON child BEGIN INSERT INTO log VALUES ('a;b'); UPDATE log SET what = what; END;
	CREATE TRIGGER log INSTEAD OF INSERT ON seen BEGIN INSERT INTO parent(name) VALUES (new.n); END;
	CREATE VIRTUAL TABLE found USING fts5(text, tag UNINDEXED, prefix='2');
	INSERT INTO found VALUES ('the quick brown fox', 'a'), ('jumps over', 'b');
	CREATE VIRTUAL TABLE old USING fts3(text); INSERT INTO old(docid, text) VALUES (77, 'the lazy dog');
	CREATE VIRTUAL TABLE place USING rtree(id, x0, x1); INSERT INTO place VALUES (12, 1.0, 2.0);
	ANALYZE;`

// made makes a database of the form with a real build.
func made(t testing.TB, path string, f form, sql string) {
	t.Helper()
	p := peer(t, peers.SQLCipher414, path, f)
	p.MustExec("PRAGMA synchronous = OFF;" + sql)
	p.Quit()
}

// dump is all of a database, as a real build reads it: its schema, the rows of
// every table with their rowids, and what it finds when it looks things up.
func dump(t testing.TB, peerName, path string, f form) string {
	t.Helper()
	p := peer(t, peerName, path, f)
	defer p.Quit()
	switch got := p.MustExec("PRAGMA integrity_check").Text(); got {
	case "ok", "CHECK constraint failed in checked":
	default:
		t.Errorf("integrity_check: %s", got)
	}
	if f.key != "" {
		if got := p.MustExec("PRAGMA cipher_integrity_check").Text(); got != "" && !strings.Contains(got, "HMAC is not enabled") {
			t.Errorf("cipher_integrity_check: %s", got)
		}
	}
	const schema = "SELECT type, name, tbl_name, rootpage > 0, sql FROM sqlite_master ORDER BY type, name;"
	r := p.MustExec(schema + "PRAGMA user_version; PRAGMA application_id; SELECT name, seq FROM sqlite_sequence ORDER BY name")
	out := []string{r.Text()}
	for _, table := range p.MustExec("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name").Results[0].Rows {
		name := `"` + strings.ReplaceAll(table[0].Text, `"`, `""`) + `"`
		columns := "*"
		for _, rowid := range []string{"rowid", "oid"} {
			if r := p.Exec("SELECT " + rowid + " FROM " + name + " LIMIT 1"); r.Code == 0 {
				columns = rowid + ", *"
			}
		}
		rows := strings.Split(p.MustExec("SELECT "+columns+" FROM "+name).Text(), "\n")
		slices.Sort(rows)
		out = append(append(out, name), rows...)
	}
	return strings.Join(out, "\n")
}

// lookups are answers of everything that take an index, a view or a virtual
// table.
const lookups = `
	SELECT name FROM parent INDEXED BY part WHERE name = 'one' AND c > 1;
	SELECT count(*) FROM parent INDEXED BY "ex.pr" WHERE lower(name) = 'two';
	SELECT n FROM seen WHERE n NOT NULL; SELECT text FROM found WHERE found MATCH 'quick'; SELECT docid FROM old WHERE old MATCH 'lazy';
	SELECT id FROM place WHERE x0 > 0.5; INSERT INTO counted(a) VALUES ('next'); SELECT max(id) FROM counted;
	INSERT INTO child VALUES (3, 'triggers'); SELECT what FROM log; INSERT INTO empty DEFAULT VALUES; SELECT id FROM empty;`

const lookedUp = "one\n1\ntwo\nthe quick brown fox\n77\n12\n4\na;b\n42"
