package salvage_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestIntact salvages databases that nothing is wrong with.
func TestIntact(t *testing.T) {
	t.Parallel()
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			db := f.made(t, content)
			target, report := f.salvaged(t, db)
			if !report.Complete() {
				t.Errorf("something is said to be lost: %s", said(report))
			}
			missing, strangers := f.reader(t).missing(t, target, f.originals(t, db))
			if len(missing)+len(strangers) > 0 || report.LostAndFound.Name != "" {
				t.Errorf("missing are %v, strangers %v", missing, strangers)
			}
			r := f.reader(t)
			r.open(t, target)
			got := r.MustExec("SELECT type, name FROM sqlite_master ORDER BY name").Text()
			const want = "table|big\nindex|by_x\nview|shown\nindex|sqlite_autoindex_t_1\ntable|t\ntable|w"
			if got != want || len(report.Tables) != 3 {
				t.Errorf("the schema is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// page is what SQLite knows of one.
type page struct {
	table string
	kind  string
	cells int
}

// pages asks SQLite what is on the pages of a database.
func (f form) pages(t *testing.T, db []byte) map[int64]page {
	t.Helper()
	path := filepath.Join(t.TempDir(), "intact.db")
	if err := os.WriteFile(path, db, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := modernc.Open(context.Background(), convert.Database{Path: path, Key: f.key(t), Settings: f.settings()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stmt, err := conn.Prepare("SELECT pageno, name, pagetype, ncell FROM dbstat")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	rows, err := stmt.(driver.StmtQueryContext).QueryContext(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := make(map[int64]page)
	for values := make([]driver.Value, 4); ; {
		switch err := rows.Next(values); err {
		case nil:
			all[values[0].(int64)] = page{values[1].(string), values[2].(string), int(values[3].(int64))}
		case io.EOF:
			return all
		default:
			t.Fatal(err)
		}
	}
}

// TestEveryPage damages each page in turn. The rows on all others must come back,
// by the word of a real SQLCipher that reads the new database.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	for i, f := range []form{forms[1], forms[3]} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			random, size := seeded(t), f.settings().PageSize
			db := f.made(t, content)
			originals, pages, r := f.originals(t, db), f.pages(t, db), f.reader(t)
			kinds := make(map[string]int)
			for pgno := int64(1); pgno <= int64(len(db)/size); pgno += 1 + 3*int64(i) {
				p := pages[pgno]
				if kinds[p.table+p.kind]++; p.table == "big" && p.kind == "overflow" && kinds[p.table+p.kind] > 8 {
					continue // one is like the other
				}
				damaged := bytes.Clone(db)
				flip(random, damaged, size, pgno)
				target, report := f.salvaged(t, damaged)
				if report.Complete() || !slices.Equal(report.Bad, []uint32{uint32(pgno)}) {
					t.Errorf("page %d: %s", pgno, said(report))
				}
				lacks, strangers := map[string]int{}, map[string]int{}
				switch {
				case p.kind == "overflow" && p.table == "big":
					lacks["big"], strangers["big"] = 1, 1 // the row without a part
				case p.kind == "leaf" || p.table == "w":
					for _, d := range dumps {
						if d.table == p.table {
							lacks[p.table] = p.cells
						}
					}
				}
				missing, strange := r.missing(t, target, originals)
				for _, d := range dumps {
					if missing[d.table] != lacks[d.table] || strange[d.table] != strangers[d.table] {
						t.Errorf("page %d, %v: table %s lacks %d rows and has %d strangers, want %d and %d", pgno, p, d.table,
							missing[d.table], strange[d.table], lacks[d.table], strangers[d.table])
					}
				}
			}
			for _, kind := range []string{"tleaf", "tinternal", "wleaf", "winternal", "bigoverflow", "bigleaf", "by_xleaf"} {
				if kinds[kind] == 0 && i == 0 {
					t.Errorf("no page was of kind %s: %v", kind, kinds)
				}
			}
		})
	}
}
