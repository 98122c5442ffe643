package shell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/peterh/liner"
	"golang.org/x/term"
)

// errInterrupted is Ctrl-C in place of an answer.
var errInterrupted = errors.New("interrupted")

// terminal is where a person types.
type terminal interface {
	// line asks for a line. Ctrl-C is errInterrupted, as is the end of ctx
	// where the terminal sends it as a signal. Ctrl-D is io.EOF.
	line(ctx context.Context, prompt string) (string, error)
	// password asks for a line that is not shown.
	password(prompt string) (string, error)
	// remember makes a line come back by the arrow keys.
	remember(line string)
	close()
}

// openTerminal takes over the terminal. Lines can be edited where there is one
// on both sides, which knows how to move its cursor.
func openTerminal(env Env, completer liner.WordCompleter) terminal {
	in, out := terminalFile(env.Stdin), terminalFile(env.Stdout)
	if in == os.Stdin && out == os.Stdout && liner.TerminalSupported() {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
			if e, err := newEditor(completer); err == nil {
				return e
			}
		}
	}
	return &plainTerminal{
		in:      in,
		out:     env.Stdout,
		reader:  lineReader{r: bufio.NewReader(env.Stdin)},
		answers: make(chan answer, 1),
	}
}

// terminalFile is a stream as a file, nil where it is no terminal.
func terminalFile(stream any) *os.File {
	f, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return f
}

// editor is a terminal on which lines are edited. Between two lines it is as
// it was found, so that Ctrl-C is a signal and programs find it as usual.
type editor struct {
	state *liner.State
	raw   liner.ModeApplier
}

func newEditor(completer liner.WordCompleter) (*editor, error) {
	before, err := liner.TerminalMode()
	if err != nil {
		return nil, err
	}
	state := liner.NewLiner()
	raw, err := liner.TerminalMode()
	if err != nil {
		state.Close()
		return nil, err
	}
	state.SetCtrlCAborts(true)
	state.SetBeep(false)
	state.SetTabCompletionStyle(liner.TabPrints)
	state.SetWordCompleter(completer)
	return &editor{state, raw}, before.ApplyMode()
}

func (e *editor) line(_ context.Context, prompt string) (string, error) {
	return e.edit(e.state.Prompt, prompt)
}

func (e *editor) password(prompt string) (string, error) {
	return e.edit(e.state.PasswordPrompt, prompt)
}

// edit asks by a function of the library, under its mode of the terminal.
func (e *editor) edit(ask func(string) (string, error), prompt string) (string, error) {
	before, err := liner.TerminalMode()
	if err != nil {
		return "", err
	}
	if err := e.raw.ApplyMode(); err != nil {
		return "", err
	}
	line, err := ask(plainPrompt(prompt))
	if modeErr := before.ApplyMode(); err == nil {
		err = modeErr
	}
	if err == liner.ErrPromptAborted {
		err = errInterrupted
	}
	return line, err
}

func (e *editor) remember(line string) { e.state.AppendHistory(line) }

func (e *editor) close() { e.state.Close() }

// plainPrompt is a prompt without the characters that the library refuses, as
// they would spoil its count of columns.
func plainPrompt(prompt string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, prompt)
}

// plainTerminal is a terminal that cannot do more than type on.
type plainTerminal struct {
	in      *os.File // nil where it is no terminal after all
	out     io.Writer
	reader  lineReader
	reading bool // an answer is on its way
	answers chan answer
}

type answer struct {
	line string
	err  error
}

func (t *plainTerminal) line(ctx context.Context, prompt string) (string, error) {
	io.WriteString(t.out, prompt)
	if !t.reading {
		t.reading = true
		go func() {
			line, err := t.reader.next()
			t.answers <- answer{string(line), err}
		}()
	}
	select {
	case a := <-t.answers:
		t.reading = false
		return a.line, a.err
	case <-ctx.Done():
		io.WriteString(t.out, "\n")
		return "", errInterrupted // what is read goes to the next line
	}
}

func (t *plainTerminal) password(prompt string) (string, error) {
	if t.in == nil {
		return "", errors.New("no terminal")
	}
	before, err := term.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return "", err
	}
	defer term.Restore(int(t.in.Fd()), before)
	return term.NewTerminal(readWriter{t.in, t.out}, "").ReadPassword(prompt)
}

type readWriter struct {
	io.Reader
	io.Writer
}

func (t *plainTerminal) remember(string) {}

func (t *plainTerminal) close() {}
