package interop

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// logicKey is a raw key, so that no time goes into its derivation.
const logicKey = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"

// TestSameResults runs long random scripts on a database in clear and on an
// encrypted one, the way of the sqllogictest of SQLite: every statement has the
// same rows or fails with the same error. In between the databases are closed
// and opened again.
func (e Engine) TestSameResults(t *testing.T) {
	atRandom(t, []string{"delete", "truncate", "persist", "wal"}, e.sameResults)
}

// atRandom runs a test in each journal mode, and says with which seed.
func atRandom(t *testing.T, modes []string, test func(t *testing.T, mode string, rnd *rand.Rand)) {
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			test(t, mode, rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

func (e Engine) sameResults(t *testing.T, mode string, rnd *rand.Rand) {
	dir := t.TempDir()
	clear := &logicDB{path: filepath.Join(dir, "clear.db")}
	secret := &logicDB{path: filepath.Join(dir, "secret.db"), key: logicKey}
	const sessions, statements = 5, 100
	w := newScript(rnd)
	failed := 0
	for range sessions {
		for _, db := range []*logicDB{clear, secret} {
			db.open(t, e, mode)
		}
		for range statements {
			text := w.next()
			want, wantErr := clear.query(text)
			got, err := secret.query(text)
			if text == freePages {
				got.Rows, want.Rows = nil, nil
			}
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\ngives %v, %v\nin clear %v, %v", text, got, err, want, wantErr)
			}
			if err != nil {
				failed++
			}
		}
		w.restart()
		for _, db := range []*logicDB{clear, secret} {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if failed > sessions*statements/2 {
		t.Errorf("%d of %d statements fail: the script is none", failed, sessions*statements)
	}
	t.Logf("%d statements, of which %d fail", sessions*statements, failed)
}

// logicDB is one of the two databases.
type logicDB struct {
	handler
	path, key string
}

func (db *logicDB) open(t *testing.T, e Engine, mode string) {
	t.Helper()
	db.handler = handler{engine: e}
	err := db.Open(db.path, nil)
	if err == nil && db.key != "" {
		err = db.Key([]byte(db.key))
	}
	if err == nil {
		_, err = db.Exec("PRAGMA synchronous=OFF; PRAGMA cache_size=20; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=" + mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}
