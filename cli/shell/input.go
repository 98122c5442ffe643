package shell

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// lineSource is where the lines of an input come from.
type lineSource interface {
	// next returns the next line without its end, valid until the next call.
	// The prompt is for a person; fresh tells that no statement is open. After
	// errInterrupted none is, and there are more lines; an exitStatus ends the
	// program.
	next(prompt string, fresh bool) (line []byte, err error)
}

// piped is an input that nobody edits.
type piped struct {
	*Shell
	lineReader
}

func (p *piped) next(prompt string, _ bool) ([]byte, error) {
	p.stdout.WriteString(prompt)
	if p.r.Buffered() == 0 {
		p.flush() // who writes to us may be waiting for an answer
	}
	return p.lineReader.next()
}

// lineReader reads lines of any length as C's fgets shows them to sqlite3: a
// NUL hides the rest of its line, line feed included.
type lineReader struct {
	r    *bufio.Reader
	line []byte
}

// next returns the next line without its end, valid until the next call. The
// last line need not have an end.
func (l *lineReader) next() ([]byte, error) {
	l.line = l.line[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.line = append(l.line, part...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return nil, err
		}
		if nul := bytes.IndexByte(l.line, 0); nul >= 0 {
			l.line = l.line[:nul]
			if err == nil {
				continue
			}
		}
		if err == io.EOF && len(l.line) == 0 {
			return nil, io.EOF
		}
		if line, ok := bytes.CutSuffix(l.line, []byte("\n")); ok {
			return bytes.TrimSuffix(line, []byte("\r")), nil
		}
		return l.line, nil
	}
}

// process runs the lines of in.
func (s *Shell) process(in io.Reader) error {
	return s.processLines(&piped{s, lineReader{r: bufio.NewReaderSize(in, 64<<10)}})
}

// processLines runs dot-commands, and statements of any number of lines. An
// error ends it only under -bail, but is remembered in what it returns.
func (s *Shell) processLines(in lineSource) error {
	if s.nesting == maxNesting {
		return message(fmt.Sprintf("Input nesting limit (%d) reached at line %d. Check recursion.",
			maxNesting, s.lineno))
	}
	s.nesting++
	defer func() { s.nesting-- }()
	s.lineno = 0
	p := processor{Shell: s, lines: in}
	if err := p.run(); err != nil {
		return err
	}
	// What is left may be incomplete. SQLite will say.
	if len(p.sql) > 0 {
		p.echoLine(p.sql)
	}
	if err := p.runSQL(); err != nil {
		return err
	}
	if p.failed {
		return failure(1)
	}
	return nil
}

// run takes the lines up to the end of the input, or of patience.
func (p *processor) run() error {
	for !p.failed || !p.bail || p.interactive {
		line, err := p.lines.next(p.promptNow(), len(p.sql) == 0)
		var end exitStatus
		switch {
		case err == errInterrupted:
			p.drop()
			continue
		case errors.As(err, &end):
			return end
		}
		if err == io.EOF {
			if p.interactive {
				p.stdout.WriteString("\n")
			}
			return nil
		}
		if err != nil {
			p.errorf("Error: cannot read input: %v\n", err)
			p.failed = true
			return nil
		}
		if p.ctx.Err() != nil {
			return nil
		}
		p.lineno++
		if err := p.take(line); err == errQuit {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// promptNow is what a person is asked with, and nothing for nobody.
func (p *processor) promptNow() string {
	switch {
	case !p.interactive:
		return ""
	case len(p.sql) > 0:
		return p.continuePrompt
	}
	return p.prompt
}

// drop forgets the statements that are yet to run.
func (p *processor) drop() { p.sql, p.scanned = p.sql[:0], scanState{} }

// echoLine prints input before it runs where .echo is on, but for keys.
func (p *processor) echoLine(text []byte) {
	if p.echo {
		p.out.WriteString(maskInput(string(text)) + "\n")
	}
}

// processor is the state of reading one input.
type processor struct {
	*Shell
	lines     lineSource
	sql       []byte // the statements so far that are yet to run
	startLine int    // of sql
	scanned   scanState
	failed    bool
}

// take handles a line. It returns an error only to end the input.
func (p *processor) take(line []byte) error {
	if isGo(line) && p.complete(";") {
		line = []byte(";")
	}
	p.scanned = p.scanned.scan(line)
	if len(p.sql) == 0 {
		switch {
		case p.scanned.blank():
			p.echoLine(line)
			p.scanned = scanState{}
			return nil
		case line[0] == '.':
			p.echoLine(line)
			p.scanned = scanState{}
			return p.note(p.dot(string(line)))
		case line[0] == '#':
			p.echoLine(line)
			p.scanned = scanState{}
			return nil
		}
	}
	p.add(line)
	if p.scanned.terminated() && p.complete("") {
		p.echoLine(p.sql)
		err := p.runSQL()
		if p.once > 0 {
			p.once = 0
			p.restoreOutput()
		}
		return err
	}
	if p.scanned.blank() {
		p.echoLine(p.sql)
		p.drop()
	}
	return nil
}

// add appends a line to the statement.
func (p *processor) add(line []byte) {
	if len(p.sql) > 0 {
		p.sql = append(p.sql, '\n')
	} else {
		p.startLine = p.lineno
		for len(line) > 0 && isSpace(line[0]) {
			line = line[1:]
		}
	}
	p.sql = append(p.sql, line...)
}

// complete asks SQLite whether the statement and what follows are complete.
func (p *processor) complete(end string) bool {
	return len(p.sql) == 0 || capi.Complete(string(p.sql)+end)
}

// runSQL runs the statements and starts anew.
func (p *processor) runSQL() error {
	if len(p.sql) == 0 {
		return nil
	}
	err := p.runLines(string(p.sql), p.startLine)
	p.drop()
	return p.note(err)
}

// note remembers a failure, and passes on what is more than that.
func (p *processor) note(err error) error {
	var failed failure
	if errors.As(err, &failed) {
		p.failed = true
		return nil
	}
	return err
}

// runLines runs SQL that began on a line of the input.
func (s *Shell) runLines(sql string, lineno int) error {
	if err := s.open(); err != nil {
		return err
	}
	stop := s.startTimer()
	err := s.exec(sql)
	stop()
	if err == nil {
		if s.changes {
			fmt.Fprintf(s.out, "changes: %d   total_changes: %d\n", s.db.Changes(), s.db.TotalChanges())
		}
		return nil
	}
	kind := "Runtime error"
	if err.stage == preparing {
		kind = "Parse error"
	}
	if !s.interactive {
		kind += fmt.Sprintf(" near line %d", lineno)
	}
	s.errorf("%s: %s\n", kind, err.text())
	return failure(1)
}
