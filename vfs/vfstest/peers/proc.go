package peers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Proc is a running process that speaks the protocol. The methods that return a
// [Reply] alone end the test when the process is gone, so they belong in the
// goroutine of the test; [Proc.Do] can be called from any.
type Proc struct {
	t    testing.TB
	name string
	cmd  *exec.Cmd

	turn sync.Mutex // held from a request to its answer
	in   io.Writer
	out  *bufio.Reader

	stderr tail
	done   chan struct{} // closed when the process has ended
	state  error         // how it ended; valid once done is closed
}

// Command starts any program that speaks the protocol, such as the test binary
// itself calling [Serve]. The variables env are added to the environment. The
// process is killed when the test ends.
func Command(t testing.TB, exe string, args, env []string) *Proc {
	t.Helper()
	return start(t, exe, exe, args, env)
}

func start(t testing.TB, name, exe string, args, env []string) *Proc {
	t.Helper()
	p := &Proc{t: t, name: name, cmd: exec.Command(exe, args...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatalf("peers: %s: %v", name, err)
	}
	// Not a StdoutPipe: Wait, which runs all along to notice the end, would
	// close that under a reader.
	out, childOut, err := os.Pipe()
	if err != nil {
		t.Fatalf("peers: %s: %v", name, err)
	}
	t.Cleanup(func() { _ = out.Close() })
	p.cmd.Stdout = childOut
	p.in, p.out = in, bufio.NewReader(out)
	err = p.cmd.Start()
	_ = childOut.Close()
	if err != nil {
		t.Fatalf("peers: %s: %v", name, err)
	}
	go p.wait()
	t.Cleanup(p.Kill)
	return p
}

func (p *Proc) wait() {
	p.state = p.cmd.Wait()
	close(p.done)
}

// Do sends one request and returns the answer. The error is that of a process
// that ended, or was killed meanwhile; an error of SQLite is in the Reply. One
// request is under way at a time, further ones wait.
func (p *Proc) Do(verb string, payload []byte) (Reply, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if err := writeRequest(p.in, verb, payload); err != nil {
		return Reply{}, p.gone(verb, err)
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return Reply{}, p.gone(verb, err)
	}
	var r Reply
	if err := json.Unmarshal(line, &r); err != nil {
		return Reply{}, fmt.Errorf("peers: %s: %s: answer: %w", p.name, verb, err)
	}
	return r, nil
}

// gone makes the error for a process that does not answer any more: how it
// ended says more than the broken pipe. The payload stays out of it, as it can
// be a key.
func (p *Proc) gone(verb string, err error) error {
	p.Kill()
	if p.state != nil {
		err = p.state
	}
	if said := strings.TrimSpace(p.stderr.String()); said != "" {
		return fmt.Errorf("peers: %s: %s: %w: %s", p.name, verb, err, said)
	}
	return fmt.Errorf("peers: %s: %s: %w", p.name, verb, err)
}

// Open opens a database file, creating it when it is not there. The flag "ro"
// opens it read-only, "rw" only when it is there.
func (p *Proc) Open(name string, flags ...string) Reply {
	p.t.Helper()
	if len(flags) > 0 {
		name += "\n" + strings.Join(flags, " ")
	}
	return p.must("open", []byte(name))
}

// Exec runs any number of statements, up to the first error.
func (p *Proc) Exec(sql string) Reply {
	p.t.Helper()
	return p.must("exec", []byte(sql))
}

// Key hands the key to sqlite3_key.
func (p *Proc) Key(key []byte) Reply {
	p.t.Helper()
	return p.must("key", key)
}

// CloseDB closes the database; the process goes on and can open another.
func (p *Proc) CloseDB() Reply {
	p.t.Helper()
	return p.must("close", nil)
}

// MustOpen is [Proc.Open] that ends the test on an error.
func (p *Proc) MustOpen(name string, flags ...string) Reply {
	p.t.Helper()
	r := p.Open(name, flags...)
	if r.Code != 0 {
		p.t.Fatalf("peers: %s: open %s: %s (%d)", p.name, name, r.Message, r.Extended)
	}
	return r
}

// MustExec is [Proc.Exec] that ends the test on an error.
func (p *Proc) MustExec(sql string) Reply {
	p.t.Helper()
	r := p.Exec(sql)
	if r.Code != 0 {
		p.t.Fatalf("peers: %s: exec %s: %s (%d)", p.name, sql, r.Message, r.Extended)
	}
	return r
}

func (p *Proc) must(verb string, payload []byte) Reply {
	p.t.Helper()
	r, err := p.Do(verb, payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// Kill kills the process, whatever it is doing, and waits for its end. It may
// be called from any goroutine and more than once.
func (p *Proc) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Quit asks the process to end and waits for that, so that it leaves its files
// as a program does that exits normally.
func (p *Proc) Quit() {
	p.t.Helper()
	p.must("quit", nil)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.Kill()
		p.t.Fatalf("peers: %s: quit: still running after 10s", p.name)
	}
	if p.state != nil {
		p.t.Fatalf("peers: %s: quit: %v", p.name, p.state)
	}
}

// tail keeps the end of what is written to it: a process can log without end.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (w *tail) Write(b []byte) (int, error) {
	const keep = 4096
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf, b...)
	if extra := len(w.buf) - keep; extra > 0 {
		w.buf = append(w.buf[:0], w.buf[extra:]...)
	}
	return len(b), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.buf)
}
