package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// Keys as a terminal sends them.
const (
	ctrlA, ctrlC, ctrlD, ctrlE, ctrlU, ctrlW = "\x01", "\x03", "\x04", "\x05", "\x15", "\x17"
	backspace, tab, enter                    = "\x7f", "\t", "\r"
	keyUp, keyLeft, keyRight, keyDelete      = "\x1b[A", "\x1b[D", "\x1b[C", "\x1b[3~"
)

// patience is how long a person waits for the program. It ends only tests that
// fail.
const patience = time.Minute

// typist is a person at a terminal with the program.
type typist struct {
	*testing.T
	dir string
	pty *os.File
	cmd *exec.Cmd

	mu     sync.Mutex
	more   *sync.Cond
	shown  []byte
	seen   int // of shown
	closed bool
}

// sit starts the program under a name on a terminal of its own, with home and
// working directory in dir.
func sit(t *testing.T, dir string, env []string, program string, args ...string) *typist {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{program}, args...)
	cmd.Dir = dir
	cmd.Env = append([]string{asProgram + "=1", "HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm"}, env...)
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	p := &typist{T: t, dir: dir, pty: master, cmd: cmd}
	p.more = sync.NewCond(&p.mu)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		master.Close()
	})
	go p.watch()
	return p
}

// watch collects what is shown. A read that begins before the program's last
// words and ends after it has hung up fails without them: Linux has them for
// the next read.
func (p *typist) watch() {
	buf := make([]byte, 4096)
	for failed := 0; failed < 2; {
		n, err := p.pty.Read(buf)
		if err != nil {
			failed++
		}
		p.mu.Lock()
		p.shown = append(p.shown, buf[:n]...)
		p.closed = p.closed || failed == 2
		p.more.Broadcast()
		p.mu.Unlock()
	}
}

// await waits until a text is shown, behind what was awaited before, and
// returns what came before it.
func (p *typist) await(text string) (before string) {
	p.Helper()
	p.until(fmt.Sprintf("%q", text), func(shown []byte) (seen int) {
		found, _, ok := bytes.Cut(shown, []byte(text))
		if !ok {
			return 0
		}
		before = string(found)
		return len(found) + len(text)
	})
	return before
}

// write types a text and waits for it on the line that is edited. A fast typist
// sees the editor put single characters and paint the whole line by turns.
func (p *typist) write(text string) {
	p.Helper()
	p.press(text)
	p.until(fmt.Sprintf("the line %q", text), func(shown []byte) (seen int) {
		if !strings.Contains(lastLine(shown), text) {
			return 0
		}
		return len(shown)
	})
}

// until waits until some of what is shown has been found, and is seen.
func (p *typist) until(what string, find func(shown []byte) (seen int)) {
	p.Helper()
	late := time.AfterFunc(patience, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closed = true
		p.more.Broadcast()
	})
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if seen := find(p.shown[p.seen:]); seen > 0 {
			p.seen += seen
			return
		}
		if p.closed {
			p.Fatalf("%s is not shown, but\n%q", what, p.shown[p.seen:])
		}
		p.more.Wait()
	}
}

// control is a sequence by which the editor moves to a column (G), or erases.
var control = regexp.MustCompile(`^\x1b\[([0-9]*)([A-Za-z])`)

// lastLine is what the last line of a screen looks like after all that.
func lastLine(shown []byte) string {
	shown = shown[bytes.LastIndexByte(shown, '\n')+1:]
	var line []byte
	for at := 0; len(shown) > 0; {
		if c := control.FindSubmatch(shown); c != nil {
			if string(c[2]) == "G" {
				column, _ := strconv.Atoi(string(c[1]))
				at = max(0, column-1)
			} else if string(c[2]) == "K" {
				line = line[:min(at, len(line))]
			}
			shown = shown[len(c[0]):]
			continue
		}
		if shown[0] == '\r' {
			at = 0
		} else {
			line = append(line, bytes.Repeat([]byte(" "), max(0, at+1-len(line)))...)
			line[at] = shown[0]
			at++
		}
		shown = shown[1:]
	}
	return string(line)
}

func (p *typist) press(keys string) {
	p.Helper()
	if _, err := io.WriteString(p.pty, keys); err != nil {
		p.Fatal(err)
	}
}

// enter types a line and waits for the prompt behind it. It returns what was
// shown in between.
func (p *typist) enter(line string) string {
	p.Helper()
	p.write(line)
	p.press(enter)
	p.await("\n")
	return p.await("sqlite> ")
}

