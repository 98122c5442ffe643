package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// dbpage compiles the table that the reference reads pages from: Debian's SQLite
// is built without it.
var dbpage = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "dbpage")
	if err != nil {
		return "", err
	}
	library := filepath.Join(dir, "dbpage.so")
	out, err := exec.Command("cc", "-fPIC", "-shared", "-o", library, "testdata/dbpage.c").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("cc: %w\n%s", err, out)
	}
	return library, nil
})

// made is what the reference makes of SQL.
func made(t *testing.T, sql string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	cmd := exec.Command(reference(t), path)
	cmd.Stdin = strings.NewReader(sql)
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
		t.Fatalf("%v\n%s", err, out)
	}
	db, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

const (
	fill = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<%d) "

	// ordinary is a database that sqlite3's .recover can do without its own bugs.
	ordinary = `
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x, UNIQUE(name));
CREATE TABLE "two words"(a, "b'c" REAL, c BLOB);
CREATE TABLE w(k TEXT, v, n INTEGER, PRIMARY KEY(n, k)) WITHOUT ROWID;
CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, v DEFAULT 7);
CREATE INDEX plain ON t(x);
CREATE UNIQUE INDEX one ON w(v);
CREATE VIEW shown AS SELECT * FROM t;
CREATE TRIGGER after_it AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE words USING fts5(body);
INSERT INTO "two words" VALUES(1.5, 2, x'00ff'), (NULL, -1e300, ''), ('a
b', 'c' || char(13) || char(10), x''), ('it''s \n', 3, -9223372036854775808), (1e15, 123456.789, 0.1);
INSERT INTO counted(v) VALUES('a'), ('b');
ALTER TABLE counted ADD COLUMN later DEFAULT 'late';
INSERT INTO counted VALUES(10, 'c', 'x');
` + "INSERT INTO t " + fill + "SELECT i, 'name ' || i, hex(zeroblob(i%%40)) FROM s;\n" +
		"INSERT INTO w " + fill + "SELECT 'k' || i, i, i%%7 FROM s;\n" +
		"INSERT INTO words SELECT name FROM t WHERE id < 20;\n" +
		"INSERT INTO \"two words\" VALUES(zeroblob(3000), hex(zeroblob(2500)), 'overflow');\n" +
		"DELETE FROM t WHERE id BETWEEN 100 AND 180;\n"
)

func ordinaryDB(pageSize, rows int, more string) string {
	return fmt.Sprintf("PRAGMA page_size=%d;PRAGMA secure_delete=OFF;%s%s", pageSize, more, fmt.Sprintf(ordinary, rows, rows))
}

// TestRecoverDot compares the SQL that .recover prints with that of sqlite3, for
// databases with each page in turn lost to one kind of damage.
func TestRecoverDot(t *testing.T) {
	t.Parallel()
	reference(t)
	library, err := dbpage()
	if err != nil {
		skipOrFail(t, err.Error())
	}
	for _, base := range []struct{ name, sql string }{
		{"small pages", ordinaryDB(512, 300, "")},
		{"usual pages", ordinaryDB(4096, 3000, "")},
		{"UTF-16", ordinaryDB(1024, 300, "PRAGMA encoding='UTF-16be';")},
		{"auto_vacuum", ordinaryDB(1024, 300, "PRAGMA auto_vacuum=FULL;PRAGMA user_version=7;PRAGMA application_id=-3;")},
	} {
		t.Run(base.name, func(t *testing.T) {
			t.Parallel()
			intact := made(t, base.sql)
			size := int(binary.BigEndian.Uint16(intact[16:]))
			count := len(intact) / size
			compareRecover(t, library, "intact", intact)
			compareRecover(t, library, "intact, without free pages", intact, "--ignore-freelist")
			compareRecover(t, library, "intact, new rowids", intact, "--no-rowids", "--lost-and-found", "found")
			compareRecover(t, library, "cut off", intact[:count/2*size])
			for pgno := 1; pgno <= count; pgno += 1 + count/30 {
				page := bytes.Clone(intact)
				at := (pgno - 1) * size
				if pgno == 1 {
					at += 100 // the header is another matter
				}
				clear(page[at : pgno*size])
				compareRecover(t, library, fmt.Sprintf("page %d of zeros", pgno), page)
			}
			header := bytes.Clone(intact)
			clear(header[:size])
			if !strings.HasPrefix(base.name, "UTF-16") { // which the reference forgets
				compareRecover(t, library, "page 1 gone", header)
			}
		})
	}
}

