package attach

import (
	"path/filepath"
	"testing"
)

// TestNested has statements that attach a file while another one attaches or
// copies: each file gets its own key, or there is none.
func (e Engine) TestNested(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, query string
		inner       string // key of inner.db
		outer       string // and of outer.db, where that comes to be
		mayFail     bool
	}{
		{"a key in the target of VACUUM", "VACUUM INTO nested($inner || ' KEY ''k2''') || $outer", "k2", mainKey, false},
		{"no key in the target of VACUUM", "VACUUM other INTO nested($inner) || $outer", mainKey, "k3", false},
		{"a name as VACUUM gives it", "VACUUM INTO nested(replace($inner, 'inside', 'vacuum_0123456789abcdef') || ' KEY ''k2''') || $outer", "k2", mainKey, false},
		{"ATTACH in the file of ATTACH", "ATTACH nested($inner || ' KEY ''k2''') || $outer AS outer KEY 'k1'", "k2", "k1", true},
		{"ATTACH in the key of ATTACH", "ATTACH $outer AS outer KEY ('k' || nested($inner || ' KEY ''k2''') || '1')", "k2", "k1", true},
		{"ATTACH without a key in that of ATTACH", "ATTACH nested($inner) || $outer AS outer KEY 'k1'", mainKey, "k1", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := mains[0].open(e, t, dir)
			e.Nest(t, db)
			inner, outer := filepath.Join(dir, "inner.db"), filepath.Join(dir, "outer.db")
			must(t, db, "ATTACH ? AS other KEY 'k3'", target(filepath.Join(dir, "other.db")))
			fill(t, db, "other")
			fill(t, db, "main")
			query := replace(c.query, map[string]string{
				"$inner": quote("ATTACH '" + target(inner) + "' AS inside"), "$outer": quote(target(outer)),
			})
			_, err := db.ExecContext(t.Context(), query)
			if err != nil {
				if !c.mayFail {
					t.Error(err)
				}
				nothing(t, outer)
			} else if names := row(t, db, "SELECT group_concat(name) FROM pragma_database_list"); contains(names, "outer") {
				fill(t, db, "outer")
			}
			for _, schema := range []string{"inside", "vacuum_0123456789abcdef"} {
				if row(t, db, "SELECT count(*) FROM pragma_database_list WHERE name = ?", schema) == "1" {
					fill(t, db, schema)
					must(t, db, "DETACH "+schema)
					if err := opens(inner, c.inner); err != nil {
						t.Error(err)
					}
				}
			}
			if err == nil {
				if err := opens(outer, c.outer); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestVacuumInto copies a database to a file with a key of its own, with that
// of the source, or not at all: never in clear and never to what nobody opens.
func (e Engine) TestVacuumInto(t *testing.T) {
	t.Parallel()
	for _, m := range mains {
		for _, c := range []struct {
			name, query string // $target is the URI of the target
			setup       string
			key         string // of the target; empty: as m, or no copy
		}{
			{"as the source", "VACUUM INTO '$target'", "", ""},
			{"by its name", "VACUUM main INTO '$target'", "", ""},
			{"key in the URI", "VACUUM INTO '$target&key=third'", "", "third"},
			{"expression", "VACUUM INTO replace('$targetXkey=third', 'X', '&')", "", "third"},
			{"raw key", "VACUUM INTO '$target&rawkey=" + rawDigits[:64] + "'", "", "x'" + rawDigits[:64] + "'"},
			{"page size is pending", "VACUUM INTO '$target&key=third'", "PRAGMA page_size = 1024", "third"},
			{"page size is pending elsewhere", "VACUUM INTO '$target'", "PRAGMA temp.page_size = 1024", ""},
			{"comment", "/* ATTACH 'x' AS y KEY 'z' */ VACUUM INTO '$target' -- KEY 'z'", "", ""},
			{"attached with another key", "VACUUM other INTO '$target'", "", "k3"},
			{"attached, key in the URI", "VACUUM other INTO '$target&key=third'", "", "third"},
			{"attached in memory", "VACUUM memory INTO '$target'", "", "none"},
		} {
			t.Run(m.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				db := m.open(e, t, dir)
				path := filepath.Join(dir, "target.db")
				must(t, db, "ATTACH ? AS other KEY 'k3'", target(filepath.Join(dir, "other.db")))
				must(t, db, "ATTACH ':memory:' AS memory")
				fill(t, db, "main")
				fill(t, db, "other")
				fill(t, db, "memory")
				must(t, db, c.setup)
				_, err := db.ExecContext(t.Context(), replace(c.query, map[string]string{"$target": target(path)}))
				key := c.key
				if key == "" && m.keyed {
					key = mainKey
				}
				switch {
				case key == "" || key == "none" && !m.keyed:
					if n := count(t, e, path); err != nil || n != "100" {
						t.Errorf("copy in clear: %v, %s rows", err, n)
					}
				case err != nil:
					if m.keyed && key != "none" || key == "k3" {
						t.Error(err)
					}
					nothing(t, path) // a source in clear leaves no room in its pages
				case key == "none":
					t.Error("what was in memory is copied without a key")
				default:
					if err := opens(path, key); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// TestVacuumWithin tries to copy within another statement, which SQLite
// refuses.
func (e Engine) TestVacuumWithin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := mains[0].open(e, t, dir)
	e.Nest(t, db)
	fill(t, db, "main")
	path := filepath.Join(dir, "target.db")
	for _, w := range ways[2:] {
		if err := w.run(t.Context(), db, "VACUUM INTO '"+target(path)+"&key=third'", nil); err == nil {
			t.Errorf("%s: copied", w.name)
		}
		nothing(t, path)
	}
}
