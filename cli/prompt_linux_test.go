package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// TestCompletion presses Tab.
func TestCompletion(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal", "t.db")
	p.await("sqlite> ")
	p.enter("create table patient(allergy, name); create table payment(amount);")
	p.enter(".echo on")
	for keys, want := range map[string]string{
		"sel" + tab + "6*7;":                               "select 6*7;",
		"select * from pat" + tab + ";":                    "select * from patient;",
		"select alle" + tab + " from patient;":             "select allergy from patient;",
		"pragma cipher_ver" + tab + ";":                    "pragma cipher_version;",
		"pragma foreign_key_l" + tab + "(pat" + tab + ");": "pragma foreign_key_list(patient);",
		".head" + tab + "off":                              ".headers off",
		".schema pay" + tab:                                ".schema payment",
		".mode li" + tab:                                   ".mode li",
		".mode lis" + tab:                                  ".mode list",
		"nothingofthis" + tab + tab + ctrlU + "select 1;":  "select 1;",
		"select 'allerg" + tab + "' x;":                    "select 'allerg' x;",
		"select * from pa" + tab + "tient;":                "select * from patient;",
	} {
		p.press(keys + enter)
		p.await("\n" + want + "\r\n")
		p.await("sqlite> ")
	}
	p.press("select * from pa" + tab + tab)
	p.await("\r\n")
	p.await("patient payment")
	p.await("sqlite> select * from pa")
	p.press(ctrlC)
	p.await("^C")
	p.await("sqlite> ")
	p.leave(0)
}

// TestKeyPrompt wants a key that is typed to open the database, and to be
// nowhere to be seen.
func TestKeyPrompt(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"TERM=xterm", "TERM=dumb"} {
		dir := t.TempDir()
		env := []string{environment}
		p := sit(t, dir, env, "pageseal", "t.db")
		p.await("sqlite> ")
		p.press(".key" + enter)
		p.await("\nkey: ")
		p.press("hunter2" + enter)
		p.await("key again: ")
		p.press("hunter3" + enter)
		p.await("the two keys are not the same\r\n")
		p.await("sqlite> ")
		p.press(".key" + enter)
		p.await("\nkey: ")
		p.press(ctrlC)
		p.await("no key was typed\r\n")
		p.await("sqlite> ")
		p.press(".key main" + enter)
		p.await("\nkey: ")
		p.press("hunter2" + enter)
		p.await("key again: ")
		p.press("hunter2" + enter)
		p.await("sqlite> ")
		p.enter("pragma kdf_iter=1000; create table t(a); insert into t values(42);")
		p.leave(1)
		if content := p.read("t.db"); len(content) == 0 || strings.Contains(content, "CREATE TABLE") {
			t.Errorf("%d bytes, not encrypted", len(content))
		}

		q := sit(t, dir, env, "pageseal", "t.db")
		q.await("sqlite> ")
		q.press(".key" + enter)
		q.await("\nkey: ")
		q.press("hunter2" + enter)
		q.await("sqlite> ")
		if got := q.enter("pragma kdf_iter=1000; select a from t;"); !strings.HasPrefix(got, "42\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		if got := q.enter(".key nowhere"); !strings.HasPrefix(got, "Error: no such database\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		q.leave(1)
		for _, s := range []*typist{p, q} {
			if bytes.Contains(s.shown, []byte("hunter")) {
				t.Errorf("%s: the key is shown in %q", environment, s.shown)
			}
		}
		if environment == "TERM=xterm" && strings.Contains(p.read(".pageseal_history"), "hunter") {
			t.Errorf("the key is remembered")
		}
	}
	compare(t, run(t, ".key\n", "pageseal"), outcome{stderr: "Error: there is no terminal to ask for a key\n", status: 1})
	if got := run(t, ".help\n", "pageseal").stdout; !strings.Contains(got, "\n.key ?DB? ") {
		t.Errorf("the help is %q", got)
	}
}

func TestIsTerminal(t *testing.T) {
	t.Parallel()
	open := func(name string) *os.File {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	master, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer terminal.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if !isTerminal(terminal) {
		t.Error("a terminal is none")
	}
	for name, f := range map[string]*os.File{
		"nothing": open(os.DevNull), "zeros": open("/dev/zero"), "a pipe": r,
		"a file": open(filepath.Join(t.TempDir(), "f")),
	} {
		if isTerminal(f) {
			t.Errorf("%s is a terminal", name)
		}
	}
	if isTerminal(strings.NewReader("")) {
		t.Error("a text is a terminal")
	}
}
