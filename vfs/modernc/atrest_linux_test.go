package modernc_test

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"modernc.org/sqlite"
)

// A phase is a piece of the workload. files are those, by kind, into which it
// makes SQLite write data: on a plaintext database the marker must be found in
// them, which proves that the observer would see it.
type phase struct {
	name  string
	sql   []string
	files map[string]int
}

// phases make SQLite write to every kind of file that it has, with pages of
// 1024 bytes. watch(x, n) is x, and lets the observer look with every n-th
// call; repeated(n) is n times the marker. A statement after a dash must fail
// on a constraint.
var phases = []phase{
	{
		name: "insert",
		sql: []string{
			`CREATE TABLE patient(id INTEGER PRIMARY KEY, name TEXT, note TEXT, number INTEGER UNIQUE)`,
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 600)
			INSERT INTO patient SELECT i, watch(printf('%06d ', i*7919 % 100003) || repeated(8), 150),
				repeated(16), i FROM n`,
		},
		files: map[string]int{"database": 1},
	},
	{
		name:  "update",
		sql:   []string{`UPDATE patient SET note = watch(note || name, 150)`},
		files: map[string]int{"database": 1, "journal": 1},
	},
	{
		name:  "sort",
		sql:   []string{`SELECT watch(note, 150) FROM patient ORDER BY name`},
		files: map[string]int{"temp": 1},
	},
	{
		name: "index",
		sql: []string{
			`CREATE INDEX by_name ON patient(name)`,
			`CREATE INDEX by_note ON patient(watch(note, 150))`,
		},
		files: map[string]int{"temp": 1, "database": 1},
	},
	{
		name: "distinct",
		sql: []string{
			`SELECT count(*) FROM (SELECT DISTINCT watch(name || note, 150) FROM patient)`,
			`SELECT count(*) FROM (SELECT note || id FROM patient UNION SELECT watch(name, 150) FROM patient)`,
		},
		files: map[string]int{"temp": 1},
	},
	{
		name: "view",
		sql: []string{
			`CREATE VIEW summary AS SELECT id, max(name) AS name, group_concat(note) AS notes
				FROM patient GROUP BY id % 200`,
			`SELECT count(*) FROM summary AS a, summary AS b
				WHERE a.id = b.id AND watch(a.notes, 50) <> b.name`,
			`WITH w AS MATERIALIZED (SELECT id, watch(note, 150) AS note FROM patient)
				SELECT count(*) FROM w AS a JOIN w AS b ON a.id = b.id WHERE a.note = watch(b.note, 150)`,
		},
		files: map[string]int{"temp": 1},
	},
	{
		name: "statement journal",
		sql: []string{
			`BEGIN`,
			`UPDATE patient SET name = name || 'y'`,
			`- UPDATE patient SET name = watch(name, 150), number = min(number + 2000, 2599)`,
			`COMMIT`,
		},
		files: map[string]int{"temp": 1, "journal": 1, "database": 1},
	},
	{
		name: "constraints",
		sql: []string{
			`- INSERT OR FAIL INTO patient SELECT NULL, watch(name, 150), note, 1200 - id FROM patient`,
			`- UPDATE OR FAIL patient SET note = watch(note, 150) || '.', number = max(4000 - id, 3500)`,
			`BEGIN`,
			`UPDATE patient SET name = name || 'z'`,
			`- UPDATE OR ROLLBACK patient SET note = watch(note, 150) || '.', number = max(8000 - id, 7500)`,
		},
		files: map[string]int{"temp": 1, "journal": 1, "database": 1},
	},
	{
		name: "savepoints",
		sql: []string{
			`SAVEPOINT one`,
			`UPDATE patient SET name = name || '1'`,
			`SAVEPOINT two`,
			`UPDATE patient SET name = watch(name || '2', 150)`,
			`SAVEPOINT three`,
			`DELETE FROM patient WHERE length(watch(name, 150)) > 0 AND id % 3 = 0`,
			`ROLLBACK TO three`,
			`ROLLBACK TO two`,
			`RELEASE one`,
		},
		files: map[string]int{"temp": 1, "journal": 1, "database": 1},
	},
	{
		name: "blob",
		sql: []string{
			`CREATE TABLE scan(id INTEGER PRIMARY KEY, image BLOB)`,
			`INSERT INTO scan SELECT id, CAST(watch(repeated(4000), 1) AS BLOB) FROM patient WHERE id < 4`,
			`UPDATE scan SET image = CAST(repeated(4001) AS BLOB)`,
			`DELETE FROM scan WHERE id < 3 OR length(watch(image, 1)) = 0`,
		},
		files: map[string]int{"journal": 1, "database": 1},
	},
	{
		name: "attached",
		sql: []string{
			`ATTACH`,
			`CREATE TABLE other.copy AS SELECT * FROM patient`,
			`BEGIN`,
			`UPDATE other.copy SET note = watch(note || 'o', 150)`,
			`UPDATE main.patient SET note = watch(note || 'm', 150)`,
			`COMMIT`,
			`DETACH other`,
		},
		files: map[string]int{"database": 2, "journal": 2},
	},
	{
		name:  "vacuum",
		sql:   []string{`DELETE FROM patient WHERE id % 4 = 1`, `VACUUM`},
		files: map[string]int{"temp": 1, "database": 1},
	},
	{
		name: "temp table",
		sql: []string{
			`PRAGMA temp.cache_size = 10`,
			`CREATE TEMP TABLE scratch AS SELECT id, watch(note, 150) AS note FROM patient`,
			`CREATE INDEX temp.by_scratch ON scratch(note, id)`,
			`DELETE FROM scratch WHERE id % 2 AND note <> watch(id, 150)`,
		},
		files: map[string]int{"temp": 1},
	},
	{
		name: "temp journal",
		sql: []string{
			`BEGIN`,
			`UPDATE scratch SET note = watch(note || 'x', 150)`,
			`ROLLBACK`,
		},
		files: map[string]int{"temp": 2}, // the temp database too
	},
}

// TestNothingReadableAtRest runs a workload that makes SQLite write to each
// kind of file, and looks into all files of the process meanwhile. The control
// is the same on a plaintext database.
func TestNothingReadableAtRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ journal, encoding string }{
		{"DELETE", "UTF-8"}, {"TRUNCATE", "UTF-16le"}, {"PERSIST", "UTF-8"}, {"WAL", "UTF-8"},
	} {
		if raceDetector && c.journal != "WAL" {
			continue // it has nothing to find here, one mode does
		}
		t.Run(c.journal+" "+c.encoding, func(t *testing.T) {
			t.Parallel()
			if !inChild(t, ownTempDir(t)) {
				return
			}
			o := observe(t, c.journal, c.encoding, true)
			o.report(t)
			for _, p := range phases {
				for kind, n := range p.files {
					if all, _ := o.files(p.name, kind, 1024); all < n {
						t.Errorf("%s: saw data in %d %s files, want %d", p.name, all, kind, n)
					}
				}
			}
		})
		t.Run(c.journal+" "+c.encoding+" control", func(t *testing.T) {
			t.Parallel()
			if !inChild(t, ownTempDir(t)) {
				return
			}
			o := observe(t, c.journal, c.encoding, false)
			for _, p := range phases {
				for kind, n := range p.files {
					if _, marked := o.files(p.name, kind, 1024); marked < n {
						t.Errorf("%s: found the marker in %d %s files, want %d", p.name, marked, kind, n)
					}
				}
			}
		})
	}
}

// tempDirEnv is where SQLite makes its nameless files.
const tempDirEnv = "SQLITE_TMPDIR"

func ownTempDir(t *testing.T) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, tempDirEnv+"="+t.TempDir()) }
}

// observe runs the workload under the eyes of an observer. An encrypted one is
// looked at all the time, and not only at the moments that must show something.
func observe(t *testing.T, journal, encoding string, encrypt bool) *observer {
	t.Helper()
	dir := t.TempDir()
	o := newObserver(dir, os.Getenv(tempDirEnv))
	registerWatch(o)
	path := filepath.Join(dir, "clinic.db")
	attach := fmt.Sprintf("ATTACH 'file:%s%s' AS other", filepath.Join(dir, "other.db"), lowIter)
	var db *sql.DB
	if encrypt {
		db = openDB(t, path, options(modernc.Setting("cipher_page_size", "1024"))...)
		attach += " KEY 'another'"
		defer o.watchAlong()()
	} else {
		db = openBare(t, uri(path, "_pragma", "page_size(1024)"))
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	must(t, conn, `PRAGMA encoding = '`+encoding+`'`)
	must(t, conn, `PRAGMA journal_mode = `+journal)
	must(t, conn, `PRAGMA temp_store = FILE; PRAGMA cache_size = 10; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 100`)
	want(t, conn, "1", `PRAGMA temp_store`)
	lookAtStatements(t, conn, o)
	for _, p := range phases {
		o.enter(p.name)
		for _, query := range p.sql {
			if query == "ATTACH" {
				query = attach
			}
			run(t, conn, query)
			o.look()
		}
	}
	o.enter("end")
	intact(t, conn)
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	closeDB(t, db)
	o.lookByName()
	return o
}

// run runs a statement of a phase and reads all its rows.
func run(t *testing.T, conn *sql.Conn, query string) {
	t.Helper()
	query, mustFail := strings.CutPrefix(query, "- ")
	rows, err := conn.QueryContext(t.Context(), query)
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
		_ = rows.Close()
	}
	if mustFail {
		fails(t, err, nil, codeConstraint)
	} else if err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
}

func registerWatch(o *observer) {
	calls := 0
	sqlite.MustRegisterDeterministicScalarFunction("watch", 2,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			if calls++; int64(calls)%args[1].(int64) == 0 {
				o.look()
			}
			return args[0], nil
		})
	sqlite.MustRegisterDeterministicScalarFunction("repeated", 1,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			return strings.Repeat(marker, int(args[0].(int64))), nil
		})
}

// lookAtStatements lets the observer look whenever SQLite compiles an INSERT.
// VACUUM compiles one for each table that it copies.
func lookAtStatements(t *testing.T, conn *sql.Conn, o *observer) {
	t.Helper()
	err := conn.Raw(func(c any) error {
		if u, ok := c.(interface{ Unwrap() driver.Conn }); ok {
			c = u.Unwrap()
		}
		return c.(sqlite.AuthorizerRegisterer).RegisterAuthorizer(
			func(action sqlite.AuthorizerActionCode, table, _, _, _ string) sqlite.AuthorizerReturnCode {
				if action == sqlite.AuthInsert && !strings.HasPrefix(table, "sqlite_") {
					o.look()
				}
				return sqlite.AuthorizerOK
			})
	})
	if err != nil {
		t.Fatal(err)
	}
}
