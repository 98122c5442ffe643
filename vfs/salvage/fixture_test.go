package salvage_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/salvage"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// rawKey takes no time to derive.
const rawKey = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"

// form is how a database is encrypted, and who made it.
type form struct {
	name     string
	peer     string
	pragmas  string // behind the key
	level    compat.Profile
	pageSize int // zero for that of the level
	plain    bool
}

func (f form) settings() compat.Settings {
	if f.plain {
		return compat.Settings{}
	}
	set := f.level.Settings()
	if f.pageSize != 0 {
		set.PageSize = f.pageSize
	}
	return set
}

func (f form) key(t *testing.T) compat.Keyspec {
	t.Helper()
	if f.plain {
		return compat.Keyspec{}
	}
	key, err := compat.ParseKeyspec([]byte(rawKey))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// forms are of real SQLCipher builds, and of SQLite for the one in clear.
var forms = []form{
	{name: "level 4", peer: peers.SQLCipher414, level: compat.V4},
	{name: "level 4, small pages", peer: peers.SQLCipher414, level: compat.V4, pageSize: 1024, pragmas: "PRAGMA cipher_page_size=1024;"},
	{name: "level 4, large pages", peer: peers.SQLCipher414, level: compat.V4, pageSize: 65536, pragmas: "PRAGMA cipher_page_size=65536;"},
	{name: "level 3, with a large reserve", peer: peers.SQLCipher414, level: compat.V3, pragmas: "PRAGMA cipher_compatibility=3;"},
	{name: "level 3", peer: peers.SQLCipher341, level: compat.V3},
	{name: "level 1", peer: peers.SQLCipher414, level: compat.V1, pragmas: "PRAGMA cipher_compatibility=1;"},
	{name: "UTF-16", peer: peers.SQLCipher414, level: compat.V4, pragmas: "PRAGMA encoding='UTF-16le';"},
	{name: "auto_vacuum", peer: peers.SQLCipher414, level: compat.V4, pragmas: "PRAGMA auto_vacuum=FULL;"},
	{name: "in clear", peer: peers.SQLitePlain, plain: true, pragmas: "PRAGMA page_size=1024;"},
}

// content fills a database of some 100 pages of 1024 bytes. Values keep their
// type, so that a row is the same in lost_and_found.
const content = `
CREATE TABLE t(id INTEGER PRIMARY KEY, name UNIQUE, x);
CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE big(x, y);
CREATE INDEX by_x ON t(x);
CREATE VIEW shown AS SELECT * FROM t;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<400)
	INSERT INTO t SELECT i, 'name é ' || i, i * 1.5 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300)
	INSERT INTO w SELECT 'key ' || i, hex(zeroblob(i % 60)) FROM n;
INSERT INTO big VALUES(zeroblob(5000), 1), ('text ' || hex(zeroblob(6000)), 2), (NULL, zeroblob(150000)), ('short', 4);
`

// dumps are queries of the rows of the tables, and of the same rows where they
// went to lost_and_found.
var dumps = []struct{ table, rows, lost string }{
	{"t", "SELECT id || quote(name) || quote(x) FROM t", "SELECT id || quote(c1) || quote(c2) FROM lost_and_found WHERE nfield=3"},
	{"w", "SELECT quote(k) || quote(v) FROM w", "SELECT quote(c0) || quote(c1) FROM lost_and_found WHERE nfield=2 AND id IS NULL"},
	{"big", "SELECT rowid || quote(x) || quote(y) FROM big", "SELECT id || quote(c0) || quote(c1) FROM lost_and_found WHERE nfield=2 AND id IS NOT NULL"},
}

// make lets the peer make a database at a path.
func (f form) make(t *testing.T, path, sql string) *peers.Proc {
	t.Helper()
	p := peers.Require(t, f.peer).Start(t)
	p.MustOpen(path)
	if !f.plain {
		p.MustExec(`PRAGMA key="` + rawKey + `";` + f.pragmas + sql)
	} else {
		p.MustExec(f.pragmas + sql)
	}
	return p
}

// made is the file that a peer has made.
func (f form) made(t *testing.T, sql string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.db")
	p := f.make(t, path, sql)
	p.CloseDB()
	db, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// salvaged recovers a database, given as the bytes of its file, and makes sure
// that nothing of it changes and nothing is left behind.
func (f form) salvaged(t *testing.T, db []byte) (target string, report *salvage.Report) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "damaged.db")
	if err := os.WriteFile(path, db, 0o600); err != nil {
		t.Fatal(err)
	}
	return f.salvagedFile(t, path)
}

