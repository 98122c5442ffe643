package convert

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestExport exports a database that a real build has made, in which there is
// something of each kind, from each form to each other. A real build then finds
// in the copy all that is in the source.
func (e Engine) TestExport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source, target form
		peer           string // reads the copy too
	}{
		{inClear, phrase, peers.SQLCipher455},
		{phrase, inClear, peers.SQLitePlain},
		{level4, large, peers.SQLCipher455},
		{level3, level4, peers.SQLCipher455},
		{level1, phrase, peers.SQLCipher455},
		{level4, level3, peers.SQLCipher455},
		{inClear, inClear, peers.SQLitePlain},
		{large, level1, peers.SQLCipher455},
	} {
		for _, d := range doors {
			t.Run(c.source.name+" to "+c.target.name+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
				made(t, source, c.source, everything)
				db := d.one(e, t, source, c.source)
				c.target.attach(t, db, target, `"a ""copy"`)
				want(t, db, "", `SELECT sqlcipher_export('A "Copy')`)
				// What is no table is there without a new ATTACH.
				want(t, db, "two", `SELECT n FROM "a ""copy".seen WHERE n = 'two'`)
				want(t, db, "4711", `PRAGMA "a ""copy".application_id`)
				if e.Modules {
					want(t, db, "the quick brown fox", `SELECT text FROM "a ""copy".found('quick')`)
					want(t, db, "12", `SELECT id FROM "a ""copy".place WHERE x0 > 0.5`)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				only(t, dir, "source.db", "target.db")
				if isClear(t, target) != (c.target.key == "") {
					t.Errorf("in clear: %v", isClear(t, target))
				}
				for _, name := range []string{peers.SQLCipher414, c.peer} {
					if got, want := dump(t, name, target, c.target), dump(t, peers.SQLCipher414, source, c.source); got != want {
						t.Errorf("%s: the copy differs\n%s\nnot\n%s", name, got, want)
					}
				}
				p := peer(t, peers.SQLCipher414, target, c.target)
				if got := p.MustExec(lookups).Text(); got != lookedUp {
					t.Errorf("found %q, want %q", got, lookedUp)
				}
			})
		}
	}
}

// TestExportFails has an export fail half-way: nothing is copied, and what the
// caller did before in the same transaction stays.
func (e Engine) TestExportFails(t *testing.T) {
	t.Parallel()
	const edit = "INSERT INTO said VALUES (NULL); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, "
	for _, d := range doors {
		for _, c := range []struct {
			name, inSource, inTarget string
			text                     string // of the error
			code                     int
		}{
			{"a table is there", "", "CREATE TABLE copy.maybe2(x); CREATE TABLE copy.later(x)", "table later already exists", 1},
			{"an index is there", "CREATE INDEX taken ON later(id)", "CREATE TABLE copy.other(x); CREATE INDEX copy.taken ON other(x)", "index taken already exists", 1},
			{"a view is there", "", "CREATE VIEW copy.Seen AS SELECT 1", "view seen already exists", 1},
			{"a table is where a view was", "", "CREATE TABLE copy.seen(x)", "table seen already exists", 1},
			{"a trigger is there", "", "CREATE TABLE copy.other(x); CREATE TRIGGER copy.noted AFTER INSERT ON other BEGIN SELECT 1; END", "trigger noted already exists", 1},
			{"a row that does not fit", edit + "'CHECK (a <> \"nothing\")', 'NOT NULL ON CONFLICT IGNORE') WHERE name = 'said'", "", "NOT NULL constraint failed: said.a", 19},
			{"a function that there is not", edit + "'a * 2', 'nosuch(a)') WHERE name = 'computed'", "", "no such function: nosuch", 1},
		} {
			t.Run(c.name+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
				made(t, source, level4, everything+c.inSource)
				db := d.one(e, t, source, level4)
				phrase.attach(t, db, target, "copy")
				must(t, db, "CREATE TABLE copy.before(x);"+c.inTarget)
				const schema = "SELECT group_concat(name) FROM (SELECT name FROM copy.sqlite_schema ORDER BY name)"
				before := row(t, db, schema)
				e.fails(t, db, c.code, c.text, "SELECT sqlcipher_export('copy')")
				want(t, db, before, schema)
				must(t, db, "BEGIN; INSERT INTO copy.before VALUES (1)")
				e.fails(t, db, c.code, c.text, "SELECT sqlcipher_export('copy')")
				must(t, db, "INSERT INTO copy.before VALUES (2); COMMIT")
				want(t, db, before, schema)
				want(t, db, "2", "SELECT count(*) FROM copy.before")
				want(t, db, "0", "PRAGMA copy.user_version")
				want(t, db, "ok", "PRAGMA copy.integrity_check")
			})
		}
	}
}
