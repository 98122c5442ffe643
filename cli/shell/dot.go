package shell

import (
	"errors"
	"fmt"
	"strings"
)

// dotCommand is a command of the shell's own, on a line that begins with a dot.
type dotCommand struct {
	name string
	// short is the shortest abbreviation of the name that sqlite3 accepts,
	// which depends on the commands it has and we have not.
	short string
	args  string
	help  string
	// run gets the arguments without the name. What it returns as a message
	// has not been printed yet.
	run func(s *Shell, args []string) error
}

// dotCommands are the commands by the alphabet. A function, because .help is
// one of them and lists them all.
func dotCommands() []dotCommand {
	return []dotCommand{
		{"exit", "ex", "?CODE?", "Exit this program with return-code CODE", (*Shell).dotExit},
		{"headers", "h", "on|off", "Turn display of headers on or off", (*Shell).dotHeaders},
		{"help", "hel", "", "Show this list", (*Shell).dotHelp},
		{"print", "pri", "STRING...", "Print literal STRING", (*Shell).dotPrint},
		{"quit", "q", "", "Exit this program", (*Shell).dotQuit},
		{"schema", "sch", "?PATTERN?", "Show the CREATE statements matching PATTERN", (*Shell).dotSchema},
		{"tables", "ta", "?TABLE?", "List names of tables matching LIKE pattern TABLE", (*Shell).dotTables},
	}
}

// message is an error in sqlite3's own words, to print as it stands.
type message string

func (m message) Error() string { return string(m) }

// usage is the complaint about wrong arguments.
func usage(s string) error { return message("Usage: " + s) }

// dot runs the dot-command on a line.
func (s *Shell) dot(line string) error {
	args := splitArgs(line[1:])
	if len(args) == 0 {
		return nil
	}
	err := s.runDot(args[0], args[1:])
	var m message
	if errors.As(err, &m) {
		s.errorf("%s\n", string(m))
		return failure(1)
	}
	return err
}

func (s *Shell) runDot(name string, args []string) error {
	for _, c := range dotCommands() {
		if strings.HasPrefix(c.name, name) && strings.HasPrefix(name, c.short) {
			return c.run(s, args)
		}
	}
	return message(fmt.Sprintf(
		"Error: unknown command or invalid arguments:  \"%s\". Enter \".help\" for help", name))
}
