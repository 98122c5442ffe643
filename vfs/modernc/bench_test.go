package modernc_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
)

// The benchmarks run each workload in clear and encrypted on the same engine;
// compare the two of one run.
var benchmarked = []struct {
	name    string
	options []modernc.Option
}{
	{"clear", []modernc.Option{modernc.KeyOptional()}},
	{"encrypted", []modernc.Option{modernc.RawKey("98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481")}},
}

func benchmarkWAL(b *testing.B, synchronous string, run func(b *testing.B, db *sql.DB)) {
	for _, k := range benchmarked {
		b.Run(k.name, func(b *testing.B) {
			options := append([]modernc.Option{
				modernc.Param("_pragma", "journal_mode(WAL)"), modernc.Param("_pragma", "synchronous("+synchronous+")"),
			}, k.options...)
			db := sql.OpenDB(modernc.NewConnector(filepath.Join(b.TempDir(), "bench.db"), options...))
			defer db.Close()
			db.SetMaxOpenConns(1)
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
