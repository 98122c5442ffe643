package shell

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// session is the input of a person at a terminal. Ctrl-C ends what runs, and
// at the prompt drops what was typed; it never ends the program. SIGTERM does.
type session struct {
	*Shell
	history history
	// typed are the lines of the statement so far. They are remembered only
	// as a whole, when the next one begins: a key may stand on any of them.
	typed []string

	parent  context.Context
	signals chan os.Signal
	end     chan struct{} // closed by SIGTERM
	mu      sync.Mutex    // guards cancel
	cancel  context.CancelFunc
}

// converse runs what a person types.
func (s *Shell) converse() error {
	p := &session{
		Shell:   s,
		history: history{path: s.env.History},
		parent:  context.WithoutCancel(s.ctx), // which Ctrl-C ends for good
		signals: make(chan os.Signal, 1),
		end:     make(chan struct{}),
	}
	signal.Notify(p.signals, os.Interrupt, syscall.SIGTERM)
	go p.listen()
	defer close(p.signals)
	defer signal.Stop(p.signals)
	p.renew()
	s.flush()
	s.stdout.Reset(&screen{s: s})

	s.terminal = openTerminal(s.env, newCompleter(s, func() []string { return p.typed }).complete)
	defer s.terminal.close()
	for _, line := range p.history.load() {
		s.terminal.remember(line)
	}
	err := s.processLines(p)
	s.ctx = p.parent // a late interrupt ends nothing more
	p.settle()
	p.history.trim()
	return err
}

// next asks for a line. Where fresh, the last statement is over.
func (p *session) next(prompt string, fresh bool) ([]byte, error) {
	if fresh {
		p.settle()
	}
	p.flush()
	p.renew()
	line, err := p.ask(prompt)
	p.renew() // an interrupt may have come just now
	if err != nil {
		p.typed = nil
		return nil, err
	}
	if line != "" {
		p.typed = append(p.typed, line)
	}
	return []byte(line), nil
}

// ask asks for a line, and ends the program where it is to end meanwhile.
func (p *session) ask(prompt string) (string, error) {
	ctx, answers := p.ctx, make(chan answer, 1)
	go func() {
		line, err := p.terminal.line(ctx, prompt)
		answers <- answer{line, err}
	}()
	select {
	case a := <-answers:
		return a.line, a.err
	case <-p.end:
		return "", exitStatus(1)
	}
}

// settle remembers the last statement, unless it holds a key.
func (p *session) settle() {
	for _, line := range p.history.add(p.typed) {
		p.terminal.remember(line)
	}
	p.typed = nil
}

// renew begins something that an interrupt ends.
func (p *session) renew() {
	ctx, cancel := context.WithCancel(p.parent)
	p.mu.Lock()
	last := p.cancel
	p.cancel = cancel
	p.mu.Unlock()
	p.ctx = ctx
	if p.db != nil {
		p.unwatch()
		p.watch()
	}
	if last != nil {
		last()
	}
}

// listen hears signals.
func (p *session) listen() {
	ended := false
	for sig := range p.signals {
		if sig != os.Interrupt && !ended {
			ended = true
			close(p.end)
		}
		p.mu.Lock()
		p.cancel()
		p.mu.Unlock()
	}
}

// greet tells a person what this is.
func (s *Shell) greet() {
	fmt.Fprintf(s.stdout, "SQLite version %s %.19s", capi.LibVersion(), capi.SourceID())
	if s.env.Version != "" {
		fmt.Fprintf(s.stdout, " (%s)", s.env.Version)
	}
	fmt.Fprint(s.stdout, "\nEnter \".help\" for usage hints.\n")
}

// screen is the standard output of a session. What is left to print of
// something interrupted is dropped.
type screen struct {
	s      *Shell
	midway bool // through a line
}

func (c *screen) Write(p []byte) (int, error) {
	if c.s.ctx.Err() == nil {
		c.midway = len(p) > 0 && p[len(p)-1] != '\n'
		return c.s.env.Stdout.Write(p)
	}
	if c.midway {
		c.midway = false
		if _, err := io.WriteString(c.s.env.Stdout, "\n"); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
