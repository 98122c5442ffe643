package modernc_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestEveryPageVerifies grows and shrinks databases in ways that leave free
// pages, and then verifies all pages of the file: SQLite does not look at the
// free ones, SQLCipher's cipher_integrity_check does.
func TestEveryPageVerifies(t *testing.T) {
	t.Parallel()
	for _, autoVacuum := range []string{"NONE", "FULL", "INCREMENTAL"} {
		for _, secureDelete := range []string{"0", "1", "FAST"} {
			for i, mode := range []string{"DELETE", "TRUNCATE", "PERSIST", "WAL"} {
				size := []string{"1024", "4096", "1024", "4096"}[i]
				t.Run(fmt.Sprint(autoVacuum, " ", secureDelete, " ", mode), func(t *testing.T) {
					t.Parallel()
					path := filepath.Join(t.TempDir(), "clinic.db")
					pragma := func(name, value string) modernc.Option {
						return modernc.Param("_pragma", name+"("+value+")")
					}
					opts := options(modernc.Setting("cipher_page_size", size),
						modernc.Param("_auto_vacuum", autoVacuum), pragma("secure_delete", secureDelete),
						pragma("journal_mode", mode), pragma("cache_size", "5"), pragma("synchronous", "OFF"))
					seed := rand.Uint64()
					t.Logf("seed %d", seed)
					random := rand.New(rand.NewPCG(seed, 0))
					for range 4 {
						db := openDB(t, path, opts...)
						for range 12 {
							churn(t, db, random)
						}
						intact(t, db)
						closeDB(t, db)
						verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter, "cipher_page_size", size))
						if t.Failed() {
							return
						}
					}
				})
			}
		}
	}
}

// churn changes a database at random.
func churn(t *testing.T, db *sql.DB, random *rand.Rand) {
	t.Helper()
	table := fmt.Sprintf("t%d", random.IntN(4))
	must(t, db, `CREATE TABLE IF NOT EXISTS `+table+`(id INTEGER PRIMARY KEY, x BLOB)`)
	steps := []string{
		`INSERT INTO $t(x) VALUES (zeroblob($n))`,
		`INSERT INTO $t(x) VALUES (randomblob($n)), (randomblob($n)), (randomblob($n))`,
		`DELETE FROM $t WHERE id % 3 = $n % 3`,
		`UPDATE $t SET x = zeroblob($n) WHERE id % 5 = $n % 5`,
		`DROP TABLE $t; CREATE TABLE $t(id INTEGER PRIMARY KEY, x BLOB)`,
		// Pages that are added and freed again in one transaction.
		`BEGIN; INSERT INTO $t(x) VALUES (zeroblob(10 * $n)); DELETE FROM $t; INSERT INTO $t(x) VALUES (1); COMMIT`,
		`BEGIN; CREATE TABLE new AS SELECT * FROM $t; DROP TABLE new; INSERT INTO $t(x) VALUES (2); COMMIT`,
		`BEGIN; INSERT INTO $t(x) VALUES (zeroblob(5 * $n)); ROLLBACK`,
		`SAVEPOINT a; INSERT INTO $t(x) VALUES (zeroblob(8 * $n)); SAVEPOINT b; DELETE FROM $t; ROLLBACK TO b; ROLLBACK TO a; ` +
			`INSERT INTO $t(x) VALUES (3); RELEASE a`,
		`CREATE INDEX IF NOT EXISTS i$t ON $t(x); DROP INDEX i$t`,
		`PRAGMA incremental_vacuum($n)`,
		`PRAGMA incremental_vacuum(2)`,
		`VACUUM`,
	}
	step := steps[random.IntN(len(steps))]
	n := fmt.Sprint(1 + random.IntN(20000))
	must(t, db, strings.NewReplacer("$t", table, "$n", n).Replace(step))
}