func (f form) salvagedFile(t *testing.T, path string) (target string, report *salvage.Report) {
	t.Helper()
	dir := filepath.Dir(path)
	before := folder(t, dir)
	target = filepath.Join(dir, "new.db")
	pages, err := salvage.Open(path, f.key(t), f.settings())
	if err != nil {
		t.Fatal(err)
	}
	report, err = salvage.Recover(context.Background(), pages, target, false, salvage.Options{SearchSchema: true}, f.open(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.Close(); err != nil {
		t.Error(err)
	}
	after := folder(t, dir)
	if after["new.db"] == nil {
		t.Fatal("there is no new database")
	}
	delete(after, "new.db")
	for name, content := range after {
		if !bytes.Equal(before[name], content) {
			t.Errorf("%s has changed, or was left behind", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files instead of %d", len(after), len(before))
	}
	return target, report
}

// open opens a new database under the key of the form.
func (f form) open(t *testing.T) func(context.Context, string) (driver.Conn, error) {
	key := f.key(t)
	return func(ctx context.Context, path string) (driver.Conn, error) {
		return modernc.Open(ctx, convert.Database{Path: path, Key: key})
	}
}

// folder are the files of a folder.
func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// reader is a peer that reads what was salvaged: with the default settings.
type reader struct {
	*peers.Proc
	f form
}

func (f form) reader(t *testing.T) reader {
	t.Helper()
	name := peers.SQLCipher414
	if f.plain {
		name = peers.SQLitePlain
	}
	return reader{peers.Require(t, name).Start(t), f}
}

// open opens a database, which must be sound.
func (r reader) open(t *testing.T, path string, more ...string) {
	t.Helper()
	r.MustOpen(path)
	if !r.f.plain {
		r.MustExec(`PRAGMA key="` + rawKey + `";` + strings.Join(more, ""))
		if found := r.MustExec("PRAGMA cipher_integrity_check").Text(); found != "" && r.f.level != compat.V1 {
			t.Errorf("SQLCipher says: %s", found)
		}
	}
	if found := r.MustExec("PRAGMA integrity_check").Text(); found != "ok" {
		t.Errorf("SQLite says: %s", found)
	}
}

// rows are those of a query, in their order; none if there is no such table.
func (r reader) rows(t *testing.T, table, query string) (rows []string) {
	t.Helper()
	if r.MustExec("SELECT count(*) FROM sqlite_master WHERE name='"+table+"'").Text() == "0" {
		return nil
	}
	reply := r.Exec(query)
	if strings.HasPrefix(reply.Message, "no such column: c") {
		return nil // as all rows there are shorter
	}
	if reply.Code != 0 {
		t.Fatal(reply.Message)
	}
	for _, result := range reply.Results {
		for _, row := range result.Rows {
			rows = append(rows, row[0].Text)
		}
	}
	slices.Sort(rows)
	return rows
}

// originals are the rows of each table of an intact database.
func (f form) originals(t *testing.T, db []byte) map[string][]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "intact.db")
	if err := os.WriteFile(path, db, 0o600); err != nil {
		t.Fatal(err)
	}
	r := reader{peers.Require(t, f.peer).Start(t), f}
	r.open(t, path, f.pragmas)
	all := make(map[string][]string)
	for _, d := range dumps {
		all[d.table] = r.rows(t, d.table, d.rows)
		if len(all[d.table]) == 0 {
			t.Fatalf("table %s has no rows", d.table)
		}
	}
	return all
}

// missing counts what each table lacks: rows that are neither there nor in
// lost_and_found. Rows that it never had are strangers.
func (r reader) missing(t *testing.T, path string, originals map[string][]string) (missing, strangers map[string]int) {
	t.Helper()
	missing, strangers = make(map[string]int), make(map[string]int)
	r.open(t, path)
	defer r.CloseDB()
	for _, d := range dumps {
		there := make(map[string]bool)
		for _, row := range r.rows(t, d.table, d.rows) {
			if !slices.Contains(originals[d.table], row) {
				strangers[d.table]++
			}
			there[row] = true
		}
		for _, row := range r.rows(t, "lost_and_found", d.lost) {
			there[row] = true
		}
		for _, row := range originals[d.table] {
			if !there[row] {
				missing[d.table]++
			}
		}
	}
	return missing, strangers
}

// flip changes a bit of a page, but not of the salt and not of what no MAC
// covers.
func flip(r *rand.Rand, db []byte, pageSize int, pgno int64) {
	at := int(pgno-1)*pageSize + 16 + r.IntN(pageSize-16-80)
	db[at] ^= 1 << r.IntN(8)
}

// seeded returns a source of random numbers and says how to get it again.
func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// said is a report as text.
func said(r *salvage.Report) string { return fmt.Sprintf("%+v", *r) }
