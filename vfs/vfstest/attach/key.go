package attach

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// way is how a statement is carried out.
type way struct {
	name string
	run  func(ctx context.Context, db *sql.DB, query string, args []any) error
}

var ways = []way{
	{"by itself", func(ctx context.Context, db *sql.DB, query string, args []any) error {
		_, err := db.ExecContext(ctx, query, args...)
		return err
	}},
	{"prepared", func(ctx context.Context, db *sql.DB, query string, args []any) error {
		st, err := db.PrepareContext(ctx, strings.TrimRight(query, "; "))
		if err != nil {
			return err
		}
		defer st.Close()
		_, err = st.ExecContext(ctx, args...)
		return err
	}},
	{"beside a query", beside},
	{"within a query", within},
}

// beside carries out a statement while the connection is in a query.
func beside(ctx context.Context, db *sql.DB, query string, args []any) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	rows, err := c.QueryContext(ctx, "/* ATTACH 'x' AS y KEY 'k2' */ SELECT 1 UNION ALL SELECT 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return rows.Err()
	}
	_, err = c.ExecContext(ctx, query, args...)
	return err
}

// within carries out a statement in a function of a query.
func within(ctx context.Context, db *sql.DB, query string, args []any) error {
	call, all := "SELECT nested(?", []any{query}
	for _, arg := range args {
		if named, ok := arg.(sql.NamedArg); ok {
			arg = named.Value
		}
		call, all = call+", ?", append(all, arg)
	}
	var s sql.NullString
	return db.QueryRowContext(ctx, call+")", all...).Scan(&s)
}

// each runs a test with every main database by itself and within a query, and
// in every way with one of them.
func (e Engine) each(t *testing.T, test func(t *testing.T, m main, db *sql.DB, dir string, w way)) {
	for i, m := range mains {
		for _, w := range ways {
			if i > 0 && (w.name == "prepared" || w.name == "beside a query") {
				continue
			}
			t.Run(m.name+"/"+w.name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				db := m.open(e, t, dir)
				e.Nest(t, db)
				must(t, db, "CREATE TABLE keys(k); INSERT INTO keys VALUES('k1')")
				test(t, m, db, dir, w)
			})
		}
	}
}

// TestKey gives a key in every clause to a file that is made, and to the same
// that is there.
func (e Engine) TestKey(t *testing.T) {
	t.Parallel()
	e.each(t, func(t *testing.T, _ main, db *sql.DB, dir string, w way) {
		for i, c := range clauses {
			path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
			query := fmt.Sprintf("ATTACH '%s' AS aux %s", target(path), c.clause)
			if err := w.run(t.Context(), db, query, c.args); err != nil {
				t.Errorf("%s %q: %v", c.clause, c.args, err)
				continue
			}
			fill(t, db, "aux")
			must(t, db, "DETACH aux")
			if err := opens(path, c.key); err != nil {
				t.Errorf("%s %q: %v", c.clause, c.args, err)
				continue
			}
			if err := w.run(t.Context(), db, query, c.args); err != nil {
				t.Errorf("%s %q: %v", c.clause, c.args, err)
				continue
			}
			if n := row(t, db, "SELECT count(*) FROM aux.note"); n != "100" {
				t.Errorf("%s %q: %s rows", c.clause, c.args, n)
			}
			must(t, db, "DETACH aux")
		}
	})
}

// TestOnce evaluates a clause that changes something.
func (e Engine) TestOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := mains[0].open(e, t, dir)
	e.Nest(t, db)
	must(t, db, "CREATE TABLE keys(k); INSERT INTO keys VALUES('k1')")
	path := filepath.Join(dir, "other.db")
	must(t, db, "ATTACH ? AS aux KEY nested('INSERT INTO keys VALUES(''x'')') || (SELECT max(k) || count(*) FROM keys)", target(path))
	fill(t, db, "aux")
	must(t, db, "DETACH aux")
	if n := row(t, db, "SELECT count(*) FROM keys"); n != "2" {
		t.Errorf("the clause was evaluated %s times, less one", n)
	}
	if err := opens(path, "x2"); err != nil {
		t.Error(err)
	}
}

// TestText finds the clause in every text.
func (e Engine) TestText(t *testing.T) {
	t.Parallel()
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := mains[0].open(e, t, dir)
			e.Nest(t, db)
			for i, text := range texts {
				if w.name != "by itself" && strings.HasPrefix(text, "SELECT") {
					continue // several statements
				}
				path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
				if err := w.run(t.Context(), db, strings.Replace(text, "$file", "'"+target(path)+"'", 1), nil); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				schema := row(t, db, "SELECT name FROM pragma_database_list WHERE file = ?", path)
				schema = `"` + strings.ReplaceAll(schema, `"`, `""`) + `"`
				fill(t, db, schema)
				must(t, db, "DETACH "+schema)
				if err := opens(path, "k1"); err != nil {
					t.Errorf("%s: %v", text, err)
				}
			}
		})
	}
}

