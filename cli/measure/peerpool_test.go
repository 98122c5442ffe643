package measure

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

const (
	pooled     = 16 // connections of a pool
	passphrase = "not the one of the clinic"
)

// opened is what connections to a database with a passphrase cost, in milliseconds.
type opened struct {
	derive      float64 // PBKDF2 alone
	first, next float64 // connection of a pool, which has read a row
	peer        float64 // any connection of C SQLCipher
}

// pools measures it: medians over rounds, of the next over all but the first.
func pools(t *testing.T, rounds int) (o opened) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pool.db")
	peer := peers.Require(t, peers.SQLCipher414).Start(t)
	open := func() {
		peer.MustOpen(path)
		peer.Key([]byte(passphrase))
	}
	open()
	peer.MustExec("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
	peer.CloseDB()
	var derive, first, next, theirs []float64
	for range rounds {
		start := time.Now()
		key, err := kdf.Derive([]byte(passphrase), make([]byte, 16), kdf.Params{Hash: kdf.SHA512, Iter: 256000, FastIter: 2, SaltMask: 0x3a})
		if err != nil {
			t.Fatal(err)
		}
		derive = append(derive, milliseconds(time.Since(start)))
		kdf.Wipe(key)

		all := poolOf(t, path)
		first, next = append(first, all[0]), append(next, all[1:]...)

		start = time.Now()
		open()
		peer.MustExec("SELECT a FROM t")
		theirs = append(theirs, milliseconds(time.Since(start)))
		peer.CloseDB()
	}
	peer.Quit()
	return opened{Median(derive), Median(first), Median(next), Median(theirs)}
}

// poolOf opens a pool and times each of its connections.
func poolOf(t *testing.T, path string) (took []float64) {
	t.Helper()
	db := sql.OpenDB(modernc.NewConnector(path, modernc.Passphrase(passphrase)))
	defer db.Close()
	for range pooled {
		start := time.Now()
		conn, err := db.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var a int
		if err := conn.QueryRowContext(t.Context(), "SELECT a FROM t").Scan(&a); err != nil || a != 1 {
			t.Fatalf("%d, %v", a, err)
		}
		took = append(took, milliseconds(time.Since(start)))
	}
	return took
}

func (r report) poolTable(w io.Writer) {
	fmt.Fprintf(w, `
## Opening

%d connections of a pool to a database with a passphrase, each until it has read a row. PBKDF2 by itself takes %s here,
which the first connection of a process waits for; the key is kept for all others. C SQLCipher derives it with each connection.

| connection | pageseal | C SQLCipher |
| --- | ---: | ---: |
| first of a further pool | %s | %s |
| each next | %s | %[4]s |
`, pooled, Milliseconds(r.opened.derive), Milliseconds(r.opened.first), Milliseconds(r.opened.peer), Milliseconds(r.opened.next))
}
