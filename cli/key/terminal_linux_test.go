package key_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal is a terminal and a program that runs on it. Its standard input is
// something else.
type terminal struct {
	t      *testing.T
	master *os.File
	tty    *os.File
	cmd    *exec.Cmd
	stdout bytes.Buffer
	shown  strings.Builder // on the terminal
}

func onTerminal(t *testing.T, env []string, args ...string) *terminal {
	t.Helper()
	term := &terminal{t: t, cmd: exec.Command("readkey", args...)}
	var err error
	if term.master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.master.Close() })
	fd := int(term.master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		term.tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.tty.Close() })
	term.cmd.Env = append(os.Environ(), env...)
	term.cmd.Stdin = strings.NewReader("not the key\n")
	term.cmd.Stdout, term.cmd.Stderr = &term.stdout, &term.stdout
	term.cmd.ExtraFiles = []*os.File{term.tty}
	term.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	if err := term.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.cmd.Process.Kill() })
	return term
}

// expect waits until the terminal shows the text.
func (term *terminal) expect(text string) {
	term.t.Helper()
	b := make([]byte, 1)
	for !strings.HasSuffix(term.shown.String(), text) {
		if _, err := term.master.Read(b); err != nil && err != io.EOF {
			term.t.Fatalf("waiting for %q: %v, it shows %q", text, err, term.shown.String())
		}
		term.shown.Write(b)
	}
}

func (term *terminal) typed(text string) {
	term.t.Helper()
	if _, err := term.master.WriteString(text); err != nil {
		term.t.Fatal(err)
	}
}

// end waits for the program, and for the terminal to have its echo back.
func (term *terminal) end(status int, said string) {
	term.t.Helper()
	_ = term.cmd.Wait()
	if got := term.cmd.ProcessState.ExitCode(); got != status || !strings.Contains(term.stdout.String(), said) {
		term.t.Errorf("status %d, want %d; it said %q, want %q", got, status, term.stdout.String(), said)
	}
	mode, err := unix.IoctlGetTermios(int(term.tty.Fd()), unix.TCGETS)
	if err != nil || mode.Lflag&unix.ECHO == 0 {
		term.t.Errorf("the terminal has no echo: %v", err)
	}
	if all := term.shown.String() + term.stdout.String(); strings.Contains(all, "hunter") {
		term.t.Errorf("the key shows: %q", all)
	}
}

// prompted waits for the prompt, after which there is no echo any more: the
// program turns it off between the prompt and the read.
func (term *terminal) prompted(text string) {
	term.t.Helper()
	term.expect(text)
	for {
		mode, err := unix.IoctlGetTermios(int(term.tty.Fd()), unix.TCGETS)
		if err != nil {
			term.t.Fatal(err)
		}
		if mode.Lflag&unix.ECHO == 0 {
			return
		}
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, nil, "hunter2")
	term.prompted("key: ")
	term.typed("hunter2\n")
	term.expect("\r\n")
	term.end(0, "passphrase")
}

func TestTerminalTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		again  string
		status int
		said   string
	}{{"hunter2", 0, "passphrase"}, {"hunter3", 1, "the two keys are not the same"}} {
		term := onTerminal(t, []string{"READ=new", "PREFIX=new-"}, "hunter2")
		term.prompted("new key: ")
		term.typed("hunter2\n")
		term.prompted("new key again: ")
		term.typed(c.again + "\n")
		term.expect("\r\n")
		term.end(c.status, c.said)
	}
}

func TestTerminalEmpty(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, nil, "hunter2")
	term.prompted("key: ")
	term.typed("\n")
	term.expect("\r\n")
	term.end(1, "the key is empty")
}

// TestTerminalInterrupted wants Ctrl-C to end the program and the terminal to
// be as it was.
func TestTerminalInterrupted(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, nil, "hunter2")
	term.prompted("key: ")
	term.typed("hunt\x03")
	term.expect("\r\n")
	term.end(130, "")
}
