package shell

import "strings"

// indentFrom is the length from which a statement is broken into lines.
const indentFrom = 79

// printSchema prints a statement as it is.
func (s *Shell) printSchema(sql string) { s.printSchemaLine(sql, ";\n") }

// printIndented prints a statement with a line for each column where it is long.
func (s *Shell) printIndented(sql string) {
	if sql == "" {
		return
	}
	if hasPrefixFold(sql, "CREATE VIEW") || hasPrefixFold(sql, "CREATE TRIG") {
		s.out.WriteString(sql + ";\n")
		return
	}
	z := squeeze(sql)
	if len(z) >= indentFrom {
		z = s.printColumnLines(z)
	}
	s.printSchemaLine(string(z), ";\n")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// squeeze leaves one character of white space where there are several, and none
// around parentheses.
func squeeze(sql string) []byte {
	var z []byte
	for i := 0; i < len(sql); i++ {
		c := sql[i]
		last := len(z) - 1
		switch {
		case isSpace(c) && last < 0:
			continue
		case isSpace(c):
			if z[last] == '\r' {
				z[last] = '\n'
			}
			if isSpace(z[last]) || z[last] == '(' {
				continue
			}
		case (c == '(' || c == ')') && last >= 0 && isSpace(z[last]):
			z = z[:last]
		}
		z = append(z, c)
	}
	for len(z) > 0 && isSpace(z[len(z)-1]) {
		z = z[:len(z)-1]
	}
	return z
}

// printColumnLines prints what is in the outer parentheses on lines of its own,
// and returns what is left to print.
func (s *Shell) printColumnLines(z []byte) []byte {
	var line []byte
	var end byte // of the quoted name, string or comment
	depth, lines := 0, 0
	for i := 0; i < len(z); i++ {
		c := z[i]
		switch {
		case c == end:
			end = 0
		case c == '"' || c == '\'' || c == '`':
			end = c
		case c == '[':
			end = ']'
		case c == '-' && i+1 < len(z) && z[i+1] == '-':
			end = '\n'
		case c == '(':
			depth++
		case c == ')':
			if depth--; lines > 0 && depth == 0 && len(line) > 0 {
				s.printSchemaLine(string(line), "\n")
				line = line[:0]
			}
		}
		line = append(line, c)
		if depth != 1 || end != 0 || c != '(' && c != '\n' && (c != ',' || onlyComment(z[i+1:])) {
			continue
		}
		if c == '\n' {
			line = line[:len(line)-1]
		}
		s.printSchemaLine(string(line), "\n  ")
		line = line[:0]
		lines++
		for i+1 < len(z) && isSpace(z[i+1]) {
			i++
		}
	}
	return line
}

// onlyComment reports whether the rest of a line is white space and comment.
func onlyComment(z []byte) bool {
	for i, c := range z {
		switch {
		case c == '\n':
			return true
		case isSpace(c):
		default:
			return c == '-' && i+1 < len(z) && z[i+1] == '-'
		}
	}
	return true
}
