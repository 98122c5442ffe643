// Package campaign finds out what a database survives: it crashes a recorded
// disk behind every change, fails every call, and tampers with every kind of
// byte, on any adapter. It is imported by tests only.
package campaign

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

// Engine is an adapter under test.
type Engine struct {
	// Open opens the database of that name on the disk with one connection;
	// key is a keyspec, empty for the same engine in clear, and a line behind
	// it a setting, name=value. An error may come with the first use.
	Open func(t testing.TB, d *vfstest.Disk, name, key string) *sql.DB
	// Attach is the file name that ATTACH takes for a database on the disk
	// that db was opened on.
	Attach func(db *sql.DB, name string) string
	// Scratch is the disk of the files without a name, of all databases.
	Scratch *vfstest.Disk
}

// Key is the raw key of the databases, so that no time goes into PBKDF2.
const Key = "x'98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481'"

// fullVariable runs every point of every campaign instead of a sample.
const fullVariable = "PAGESEAL_CAMPAIGN"

func full() bool { return os.Getenv(fullVariable) != "" }

// mode is a journal mode with a synchronous setting that promises durability.
type mode struct {
	journal, synchronous string
	// undo tells that a crash may undo the last commit: the deletion of the
	// journal is not synced.
	undo bool
}

func (m mode) String() string { return m.journal + " " + m.synchronous }

var modes = []mode{
	{"delete", "FULL", true},
	{"delete", "EXTRA", false},
	{"truncate", "FULL", false},
	{"persist", "FULL", false},
	{"wal", "FULL", false},
}

// workload is a database and transactions on it.
type workload struct {
	name  string
	setup string
	steps []string // each one transaction
	// modes are those that it makes sense in; empty for all.
	modes []string
	// attach names a second database, schema aux.
	attach string
	// heeds tells that each sync that fails makes a statement fail: SQLite
	// passes over those of a journal that is rolled back.
	heeds bool
	// temp keeps what is temporary in files instead of memory.
	temp bool
}

func (w workload) runsIn(m mode) bool {
	return len(w.modes) == 0 || strings.Contains(strings.Join(w.modes, " "), m.journal)
}

const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d) INSERT INTO %s SELECT i, 'name ' || i, hex(zeroblob(%d)) FROM n;"

func table(name string, count, size int) string {
	return fmt.Sprintf("CREATE TABLE %s(id INTEGER PRIMARY KEY, name TEXT, body TEXT);", name) + fmt.Sprintf(rows, count, name, size)
}

var workloads = []workload{
	{name: "commits", heeds: true, setup: table("t", 20, 100), steps: []string{
		"INSERT INTO t VALUES(100, 'a', 'b')",
		"UPDATE t SET name = 'c' WHERE id = 5",
		"DELETE FROM t WHERE id = 7",
	}},
	{name: "spill", setup: table("t", 60, 700) + "CREATE INDEX t_name ON t(name);", steps: []string{
		"BEGIN; PRAGMA cache_size=3; UPDATE t SET name = name || 'x', body = body || 'y'; SAVEPOINT s; DELETE FROM t WHERE id%2=0; ROLLBACK TO s; UPDATE t SET name = name || 'z'; COMMIT",
		"BEGIN; DELETE FROM t WHERE id%3=0; INSERT INTO t SELECT id+1000, name, body FROM t; COMMIT",
	}},
	// Every page is written, most of them before the commit, as a change of the
	// key does it.
	{name: "rewrite", setup: table("t", 60, 900) + "CREATE INDEX t_name ON t(name);", steps: []string{
		"PRAGMA cache_size=4; UPDATE t SET name = 'm' || name, body = 'n' || body",
		"BEGIN; UPDATE t SET name = 'o' || name, body = 'p' || body; ROLLBACK",
		"UPDATE t SET name = 'q' || name, body = 'r' || body",
	}},
	{name: "vacuum", setup: table("t", 60, 900) + "DELETE FROM t WHERE id%2=0;", steps: []string{
		"VACUUM",
		"INSERT INTO t VALUES(1000, 'after', 'vacuum')",
	}},
	{name: "auto_vacuum", setup: "PRAGMA auto_vacuum=FULL;" + table("t", 60, 900), steps: []string{
		"DELETE FROM t WHERE id<40",
		"INSERT INTO t VALUES(1000, 'a', hex(zeroblob(9000)))",
	}},
	{name: "schema", setup: table("t", 20, 300), steps: []string{
		"CREATE INDEX t_name ON t(name, body)",
		"BEGIN;" + table("u", 20, 300) + "COMMIT",
		"ALTER TABLE t ADD COLUMN extra DEFAULT 7",
		"DROP TABLE t",
	}},
	// With secure_delete, as PRAGMA key sets it, SQLite writes what it frees.
	{name: "grow and free", setup: "PRAGMA secure_delete=OFF;" + table("t", 5, 100), steps: []string{
		"BEGIN; INSERT INTO t VALUES(100, 'big', zeroblob(60000)); INSERT INTO t VALUES(101, 'kept', zeroblob(5000)); DELETE FROM t WHERE id=100; COMMIT",
		"INSERT INTO t VALUES(102, 'again', zeroblob(20000))",
	}},
	{name: "checkpoint", modes: []string{"wal"}, setup: table("t", 20, 500), steps: []string{
		"UPDATE t SET body = 'n' || body",
		"PRAGMA wal_checkpoint(PASSIVE)",
		"INSERT INTO t VALUES(100, 'a', 'b')",
		"PRAGMA wal_checkpoint(TRUNCATE)",
		"UPDATE t SET body = 'o' || body WHERE id<5",
		"PRAGMA wal_checkpoint(RESTART)",
		"DELETE FROM t WHERE id=9",
	}},
	{name: "attach", modes: []string{"delete", "truncate", "persist"}, attach: "aux.db",
		setup: table("t", 20, 300) + table("aux.u", 20, 300), steps: []string{
			"BEGIN; UPDATE t SET name = 'x'; UPDATE aux.u SET name = 'x'; COMMIT",
			"BEGIN; DELETE FROM t WHERE id<9; INSERT INTO aux.u VALUES(100, 'a', hex(zeroblob(5000))); COMMIT",
		}},
}

