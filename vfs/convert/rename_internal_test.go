package convert

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
)

// inClear connects to a database in clear.
func inClear(t *testing.T, path string) *conn {
	t.Helper()
	connector, err := sqlite.NewConnector(path)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := connector.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &conn{inner, context.Background()}
}

// TestRenameClosed replaces a file as it is done where one that is open keeps its
// name, with somebody who writes to the original at the wrong moment and
// without.
func TestRenameClosed(t *testing.T) {
	t.Parallel()
	for _, writes := range []bool{false, true} {
		from := filepath.Join(t.TempDir(), "a.db")
		to := from + Suffix
		if err := os.WriteFile(to, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
		c := inClear(t, from)
		if err := c.exec("CREATE TABLE t(a)"); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(from)
		if err != nil {
			t.Fatal(err)
		}
		r := replacement{conn: c, from: from, to: to, info: info}
		if !writes {
			err = r.renameClosed()
		} else {
			if r.head, err = head(from); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(c.exec("INSERT INTO t VALUES (1)"), r.close()); err != nil {
				t.Fatal(err)
			}
			err = r.renameUnchanged()
		}
		content, readErr := os.ReadFile(from)
		if readErr != nil || (string(content) == "new") == writes || errors.Is(err, codeBusy) != writes || r.renamed == writes {
			t.Errorf("somebody writes: %v: error %v, %d bytes, renamed %v", writes, err, len(content), r.renamed)
		}
		if err := r.close(); err != nil {
			t.Error(err)
		}
	}
}
