package shell

import (
	"fmt"
	"io"
	"os"
)

// logFile is where failures are noted, besides what is said of them.
type logFile struct {
	w     io.Writer // nil for nowhere
	close func() error
}

// dotLog begins or ends a log of failures. It holds no text of statements,
// which may be keys: sqlite3's does, and tells of more than failures.
func (s *Shell) dotLog(args []string) error {
	if len(args) != 1 {
		return usage(".log FILENAME")
	}
	s.endLog()
	switch args[0] {
	case "off":
	case "stdout":
		s.log.w = s.stdout
	case "stderr":
		s.log.w = s.env.Stderr
	default:
		f, err := os.Create(args[0])
		if err != nil {
			s.errorf("Error: cannot open \"%s\"\n", args[0])
			return nil // no failure to sqlite3
		}
		s.log = logFile{f, f.Close}
	}
	return nil
}

// endLog closes the log.
func (s *Shell) endLog() {
	if s.log.close != nil {
		if err := s.log.close(); err != nil {
			s.errorf("Error: cannot write the log: %v\n", err)
		}
	}
	s.log = logFile{}
}

// logFailure notes a statement that failed.
func (s *Shell) logFailure(e *execError) {
	if s.log.w == nil {
		return
	}
	s.flush()
	if _, err := fmt.Fprintf(s.log.w, "(%d) %s\n", e.cause.Extended, maskURI(e.cause.Message)); err != nil {
		s.errorf("Error: cannot write the log: %v\n", err)
		s.endLog()
	}
}