// temporary are workloads that sort and keep more than fits into memory. What
// is temporary is gone after a crash, but its reads and writes can fail.
var temporary = []workload{
	{name: "sort", temp: true, setup: table("t", 3000, 300) + "PRAGMA cache_size=10;", steps: []string{
		"CREATE INDEX t_body ON t(body, name)",
		"CREATE TABLE u AS SELECT * FROM t ORDER BY name DESC",
	}},
	{name: "temp table", temp: true, setup: table("t", 300, 300) + "PRAGMA temp.cache_size=5;", steps: []string{
		"CREATE TEMP TABLE kept AS SELECT * FROM t; UPDATE kept SET body = id || body; UPDATE t SET body = (SELECT body FROM kept WHERE kept.id = t.id); DROP TABLE kept",
	}},
	{name: "statement journal", temp: true, setup: table("t", 300, 300) + "CREATE UNIQUE INDEX t_name ON t(name); PRAGMA cache_size=5;", steps: []string{
		"BEGIN; UPDATE t SET body = 'a' || body; UPDATE OR ROLLBACK t SET name = name || 'x'; UPDATE OR IGNORE t SET name = CASE WHEN id>250 THEN 'same' ELSE name || 'y' END; COMMIT",
		"VACUUM",
	}},
}

// seed prints the seed of a test and makes its generator.
func seed(t testing.TB) *rand.Rand {
	n := uint64(time.Now().UnixNano())
	t.Logf("seed %d", n)
	return rand.New(rand.NewPCG(n, 0))
}

// session is a database of a workload, open.
type session struct {
	db *sql.DB
	w  workload
}

// start opens the database of a workload and attaches what belongs to it.
func (e Engine) start(t testing.TB, d *vfstest.Disk, w workload, key string) (session, error) {
	s := session{db: e.Open(t, d, "main.db", key), w: w}
	if w.attach == "" {
		return s, nil
	}
	attach := "ATTACH '" + e.Attach(s.db, w.attach) + "' AS aux"
	if key != "" {
		attach += " KEY '" + strings.ReplaceAll(key, "'", "''") + "'"
	}
	_, err := s.db.Exec(attach)
	return s, err
}

// prepare makes the database of a workload, in a journal mode.
func (e Engine) prepare(t testing.TB, d *vfstest.Disk, w workload, m mode, key string) session {
	t.Helper()
	s, err := e.start(t, d, w, key)
	if err == nil {
		err = s.configure(m, "PRAGMA journal_mode="+m.journal)
	}
	if err == nil {
		_, err = s.db.Exec(w.setup)
	}
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	return s
}

// configure sets what a connection forgets.
func (s session) configure(m mode, more string) error {
	store := "MEMORY"
	if s.w.temp {
		store = "FILE"
	}
	_, err := s.db.Exec("PRAGMA synchronous=" + m.synchronous + "; PRAGMA temp_store=" + store + ";" + more)
	if err == nil && s.w.attach != "" {
		_, err = s.db.Exec("PRAGMA aux.journal_mode=" + m.journal + "; PRAGMA aux.synchronous=" + m.synchronous)
	}
	return err
}

// state is everything in the database, to compare.
func (s session) state() (string, error) {
	text, err := dump(s.db, "main")
	if err != nil || s.w.attach == "" {
		return text, err
	}
	aux, err := dump(s.db, "aux")
	return text + aux, err
}

// whole runs SQLite's own check of all databases.
func (s session) whole() error {
	var got string
	if err := s.db.QueryRow("PRAGMA integrity_check").Scan(&got); err != nil {
		return err
	}
	if got != "ok" {
		return integrityError(got)
	}
	return nil
}

// integrityError is what PRAGMA integrity_check has found.
type integrityError string

func (e integrityError) Error() string { return "integrity_check: " + string(e) }
