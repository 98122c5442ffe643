package shell

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pageseal/pageseal/cli/shell/render"
)

// outputMode is an argument of .mode. A zero of separators leaves them.
type outputMode struct {
	name           string // .mode takes any beginning of it
	mode           string // of package render
	colSep, rowSep string
}

// outputModes are the modes in the order in which an abbreviation finds them.
var outputModes = []outputMode{
	{"lines", "line", "", "\n"},
	{"columns", "column", "", "\n"},
	{"list", "list", "|", "\n"},
	{"html", "html", "", ""},
	{"tcl", "tcl", " ", "\n"},
	{"csv", "csv", ",", "\r\n"},
	{"tabs", "list", "\t", ""},
	{"insert", "insert", "", ""},
	{"quote", "quote", ",", "\n"},
	{"ascii", "ascii", "\x1f", "\x1e"},
	{"markdown", "markdown", "", ""},
	{"table", "table", "", ""},
	{"box", "box", "", ""},
	{"count", "count", "", ""},
	{"off", "off", "", ""},
	{"json", "json", "", ""},
}

// defaultWrap is where columnar modes break lines, unless told.
const defaultWrap = 60

func isColumnar(mode string) bool {
	return slices.Contains([]string{"column", "markdown", "table", "box"}, mode)
}

func (s *Shell) dotMode(args []string) error {
	var name, table string
	named := false
	columnar := render.Columnar{Wrap: defaultWrap}
	for i := 0; i < len(args); i++ {
		arg, more := args[i], i+1 < len(args)
		switch {
		case isOption(arg, "wrap") && more:
			i++
			columnar.Wrap = int(int32(integer(args[i])))
		case isOption(arg, "ww"):
			columnar.WordWrap = true
		case isOption(arg, "wordwrap") && more:
			i++
			columnar.WordWrap = s.boolean(args[i])
		case isOption(arg, "quote"), isOption(arg, "noquote"):
			columnar.Literals = !isOption(arg, "noquote")
		case !named:
			named = true
			if name = arg; name == "qbox" {
				name, columnar = "box", render.Columnar{Wrap: defaultWrap, Literals: true}
			}
		case table == "":
			table = arg
		case strings.HasPrefix(arg, "-"):
			return message("unknown option: " + arg + "\noptions:\n  --noquote\n  --quote\n" +
				"  --wordwrap on/off\n  --wrap N\n  --ww")
		default:
			return message(fmt.Sprintf("extra argument: \"%s\"", arg))
		}
	}
	if !named {
		fmt.Fprintf(s.out, "current output mode: %s\n", s.describeMode())
		name = s.mode
	}
	return s.setMode(name, table, columnar)
}

// setMode changes the mode, and what goes with it.
func (s *Shell) setMode(name, table string, columnar render.Columnar) error {
	i := slices.IndexFunc(outputModes, func(m outputMode) bool { return strings.HasPrefix(m.name, name) })
	if i < 0 {
		return message("Error: mode should be one of: ascii box column csv html insert json line " +
			"list markdown qbox quote table tabs tcl")
	}
	m := outputModes[i]
	s.mode = m.mode
	if m.colSep != "" {
		s.format.ColSep = m.colSep
	}
	if m.rowSep != "" {
		s.format.RowSep = m.rowSep
	}
	if isColumnar(m.mode) {
		s.format.Columnar = columnar
	}
	switch m.mode {
	case "column":
		if !s.headersSet {
			s.format.Headers = true
		}
	case "insert":
		if table == "" {
			table = "table"
		}
		s.format.Table = ident(table)
	}
	return nil
}

// describeMode is the mode with its options.
func (s *Shell) describeMode() string {
	if !isColumnar(s.mode) {
		return s.mode
	}
	no := "no"
	if s.format.Literals {
		no = ""
	}
	return fmt.Sprintf("%s --wrap %d --wordwrap %s --%squote",
		s.mode, s.format.Wrap, onOff(s.format.WordWrap), no)
}

func (s *Shell) dotHeaders(args []string) error {
	if len(args) != 1 {
		return usage(".headers on|off")
	}
	s.format.Headers = s.boolean(args[0])
	s.headersSet = true
	return nil
}

func (s *Shell) dotSeparator(args []string) error {
	if len(args) >= 1 {
		s.format.ColSep = args[0]
	}
	if len(args) >= 2 {
		s.format.RowSep = args[1]
	}
	if len(args) < 1 || len(args) > 2 {
		return usage(".separator COL ?ROW?")
	}
	return nil
}

func (s *Shell) dotNullvalue(args []string) error {
	if len(args) != 1 {
		return usage(".nullvalue STRING")
	}
	s.format.Null = args[0]
	return nil
}

func (s *Shell) dotWidth(args []string) error {
	s.format.Widths = make([]int, len(args))
	for i, arg := range args {
		s.format.Widths[i] = int(int32(integer(arg)))
	}
	return nil
}
