package salvage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Options are what SQLite's recovery lets one choose.
type Options struct {
	// FreePages looks for rows on free pages too: those that were deleted, or
	// all where the list of free pages is not to be trusted.
	FreePages bool
	// LostAndFound is the name of the table for rows that belong to none;
	// lost_and_found where it is empty.
	LostAndFound string
	// SearchSchema looks for the schema elsewhere if page 1 is gone, which
	// SQLite does not do.
	SearchSchema bool
	// NoRowids does not keep the rowids that are no column.
	NoRowids bool
}

// Run salvages a database. The report is there even if it fails.
func Run(ctx context.Context, pages Pages, out Output, opts Options) (*Report, error) {
	if opts.LostAndFound == "" {
		opts.LostAndFound = "lost_and_found"
	}
	s := &salvage{reader: newReader(ctx, pages), out: out, opts: opts}
	s.report.Pages, s.report.PageSize = s.count, len(s.page)
	err := s.run()
	s.conclude()
	return &s.report, err
}

// salvage is one under way.
type salvage struct {
	*reader
	out    Output
	opts   Options
	report Report

	header Header
	schema []entry
	made   map[int]table // tables, by their place in the schema
	lost   lostAndFound
}

func (s *salvage) run() error {
	if err := s.survey(); err != nil {
		return err
	}
	if err := s.readHeader(); err != nil {
		return err
	}
	if err := s.out.Begin(s.header); err != nil {
		return err
	}
	if err := s.findSchema(); err != nil {
		return err
	}
	for _, step := range []func() error{
		s.makeTables, s.fillTables, s.markIndexes, s.markFree, s.findLost, s.makeRest, s.out.End,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// readHeader reads page 1, or guesses where it is a hole.
func (s *salvage) readHeader() error {
	err := errors.New("there is no page")
	if s.count > 0 {
		err = s.pages.Read(1, s.page)
	}
	ok := false
	if err == nil {
		s.header, ok = readHeader(s.page)
	} else {
		s.header, _ = readHeader(nil)
	}
	if ok && len(s.page)-s.header.reserve >= 480 {
		s.usable = len(s.page) - s.header.reserve
	} else if err := s.guess(); err != nil {
		return err
	}
	s.header.PageSize, s.text = len(s.page), s.header.text
	if s.header.pages > s.count {
		s.report.Missing = s.header.pages - s.count
	}
	return nil
}

// makeTables makes the tables, and the indexes that keep double rows out.
func (s *salvage) makeTables() error {
	s.made = make(map[int]table)
	order := make([]int, 0, len(s.schema))
	for i, e := range s.schema {
		if e.early() {
			order = append(order, i)
		}
	}
	rank := func(e entry) int {
		switch {
		case e.name == "sqlite_sequence":
			return 0
		case e.isTable():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(s.schema[a]) - rank(s.schema[b]) })
	for _, i := range order {
		e := s.schema[i]
		sql := e.sql
		if e.isTable() && e.isVirtual() {
			sql = fmt.Sprintf("INSERT INTO sqlite_schema VALUES('table', %s, %[1]s, 0, %s)", quoteText(e.name), quoteText(sql))
		}
		if ok, err := s.make(e, sql); err != nil || !ok || !e.isTable() || e.isVirtual() {
			if err != nil {
				return err
			}
			continue
		}
		t, err := s.newest()
		if err != nil {
			return err
		}
		s.made[i] = t
	}
	return nil
}

// newest describes the table that was made last, which may have another name
// than its entry says.
func (s *salvage) newest() (table, error) {
	rows, err := s.out.Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return table{}, errors.Join(errors.New("salvage: a table is not there after it was made"), err)
	}
	return describe(s.out, rows[0][0])
}

// make carries out the statement that makes an entry of the schema again.
func (s *salvage) make(e entry, sql string) (ok bool, err error) {
	if !e.hasSQL {
		s.forgo(e, "it has no SQL")
		return false, nil
	}
	err = s.out.Exec(sql)
	var refused *RefusedError
	if errors.As(err, &refused) {
		s.forgo(e, refused.Error())
		return false, nil
	}
	return err == nil, err
}

// forgo reports an entry that cannot be made.
func (s *salvage) forgo(e entry, why string) {
	name := e.name
	if name == "" {
		name = "without a name"
	}
	kind := e.kind
	if kind == "" {
		kind = "entry"
	}
	s.report.Schema = append(s.report.Schema, fmt.Sprintf("%s %s: %s", kind, name, why))
}

// fillTables copies the rows of the tables that were made.
func (s *salvage) fillTables() error {
	var last []int
	for i := range s.schema {
		t, ok := s.made[i]
		if ok && strings.EqualFold(t.name, "sqlite_sequence") {
			last = append(last, i)
		} else if ok {
			if err := s.fill(t, s.schema[i].root); err != nil {
				return err
			}
		}
	}
	for _, i := range last {
		// The rows that other tables have left there.
		if err := s.out.Exec("DELETE FROM sqlite_sequence"); err != nil {
			return err
		}
		if err := s.fill(s.made[i], s.schema[i].root); err != nil {
			return err
		}
	}
	return nil
}

func (s *salvage) fill(t table, root uint32) error {
	report := TableReport{Name: t.name}
	err := s.walk(root, func(n node) error {
		if n.ofTable() != t.withRowid {
			// Another tree than that of the table: look at it as at any.
			s.used[n.pgno/64] &^= 1 << (n.pgno % 64)
			s.miss(n.pgno)
			return nil
		}
		if !n.hasRows() {
			return nil
		}
		return s.rows(n, true, func(r row, ok bool) error { return s.put(t, &report, n.pgno, r, ok) })
	})
	s.report.Tables = append(s.report.Tables, report)
	return err
}

// put inserts a row of a page.
func (s *salvage) put(t table, report *TableReport, pgno uint32, r row, ok bool) error {
	columns, values := t.assign(r, !s.opts.NoRowids)
	if !ok || len(r.values) == 0 || len(columns) == 0 {
		report.Unreadable++
		return nil
	}
	err := s.out.Insert(t.name, columns, values)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		report.Refused++
		return s.lost.put(s, pgno, pgno, r)
	case err == nil:
		report.Rows++
		if r.cut {
			report.Cut++
		}
	}
	return err
}

// markIndexes marks the pages of indexes as used, with those of long keys.
func (s *salvage) markIndexes() error {
	for _, e := range s.schema {
		if e.kind != "index" || e.root == 0 {
			continue
		}
		err := s.walk(e.root, func(n node) error {
			for i := range n.cells {
				if c, ok := n.parse(i); ok {
					s.payload(c)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// markFree marks the free pages as used.
func (s *salvage) markFree() error {
	if s.opts.FreePages {
		return nil
	}
	return s.free(s.header.freelist)
}

// makeRest makes what is faster to make when the rows are there, or would act
// on them.
func (s *salvage) makeRest() error {
	for _, e := range s.schema {
		if e.early() || e.kind == "index" && !e.hasSQL {
			continue // an index without SQL came with its table
		}
		if _, err := s.make(e, e.sql); err != nil {
			return err
		}
	}
	return nil
}

// conclude fills in the lists of pages.
func (s *salvage) conclude() {
	s.report.Bad = s.bad.list()
	for _, pgno := range s.broken.list() {
		if pgno == 0 {
			s.report.Astray = true
		} else if !s.bad.has(pgno) {
			s.report.Broken = append(s.report.Broken, pgno)
		}
	}
	s.report.LostAndFound = s.lost.report
}
