package salvage

import (
	"errors"
	"fmt"
	"strings"
)

// mostLost is how many values of a row lost_and_found can take: SQLite allows
// 2000 columns, and four are others.
const mostLost = 1996

// lostAndFound is the table of rows that belong to no table.
type lostAndFound struct {
	width  int // columns for values
	report TableReport
}

// findLost looks for rows on the pages of no tree.
func (s *salvage) findLost() error {
	parents, width, err := s.orphans()
	if err != nil {
		return err
	}
	for pgno := uint32(1); pgno <= s.count && pgno != 0; pgno++ {
		if !s.isLost(pgno) {
			continue
		}
		n, ok, err := s.node(pgno)
		if err != nil {
			return err
		}
		if !ok || !n.hasRows() || width == 0 {
			continue
		}
		if err := s.lost.widen(s, width); err != nil {
			return err
		}
		root := rootOf(pgno, parents)
		err = s.rows(n, true, func(r row, ok bool) error {
			if !ok {
				s.lost.report.Unreadable++
				return nil
			}
			return s.lost.put(s, root, pgno, r)
		})
		if err != nil {
			return err
		}
	}
	for pgno := uint32(1); pgno <= s.count && pgno != 0; pgno++ {
		if s.isLost(pgno) { // and not an overflow page of a row that was lost
			s.report.Lost = append(s.report.Lost, pgno)
		}
	}
	return nil
}

// isLost tells whether a page has no place.
func (s *salvage) isLost(pgno uint32) bool {
	return !s.used.has(pgno) && !s.bad.has(pgno) && !s.chained.has(pgno) &&
		!s.isLockByte(pgno) && !s.isPointerMap(pgno)
}

// isPointerMap tells whether a page is one of those that a database with
// auto_vacuum has for the way up, see
// https://sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages.
func (s *salvage) isPointerMap(pgno uint32) bool {
	if s.header.AutoVacuum == 0 || pgno < 2 {
		return false
	}
	group := uint32(s.usable/5) + 1
	first := (pgno-2)/group*group + 2
	if s.isLockByte(first) {
		first++
	}
	return pgno == first
}

// orphans finds the parent of each lost page, as far as another one says that it
// is that, and the most values of a row on them.
func (s *salvage) orphans() (parents map[uint32]uint32, width int, err error) {
	parents = make(map[uint32]uint32)
	for pgno := uint32(1); pgno <= s.count && pgno != 0; pgno++ {
		if !s.isLost(pgno) {
			continue
		}
		n, ok, err := s.node(pgno)
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			continue
		}
		for _, child := range n.children() {
			if child != 0 && child <= s.count && s.isLost(child) && parents[child] == 0 {
				parents[child] = pgno
			}
		}
		if !n.hasRows() {
			continue
		}
		_ = s.rows(n, false, func(r row, ok bool) error {
			if ok {
				width = max(width, min(len(r.values), mostLost))
			}
			return nil
		})
	}
	return parents, width, nil
}

// rootOf goes up from a page. Where the way up goes in a circle, or leaves the
// lost pages, the page stands for itself.
func rootOf(pgno uint32, parents map[uint32]uint32) uint32 {
	slow, at := pgno, pgno
	for step := 0; ; step++ {
		up, ok := parents[at]
		if !ok {
			return at
		}
		if at = up; at == slow {
			return pgno
		}
		if step%2 == 1 {
			slow = parents[slow]
		}
	}
}

// widen makes sure that the table is there, with columns for that many values.
func (l *lostAndFound) widen(s *salvage, width int) error {
	width = min(width, mostLost)
	if l.report.Name == "" {
		name, err := s.unusedTable()
		if err != nil {
			return err
		}
		l.report.Name = name
		columns := []string{"rootpgno INTEGER", "pgno INTEGER", "nfield INTEGER", "id INTEGER"}
		for ; l.width < width; l.width++ {
			columns = append(columns, fmt.Sprintf("c%d", l.width))
		}
		return s.out.Exec("CREATE TABLE " + quoteName(name) + "(" + strings.Join(columns, ", ") + ")")
	}
	for ; l.width < width; l.width++ {
		if err := s.out.Exec(fmt.Sprintf("ALTER TABLE %s ADD COLUMN c%d", quoteName(l.report.Name), l.width)); err != nil {
			return err
		}
	}
	return nil
}

// unusedTable is a name for the table that nothing in the schema has.
func (s *salvage) unusedTable() (string, error) {
	for i := -1; i < 1000; i++ {
		name := s.opts.LostAndFound
		if i >= 0 {
			name = fmt.Sprintf("%s_%d", name, i)
		}
		rows, err := s.out.Query("SELECT 1 FROM sqlite_schema WHERE name = " + quoteText(name) + " COLLATE nocase")
		if err != nil {
			return "", err
		}
		if len(rows) == 0 {
			return name, nil
		}
	}
	return "", errors.New("failed to create " + s.opts.LostAndFound + " output table")
}

// put inserts a row.
func (l *lostAndFound) put(s *salvage, root, pgno uint32, r row) error {
	if err := l.widen(s, len(r.values)); err != nil {
		return err
	}
	values := make([]any, 4+l.width)
	values[0], values[1], values[2] = int64(root), int64(pgno), int64(len(r.values))
	if r.hasRowid {
		values[3] = r.rowid
	}
	kept := copy(values[4:], r.values)
	if err := s.out.Insert(l.report.Name, nil, values); err != nil {
		return err
	}
	l.report.Rows++
	if r.cut || kept < len(r.values) {
		l.report.Cut++
	}
	return nil
}
