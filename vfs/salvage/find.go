package salvage

// findSchema reads the schema. Where page 1 is a hole, it may have been at the
// top of a tree whose leaves are still there.
func (s *salvage) findSchema() (err error) {
	if s.schema, err = s.readSchema(); err != nil || len(s.schema) > 0 || s.count == 0 || !s.bad.has(1) {
		return err
	}
	for pgno := uint32(2); pgno <= s.count && pgno != 0; pgno++ {
		n, ok, err := s.node(pgno)
		if err != nil {
			return err
		}
		if !ok || n.kind != tableLeaf {
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

// schemaPage is what a page holds of the schema, nothing if one of its rows can
// be none of it.
func (s *salvage) schemaPage(n node) (entries []entry) {
	for i := range n.cells {
		r, ok := s.row(n, i)
		if !ok || r.cut || len(r.values) != 5 {
			return nil
		}
		e := asEntry(n.pgno, r)
		_, hasRoot := r.values[3].(int64)
		switch e.kind {
		case "table", "index":
			if !hasRoot || e.root == 0 && !e.isVirtual() || e.root > s.count {
				return nil
			}
		case "view", "trigger":
		default:
			return nil
		}
		if e.name == "" || e.table == "" || !e.hasSQL && e.kind != "index" {
			return nil
		}
		entries = append(entries, e)
	}
	return entries
}
