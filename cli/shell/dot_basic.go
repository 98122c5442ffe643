package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
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

func (s *Shell) dotPrint(args []string) error {
	fmt.Fprintln(s.out, strings.Join(args, " "))
	return nil
}

func (s *Shell) dotVersion([]string) error {
	fmt.Fprintf(s.out, "SQLite %s %s\n", capi.LibVersion(), capi.SourceID())
	if s.env.Version != "" {
		fmt.Fprintln(s.out, s.env.Version)
	}
	return nil
}
