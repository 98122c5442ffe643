package salvage

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// entry is a row of the schema.
type entry struct {
	kind, name, table, sql string
	hasSQL                 bool
	root                   uint32

	pgno uint32 // where it was found
}

// asEntry takes a row for one of the schema.
func asEntry(pgno uint32, out row) entry {
	text := func(i int) string {
		if i < len(out.values) {
			s, _ := out.values[i].(string)
			return s
		}
		return ""
	}
	e := entry{kind: text(0), name: text(1), table: text(2), sql: text(4), pgno: pgno}
	e.hasSQL = e.sql != ""
	if len(out.values) > 3 {
		root, _ := out.values[3].(int64)
		if 0 < root && root <= 1<<32-2 {
			e.root = uint32(root)
		}
	}
	return e
}

func (e entry) isTable() bool { return e.kind == "table" }
func (e entry) isVirtual() bool {
	return len(e.sql) >= len(createVirtual) && strings.EqualFold(e.sql[:len(createVirtual)], createVirtual)
}

const createVirtual = "create virtual"

// early tells whether the entry is made before the rows come, as tables are and
// what keeps double rows out.
func (e entry) early() bool { return e.isTable() || e.kind == "index" && unique.MatchString(e.sql) }

var unique = regexp.MustCompile(`(?i)unique`)

// readSchema reads the tree of page 1.
func (r *reader) readSchema() (schema []entry, err error) {
	err = r.walk(1, func(n node) error {
		if !n.hasRows() {
			return nil
		}
		return r.rows(n, true, func(out row, ok bool) error {
			if ok {
				schema = append(schema, asEntry(n.pgno, out))
			}
			return nil
		})
	})
	// Within a page they are in order.
	slices.SortStableFunc(schema, func(a, b entry) int { return cmp.Compare(a.pgno, b.pgno) })
	for _, e := range schema {
		if 1 < e.root && e.root <= r.count {
			r.roots.add(e.root)
		}
	}
	return schema, err
}
