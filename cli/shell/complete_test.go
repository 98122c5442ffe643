package shell

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/vfs/modernc"
	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// newTestCompleter makes a completer for a shell on a database, behind lines
// that were typed.
func newTestCompleter(t *testing.T, file, sql string, typed ...string) *completer {
	t.Helper()
	s := newShell(t.Context(), Env{Stdout: io.Discard, Stderr: os.Stderr, VFS: modernc.VFSName})
	s.file = file
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	if err := s.exec(sql); err != nil {
		t.Fatal(err.text())
	}
	return newCompleter(s, func() []string { return typed })
}

const completed = `create table patient(name, allergy, "date of birth");
create table "patient list"(entry); create table pat_index(x);
create view payments as select 1 as amount;
create virtual table notes using fts5(body);
attach ':memory:' as archive; create table archive.panel(old);`

func TestComplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		head string
		want []string
	}{
		{"", "", nil},
		{"   ", "   ", nil},
		{"sel", "", []string{"select "}},
		{"SEL", "", []string{"SELECT "}},
		{"select 1; SEL", "select 1; ", []string{"SELECT "}},
		{"select * from p", "select * from ", []string{"panel", "pat_index", "patient", "payments"}},
		{"select * from P", "select * from ", []string{"Panel", "Pat_index", "Patient", "Payments"}},
		{"select * from \"p", "select * from ", []string{`"panel"`, `"pat_index"`, `"patient list"`, `"patient"`, `"payments"`}},
		{"select * from patient_", "select * from ", nil},
		{"select * from \"patient l", "select * from ", []string{`"patient list"`}},
		{"select * from n", "select * from ", []string{"notes"}},
		{"insert into archive.", "insert into archive.", []string{"panel", "sqlite_schema"}},
		{"select * from ar", "select * from ", []string{"archive"}},
		{"select al", "select ", []string{"all", "allergy", "alter", "always"}},
		{"select patient.", "select patient.", []string{`allergy`, `name`}},
		{"select patient.d", "select patient.", []string{`"date of birth"`}},
		{"select 1 from patient as p where p.n", "select 1 from patient as p where p.", []string{"name"}},
		{"select 1 from payments v where v.", "select 1 from payments v where v.", []string{"amount"}},
		{"select rando", "select ", []string{"random(", "randomblob("}},
		{"select 'pat", "select 'pat", nil},
		{"select 1 -- pat", "select 1 -- pat", nil},
		{"select /* pat", "select /* pat", nil},
		{"PRAGMA cipher_com", "PRAGMA ", []string{"cipher_compatibility"}},
		{"pragma foreign_key_", "pragma ", []string{"foreign_key_check", "foreign_key_list"}},
		{"pragma rek", "pragma ", []string{"rekey", "rekey_cipher", "rekey_kdf_iter"}},
		{"pragma archive.table_i", "pragma archive.", []string{"table_info"}},
		{"pragma table_info(pay", "pragma table_info(", []string{"payments"}},
		{"pragma key = ", "pragma key = ", nil},
		{".he", "", []string{".headers", ".help"}},
		{".dum", "", []string{".dump "}},
		{".mode ma", ".mode ", []string{"markdown"}},
		{".schema patie", ".schema ", []string{"patient", "patient list"}},
		{".nothing x", ".nothing x", nil},
		{" .he", " .", nil},
	} {
		head, words, tail := newTestCompleter(t, ":memory:", completed).complete(c.line+" tail", len(c.line))
		if head != c.head || !slices.Equal(words, c.want) || tail != " tail" {
			t.Errorf("%q: %q, %q, %q, want %q, %q", c.line, head, words, tail, c.head, c.want)
		}
	}
}

// TestCompleteOverLines wants the lines above to count.
func TestCompleteOverLines(t *testing.T) {
	t.Parallel()
	c := newTestCompleter(t, ":memory:", completed, "select allergy", "from")
	if head, words, _ := c.complete("pat", 3); head != "" || !slices.Equal(words, []string{"pat_index", "patient"}) {
		t.Errorf("%q, %q", head, words)
	}
	c = newTestCompleter(t, ":memory:", completed, "select 'from")
	if _, words, _ := c.complete("pat", 3); words != nil {
		t.Errorf("in a text: %q", words)
	}
	c = newTestCompleter(t, ":memory:", completed, "select é,")
	if head, words, tail := c.complete("é, allé", 4); head != "é, " || tail != "llé" || !slices.Contains(words, "allergy") {
		t.Errorf("%q, %q, %q", head, words, tail)
	}
}

func TestCompleteFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"clinic.db", "clinic two.db", ".clinic"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join("clips", "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := newTestCompleter(t, ":memory:", "create table cli(a)")
	for line, want := range map[string][]string{
		".open cli":           {"clinic.db", "clips/"},
		".open --readonly cl": {"clinic.db", "clips/"},
		".read clips/":        {"clips/old/"},
		".cd .":               {".clinic"},
		".import cli":         {"clinic.db", "clips/"},
		".import x.csv cli":   {"cli", "clinic.db", "clips/"},
		".read nope/":         nil,
	} {
		if _, words, _ := c.complete(line, len(line)); !slices.Equal(words, want) {
			t.Errorf("%s: %q, want %q", line, words, want)
		}
	}
}

// TestCompleteTouchesNothing wants no page to be read before the user has had
// one read: it would be without the key that is to follow.
func TestCompleteTouchesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "t.db")
	const key = "pragma key='hunter2'; pragma kdf_iter=1000;"
	newTestCompleter(t, file, key+"create table patient(a)")
	c := newTestCompleter(t, file, key)
	before, _ := c.db.Status(capi.CacheMiss, false)
	lines := []string{"select * from p", "pragma ke", "pragma table_info(p", "select p", "select main.p", ".schema p", ".open x"}
	for _, line := range lines {
		c.complete(line, len(line))
	}
	if misses, _ := c.db.Status(capi.CacheMiss, false); misses != before {
		t.Errorf("%d pages were read", misses-before)
	}
	if err := c.exec("select count(*) from patient"); err != nil {
		t.Fatal(err.text())
	}
	if _, words, _ := c.complete(lines[0], len(lines[0])); !slices.Equal(words, []string{"patient"}) {
		t.Errorf("with the key: %q", words)
	}
}

// TestCompleteIsHarmless wants no name to reach the terminal that would do
// something there.
func TestCompleteIsHarmless(t *testing.T) {
	t.Parallel()
	c := newTestCompleter(t, ":memory:", "create table \"pa\x1b[2J\"(a); create table \"pa\xff\"(a); create table patient(a)")
	if _, words, _ := c.complete("select * from pa", 16); !slices.Equal(words, []string{"patient"}) {
		t.Errorf("%q", words)
	}
}

func FuzzComplete(f *testing.F) {
	for _, line := range []string{"select * from \"p", "pragma table_info(", "select 'it''s", ".open x", "é.[", "/*", "--", "a.b.c.", "\xff\""} {
		f.Add(line, len(line))
	}
	f.Fuzz(func(t *testing.T, line string, pos int) {
		line = string([]rune(line))
		n := len([]rune(line))
		if n > 200 {
			t.Skip("long")
		}
		pos = max(0, min(pos, n))
		c := newTestCompleter(t, ":memory:", "create table \"t é\"(a, \"É b\")")
		head, _, tail := c.complete(line, pos)
		left := string([]rune(line)[:pos])
		if len(head) > len(left) || head != left[:len(head)] || tail != string([]rune(line)[pos:]) {
			t.Errorf("%q at %d: %q, %q", line, pos, head, tail)
		}
	})
}
