package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

const endless = "with recursive n(i) as (select 1 union all select i+1 from n) select "

// TestInterruptStatement wants Ctrl-C to end a statement, and the program to go
// on, on terminals of all kinds.
func TestInterruptStatement(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"TERM=xterm", "TERM=dumb"} {
		p := sit(t, t.TempDir(), []string{environment}, "pageseal", "t.db")
		p.await("sqlite> ")
		for range 3 {
			p.press("select 'go'||'es'; " + endless + "count(*) from n; select 'not'||'this';" + enter)
			p.await("\ngoes\r\n")
			p.press(ctrlC)
			// Wherever it is by now.
			if got := p.await("error: interrupted (9)\r\n"); strings.Contains(got, "notthis") {
				t.Errorf("%s: %q", environment, got)
			}
			p.await("sqlite> ")
		}
		if got := p.enter("select 6*7;"); !strings.HasPrefix(got, "42\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		p.leave(1)
	}
}

// TestInterruptOutput wants Ctrl-C to end a long output, what is buffered
// included, and a file that is read.
func TestInterruptOutput(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal")
	p.await("sqlite> ")
	p.press(endless + "'row '||i from n;" + enter)
	p.await("\nrow 1000\r\n")
	p.press(ctrlC)
	p.await("Runtime error: interrupted (9)\r\n")
	p.await("sqlite> ")

	if err := os.WriteFile(p.dir+"/in.sql", []byte("select 'go'||'es';\n"+endless+"count(*) from n;\nselect 'not'||'this';\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.press(".read in.sql" + enter)
	p.await("\ngoes\r\n")
	p.press(ctrlC)
	if got := p.await("sqlite> "); strings.Contains(got, "notthis") {
		t.Errorf("%q", got)
	}
	p.leave(1)
}

// TestInterruptTable wants Ctrl-C to end a table on its way to the screen.
func TestInterruptTable(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal")
	p.await("sqlite> ")
	p.enter(".mode box")
	p.press(endless + "i, hex(zeroblob(50)) from n limit 20000;" + enter)
	p.await("│ 10 ")
	p.mu.Lock() // nobody looks, and the screen is full
	p.press(ctrlC)
	p.mu.Unlock()
	if got := p.await("sqlite> "); strings.Contains(got, "│ 20000 ") {
		t.Error("the table has come to its end")
	} else if last := strings.LastIndex(got, "\n"); last != len(got)-1 {
		t.Errorf("the prompt stands behind %q", got[last:])
	}
	p.leave(0)
}

// TestInterruptPrompt wants Ctrl-C to drop what was typed, and nothing else.
func TestInterruptPrompt(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"TERM=xterm", "TERM=dumb"} {
		p := sit(t, t.TempDir(), []string{environment}, "pageseal")
		p.await("sqlite> ")
		for range 2 {
			p.write("select 'gone'")
			p.press(ctrlC)
			p.await("^C")
			p.await("sqlite> ")
			p.press("select 'gone'" + enter)
			p.await("   ...> ")
			p.write(", 'too'")
			p.press(ctrlC)
			p.await("^C")
			p.await("sqlite> ")
			p.write("x")
			p.press(backspace + ctrlC)
			p.await("^C")
			p.await("sqlite> ")
		}
		if got := p.enter("select 6*7;"); !strings.HasPrefix(got, "42\r\n") {
			t.Errorf("%s: %q", environment, got)
		}
		p.leave(0)
	}
}

// TestInterruptCommand wants Ctrl-C to reach a program that the shell runs, and
// the shell to go on.
func TestInterruptCommand(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal")
	p.await("sqlite> ")
	p.press(".system echo run\"\"ning; exec sleep 1000" + enter)
	p.await("running\r\n")
	p.press(ctrlC)
	p.await("System command returns")
	p.await("sqlite> ")
	p.leave(0)
}

// TestInterruptProgram wants Ctrl-C to end the program where nobody is asked.
func TestInterruptProgram(t *testing.T) {
	t.Parallel()
	p := sit(t, t.TempDir(), nil, "pageseal", ":memory:", ".output stderr", "select 'go'||'es';", ".output stdout", endless+"count(*) from n", "select 'not'||'this'")
	p.await("goes\r\n")
	p.press(ctrlC)
	shown, status := p.end()
	if !strings.Contains(shown, ", interrupted (9)") || strings.Contains(shown, "notthis") || status != 9 {
		t.Errorf("status %d, %q", status, shown)
	}
}

// TestTerminate wants SIGTERM to end a session, at the prompt and from within a
// statement, and to leave the terminal as it was.
func TestTerminate(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"TERM=xterm", "TERM=dumb"} {
		for _, line := range []string{"", "select 'go'||'es'; " + endless + "count(*) from n;"} {
			p := sit(t, t.TempDir(), []string{environment}, "pageseal", "t.db")
			p.await("sqlite> ")
			p.press("x")
			p.await("x")
			p.press(backspace)
			if line != "" {
				p.press(line + enter)
				p.await("\ngoes\r\n")
			}
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if shown, status := p.end(); status != 1 {
				t.Errorf("%s: status %d, %q", environment, status, shown)
			}
		}
	}
}
