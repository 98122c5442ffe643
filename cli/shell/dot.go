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
	// run gets the arguments without the name. What it returns as a message
	// has not been printed yet.
	run func(s *Shell, args []string) error
}

// dotCommands are the commands by the alphabet, but where an abbreviation goes
// to one of two. A function, because .read is one of them and leads back here.
func dotCommands() []dotCommand {
	return []dotCommand{
		{"backup", "bac", (*Shell).dotBackup},
		{"bail", "bai", toggle("bail", func(s *Shell) *bool { return &s.bail })},
		{"binary", "bin", (*Shell).dotBinary},
		{"cd", "cd", (*Shell).dotCD},
		{"changes", "cha", toggle("changes", func(s *Shell) *bool { return &s.changes })},
		{"clone", "c", (*Shell).dotClone},
		{"databases", "da", (*Shell).dotDatabases},
		{"dbconfig", "dbc", (*Shell).dotDBConfig},
		{"dbinfo", "dbi", (*Shell).dotDBInfo},
		{"dump", "d", (*Shell).dotDump},
		{"echo", "e", toggle("echo", func(s *Shell) *bool { return &s.echo })},
		{"eqp", "eq", (*Shell).dotEQP},
		{"exit", "ex", (*Shell).dotExit},
		{"explain", "exp", (*Shell).dotExplain},
		{"fullschema", "fu", (*Shell).dotFullschema},
		{"headers", "h", (*Shell).dotHeaders},
		{"help", "hel", (*Shell).dotHelp},
		{"import", "i", (*Shell).dotImport},
		{"indexes", "in", (*Shell).dotIndexes},
		{"indices", "indi", (*Shell).dotIndexes},
		{"key", "key", (*Shell).dotKey},
		{"limits", "limit", (*Shell).dotLimit},
		{"log", "log", (*Shell).dotLog},
		{"mode", "m", (*Shell).dotMode},
		{"nullvalue", "n", (*Shell).dotNullvalue},
		{"once", "on", (*Shell).dotOnce},
		{"open", "op", (*Shell).dotOpen},
		{"output", "o", (*Shell).dotOutput},
		{"parameter", "par", (*Shell).dotParameter},
		{"print", "pri", (*Shell).dotPrint},
		{"prompt", "p", (*Shell).dotPrompt},
		{"quit", "q", (*Shell).dotQuit},
		{"read", "rea", (*Shell).dotRead},
		{"recover", "r", (*Shell).dotRecover},
		{"restore", "res", (*Shell).dotRestore},
		{"save", "sav", (*Shell).dotBackup},
		{"schema", "sch", (*Shell).dotSchema},
		{"separator", "se", (*Shell).dotSeparator},
		{"shell", "sh", (*Shell).dotSystem},
		{"show", "sho", (*Shell).dotShow},
		{"stats", "st", (*Shell).dotStats},
		{"system", "sy", (*Shell).dotSystem},
		{"tables", "ta", (*Shell).dotTables},
		{"timeout", "timeo", (*Shell).dotTimeout},
		{"timer", "timer", toggle("timer", func(s *Shell) *bool { return &s.timer })},
		{"version", "v", (*Shell).dotVersion},
		{"vfsname", "vfsn", (*Shell).dotVFSName},
		{"width", "wi", (*Shell).dotWidth},
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
	defer s.countOnce()
	var m message
	if errors.As(err, &m) {
		s.errorf("%s\n", string(m))
		return failure(1)
	}
	return err
}

// countOnce ends the output of .once behind the command that it was for.
func (s *Shell) countOnce() {
	if s.once == 0 {
		return
	}
	if s.once--; s.once == 0 {
		s.restoreOutput()
	}
}

func (s *Shell) runDot(name string, args []string) error {
	if c, ok := findDot(name); ok {
		return c.run(s, args)
	}
	if isRefused(name) {
		return message("Error: ." + name + " is not supported")
	}
	return message(fmt.Sprintf(
		"Error: unknown command or invalid arguments:  \"%s\". Enter \".help\" for help", name))
}

// findDot finds a command by its name, or by what abbreviates it.
func findDot(name string) (dotCommand, bool) {
	for _, c := range dotCommands() {
		if strings.HasPrefix(c.name, name) && strings.HasPrefix(name, c.short) {
			return c, true
		}
	}
	return dotCommand{}, false
}
