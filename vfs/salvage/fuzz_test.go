package salvage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/btree"
)

// memory are pages of 512 bytes in memory. One that begins with 0xee is a hole.
type memory struct {
	data  []byte
	reads int
}

const fuzzPage = 512

func (m *memory) Count() uint32                   { return uint32(len(m.data) / fuzzPage) }
func (m *memory) Layout() (pageSize, reserve int) { return fuzzPage, 0 }

func (m *memory) Read(pgno uint32, page []byte) error {
	if m.reads++; m.reads > 12*int(m.Count())+2*guesses {
		return errors.New("more work than there are pages")
	}
	copy(page, m.data[int(pgno-1)*fuzzPage:int(pgno)*fuzzPage])
	if page[0] == 0xee {
		return ErrHole
	}
	return nil
}

// sink takes whatever comes. Every table has the same columns.
type sink struct {
	t            *testing.T
	statements   int
	rows, values int
}

func (s *sink) Begin(Header) error { return nil }
func (s *sink) End() error         { return nil }

func (s *sink) Exec(sql string) error {
	s.statements++
	if strings.Contains(sql, "refuse") {
		return &RefusedError{errors.New("refused")}
	}
	return nil
}

func (s *sink) Query(sql string) ([][]string, error) {
	switch {
	case strings.Contains(sql, "LIMIT 1"):
		return [][]string{{"t"}}, nil
	case strings.Contains(sql, "table_xinfo"):
		return [][]string{
			{"0", "a", "INTEGER", "0", "", "1", "0"},
			{"1", "b", "", "0", "", "0", "0"},
			{"2", "g", "", "0", "", "0", "2"},
			{"3", "c", "", "0", "", "0", "0"},
		}, nil
	}
	return nil, nil
}

func (s *sink) Insert(table string, columns []string, values []any) error {
	if len(columns) > 0 && len(columns) != len(values) {
		s.t.Errorf("%d columns and %d values", len(columns), len(values))
	}
	s.rows++
	s.values += len(values)
	_ = InsertSQL(table, columns, values)
	if s.rows%7 == 3 && len(columns) > 0 {
		return &RefusedError{errors.New("refused")}
	}
	return nil
}

// seeds are small databases that SQLite has made.
func seeds(f *testing.F) (all [][]byte) {
	f.Helper()
	names, err := filepath.Glob("testdata/seeds/*.db")
	if err != nil || len(names) < 4 {
		f.Fatalf("there are %d seeds, %v", len(names), err)
	}
	for _, name := range names {
		db, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, db)
	}
	return all
}

// circular is a database whose leaves claim to be above themselves, and whose
// chains of pages have no end.
func circular(db []byte) []byte {
	db = append([]byte(nil), db...)
	for at := fuzzPage; at < len(db); at += fuzzPage {
		page := db[at : at+fuzzPage]
		self := byte(at/fuzzPage + 1)
		n, ok := asNode(uint32(self), page)
		switch {
		case !ok:
			copy(page, []byte{0, 0, 0, self})
		case n.kind == btree.TableLeaf:
			copy(page, []byte{btree.TableInterior, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, self})
		}
	}
	return db
}

// FuzzRun salvages pages that may hold anything. It must end, with no more work
// than the size of the file allows.
func FuzzRun(f *testing.F) {
	for _, db := range seeds(f) {
		for _, options := range []byte{0, 3} {
			f.Add(db, options)
		}
		for at := 0; at < len(db); at += 4 * fuzzPage {
			hole := append([]byte(nil), db...)
			hole[at] = 0xee
			f.Add(hole, byte(2))
		}
		f.Add(circular(db), byte(0))
	}
	f.Fuzz(func(t *testing.T, db []byte, options byte) {
		if len(db) > 1<<17 {
			t.Skip("too large to be quick")
		}
		pages, out := &memory{data: db}, &sink{t: t}
		report, err := Run(context.Background(), pages, out,
			Options{FreePages: options&1 != 0, SearchSchema: options&2 != 0, NoRowids: options&4 != 0})
		if err != nil {
			t.Fatal(err)
		}
		if int(report.Pages) != len(db)/fuzzPage || out.rows > len(db) {
			t.Errorf("%d pages, %d rows of %d bytes", report.Pages, out.rows, len(db))
		}
	})
}

// FuzzOpen opens files that may hold anything: a database, its journal and its
// log.
func FuzzOpen(f *testing.F) {
	for _, db := range seeds(f) {
		f.Add(db, []byte(nil), []byte(nil))
	}
	for _, name := range []string{"wal", "journal"} {
		db, err := os.ReadFile("testdata/seeds/hot-" + name + ".db")
		if err != nil {
			f.Fatal(err)
		}
		beside, err := os.ReadFile("testdata/seeds/hot-" + name + ".db-" + name)
		if err != nil {
			f.Fatal(err)
		}
		if name == "wal" {
			f.Add(db, []byte(nil), beside)
		} else {
			f.Add(db, beside, []byte(nil))
		}
	}
	f.Fuzz(func(t *testing.T, db, journal, log []byte) {
		if len(db)+len(journal)+len(log) > 1<<17 {
			t.Skip("too large to be quick")
		}
		path := filepath.Join(t.TempDir(), "t.db")
		for suffix, content := range map[string][]byte{"": db, "-journal": journal, "-wal": log} {
			if content == nil {
				continue
			}
			if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		pages, err := OpenPlain(path)
		if err != nil {
			return
		}
		defer pages.Close()
		if most := (len(db)+len(journal)+len(log))/512 + 3; int(pages.Count()) > most {
			t.Errorf("%d pages in files of %d bytes", pages.Count(), most*512)
		}
		if _, err := Run(context.Background(), pages, &sink{t: t}, Options{SearchSchema: true}); err != nil {
			t.Error(err)
		}
	})
}
