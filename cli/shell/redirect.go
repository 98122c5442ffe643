package shell

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// redirection is where output goes instead of standard output.
type redirection struct {
	name string // as .show tells it, empty for standard output
	end  func() error
}

// outputName is the name of where output goes.
func (s *Shell) outputName() string {
	if s.redirect.name == "" {
		return "stdout"
	}
	return s.redirect.name
}

// redirectTo sends output to a file, to the input of a command behind a bar, or
// back to standard output.
func (s *Shell) redirectTo(name, prefix string) error {
	s.restoreOutput()
	w, end, err := s.openOutput(name)
	if err != nil {
		return err
	}
	s.redirect = redirection{name: name, end: end}
	if w != s.env.Stdout {
		s.out = bufio.NewWriterSize(w, 64<<10)
	}
	s.out.WriteString(prefix)
	return nil
}

// openOutput opens what a name of .output stands for.
func (s *Shell) openOutput(name string) (io.Writer, func() error, error) {
	if command, ok := strings.CutPrefix(name, "|"); ok {
		w, end, err := s.writeToCommand(command)
		if err != nil {
			return nil, nil, message(fmt.Sprintf("Error: cannot open pipe \"%s\"", command))
		}
		return w, end, nil
	}
	switch name {
	case "stdout":
		return s.env.Stdout, nil, nil
	case "stderr":
		return s.env.Stderr, nil, nil
	case "off":
		return nil, nil, failure(1) // sqlite3 says nothing either
	}
	f, err := os.Create(name)
	if err != nil {
		s.errorf("Error: cannot open \"%s\"\n", name)
		return nil, nil, message(fmt.Sprintf("Error: cannot write to \"%s\"", name))
	}
	return f, f.Close, nil
}

// restoreOutput sends output to standard output again.
func (s *Shell) restoreOutput() {
	s.flush()
	if s.redirect.end != nil {
		if err := s.redirect.end(); err != nil {
			s.lose(err)
		}
	}
	s.redirect, s.out = redirection{}, s.stdout
}

func (s *Shell) dotOutput(args []string) error { return s.output("output", args) }

// dotOnce redirects the output of one command.
func (s *Shell) dotOnce(args []string) error { return s.output("once", args) }

func (s *Shell) output(command string, args []string) error {
	name, prefix := "", ""
	for i, arg := range args {
		switch {
		case isOption(arg, "bom"):
			prefix = "\ufeff"
		case strings.HasPrefix(arg, "-"):
			fmt.Fprintf(s.out, "ERROR: unknown option: \"%s\".  Usage:\n", arg)
			s.showHelp(command)
			return failure(1)
		case name == "":
			name = arg
		default:
			fmt.Fprintf(s.out, "ERROR: extra parameter: \"%s\".  Usage:\n", arg)
			s.showHelp(command)
			return failure(1)
		}
		if strings.HasPrefix(name, "|") {
			name = strings.Join(append([]string{name}, args[i+1:]...), " ")
			break
		}
	}
	if name == "" {
		name = "stdout"
	}
	s.once = 0
	if command == "once" {
		s.once = 2 // this command, and the next
	}
	return s.redirectTo(name, prefix)
}
