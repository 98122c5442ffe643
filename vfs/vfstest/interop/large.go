package interop

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
)

const largeRows = 1200 // of about 1.5 KB

// largeSums tells all of a table apart, and whether its trees are right.
const largeSums = "SELECT count(*), sum(id * length(body)), sum(id * unicode(body)), sum(id * unicode(substr(body, -9))) FROM t;" +
	"SELECT count(*) FROM t INDEXED BY n WHERE n > 0; PRAGMA integrity_check"

// TestLargeTransactions has transactions that do not fit in SQLite's cache, so that
// it writes pages before the commit, the same ones again, and takes some back with a
// savepoint. After each one a copy of the files, as a crash would leave them, has
// what the same statements make of a database in clear.
func (e Engine) TestLargeTransactions(t *testing.T) {
	atRandom(t, []string{"delete", "wal"}, e.largeTransactions)
}

func (e Engine) largeTransactions(t *testing.T, mode string, rnd *rand.Rand) {
	clear := &logicDB{path: filepath.Join(t.TempDir(), "clear.db")}
	secret := &logicDB{path: filepath.Join(t.TempDir(), "secret.db"), key: logicKey}
	both := func(text string) (results [2]any) {
		t.Helper()
		for i, db := range []*logicDB{clear, secret} {
			r, err := db.Exec(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			results[i] = r
		}
		return results
	}
	clear.open(t, e, mode)
	secret.open(t, e, mode)
	both(fmt.Sprintf("PRAGMA wal_autocheckpoint=400; CREATE TABLE t(id INTEGER PRIMARY KEY, n, body); CREATE INDEX n ON t(n);"+
		"WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM i WHERE i < %d)"+
		"INSERT INTO t SELECT i, i*7919%%1000+1, printf('%%01500d', i) FROM i", largeRows))
	for range 12 {
		text := largeTransaction(rnd)
		both(text)
		copied := &logicDB{path: filepath.Join(copyDir(t, filepath.Dir(secret.path)), "secret.db"), key: logicKey}
		copied.open(t, e, mode)
		got, err := copied.Exec(largeSums)
		if err := copied.Close(); err != nil {
			t.Fatal(err)
		}
		if sums := both(largeSums); err != nil || !reflect.DeepEqual(sums[0], sums[1]) || !reflect.DeepEqual(sums[0], any(got)) {
			t.Fatalf("after %s\nin clear %v\nencrypted %v\na copy of it %v, %v", text, sums[0], sums[1], got, err)
		}
	}
	for _, db := range []*logicDB{clear, secret} {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// largeTransaction changes some hundred rows, in several places by turns.
func largeTransaction(rnd *rand.Rand) string {
	change := func() string {
		from := rnd.IntN(largeRows)
		to := from + rnd.IntN(largeRows/2)
		switch rnd.IntN(4) {
		case 0:
			return fmt.Sprintf("UPDATE t SET body = '%c' || substr(body, 2) || 'grows', n = n + 1 WHERE id BETWEEN %d AND %d;", 'a'+rune(rnd.IntN(26)), from, to)
		case 1:
			return fmt.Sprintf("UPDATE t SET n = n + 1 WHERE id %% %d = 0;", 2+rnd.IntN(9))
		case 2:
			return fmt.Sprintf("DELETE FROM t WHERE id BETWEEN %d AND %d;", from, from+20)
		}
		return fmt.Sprintf("INSERT OR IGNORE INTO t SELECT id + %d, n, body FROM t WHERE id BETWEEN %d AND %d;", rnd.IntN(largeRows), from, to)
	}
	text := "BEGIN;" + change() + change()
	for range rnd.IntN(3) {
		text += "SAVEPOINT s;" + change() + change()
		if rnd.IntN(2) == 0 {
			text += "ROLLBACK TO s;"
		}
		text += change() + "RELEASE s;"
	}
	if rnd.IntN(5) == 0 {
		return text + "ROLLBACK"
	}
	return text + "COMMIT"
}
