package interop

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// TestConcurrentDefects plays the faults that were reported of SQLCipher, by
// their numbers at https://github.com/sqlcipher/sqlcipher/issues. They are not
// here. Some have tests of their own beside: 604 needs a file of more than 4 GiB
// and is one of package vfs.
func (e Engine) TestConcurrentDefects(t *testing.T) {
	t.Parallel()
	for _, d := range []struct {
		name string
		test func(p place, t *testing.T)
	}{
		{"598 many connections at once", place.manyAtOnce},
		{"609 export to a quoted schema", place.exportQuoted},
		{"613 cipher_hmac_pgno after use", place.lateSetting},
		{"616 rekey of what is read-only", place.rekeyReadOnly},
		{"617 one bad page", place.oneBadPage},
	} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			d.test(place{e, t.TempDir()}, t)
		})
	}
}

// place is a folder for databases.
type place struct {
	Engine
	dir string
}

const defectKey = `PRAGMA key = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"`

// open opens a database by PRAGMA key, with one connection.
func (p place) open(t *testing.T, name string, params url.Values) *sql.DB {
	t.Helper()
	db := sql.OpenDB(p.Connector(filepath.Join(p.dir, name), params))
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	run(t, db, defectKey)
	return db
}

// make makes a database of a table t of n rows that fill a page each.
func (p place) make(t *testing.T, name string, n int) {
	t.Helper()
	db := p.open(t, name, nil)
	defer db.Close()
	run(t, db, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)", fmt.Sprintf(
		"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c LIMIT %d) INSERT INTO t SELECT i, randomblob(3900) FROM c", n))
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func counts(t *testing.T, db *sql.DB, query string, want int) {
	t.Helper()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil || n != want {
		t.Errorf("%s: %d, want %d; %v", query, n, want, err)
	}
}

func (p place) manyAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			name := fmt.Sprintf("%d.db", i)
			db := sql.OpenDB(p.Connector(filepath.Join(p.dir, name), nil))
			defer db.Close()
			db.SetMaxOpenConns(1)
			for _, s := range []string{defectKey, "CREATE TABLE t(a)", "INSERT INTO t VALUES(randomblob(9000))"} {
				if _, err := db.Exec(s); err != nil {
					t.Errorf("%s: %s: %v", name, s, err)
				}
			}
		})
	}
	wg.Wait()
	for i := range 16 {
		counts(t, p.open(t, fmt.Sprintf("%d.db", i), nil), "SELECT count(*) FROM t", 1)
	}
}

func (p place) exportQuoted(t *testing.T) {
	p.make(t, "main.db", 3)
	db := p.open(t, "main.db", nil)
	const schema = `it's "the" copy`
	run(t, db, fmt.Sprintf("ATTACH '%s' AS %s", filepath.Join(p.dir, "copy.db"), `"it's ""the"" copy"`),
		"SELECT sqlcipher_export('"+strings.ReplaceAll(schema, "'", "''")+"')")
	counts(t, p.open(t, "copy.db", nil), "SELECT count(*) FROM t", 3)
}

func (p place) lateSetting(t *testing.T) {
	p.make(t, "main.db", 3)
	db := p.open(t, "main.db", nil)
	counts(t, db, "SELECT count(*) FROM t", 3)
	run(t, db, "PRAGMA cipher_hmac_pgno = be", "UPDATE t SET b = randomblob(3900)")
	counts(t, p.open(t, "main.db", nil), "SELECT count(*) FROM t", 3)
}

func (p place) rekeyReadOnly(t *testing.T) {
	p.make(t, "main.db", 3)
	path := filepath.Join(p.dir, "main.db")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db := p.open(t, "main.db", url.Values{"mode": {"ro"}})
	counts(t, db, "SELECT count(*) FROM t", 3)
	if _, err := db.Exec("PRAGMA rekey = 'other'"); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("rekey: %v", err)
	}
	counts(t, db, "SELECT count(*) FROM t", 3)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file has changed, %v", err)
	}
}

// oneBadPage wants the check of a database to find one page only, and all the
// others to be read on the same connection.
func (p place) oneBadPage(t *testing.T) {
	const rows, bad = 20, 9
	p.make(t, "main.db", rows)
	path := filepath.Join(p.dir, "main.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[(bad-1)*4096+100] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db := p.open(t, "main.db", nil)
	read := 0
	for i := range rows {
		var n int
		err := db.QueryRow("SELECT length(b) FROM t WHERE a = ?", i+1).Scan(&n)
		var page *compat.PageError
		switch {
		case err == nil && n == 3900:
			read++
		case !errors.As(err, &page) || page.Pgno != bad:
			t.Errorf("row %d: %d bytes, %v", i+1, n, err)
		}
	}
	if read != rows-1 {
		t.Errorf("%d rows are read", read)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	wantRows(t, conn, "PRAGMA cipher_integrity_check", "cipher_integrity_check",
		fmt.Sprintf("HMAC verification failed for page %d", bad))
}
