package interop

import (
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestFreedPages grows a database by pages that are freed again in the same
// transaction. SQLite does not write them when secure_delete is off, and
// SQLCipher's check rejects a hole: the adapter must leave none.
func (e Engine) TestFreedPages(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		for _, vacuum := range []string{"NONE", "FULL", "INCREMENTAL"} {
			t.Run(mode+"/"+vacuum, func(t *testing.T) {
				t.Parallel()
				e.freedPages(t, mode, vacuum)
			})
		}
	}
}

func (e Engine) freedPages(t *testing.T, mode, vacuum string) {
	path := filepath.Join(t.TempDir(), "freed.db")
	l := layout{key: rawKey64}
	p := l.open(t, e.side(), path)
	p.MustExec("PRAGMA auto_vacuum=" + vacuum + "; PRAGMA journal_mode=" + mode + "; PRAGMA secure_delete=OFF;" +
		"CREATE TABLE keep(a); CREATE TABLE t(a);")
	for range 3 {
		p.MustExec(`BEGIN; INSERT INTO t VALUES(zeroblob(300000)); INSERT INTO keep VALUES(zeroblob(5000));
			INSERT INTO t VALUES(zeroblob(300000)); DELETE FROM t; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);
			INSERT INTO keep VALUES(zeroblob(40000));`)
	}
	p.MustExec("PRAGMA incremental_vacuum(5); PRAGMA wal_checkpoint(TRUNCATE)")
	p.Quit()
	c := peerSide(peers.SQLCipher414)
	q := l.open(t, c, path)
	if got := q.MustExec("SELECT sum(length(a)) FROM keep").Text(); got != "135000" {
		t.Errorf("%s reads %s bytes, want 135000", c.name, got)
	}
	check(t, c, q)
}
