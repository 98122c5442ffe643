package ncruces_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/ncruces"
)

// The benchmarks run each workload in clear and encrypted on the same engine;
// compare the two of one run.
var benchmarked = []struct{ name, params string }{
	{"clear", ""},
	{"encrypted", "&vfs=" + ncruces.VFSName + "&rawkey=" + rawKey},
}

func benchmarkWAL(b *testing.B, synchronous string, run func(b *testing.B, db *sql.DB)) {
	for _, k := range benchmarked {
		b.Run(k.name, func(b *testing.B) {
			db := open(b, "file:"+filepath.Join(b.TempDir(), "bench.db")+
				"?_pragma=journal_mode(WAL)&_pragma=synchronous("+synchronous+")"+k.params)
			mustExec(b, db, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, body TEXT)")
			b.ResetTimer()
			run(b, db)
		})
	}
}

// BenchmarkCommitWAL commits single rows.
func BenchmarkCommitWAL(b *testing.B) {
	for _, synchronous := range []string{"OFF", "NORMAL", "FULL"} {
		b.Run(synchronous, func(b *testing.B) {
			benchmarkWAL(b, synchronous, func(b *testing.B, db *sql.DB) {
				for i := range b.N {
					mustExec(b, db, "INSERT INTO t(name, body) VALUES(?, 'a body of some length')", fmt.Sprint("name ", i))
				}
			})
		})
	}
}

// BenchmarkTransactionWAL commits 20,000 rows of about 100 bytes at a time,
// and checkpoints them.
func BenchmarkTransactionWAL(b *testing.B) {
	benchmarkWAL(b, "NORMAL", func(b *testing.B, db *sql.DB) {
		for range b.N {
			mustExec(b, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000)
				INSERT INTO t(name, body) SELECT 'name ' || i, printf('%080d', i) FROM n`)
			mustExec(b, db, "PRAGMA wal_checkpoint(TRUNCATE)")
		}
	})
}

// BenchmarkScan reads a table that is larger than the cache of pages.
func BenchmarkScan(b *testing.B) {
	benchmarkWAL(b, "NORMAL", func(b *testing.B, db *sql.DB) {
		mustExec(b, db, `PRAGMA cache_size = 10; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50000)
			INSERT INTO t(name, body) SELECT 'name ' || i, printf('%080d', i) FROM n`)
		mustExec(b, db, "PRAGMA wal_checkpoint(TRUNCATE)")
		b.ResetTimer()
		for range b.N {
			wantAnswer(b, db, "4000000", "SELECT sum(length(body)) FROM t")
		}
	})
}
