package shell

import (
	"strconv"
	"strings"
)

// maxArgs is the number of words sqlite3 looks at. What follows is ignored.
const maxArgs = 51

// splitArgs cuts the line of a dot-command into words. Quotes of either kind
// hold a word together; a backslash escapes everywhere but in single quotes.
func splitArgs(line string) []string {
	var args []string
	for len(args) < maxArgs {
		line = strings.TrimLeftFunc(line, func(r rune) bool { return r < 0x80 && isSpace(byte(r)) })
		if line == "" {
			break
		}
		var word string
		switch quote := line[0]; quote {
		case '\'', '"':
			n := quotedLen(line[1:], quote)
			word, line = line[1:1+n], line[min(n+2, len(line)):]
			if quote == '"' {
				word = unescape(word)
			}
		default:
			n := 0
			for n < len(line) && !isSpace(line[n]) {
				n++
			}
			word, line = unescape(line[:n]), line[n:]
		}
		args = append(args, word)
	}
	return args
}

// quotedLen is the length of the text up to the closing quote.
func quotedLen(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i
		case s[i] == '\\' && quote == '"' && i+1 < len(s):
			i++
		}
	}
	return len(s)
}

// unescape resolves the backslashes of C: \n and the like, and up to three
// octal digits. In front of anything else a backslash just goes.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 == len(s) {
			out = append(out, c)
			continue
		}
		i++
		switch c = s[i]; {
		case '0' <= c && c <= '7':
			n := i + 1
			for n < len(s) && n < i+3 && '0' <= s[n] && s[n] <= '7' {
				n++
			}
			v, _ := strconv.ParseUint(s[i:n], 8, 16)
			c, i = byte(v), n-1
		default:
			if at := strings.IndexByte(`abtnvfr`, c); at >= 0 {
				c = "\a\b\t\n\v\f\r"[at]
			}
		}
		out = append(out, c)
	}
	// As C sees it, an escaped NUL ends the word.
	word, _, _ := strings.Cut(string(out), "\x00")
	return word
}

// multipliers are the suffixes of numbers.
var multipliers = map[string]int64{
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	"kb": 1e3, "mb": 1e6, "gb": 1e9,
	"k": 1e3, "m": 1e6, "g": 1e9,
}

// integer is the number that s begins with, zero for none.
func integer(s string) int64 {
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	var v int64
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		v, _ = parsePrefix(hex, 16)
	} else {
		var rest string
		v, rest = parsePrefix(s, 10)
		if m, ok := multipliers[strings.ToLower(rest)]; ok {
			v *= m
		}
	}
	if negative {
		v = -v
	}
	return v
}

// parsePrefix reads the digits that s begins with. It overflows as C does.
func parsePrefix(s string, base int64) (v int64, rest string) {
	for s != "" {
		digit := strings.IndexByte("0123456789abcdef", s[0]|0x20)
		if '0' <= s[0] && s[0] <= '9' {
			digit = int(s[0] - '0')
		}
		if digit < 0 || int64(digit) >= base {
			break
		}
		v, s = v*base+int64(digit), s[1:]
	}
	return v, s
}

// boolean reads a switch. What is neither a word for it nor a number is off,
// with a warning.
func (s *Shell) boolean(arg string) bool { return s.number(arg) != 0 }

// number reads a switch that knows more than on and off.
func (s *Shell) number(arg string) int32 {
	hex, isHex := strings.CutPrefix(arg, "0x") // which needs no digits behind it
	_, rest := parsePrefix(arg, 10)
	if isHex {
		_, rest = parsePrefix(hex, 16)
	}
	if arg != "" && rest == "" {
		return int32(integer(arg))
	}
	switch strings.ToLower(arg) {
	case "on", "yes":
		return 1
	case "off", "no":
		return 0
	}
	s.errorf("ERROR: Not a boolean value: \"%s\". Assuming \"no\".\n", arg)
	return 0
}

// isOption reports whether an argument is the option of that name, with one
// dash or two.
func isOption(arg, name string) bool {
	return arg == "-"+name || arg == "--"+name
}
