package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/cli/shell/render"
)

// toggle makes the command of a switch.
func toggle(name string, field func(s *Shell) *bool) func(*Shell, []string) error {
	return func(s *Shell, args []string) error {
		if len(args) != 1 {
			return usage("." + name + " on|off")
		}
		*field(s) = s.boolean(args[0])
		return nil
	}
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// dotBinary has nothing to do: output is never translated.
func (s *Shell) dotBinary(args []string) error {
	if len(args) != 1 {
		return usage(".binary on|off")
	}
	s.boolean(args[0])
	return nil
}

// dotPrompt changes what stands before the lines of interactive input.
func (s *Shell) dotPrompt(args []string) error {
	if len(args) >= 1 {
		s.prompt = args[0]
	}
	if len(args) >= 2 {
		s.continuePrompt = args[1]
	}
	return nil
}

// dotShow prints all settings.
func (s *Shell) dotShow(args []string) error {
	if len(args) != 0 {
		return usage(".show")
	}
	explain := onOff(s.mode == "explain")
	if explain == "off" && s.autoExplain {
		explain = "auto"
	}
	var widths strings.Builder
	for _, w := range s.format.Widths {
		fmt.Fprintf(&widths, "%d ", w)
	}
	for _, line := range [][2]string{
		{"echo", onOff(s.echo)},
		{"eqp", s.eqp.String()},
		{"explain", explain},
		{"headers", onOff(s.format.Headers)},
		{"mode", s.describeMode()},
		{"nullvalue", cString(s.format.Null)},
		{"output", s.outputName()},
		{"colseparator", cString(s.format.ColSep)},
		{"rowseparator", cString(s.format.RowSep)},
		{"stats", s.stats.String()},
		{"width", widths.String()},
		{"filename", maskURI(s.file)},
	} {
		fmt.Fprintf(s.out, "%12s: %s\n", line[0], line[1])
	}
	return nil
}

func cString(s string) string { return string(render.AppendCString(nil, []byte(s))) }
