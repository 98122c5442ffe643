package convert

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestExportState exports within a transaction, and finds the connection after
// it as it was before.
func (e Engine) TestExportState(t *testing.T) {
	t.Parallel()
	for _, d := range doors {
		for _, state := range []string{"ON", "OFF"} {
			t.Run(d.name+"/"+state, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
				made(t, source, level3, everything)
				db := d.one(e, t, source, level3)
				inClear.attach(t, db, target, "copy")
				pragmas := []string{"foreign_keys", "ignore_check_constraints", "writable_schema", "recursive_triggers"}
				for _, p := range pragmas {
					must(t, db, "PRAGMA "+p+" = "+state)
				}
				must(t, db, "CREATE TEMP TABLE spy(x); CREATE TABLE copy.mine(id INTEGER PRIMARY KEY AUTOINCREMENT)")
				must(t, db, "INSERT INTO copy.mine VALUES (7); INSERT INTO copy.sqlite_sequence VALUES ('counted', 99)")
				const counters = "SELECT changes() || ' ' || total_changes() || ' ' || last_insert_rowid()"
				must(t, db, "BEGIN; INSERT INTO temp.spy(rowid) VALUES (55), (56)")
				before := row(t, db, counters)
				want(t, db, "", "SELECT sqlcipher_export('copy')")
				want(t, db, before, counters)
				for _, p := range pragmas {
					want(t, db, map[string]string{"ON": "1", "OFF": "0"}[state], "PRAGMA "+p)
				}
				must(t, db, "ROLLBACK")
				want(t, db, "mine,sqlite_sequence", "SELECT group_concat(name) FROM copy.sqlite_schema")
				want(t, db, "0", "SELECT count(*) FROM temp.spy")
				must(t, db, "BEGIN")
				want(t, db, "", "SELECT sqlcipher_export('copy', 'main')")
				must(t, db, "COMMIT")
				want(t, db, "3", "SELECT seq FROM copy.sqlite_sequence WHERE name = 'counted'")
				want(t, db, "7", "SELECT seq FROM copy.sqlite_sequence WHERE name = 'mine'")
				want(t, db, "2", "SELECT count(*) FROM copy.child")
			})
		}
	}
}

// TestExportStrict exports from a connection that lets SQL do less than usual.
func (e Engine) TestExportStrict(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	made(t, filepath.Join(dir, "source.db"), level4, everything)
	db := e.Defensive(t, level4.uri(filepath.Join(dir, "source.db")))
	db.SetMaxOpenConns(1)
	defer db.Close()
	inClear.attach(t, db, filepath.Join(dir, "target.db"), "copy")
	want(t, db, "", "SELECT sqlcipher_export('copy')")
	want(t, db, "two", "SELECT n FROM copy.seen WHERE n NOT NULL")
	e.fails(t, db, 1, "may not be modified", "DELETE FROM copy.sqlite_schema")
	e.fails(t, db, 1, "nosuch", `SELECT count("nosuch") FROM copy.said`)
}

// TestExportElsewhere exports while others have the target open: one that has
// read its schema sees what has come, and one that reads keeps the export from
// being committed.
func (e Engine) TestExportElsewhere(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"delete", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			source, target := filepath.Join(dir, "source.db"), filepath.Join(dir, "target.db")
			made(t, source, level4, "CREATE VIEW v AS SELECT 'there' AS a")
			made(t, target, phrase, "PRAGMA journal_mode = "+mode+"; CREATE TABLE mine(a)")
			db := doors[0].one(e, t, source, level4)
			phrase.attach(t, db, target, "copy")
			must(t, db, "PRAGMA busy_timeout = 0")
			other := peer(t, peers.SQLCipher414, target, phrase)
			other.MustExec("BEGIN; SELECT * FROM mine")
			if mode == "delete" {
				e.fails(t, db, 5, "database is locked", "SELECT sqlcipher_export('copy')")
				want(t, db, "mine", "SELECT group_concat(name) FROM copy.sqlite_schema")
				must(t, db, "BEGIN; ROLLBACK") // none was left open
				other.MustExec("COMMIT")
			}
			want(t, db, "", "SELECT sqlcipher_export('copy')")
			if mode == "wal" {
				other.MustExec("COMMIT")
			}
			if got := other.MustExec("SELECT a FROM v").Text(); got != "there" {
				t.Errorf("the other connection sees %q", got)
			}
		})
	}
}

// TestExportArguments calls the function in ways that it refuses.
func (e Engine) TestExportArguments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := doors[1].one(e, t, filepath.Join(dir, "source.db"), level4)
	must(t, db, "CREATE TABLE t(a); CREATE VIEW v AS SELECT sqlcipher_export('main')")
	inClear.attach(t, db, filepath.Join(dir, "target.db"), "copy")
	want(t, db, "", "SELECT sqlcipher_export('temp')")
	must(t, db, "DROP TABLE temp.t; DROP VIEW temp.v; INSERT INTO t VALUES (1)")
	for _, c := range []struct{ text, query string }{
		{"invalid number of arguments (0) passed to sqlcipher_export", "SELECT sqlcipher_export()"},
		{"invalid number of arguments (3) passed to sqlcipher_export", "SELECT sqlcipher_export(1, 2, 3)"},
		{"target database can't be NULL", "SELECT sqlcipher_export(NULL)"},
		{"target database can't be NULL", "SELECT sqlcipher_export('copy', NULL)"},
		{"unknown database nowhere", "SELECT sqlcipher_export('nowhere')"},
		{"unknown database 1", "SELECT sqlcipher_export(1)"},
		{"SQL logic error", "SELECT sqlcipher_export('copy', 'nowhere')"},
		{"table t already exists", "SELECT sqlcipher_export('main')"},
		{"unsafe use of sqlcipher_export()", "SELECT * FROM v"},
	} {
		e.fails(t, db, 1, c.text, c.query)
	}
	e.fails(t, db, 5, "SQL statements in progress", "CREATE TABLE copy.u AS SELECT sqlcipher_export('copy') AS a")
	want(t, db, "", "SELECT group_concat(name) FROM copy.sqlite_schema")
	must(t, db, "CREATE TEMP TABLE u(a); INSERT INTO u VALUES (5)")
	want(t, db, "", "SELECT sqlcipher_export('copy', 'TEMP')")
	want(t, db, "5", "SELECT a FROM copy.u")
}