// end waits for the program to end, and returns all that was shown and its exit
// status.
func (p *typist) end() (string, int) {
	p.Helper()
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	_ = p.cmd.Wait() // the status tells
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed {
		p.more.Wait()
	}
	return string(p.shown), p.cmd.ProcessState.ExitCode()
}

// leave ends a session, which has a status as a script has.
func (p *typist) leave(want int) {
	p.Helper()
	p.press(ctrlD)
	if shown, status := p.end(); status != want || !strings.HasSuffix(shown, "\r\n") {
		p.Errorf("status %d, %q", status, shown[max(0, len(shown)-100):])
	}
}

func (p *typist) read(name string) string {
	p.Helper()
	content, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.Fatal(err)
	}
	return string(content)
}

// TestSession wants prompts, answers and messages as in sqlite3.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, environment := range [][]string{{"TERM=xterm"}, {"TERM=dumb"}, {"TERM="}, {"TERM=vt100"}} {
		p := sit(t, t.TempDir(), environment, "pageseal", "t.db")
		p.await("SQLite version 3.")
		p.await("Enter \".help\" for usage hints.\r\nsqlite> ")
		if got := p.enter("select 6*7;"); !strings.HasPrefix(got, "42\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		p.press("select 1" + enter)
		p.await("   ...> ")
		p.press("+1;" + enter)
		p.await("\n2\r\n")
		p.await("sqlite> ")
		if got := p.enter("bad;"); !strings.HasPrefix(got, "Parse error: near \"bad\": syntax error\r\n  bad;\r\n  ^--- error here\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		p.press(".prompt 'one> ' 'two> '" + enter)
		p.await("\none> ")
		p.press("select" + enter)
		p.await("\ntwo> ")
		p.press("7;" + enter)
		p.await("\n7\r\none> ")
		p.leave(1)
	}
}

// TestEditing wants lines to be what they look like after all keys.
func TestEditing(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal")
	for keys, want := range map[string]string{
		"elect 'a';" + ctrlA + "s":                                       "a",
		"select 'ac';" + keyLeft + keyLeft + keyLeft + "b":               "abc",
		"select 'xx';" + keyLeft + keyLeft + backspace + "y":             "xy",
		"select 'xx';" + ctrlA + strings.Repeat(keyRight, 8) + keyDelete: "x",
		"nonsense words" + ctrlW + ctrlW + "select 'w';":                 "w",
		"nonsense" + ctrlU + "select 'u';":                               "u",
		"select 'é日本語';" + keyLeft + keyLeft + backspace:                 "é日本",
		"ect 'e';" + ctrlA + "sel" + ctrlE + " -- end":                   "e",
	} {
		p.await("sqlite> ")
		p.press(keys + enter)
		p.await("\n" + want + "\r\n")
	}
	p.await("sqlite> ")
	p.leave(0)
}

// TestHistory wants the lines of a session to come back, in the next one too.
func TestHistory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sit(t, dir, nil, "pageseal", "t.db")
	p.await("sqlite> ")
	p.enter("select 'one';")
	p.enter("select 'one';")
	p.press("select" + enter)
	p.await("   ...> ")
	p.enter("'two';")
	p.enter(".headers off")
	p.press(enter)
	p.await("sqlite> ")
	p.press("select 'unfinished'" + enter)
	p.await("   ...> ")
	p.press(ctrlD)
	p.end()
	const want = "select 'one';\nselect\n'two';\n.headers off\n"
	if got := p.read(".pageseal_history"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if info, err := os.Stat(filepath.Join(dir, ".pageseal_history")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	p = sit(t, dir, nil, "pageseal", "t.db")
	p.await("sqlite> ")
	for _, line := range []string{".headers off", "'two';", "select", "select 'one';"} {
		p.press(keyUp)
		p.await("sqlite> " + line)
	}
	p.press(enter)
	p.await("\none\r\n")
	p.await("sqlite> ")
	p.press(".quit" + enter)
	if _, status := p.end(); status != 0 {
		t.Errorf("status %d", status)
	}
	if got := p.read(".pageseal_history"); got != want+"select 'one';\n.quit\n" {
		t.Errorf("%q", got)
	}
}

// TestHistoryFile wants the file to be the one that sqlite3 would take, where
// we stand in for it.
func TestHistoryFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ program, env, want string }{
		{"pageseal", "X=", ".pageseal_history"},
		{"pageseal", "PAGESEAL_HISTORY=own", "own"},
		{"pageseal", "SQLITE_HISTORY=other", ".pageseal_history"},
		{"sqlite3", "X=", ".sqlite_history"},
		{"sqlcipher", "SQLITE_HISTORY=own", "own"},
		{"sqlite3", "PAGESEAL_HISTORY=other", ".sqlite_history"},
		{"pageseal", "PAGESEAL_HISTORY=", ""},
		{"pageseal", "PAGESEAL_HISTORY=/dev/null", ""},
		{"pageseal", "PAGESEAL_HISTORY=/nope/history", ""},
	} {
		p := sit(t, t.TempDir(), []string{c.env}, c.program)
		p.await("sqlite> ")
		p.enter("select 1;")
		p.leave(0)
		var files []string
		entries, err := os.ReadDir(p.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			files = append(files, e.Name())
		}
		if got := strings.Join(files, " "); got != c.want {
			t.Errorf("%s under %s: files %q, want %q", c.program, c.env, got, c.want)
		}
	}
}

