package shell

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// maxNesting is how deep .read may go.
const maxNesting = 25

// dotRead runs the lines of a file, or of what a command prints.
func (s *Shell) dotRead(args []string) error {
	if len(args) != 1 {
		return usage(".read FILE")
	}
	in, err := s.openInput(args[0])
	if err != nil {
		return message(fmt.Sprintf("Error: cannot open \"%s\"", args[0]))
	}
	defer in.Close()
	return s.processNested(in)
}

// openInput opens a file, or the output of a command behind a bar.
func (s *Shell) openInput(name string) (io.ReadCloser, error) {
	if command, ok := strings.CutPrefix(name, "|"); ok {
		return s.readFromCommand(command)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", name)
	}
	return os.Open(name)
}

// processNested runs the lines of another input, and comes back to the line
// that asked for it.
func (s *Shell) processNested(in io.Reader) error {
	lineno, interactive := s.lineno, s.interactive
	defer func() { s.lineno, s.interactive = lineno, interactive }()
	s.interactive = false
	return s.process(in)
}

func (s *Shell) dotCD(args []string) error {
	if len(args) != 1 {
		return usage(".cd DIRECTORY")
	}
	if err := os.Chdir(args[0]); err != nil {
		return message(fmt.Sprintf("Cannot change to directory \"%s\"", args[0]))
	}
	return nil
}
