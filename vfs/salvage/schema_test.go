package salvage_test

import (
	"bytes"
	"strings"
	"testing"
)

// TestSchema salvages all kinds of tables, intact, and compares the rows.
func TestSchema(t *testing.T) {
	t.Parallel()
	const sql = `
CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
INSERT INTO counted(a) VALUES('x'), ('y');DELETE FROM counted WHERE id = 2;
CREATE TABLE computed(a, b AS (a || '!'), c AS (a || '?') STORED, d);
INSERT INTO computed(a, d) VALUES('x', 'last');
CREATE TABLE later(a);INSERT INTO later VALUES(1);ALTER TABLE later ADD COLUMN b DEFAULT 'added';
CREATE TABLE ordered(a, b, c, d, PRIMARY KEY(c, a)) WITHOUT ROWID;
INSERT INTO ordered VALUES(1, 2, 3, 4), (5, 6, 7, 8);
CREATE TABLE named(_rowid_, oid);INSERT INTO named(rowid, _rowid_, oid) VALUES(77, 'a', 'b');
CREATE TABLE downward(k INTEGER PRIMARY KEY DESC, v);INSERT INTO downward(rowid, k, v) VALUES(5, 9, 'v');
CREATE TABLE strict(a INT, b TEXT) STRICT;INSERT INTO strict VALUES(1, 'x');
CREATE TABLE "a ""name" ("a 'column", "b""c");INSERT INTO "a ""name" VALUES(1, 2);
CREATE TABLE kinds(a);INSERT INTO kinds VALUES(NULL), (0), (1), (-1), (127), (-32769), (8388608), (2147483648), (-140737488355329),
	(9223372036854775807), (1.5), (-1e300), (9e999), (x''), (x'00ff'), (''), ('a' || char(0) || 'b');
CREATE TABLE checked(a);INSERT INTO checked VALUES(-1);
PRAGMA writable_schema=ON;UPDATE sqlite_master SET sql='CREATE TABLE checked(a CHECK(a > 0))' WHERE name='checked';PRAGMA writable_schema=OFF;
CREATE TABLE parent(id PRIMARY KEY);CREATE TABLE child(p REFERENCES parent);INSERT INTO child VALUES('nobody');
CREATE VIRTUAL TABLE words USING fts5(body);INSERT INTO words VALUES('some words'), ('and more words');
CREATE TABLE seen(a);CREATE TRIGGER see AFTER INSERT ON counted BEGIN INSERT INTO seen VALUES(new.a); END;
PRAGMA user_version=42;PRAGMA application_id=-7;
ANALYZE;
`
	const query = `SELECT * FROM counted;SELECT * FROM sqlite_sequence;SELECT * FROM computed;SELECT * FROM later;
SELECT * FROM ordered;SELECT rowid, * FROM named;SELECT rowid, * FROM downward;SELECT * FROM strict;SELECT * FROM "a ""name";
SELECT rowid, typeof(a), quote(a), hex(a) FROM kinds;SELECT * FROM checked;SELECT * FROM child;
SELECT rowid, * FROM words WHERE words MATCH 'words';SELECT count(*) FROM seen;SELECT * FROM sqlite_stat1 ORDER BY 1, 2;
SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name;PRAGMA user_version;PRAGMA application_id;PRAGMA encoding;`
	for _, f := range []form{forms[0], forms[6]} {
		db := f.made(t, sql)
		p := f.make(t, write(t, db), "")
		want := p.MustExec(query).Text()
		target, report := f.salvaged(t, db)
		if !report.Complete() {
			t.Errorf("%s: %s", f.name, said(report))
		}
		r := f.reader(t)
		r.MustOpen(target)
		r.MustExec(`PRAGMA key="` + rawKey + `"`)
		if got := r.MustExec(query).Text(); got != want {
			t.Errorf("%s: the new database has\n%s, want\n%s", f.name, got, want)
		}
		if got := r.MustExec("INSERT INTO counted(a) VALUES('z');SELECT max(id) FROM counted;SELECT * FROM seen").Text(); got != "3\nz" {
			t.Errorf("%s: after a new row there is %q", f.name, got)
		}
	}
}

// TestRefused is about rows that their table does not take: those are in
// lost_and_found then.
func TestRefused(t *testing.T) {
	t.Parallel()
	f := forms[8]
	db := f.made(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE ON CONFLICT REPLACE, b NOT NULL);CREATE TABLE lost_and_found(a);
		INSERT INTO t VALUES(1, 'aa', 'x'), (2, 'ab', zeroblob(3000)), (3, 'ac', 'z');`)
	twice := bytes.Replace(db, []byte("acz"), []byte("aaz"), 1)
	target, report := f.salvaged(t, twice[:len(twice)-1024]) // without the end of the blob
	r := f.reader(t)
	r.MustOpen(target)
	if got := r.MustExec("SELECT id, a, quote(b) FROM t").Text(); got != "1|aa|'x'" {
		t.Errorf("the table has %q", got)
	}
	const want = "3|2||ab|\n3|3||aa|z"
	if got := r.MustExec("SELECT nfield, id, c0, c1, c2 FROM lost_and_found_0").Text(); got != want {
		t.Errorf("lost_and_found has %q, want %q", got, want)
	}
	if table := report.Tables[0]; table.Rows != 1 || table.Refused != 2 || report.LostAndFound.Name != "lost_and_found_0" || report.Complete() {
		t.Error(said(report))
	}
}

// TestSchemaLost is about entries of the schema that cannot be made: the rows of
// such a table are in lost_and_found.
func TestSchemaLost(t *testing.T) {
	t.Parallel()
	f := forms[8]
	db := f.made(t, "CREATE TABLE first(a);INSERT INTO first VALUES('kept');CREATE TABLE second(b);INSERT INTO second VALUES('found');CREATE VIEW third AS SELECT 1;")
	db = bytes.Replace(db, []byte("CREATE TABLE second"), []byte("CREATE TABLE 2econd"), 1)
	db = bytes.Replace(db, []byte("CREATE VIEW third"), []byte("CREATE VIEW first"), 1)
	target, report := f.salvaged(t, db)
	r := f.reader(t)
	r.MustOpen(target)
	if got := r.MustExec("SELECT * FROM first;SELECT id, c0 FROM lost_and_found").Text(); got != "kept\n1|found" {
		t.Errorf("there is %q", got)
	}
	if len(report.Schema) != 2 || !strings.HasPrefix(report.Schema[0], "table second: ") || !strings.HasPrefix(report.Schema[1], "view third: ") || report.Complete() {
		t.Error(said(report))
	}
}
