package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecoverCommand salvages databases by the command.
func TestRecoverCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	run := func(args ...string) (status int, stdout, stderr string) {
		var out, errs bytes.Buffer
		env := Env{strings.NewReader(""), &out, &errs}
		status = Run(context.Background(), append([]string{"pageseal"}, args...), env)
		return status, out.String(), errs.String()
	}
	const key = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"
	if err := os.WriteFile(in("key"), []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const sql = `CREATE TABLE t(id INTEGER PRIMARY KEY, a);CREATE TABLE other(a);INSERT INTO other VALUES('kept');
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<900) INSERT INTO t SELECT i, 'row ' || i FROM n;`
	if status, _, errs := run(in("whole.db"), `PRAGMA key="`+key+`";`+sql); status != 0 {
		t.Fatal(errs)
	}
	if status, _, errs := run(in("plain.db"), sql); status != 0 {
		t.Fatal(errs)
	}
	whole, err := os.ReadFile(in("whole.db"))
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[5*4096+500] ^= 8
	if err := os.WriteFile(in("damaged.db"), damaged, 0o600); err != nil {
		t.Fatal(err)
	}

	status, out, errs := run("recover", "--key-file", in("key"), in("whole.db"), in("whole.new"))
	if status != 0 || errs != "" || !strings.Contains(out, "table t      900 rows\n") || strings.Contains(out, "lost") {
		t.Errorf("of a whole one: status %d, %q and\n%s", status, errs, out)
	}
	status, out, _ = run("recover", in("plain.db"), in("plain.new"))
	if status != 0 || !strings.Contains(out, "table other  1 rows\n") {
		t.Errorf("of one in clear, status %d and\n%s", status, out)
	}
	if head, err := os.ReadFile(in("plain.new")); err != nil || !bytes.HasPrefix(head, []byte("SQLite format 3")) {
		t.Errorf("of one in clear comes %.16q, %v", head, err)
	}
	status, out, _ = run("recover", "--key-file", in("key"), "--json", in("damaged.db"), in("damaged.new"))
	var report recoveryReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 4 {
		t.Fatalf("status %d, %v:\n%s", status, err, out)
	}
	if report.Complete || len(report.Bad) != 1 || report.Bad[0] != 6 || report.Tables[0].Rows >= 900 || report.Tables[0].Rows < 500 {
		t.Errorf("the report is\n%s", out)
	}
	if now, err := os.ReadFile(in("damaged.db")); err != nil || !bytes.Equal(now, damaged) {
		t.Errorf("the damaged one has changed: %v", err)
	}
	_, out, errs = run(in("damaged.new"), `PRAGMA key="`+key+`";SELECT count(*) > 500 FROM t; SELECT a FROM other`)
	if out != "ok\n1\nkept\n" {
		t.Errorf("in the new one are %q and %q", out, errs)
	}

	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"over a file", []string{"--key-file", in("key"), in("damaged.db"), in("damaged.new")}, 1, "there is such a file"},
		{"over itself", []string{"--force", "--key-file", in("key"), in("damaged.db"), in("damaged.db")}, 2, "itself"},
		{"with another key", []string{"--key-env", "PATH", in("damaged.db"), in("none")}, 3, "salt"},
		{"with no key", []string{in("damaged.db"), in("none")}, 2, "key"},
		{"of one file", []string{in("damaged.db")}, 2, "TARGET"},
		{"of no file", []string{in("nothing"), in("none")}, 1, "nothing"},
	} {
		status, out, errs := run(append([]string{"recover"}, c.args...)...)
		if status != c.status || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%s: status %d, want %d; %q and %q", c.name, status, c.status, out, errs)
		}
	}
	if status, _, errs := run("recover", "--force", "--key-file", in("key"), in("damaged.db"), in("damaged.new")); status != 4 {
		t.Errorf("with --force: status %d and %q", status, errs)
	}
}

// TestRanges is about lists of pages.
func TestRanges(t *testing.T) {
	t.Parallel()
	for want, numbers := range map[string][]uint32{
		"": nil, "3": {3}, "3-4": {3, 4}, "1, 3-5, 9": {1, 3, 4, 5, 9},
	} {
		if got := ranges(numbers); got != want {
			t.Errorf("%v are %q, want %q", numbers, got, want)
		}
	}
}

// TestRecoverDotKeyed reads a database through its connection: with its key and
// with its log.
func TestRecoverDotKeyed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	var out, errs bytes.Buffer
	status := Run(context.Background(), []string{"pageseal", path, "PRAGMA key='k'; PRAGMA journal_mode=WAL;" +
		"CREATE TABLE t(a, b DEFAULT 'it''s'); INSERT INTO t(a) VALUES(1),('x'); BEGIN; INSERT INTO t VALUES('mine', NULL);", ".recover"},
		Env{strings.NewReader(""), &out, &errs})
	const want = "ok\nwal\n" + `BEGIN;
PRAGMA writable_schema = on;
PRAGMA encoding = 'UTF-8';
PRAGMA page_size = '4096';
PRAGMA auto_vacuum = '0';
PRAGMA user_version = '0';
PRAGMA application_id = '0';
CREATE TABLE t(a, b DEFAULT 'it''s');
INSERT OR IGNORE INTO 't'(_rowid_, 'a', 'b') VALUES (1, 1, 'it''s');
INSERT OR IGNORE INTO 't'(_rowid_, 'a', 'b') VALUES (2, 'x', 'it''s');
INSERT OR IGNORE INTO 't'(_rowid_, 'a', 'b') VALUES (3, 'mine', NULL);
PRAGMA writable_schema = off;
COMMIT;
`
	if status != 0 || out.String() != want || errs.Len() > 0 {
		t.Errorf("status %d, %q and\n%s\nwant\n%s", status, errs.String(), out.String(), want)
	}
}
