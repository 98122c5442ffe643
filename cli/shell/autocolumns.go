package shell

import (
	"fmt"
	"strings"
)

// columnsPerLine is how many columns a generated statement has on a line.
const columnsPerLine = 4

// autoColumns makes the columns of a table of the names in a file. Names that
// appear twice get a number; renamed tells which.
func autoColumns(names []string) (spec, renamed string) {
	columns := make([]string, len(names))
	for i, name := range names {
		if columns[i] = name; name == "" {
			columns[i] = "?"
		}
	}
	numbered := number(columns)
	var renames []string
	var b strings.Builder
	b.WriteString("(\n")
	for i, name := range numbered {
		switch {
		case i == 0:
		case i%columnsPerLine == 0:
			b.WriteString(",\n ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(quoteName(name) + " TEXT")
		if name != columns[i] {
			renames = append(renames, quoteName(columns[i])+" to "+quoteName(name))
		}
	}
	b.WriteString(")")
	return b.String(), strings.Join(renames, ",\n")
}

// number appends its position to every name that is not unique, with as few
// zeros ahead as make them so.
func number(names []string) []string {
	count := make(map[string]int)
	for _, n := range names {
		count[strings.ToLower(n)]++
	}
	for zeros := 0; ; zeros++ {
		out := make([]string, len(names))
		seen := make(map[string]bool)
		for i, n := range names {
			if out[i] = n; count[strings.ToLower(n)] > 1 {
				out[i] = fmt.Sprintf("%s_%s%d", n, strings.Repeat("0", zeros), i+1)
			}
			seen[strings.ToLower(out[i])] = true
		}
		if len(seen) == len(names) {
			return out
		}
	}
}
