package shell

import (
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// quoteText makes a string literal of SQL.
func quoteText(s string) string { return quoteWith(s, `'`) }

// quoteName makes a quoted name of SQL.
func quoteName(s string) string { return quoteWith(s, `"`) }

func quoteWith(s, quote string) string {
	return quote + strings.ReplaceAll(s, quote, quote+quote) + quote
}

// ident writes a name of SQL, quoted only where it must be.
func ident(s string) string {
	if needsQuotes(s) {
		return quoteName(s)
	}
	return s
}

// needsQuotes reports whether s is a name of SQL only in quotes.
func needsQuotes(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		letter := 'a' <= c && c <= 'z' || s[i] == '_'
		digit := '0' <= s[i] && s[i] <= '9'
		if !letter && (!digit || i == 0) {
			return true
		}
	}
	return s == "" || capi.IsKeyword(s)
}
