package interop

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestKeptPages has a peer write while the adapter, connected all the time, keeps the
// pages that it has read: rows are asked for one by one from all over a table, several
// times, and each time are as the peer has left them.
func (e Engine) TestKeptPages(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			e.keptPages(t, mode)
		})
	}
}

func (e Engine) keptPages(t *testing.T, mode string) {
	const rows = 400
	path := filepath.Join(t.TempDir(), "kept.db")
	l := layout{key: rawKey64}
	peer, ours := l.open(t, peerSide(peers.SQLCipher414), path), l.open(t, e.side(), path)
	peer.MustExec(fmt.Sprintf("PRAGMA journal_mode=%s; PRAGMA busy_timeout=20000; PRAGMA wal_autocheckpoint=0;"+
		"CREATE TABLE t(id INTEGER PRIMARY KEY, n, body); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)"+
		"INSERT INTO t SELECT i, 0, hex(zeroblob(900)) FROM n", mode, rows))
	ours.MustExec("PRAGMA busy_timeout=20000; PRAGMA cache_size=5")
	each := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)"+
		"SELECT count(*), min(t.n), max(t.n) FROM n CROSS JOIN t ON t.id = n.i * 79 %% %d + 1", rows, rows)
	for round := range 12 {
		for range 3 {
			want := fmt.Sprintf("%d|%d|%d", rows, round, round)
			if got := strings.TrimSpace(ours.MustExec(each).Text()); got != want {
				t.Fatalf("round %d: %s, want %s", round, got, want)
			}
		}
		if round%4 == 3 {
			peer.MustExec("PRAGMA wal_checkpoint(TRUNCATE)")
		}
		peer.MustExec("UPDATE t SET n = n + 1")
	}
	peer.Quit()
	ours.Quit()
}