// compareRecover compares the output for one database, given as its bytes.
func compareRecover(t *testing.T, library, name string, db []byte, args ...string) {
	t.Helper()
	c := compareCase{files: map[string]string{"t.db": string(db)}}
	command := strings.Join(append([]string{".recover"}, args...), " ")
	c.args = []string{"t.db", ".load " + library, command}
	want := runProgram(t, reference(t), c)
	c.args = []string{"t.db", command}
	got := runOurs(t, c)
	got.stdout, want.stdout = withoutInvention(t, name, got.stdout, want.stdout)
	if got.stdout != want.stdout {
		t.Errorf("%s: %s", name, difference(got.stdout, want.stdout))
	}
	if got.stderr != want.stderr || got.status != want.status {
		t.Errorf("%s: status %d and %q, want %d and %q", name, got.status, got.stderr, want.status, want.stderr)
	}
}

// long is the row that goes over several pages.
const long = "INSERT OR IGNORE INTO 'two words'(_rowid_, 'a', 'b''c', 'c') VALUES (6, "

// withoutInvention takes out the row that goes over several pages where one of
// those is lost: sqlite3 gives it what happens to be in its memory, and text only
// up to a NUL. Here it is NULL, or all of the text.
func withoutInvention(t *testing.T, name, got, want string) (string, string) {
	t.Helper()
	cut := func(s string) (line, rest string) {
		before, after, ok := strings.Cut(s, long)
		if !ok {
			return "", s
		}
		line, after, _ = strings.Cut(after, "\n")
		return line, before + after
	}
	ours, gotRest := cut(got)
	theirs, wantRest := cut(want)
	if ours == theirs || ours == "" || theirs == "" {
		return got, want
	}
	if !strings.HasPrefix(ours, "NULL, ") && !strings.HasSuffix(ours, ", NULL);") && !strings.Contains(ours, "||char(0)||") {
		t.Errorf("%s: a row without its overflow page is %q", name, clip(ours))
	}
	return gotRest, wantRest
}

// difference is the first line that is another, with that behind it.
func difference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\n%q, want\n%q\nnext %q, want\n%q", i+1, clip(a[i]), clip(b[i]), clip(a[min(i+1, len(a)-1)]), clip(b[min(i+1, len(b)-1)]))
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

// TestRecoverDotMore is what sqlite3's .recover does not do, or not right.
func TestRecoverDotMore(t *testing.T) {
	t.Parallel()
	const sql = "CREATE TABLE g(id INTEGER PRIMARY KEY, twice AS (id*2), b);" +
		"CREATE TABLE r(_rowid_, x);CREATE TABLE d(k INTEGER PRIMARY KEY DESC, v);" +
		"CREATE VIEW v AS SELECT 1 -- with a comment\n;" +
		"INSERT INTO g(id, b) VALUES(4, 'x');INSERT INTO r VALUES(1, 2);INSERT INTO d(rowid, k, v) VALUES(9, 5, 'v');" +
		"CREATE TABLE n(a);INSERT INTO n VALUES('nul' || char(0) || 'nul'),(9e999),(-9e999),(0.30000000000000004);"
	const dump = "SELECT * FROM g;SELECT rowid,* FROM r;SELECT rowid,* FROM d;SELECT hex(a), a FROM n;SELECT * FROM v;"
	dir := t.TempDir()
	run := func(args ...string) string {
		out, _ := exec.Command(reference(t), args...).CombinedOutput()
		return string(out)
	}
	if err := os.WriteFile(filepath.Join(dir, "t.db"), made(t, sql), 0o600); err != nil {
		t.Fatal(err)
	}
	want := run(filepath.Join(dir, "t.db"), dump)
	c := compareCase{files: map[string]string{"t.db": string(made(t, sql))}, args: []string{"t.db", ".recover"}}
	script := runOurs(t, c).stdout
	if err := os.WriteFile(filepath.Join(dir, "t.sql"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(dir, "again.db")
	if out := run(again, ".read "+filepath.ToSlash(filepath.Join(dir, "t.sql"))); out != "" {
		t.Errorf("sqlite3 says of the script: %s", out)
	}
	if got := run(again, dump); got != want || strings.Contains(want, "rror") {
		t.Errorf("the new database has\n%s, want\n%s\nby\n%s", got, want, script)
	}
}
