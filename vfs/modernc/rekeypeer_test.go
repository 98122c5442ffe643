package modernc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
	"github.com/pageseal/pageseal/vfs/vfstest/campaign"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestRekeyCutShort stops a change of the key by failing writes for good, and
// lets SQLCipher roll back what is found on disk.
func TestRekeyCutShort(t *testing.T) {
	t.Parallel()
	d := vfstest.NewDisk()
	db := onDisk.Open(t, d, "main.db", campaign.Key)
	must(t, db, "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<900) INSERT INTO t SELECT hex(randomblob(400)) FROM n")
	digest := row(t, db, "SELECT sum(length(a)) || hex(max(a)) FROM t")
	// The third batch of pages, when the journal is complete.
	d.Inject(vfstest.Rule{Call: vfstest.OnWrite, Suffix: "main.db", After: 2, Err: vfs.CodeFull})
	if _, err := db.Exec(`PRAGMA rekey = "` + campaign.NextKey + `"`); err == nil {
		t.Fatal("the key was changed")
	}
	dir := t.TempDir()
	for _, name := range []string{"main.db", "main.db-journal"} {
		content := d.Content(name)
		if len(content) < 4096 {
			t.Fatalf("%s has %d bytes: the test tests nothing", name, len(content))
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := peers.Require(t, peers.SQLCipher414).Start(t)
	p.MustOpen(filepath.Join(dir, "main.db"))
	p.MustExec(`PRAGMA key = "` + campaign.Key + `"`)
	if got := p.MustExec("SELECT sum(length(a)) || hex(max(a)) FROM t").Text(); got != digest {
		t.Errorf("SQLCipher reads %.40q, want %.40q", got, digest)
	}
	if got := p.MustExec("PRAGMA cipher_integrity_check").Text(); got != "" {
		t.Errorf("cipher_integrity_check: %s", got)
	}
	d.Heal()
	if got := row(t, db, "SELECT sum(length(a)) || hex(max(a)) FROM t"); got != digest {
		t.Errorf("the connection reads %.40q, want %.40q", got, digest)
	}
}
