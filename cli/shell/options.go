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
	arg  string // what its arguments are, empty for none
	help string
	// early applies the flag before the database is opened, whatever its
	// place on the command line; apply does so in the order of the flags,
	// among which -cmd runs commands.
	early func(s *Shell)
	apply func(s *Shell, value string) error
}

// options are the flags by the alphabet.
var options = []option{
	{name: "ascii", help: "set output mode to 'ascii'", apply: mode("ascii", "\x1f", "\x1e")},
	{name: "bail", help: "stop after hitting an error",
		early: func(s *Shell) { s.bail = true }},
	{name: "batch", help: "force batch I/O",
		early: func(s *Shell) { s.interactive = false }},
	{name: "box", help: "set output mode to 'box'", apply: mode("box", "", "")},
	{name: "cmd", arg: "COMMAND", help: "run \"COMMAND\" before reading stdin",
		apply: (*Shell).applyCmd},
	{name: "column", help: "set output mode to 'column'", apply: mode("column", "", "")},
	{name: "csv", help: "set output mode to 'csv'", apply: mode("csv", ",", "")},
	{name: "echo", help: "print inputs before execution",
		apply: func(s *Shell, _ string) error { s.echo = true; return nil }},
	{name: "eqp", help: "print the plan of each query",
		apply: func(s *Shell, _ string) error { s.eqp = eqpOn; return nil }},
	{name: "eqpfull", help: "print the plan and the program of each query",
		apply: func(s *Shell, _ string) error { s.eqp = eqpFull; return nil }},
	{name: "heap", arg: "SIZE", help: ignored},
	{name: "header", help: "turn headers on", apply: headers(true)},
	{name: "help", help: "show this message",
		apply: func(s *Shell, _ string) error { s.env.Usage(s.out); return errQuit }},
	{name: "html", help: "set output mode to HTML", apply: mode("html", "", "")},
	{name: "init", arg: "FILENAME", help: "read/process named file in place of ~/.sqliterc"},
	{name: "interactive", help: "force interactive I/O",
		apply: func(s *Shell, _ string) error { s.interactive = true; return nil }},
	{name: "json", help: "set output mode to 'json'", apply: mode("json", "", "")},
	{name: "line", help: "set output mode to 'line'", apply: mode("line", "", "")},
	{name: "list", help: "set output mode to 'list'", apply: mode("list", "", "")},
	{name: "lookaside", arg: "SIZE N", help: ignored},
	{name: "markdown", help: "set output mode to 'markdown'", apply: mode("markdown", "", "")},
	{name: "mmap", arg: "N", help: ignored},
	{name: "newline", arg: "SEP", help: "set output row separator. Default: '\\n'",
		apply: func(s *Shell, v string) error { s.format.RowSep = v; return nil }},
	{name: "nofollow", help: "refuse to open symbolic links to database files",
		early: func(s *Shell) { s.openFlags |= capi.OpenNoFollow }},
	{name: "noheader", help: "turn headers off", apply: headers(false)},
	{name: "nullvalue", arg: "TEXT", help: "set text string for NULL values. Default ''",
		apply: func(s *Shell, v string) error { s.format.Null = v; return nil }},
	{name: "pagecache", arg: "SIZE N", help: ignored},
	{name: "quote", help: "set output mode to 'quote'", apply: mode("quote", ",", "\n")},
	{name: "readonly", help: "open the database read-only",
		early: func(s *Shell) {
			s.openFlags = s.openFlags&^(capi.OpenReadWrite|capi.OpenCreate) | capi.OpenReadOnly
		}},
	{name: "separator", arg: "SEP", help: "set output column separator. Default: '|'",
		apply: func(s *Shell, v string) error { s.format.ColSep = v; return nil }},
	{name: "stats", help: "print memory stats before each finalize",
		apply: func(s *Shell, _ string) error { s.stats = statsOn; return nil }},
	{name: "table", help: "set output mode to 'table'", apply: mode("table", "", "")},
	{name: "tabs", help: "set output mode to 'tabs'", apply: mode("list", "\t", "\n")},
	{name: "version", help: "show SQLite version",
		apply: (*Shell).applyVersion},
	{name: "vfs", arg: "NAME", help: "use NAME as the default VFS, which must be the one there is",
		apply: (*Shell).applyVFS},
}

// ignored tells of a flag that tunes what SQLite here has no use for.
const ignored = "accepted and ignored"

// mode makes the flag for an output mode, and for its separators unless empty.
// It changes less than .mode does.
func mode(name, colSep, rowSep string) func(*Shell, string) error {
	return func(s *Shell, _ string) error {
		s.mode = name
		if colSep != "" {
			s.format.ColSep = colSep
		}
		if rowSep != "" {
			s.format.RowSep = rowSep
		}
		return nil
	}
}

func headers(on bool) func(*Shell, string) error {
	return func(s *Shell, _ string) error {
		s.format.Headers, s.headersSet = on, true
		return nil
	}
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

// argCount is the number of arguments that follow the flag.
func (o *option) argCount() int { return len(strings.Fields(o.arg)) }

// commandLine is what is left of the arguments without the flags.
type commandLine struct {
	file *string // nil for none; an empty name is a temporary database
	init *string // nil for .sqliterc
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
			if i += o.argCount(); i >= len(args) {
				s.errorf("%s: Error: missing argument to %s\n", s.env.Program, args[len(args)-1])
				return cmd, exitStatus(1)
			}
			if o.name == "init" {
				cmd.init = &args[i]
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
		if o == nil && isRefusedOption(name) {
			s.errorf("%s: Error: option %s is not supported\n", s.env.Program, name)
			return exitStatus(1)
		}
		if o == nil {
			s.errorf("%s: Error: unknown option: %s\nUse -help for a list of options.\n",
				s.env.Program, name)
			return exitStatus(1)
		}
		var value string
		if o.arg != "" {
			i += o.argCount()
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

// applyVFS refuses a VFS that would write a database without its key.
func (s *Shell) applyVFS(name string) error {
	if name == s.env.VFS {
		return nil
	}
	s.errorf("no such VFS: \"%s\"\n", name)
	return exitStatus(1)
}

func (s *Shell) applyVersion(string) error {
	fmt.Fprintf(s.out, "%s %s", capi.LibVersion(), capi.SourceID())
	if s.env.Version != "" {
		fmt.Fprintf(s.out, " (%s)", s.env.Version)
	}
	fmt.Fprintln(s.out)
	return errQuit
}
