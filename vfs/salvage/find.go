package salvage

import (
	"errors"

	"github.com/pageseal/pageseal/vfs/btree"
)

// findSchema reads the schema. Where page 1 is gone, it may have been at the top
// of a tree whose leaves are still there.
func (s *salvage) findSchema() (err error) {
	if s.schema, err = s.readSchema(); err != nil || s.used.has(1) || !s.opts.SearchSchema {
		return err
	}
	for pgno := uint32(2); pgno <= s.count && pgno != 0; pgno++ {
		n, ok, err := s.node(pgno)
		if err != nil {
			return err
		}
		if !ok || n.kind != btree.TableLeaf {
			continue
		}
		if entries := s.schemaPage(n); entries != nil {
			s.schema = append(s.schema, entries...)
			s.used.add(pgno)
		}
	}
	for _, e := range s.schema {
		if 1 < e.root && e.root <= s.count {
			s.roots.add(e.root)
		}
	}
	if len(s.schema) > 0 {
		s.report.Notes = append(s.report.Notes, "page 1 is gone: the schema was put together from pages that look like it")
	} else {
		s.report.Notes = append(s.report.Notes, "page 1 is gone, and the schema with it")
	}
	return nil
}

// errNoSchema ends the look at a page that is none of the schema.
var errNoSchema = errors.New("a row that is none of the schema")

// schemaPage is what a page holds of the schema, nothing if one of its rows can
// be none of it.
func (s *salvage) schemaPage(n node) (entries []entry) {
	for _, whole := range []bool{false, true} {
		entries = nil
		err := s.rows(n, whole, func(r row, ok bool) error {
			e := asEntry(n.pgno, r)
			if !ok || len(r.values) != 5 || !s.plausible(e, whole && !r.cut) {
				return errNoSchema
			}
			entries = append(entries, e)
			return nil
		})
		if err != nil {
			return nil
		}
	}
	return entries
}

// plausible tells whether a row can be one of the schema. One that was not read
// whole may lack its SQL.
func (s *salvage) plausible(e entry, whole bool) bool {
	if e.name == "" || e.table == "" {
		return false
	}
	switch e.kind {
	case "table":
		return e.root <= s.count && (!whole || e.hasSQL && (e.root > 1 || e.isVirtual()))
	case "index":
		return 1 < e.root && e.root <= s.count
	case "view", "trigger":
		return e.root == 0 && (!whole || e.hasSQL)
	}
	return false
}
