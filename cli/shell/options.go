package shell

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// option is a flag of the command line. One dash or two, it is the same.
type option struct {
	name string
	arg  string // what its argument is, empty for none
	help string
	// early applies the flag before the database is opened, whatever its
	// place on the command line; apply does so in the order of the flags,
	// among which -cmd runs commands.
	early func(s *Shell)
	apply func(s *Shell, value string) error
}

// options are the flags by the alphabet.
var options = []option{
	{name: "bail", help: "stop after hitting an error",
		early: func(s *Shell) { s.bail = true }},
	{name: "batch", help: "force batch I/O"}, // all there is for now
	{name: "cmd", arg: "COMMAND", help: "run \"COMMAND\" before reading stdin",
		apply: (*Shell).applyCmd},
	{name: "header", help: "turn headers on",
		apply: func(s *Shell, _ string) error { s.format.Headers = true; return nil }},
	{name: "help", help: "show this message",
		apply: func(s *Shell, _ string) error { s.env.Usage(s.out); return errQuit }},
	{name: "noheader", help: "turn headers off",
		apply: func(s *Shell, _ string) error { s.format.Headers = false; return nil }},
	{name: "nullvalue", arg: "TEXT", help: "set text string for NULL values. Default ''",
		apply: func(s *Shell, v string) error { s.format.Null = v; return nil }},
	{name: "readonly", help: "open the database read-only",
		early: func(s *Shell) { s.openFlags = capi.OpenReadOnly }},
	{name: "separator", arg: "SEP", help: "set output column separator. Default: '|'",
		apply: func(s *Shell, v string) error { s.format.ColSep = v; return nil }},
	{name: "version", help: "show SQLite version",
		apply: (*Shell).applyVersion},
}

// PrintOptions lists the flags, as a part of the answer to -help.
func PrintOptions(w io.Writer) {
	for _, o := range options {
		fmt.Fprintf(w, "   %-20s %s\n", strings.TrimRight("-"+o.name+" "+o.arg, " "), o.help)
	}
}

// findOption finds the flag that an argument stands for. The name is how
// sqlite3 puts it into messages: with one dash.
func findOption(arg string) (o *option, name string) {
	name = arg
	if strings.HasPrefix(arg, "--") {
		name = arg[1:]
	}
	for i := range options {
		if name == "-"+options[i].name {
			return &options[i], name
		}
	}
	return nil, name
}

// commandLine is what is left of the arguments without the flags.
type commandLine struct {
	file *string // nil for none; an empty name is a temporary database
	sql  []string
}

// parse looks through the arguments for what must be known before the database
// is opened. Flags may stand before and behind the file name.
func (s *Shell) parse(args []string) (commandLine, error) {
	var cmd commandLine
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			if cmd.file == nil {
				cmd.file = &args[i]
			} else {
				cmd.sql = append(cmd.sql, args[i])
			}
			continue
		}
		o, _ := findOption(args[i])
		if o == nil {
			continue // applyOptions complains, after what stands before it
		}
		if o.early != nil {
			o.early(s)
		}
		if o.arg != "" {
			if i++; i == len(args) {
				s.errorf("%s: Error: missing argument to %s\n", s.env.Program, args[i-1])
				return cmd, exitStatus(1)
			}
		}
	}
	return cmd, nil
}

// applyOptions applies the flags in their order.
func (s *Shell) applyOptions(args []string) error {
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			continue
		}
		o, name := findOption(args[i])
		if o == nil {
			s.errorf("%s: Error: unknown option: %s\nUse -help for a list of options.\n",
				s.env.Program, name)
			return exitStatus(1)
		}
		var value string
		if o.arg != "" {
			i++
			value = args[i]
		}
		if o.apply != nil {
			if err := o.apply(s, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyCmd runs the argument of -cmd. Unless under -bail its failure does not
// count, and .quit ends nothing.
func (s *Shell) applyCmd(command string) error {
	err := s.runArguments([]string{command})
	var status exitStatus
	if s.bail || errors.As(err, &status) {
		return err
	}
	return nil
}

func (s *Shell) applyVersion(string) error {
	fmt.Fprintf(s.out, "%s %s", capi.LibVersion(), capi.SourceID())
	if s.env.Version != "" {
		fmt.Fprintf(s.out, " (%s)", s.env.Version)
	}
	fmt.Fprintln(s.out)
	return errQuit
}