// TestHistoryIsBounded wants a long history to be cut, and others not to read it.
func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "kept")
	if err := os.WriteFile(file, []byte(strings.Repeat("select 1;\n", 3000)+"select 2;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(dir, ".pageseal_history")); err != nil {
		t.Fatal(err)
	}
	p := sit(t, dir, nil, "pageseal")
	p.await("sqlite> ")
	p.enter("select 3;")
	p.leave(0)
	content := p.read("kept")
	if n := strings.Count(content, "\n"); n != 2000 || !strings.HasSuffix(content, "select 1;\nselect 2;\nselect 3;\n") {
		t.Errorf("%d lines, that end in %q", n, content[len(content)-30:])
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestNoKeyInHistory types keys in every way, and wants none to come back.
func TestNoKeyInHistory(t *testing.T) {
	t.Parallel()
	for _, lines := range []string{
		"PRAGMA key='hunter2';",
		"pragma key = \"x'hunter2'\"; select 1;",
		"select 1; pragma rekey='hunter2';",
		"PRAGMA|key|=|'hunter2';",
		"PRAGMA key=|'hunter2'|;",
		"select 1;\tPRAGMA /*|*/ hexkey='hunter2';",
		"PRGMA key='hunter2';",
		"PRAGMA key='hunter2|';",
		"attach ':memory:' as a|key 'hunter2';",
		"attach 'a;select' as a key 'hunter2';",
		"attach 'file:x?mode=memory&hexkey=hunter2' as a;",
		"select 'file:x?key=hunter2';",
		"-- PRAGMA key='hunter2';",
		"# PRAGMA key='hunter2';",
		".open file:x?mode=memory&key=hunter2",
		".open --key hunter2 :memory:",
		".open \"--hexkey\" hunter2 :memory:",
		".restore file:nope/x?key=hunter2",
		".backup 'file:nope/x?rawkey=hunter2'",
		".clone file:nope/x?_pragma_key=hunter2",
		".key hunter2",
		".key hunter2 hunter2",
		".print PRAGMA key='hunter2'",
		".parameter set @k hunter2",
		".system true PRAGMA key=hunter2",
		"insert into temp.sqlite_parameters values('@k','hunter2');",
	} {
		p := sit(t, t.TempDir(), nil, "pageseal")
		p.await("sqlite> ")
		p.enter("select 'before';")
		for line := range strings.SplitSeq(strings.ReplaceAll(lines, "\t", " "), "|") {
			p.press(line + enter)
			p.await("\n")
		}
		p.await("sqlite> ")
		p.press(keyUp)
		p.await("sqlite> select 'before';")
		p.press(enter)
		p.await("before\r\n")
		p.await("sqlite> ")
		p.press(".exit 7" + enter)
		if _, status := p.end(); status != 7 {
			t.Errorf("%s: status %d", lines, status)
		}
		if got := p.read(".pageseal_history"); !strings.HasPrefix(got, "select 'before';\n") || strings.Contains(got, "hunter2") {
			t.Errorf("%s: %q", lines, got)
		}
	}
}

// TestNoInterruptedKeyInHistory wants lines that may be the beginning of a key
// to be forgotten when the rest does not come.
func TestNoInterruptedKeyInHistory(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal")
	p.await("sqlite> ")
	p.enter("select 'before';")
	for _, line := range []string{"PRAGMA", "/*", "'hunter2'"} {
		p.press(line + enter)
		p.await("...> ")
	}
	p.press("x")
	p.await("x")
	p.press(ctrlC)
	p.await("sqlite> ")
	p.press(keyUp)
	p.await("sqlite> select 'before';")
	p.press(enter)
	p.await("before\r\n")
	p.await("sqlite> ")
	p.press("'hunter2'" + enter)
	p.await("...> ")
	p.press(ctrlD)
	p.end()
	if got := p.read(".pageseal_history"); got != "select 'before';\n" {
		t.Errorf("%q", got)
	}
}
