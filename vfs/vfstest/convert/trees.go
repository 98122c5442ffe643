package convert

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/convert"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// forest makes trees of several levels, of a seed: payloads around each limit
// between a cell and its overflow pages, in pages of any reserve, rowids at both
// ends, indexes, a schema that page 1 has no room for, and what is free.
func forest(rnd *rand.Rand, pageSize int) string {
	var sql strings.Builder
	fmt.Fprintf(&sql, "CREATE TABLE sizes(a, b);CREATE INDEX bySize ON sizes(b);"+
		"CREATE TABLE ends(id INTEGER PRIMARY KEY, a); INSERT INTO ends VALUES (-9223372036854775808, 1), (9223372036854775807, 2), (-1, 3), (0, 4);"+
		"CREATE TABLE without(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID; CREATE TABLE bits(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO bits VALUES (0), (1);"+
		"CREATE TABLE none(id INTEGER PRIMARY KEY AUTOINCREMENT);"+
		"CREATE TABLE odd(rowid INTEGER PRIMARY KEY, a UNIQUE, b); CREATE INDEX both ON odd(b, a);")
	row := func(table string, size int) {
		fmt.Fprintf(&sql, "INSERT OR IGNORE INTO %s(a, b) VALUES (%d, randomblob(%d));", table, rnd.Int64()>>rnd.IntN(64), size)
	}
	for _, usable := range []int{pageSize - 80, pageSize} {
		least, mostOfIndex := (usable-12)*32/255-23, (usable-12)*64/255-23
		for _, limit := range []int{least, mostOfIndex, usable - 35, usable - 35 + least, 2*usable - 8 + least, 3 * usable} {
			for off := -16; off <= 2; off += 1 + rnd.IntN(4) {
				row("sizes", max(0, limit+off))
			}
			row("without", limit-10)
		}
	}
	for range 10 {
		row([]string{"odd", "sizes", "without"}[rnd.IntN(3)], rnd.IntN(6*pageSize))
	}
	for i := range 60 {
		fmt.Fprintf(&sql, "CREATE TABLE t%d(a, b DEFAULT '%s');", i, strings.Repeat("x", rnd.IntN(200)))
	}
	many := 3000 + rnd.IntN(3000)
	fmt.Fprintf(&sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"+
		" INSERT OR IGNORE INTO odd(a, b) SELECT i * 7919 %% 65537 || '-', i %% 13 FROM n;", many)
	fmt.Fprintf(&sql, "CREATE TABLE narrow(a); CREATE INDEX tiny ON narrow(a);"+
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO narrow SELECT NULL FROM n;", many)
	sql.WriteString("DELETE FROM odd WHERE rowid % 3 = 0; DROP TABLE t5; ANALYZE;")
	return sql.String()
}

// TestCopyTrees copies databases whose pages are of all sizes, and of another one
// in the copy.
func (e Engine) TestCopyTrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to int }{{512, 1024}, {1024, 65536}, {65536, 4096}, {4096, 8192}, {8192, 1024}, {4096, 4096}} {
		t.Run(fmt.Sprint(c.from, " to ", c.to), func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			sized := form{"Sized", "sized horse", []string{"kdf_iter", "10", "cipher_page_size", strconv.Itoa(c.to)}}
			dir := t.TempDir()
			first, second, third := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db"), filepath.Join(dir, "c.db")
			trees := forest(rand.New(rand.NewPCG(seed, 0)), max(1024, min(c.from, c.to)))
			mode := map[bool]string{true: "wal", false: "delete"}[c.to == 4096]
			made(t, first, form{}, fmt.Sprintf("PRAGMA page_size = %d; PRAGMA journal_mode = %s; BEGIN;%s COMMIT", c.from, mode, trees))
			clear := form{name: "Clear"}
			for _, step := range []struct {
				from, to         form
				fromPath, toPath string
			}{{clear, sized, first, second}, {sized, clear, second, third}} {
				want := dump(t, peers.SQLCipher414, step.fromPath, step.from)
				if err := convert.Copy(t.Context(), e.Convert, step.from.database(t, step.fromPath), step.to.database(t, step.toPath)); err != nil {
					t.Fatal(err)
				}
				if got := dump(t, peers.SQLCipher414, step.toPath, step.to); got != want {
					t.Errorf("the copy in pages of another layout differs, to %s", step.to.name)
				}
				p := peer(t, peers.SQLCipher414, step.toPath, step.to)
				// SQLite would have begun with the root.
				const behind = "SELECT rootpage > 2 FROM sqlite_schema WHERE name = 'sizes'; PRAGMA freelist_count; PRAGMA journal_mode"
				if got := p.MustExec(behind).Text(); (e.Trees || mode != "wal") && got != "1\n0\n"+mode {
					t.Errorf("it was not copied tree by tree, in mode %s: %s", mode, got)
				}
				p.MustExec("INSERT OR IGNORE INTO odd(a, b) SELECT b, a FROM sizes; DELETE FROM sizes WHERE rowid % 2;" +
					"CREATE TABLE behind" + step.to.name + " AS SELECT * FROM without")
				if got := p.MustExec("PRAGMA integrity_check").Text(); got != "ok" {
					t.Errorf("after more was written: %s", got)
				}
				p.Quit()
			}
		})
	}
}
