package salvage

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// quoteText makes a literal of a text.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quoteName makes a name of SQL, in quotes where it must be.
func quoteName(name string) string {
	plain := name != "" && (name[0] < '0' || name[0] > '9')
	for i := 0; i < len(name) && plain; i++ {
		c := name[i] | 0x20
		plain = 'a' <= c && c <= 'z' || '0' <= name[i] && name[i] <= '9' || name[i] == '_'
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Literal writes a value in SQL. On lines of its own, no text goes over more than
// one, so that no program on the way changes the ends of them.
func Literal(v any, ownLine bool) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return realLiteral(v)
	case []byte:
		return fmt.Sprintf("X'%X'", v)
	case string:
		parts := strings.Split(v, "\x00") // which ends a statement
		for i, part := range parts {
			parts[i] = textLiteral(part, ownLine)
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return "(" + strings.Join(parts, "||char(0)||") + ")"
	}
	panic(fmt.Sprintf("salvage: a value of type %T", v))
}

// textLiteral is a text without NUL.
func textLiteral(s string, ownLine bool) string {
	if !ownLine || !strings.ContainsAny(s, "\r\n") {
		return quoteText(s)
	}
	quoted := quoteText(s)
	for _, end := range []struct{ char, code, first, second string }{
		{"\n", "10", `\n`, `\012`},
		{"\r", "13", `\r`, `\015`},
	} {
		if strings.Contains(s, end.char) {
			mark := unusedIn(s, end.first, end.second)
			quoted = "replace(" + strings.ReplaceAll(quoted, end.char, mark) + ",'" + mark + "', char(" + end.code + "))"
		}
	}
	return quoted
}

// unusedIn finds a string that is not in s, at best the first or second choice.
func unusedIn(s, first, second string) string {
	for _, mark := range []string{first, second} {
		if !strings.Contains(s, mark) {
			return mark
		}
	}
	for i := 0; ; i++ {
		if mark := fmt.Sprintf("(%s%d)", first, i); !strings.Contains(s, mark) {
			return mark
		}
	}
}

// realLiteral writes a number with 15 digits as sqlite3 does, or with as many as
// make the same number again.
func realLiteral(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "9.0e+999"
	case math.IsInf(v, -1):
		return "-9.0e+999"
	}
	for digits := 15; ; digits++ {
		s := strconv.FormatFloat(v, 'e', digits-1, 64)
		if same, _ := strconv.ParseFloat(s, 64); same == v || digits == 17 {
			return general(s, digits)
		}
	}
}

// general turns d.ddde±xx into the form that C's %g would choose, but with a
// digit behind the point.
func general(s string, digits int) string {
	mantissa, exponent, _ := strings.Cut(s, "e")
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	e, _ := strconv.Atoi(exponent)
	d := strings.TrimRight(strings.Replace(mantissa, ".", "", 1), "0")
	if d == "" {
		return sign + "0.0"
	}
	var whole, part string
	switch {
	case e < -4 || e >= digits:
		whole, part = d[:1], d[1:]
		exponent = "e" + exponent
	case e < 0:
		whole, part, exponent = "0", strings.Repeat("0", -e-1)+d, ""
	default:
		d += strings.Repeat("0", max(0, e+1-len(d)))
		whole, part, exponent = d[:e+1], d[e+1:], ""
	}
	if part == "" {
		part = "0"
	}
	return sign + whole + "." + part + exponent
}
