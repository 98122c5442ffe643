package shell

import (
	"fmt"
	"strings"
)

func (s *Shell) dotQuit([]string) error { return errQuit }

// dotExit ends the program with a status. A status of zero is no more than
// .quit: errors so far still count.
func (s *Shell) dotExit(args []string) error {
	if len(args) > 0 {
		if code := int32(integer(args[0])); code != 0 {
			return exitStatus(code)
		}
	}
	return errQuit
}

func (s *Shell) dotHeaders(args []string) error {
	if len(args) != 1 {
		return usage(".headers on|off")
	}
	s.format.Headers = s.boolean(args[0])
	return nil
}

func (s *Shell) dotHelp([]string) error {
	for _, c := range dotCommands() {
		fmt.Fprintf(s.out, "%-24s %s\n", strings.TrimRight("."+c.name+" "+c.args, " "), c.help)
	}
	return nil
}

func (s *Shell) dotPrint(args []string) error {
	fmt.Fprintln(s.out, strings.Join(args, " "))
	return nil
}
