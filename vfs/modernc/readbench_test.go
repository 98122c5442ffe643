package modernc_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/modernc"
)

const (
	benchRows  = 100_000 // of about 400 bytes, 11,000 pages in all
	benchCache = 500     // pages of SQLite's cache

	scan = "SELECT sum(length(body)) FROM t"
)

// readers are two databases of the same content, as those of benchmarked.
type readers [2]*sql.DB

func newReaders(b *testing.B, mode string) (r readers) {
	for i, k := range benchmarked {
		options := append([]modernc.Option{
			modernc.Param("_pragma", "journal_mode("+mode+")"), modernc.Param("_pragma", "synchronous(OFF)"),
			modernc.Param("_pragma", fmt.Sprintf("cache_size(%d)", benchCache)),
		}, k.options...)
		r[i] = sql.OpenDB(modernc.NewConnector(filepath.Join(b.TempDir(), "bench.db"), options...))
		b.Cleanup(func() { _ = r[i].Close() })
		r[i].SetMaxOpenConns(1)
		mustExec(b, r[i], "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)")
		mustExec(b, r[i], fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)
			INSERT INTO t(body) SELECT printf('%%0380d', i) FROM n`, benchRows))
		if mode == "WAL" {
			mustExec(b, r[i], "PRAGMA wal_checkpoint(TRUNCATE)")
		}
		mustExec(b, r[i], scan)
	}
	return r
}

// compare runs the queries on both databases by turns and tells the median of each,
// and their ratio: the load of the machine is that of both.
func (r readers) compare(b *testing.B, before func(), query string, args func() []any, times int) {
	var took [2][]time.Duration
	b.ResetTimer()
	for range b.N {
		before()
		for i, db := range r {
			begin := time.Now()
			for range times {
				var n int
				if err := db.QueryRow(query, args()...).Scan(&n); err != nil {
					b.Fatal(err)
				}
			}
			took[i] = append(took[i], time.Since(begin)/time.Duration(times))
		}
	}
	var medians [2]float64
	for i, k := range benchmarked {
		slices.Sort(took[i])
		medians[i] = float64(took[i][len(took[i])/2])
		b.ReportMetric(medians[i], k.name+"-ns")
	}
	b.ReportMetric(medians[1]/medians[0], "ratio")
}

// BenchmarkRead compares reads of a table that is larger than SQLite's cache: all of
// it, and rows here and there, warm with a cache that holds all and cold with one that
// is empty each time.
func BenchmarkRead(b *testing.B) {
	for _, mode := range []string{"DELETE", "WAL"} {
		r := newReaders(b, mode)
		for _, size := range []int64{0, 64 << 20} {
			run := func(name string, before func(), query string, args func() []any, times int) {
				b.Run(fmt.Sprintf("%s/cache=%d/%s", mode, size>>20, name), func(b *testing.B) {
					was := vfs.SetPageCache(size)
					defer vfs.SetPageCache(was)
					for range 2 { // a scan is kept when it comes by again
						mustExec(b, r[1], scan)
					}
					r.compare(b, before, query, args, times)
				})
			}
			row := func() []any { return []any{1 + rand.IntN(benchRows)} }
			run("scan", func() {}, scan, func() []any { return nil }, 1)
			run("cold scan", vfs.ForgetPages, scan, func() []any { return nil }, 1)
			run("points", func() {}, "SELECT length(body) FROM t WHERE id = ?", row, 100)
			run("cold points", vfs.ForgetPages, "SELECT length(body) FROM t WHERE id = ?", row, 100)
		}
	}
}