// TestParameters gives the file, the schema and the key as parameters of one
// statement, which is carried out for several files while the schema changes.
func (e Engine) TestParameters(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		"ATTACH ? AS ? KEY ?", "ATTACH ?1 AS ?2 KEY ?3", "ATTACH $file AS @name KEY :key",
		"ATTACH '' || ? AS ? KEY ? || ''",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db := mains[0].open(e, t, dir)
			e.Nest(t, db)
			st, err := db.PrepareContext(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			for i, name := range []string{"one", "two", "six"} {
				path := filepath.Join(dir, name+".db")
				args := []any{target(path), name, "key\x00" + name + "??"}
				if strings.Contains(query, "$file") {
					args = []any{sql.Named("file", args[0]), sql.Named("name", args[1]), sql.Named("key", args[2])}
				}
				if i == 1 {
					err = within(t.Context(), db, query, args)
				} else {
					_, err = st.ExecContext(t.Context(), args...)
				}
				if err != nil {
					t.Fatal(err)
				}
				fill(t, db, name)
			}
			for _, name := range []string{"one", "two", "six"} {
				if err := opens(filepath.Join(dir, name+".db"), "key\x00"+name+"??"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestNone attaches without a key: the file takes over that of the main
// database. An empty key is for a file in clear.
func (e Engine) TestNone(t *testing.T) {
	t.Parallel()
	e.each(t, func(t *testing.T, m main, db *sql.DB, dir string, w way) {
		for i, clause := range append(append([]string{}, none...), empty...) {
			path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
			if err := w.run(t.Context(), db, fmt.Sprintf("ATTACH '%s' AS aux %s", target(path), clause), nil); err != nil {
				t.Errorf("%s: %v", clause, err)
				continue
			}
			fill(t, db, "aux")
			must(t, db, "DETACH aux")
			err := opens(path, mainKey)
			if inherits := m.keyed && i < len(none); (err == nil) != inherits {
				t.Errorf("%s: %v, want the key of the main database: %v", clause, err, inherits)
			}
			if n := count(t, e, path); !m.keyed && n != "100" {
				t.Errorf("%s: %s rows in a file that is not encrypted", clause, n)
			}
		}
	})
}

// count opens a file as one that is not encrypted.
func count(t testing.TB, e Engine, path string) string {
	db := single(t, e.Open(t, "file:"+path+"?mode=ro"))
	defer db.Close()
	var s string
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM note").Scan(&s); err != nil {
		return err.Error()
	}
	return s
}

// TestURI gives the key in the URI of the file. The clause goes before it.
func (e Engine) TestURI(t *testing.T) {
	t.Parallel()
	e.each(t, func(t *testing.T, _ main, db *sql.DB, dir string, w way) {
		for i, c := range []struct {
			params, clause, key string
			settings            []string
		}{
			{"&key=k1", ``, "k1", nil},
			{"&hexkey=6b0031", ``, "k\x001", nil},
			{"&_key=k1", ``, "k1", nil},
			{"&key=k1", `KEY NULL`, "k1", nil},
			{"&key=k1&cipher_page_size=1024", ``, "k1", []string{"cipher_page_size", "1024"}},
			{"&key=k1", `KEY 'k2'`, "k2", nil},
			{"&cipher_page_size=8192", `KEY 'k2'`, "k2", []string{"cipher_page_size", "8192"}},
		} {
			path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
			if err := w.run(t.Context(), db, fmt.Sprintf("ATTACH '%s%s' AS aux %s", target(path), c.params, c.clause), nil); err != nil {
				t.Errorf("%s %s: %v", c.params, c.clause, err)
				continue
			}
			fill(t, db, "aux")
			must(t, db, "DETACH aux")
			if err := opens(path, c.key, c.settings...); err != nil {
				t.Errorf("%s %s: %v", c.params, c.clause, err)
			}
		}
	})
}

// TestRefused wants nothing attached, and no file, where the key cannot be.
func (e Engine) TestRefused(t *testing.T) {
	t.Parallel()
	e.each(t, func(t *testing.T, _ main, db *sql.DB, dir string, w way) {
		path := filepath.Join(dir, "other.db")
		for _, c := range refused {
			query := fmt.Sprintf("ATTACH '%s%s' AS aux %s", target(path), c.params, c.clause)
			if err := w.run(t.Context(), db, query, c.args); err == nil {
				t.Errorf("%s: no error", query)
			}
			if n := row(t, db, "SELECT count(*) FROM pragma_database_list WHERE name = 'aux'"); n != "0" {
				t.Errorf("%s: attached", query)
				must(t, db, "DETACH aux")
			}
			if matches, _ := filepath.Glob(path + "*"); len(matches) > 0 {
				t.Errorf("%s: there is a file", query)
			}
		}
		must(t, db, fmt.Sprintf("ATTACH '%s' AS aux KEY 'k1'", target(path)))
		fill(t, db, "aux")
		must(t, db, "DETACH aux")
		for _, clause := range []string{`KEY 'k2'`, `KEY ''`, ``} {
			if err := w.run(t.Context(), db, fmt.Sprintf("ATTACH '%s' AS aux %s", target(path), clause), nil); err == nil {
				t.Errorf("%s opens what k1 has made", clause)
			} else if strings.Contains(err.Error(), compat.Magic) || strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error shows what is in the file: %v", clause, err)
			}
		}
		if err := opens(path, "k1"); err != nil {
			t.Error(err)
		}
	})
}
