package shell

import (
	"regexp"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

var (
	// keyWord finds the words that a key follows: PRAGMA key, rekey, hexkey
	// and so on, ATTACH ... KEY, and the parameters of a URI. Words such as
	// foreign_keys are none of them.
	keyWord = regexp.MustCompile(`(?i)(?:^|[^a-z0-9_])(?:hex|text|raw)?(?:re)?key(?:[^a-z0-9_]|$)|_?key\s*=`)
	// keyVerb finds the statements that can take a key.
	keyVerb = regexp.MustCompile(`(?i)\b(?:pragma|attach|vacuum)\b`)
	// leading is white space and comments.
	leading = regexp.MustCompile(`^(?:\s|--[^\n]*(?:\n|$)|(?s:/\*.*?(?:\*/|$)))*`)
	// plainVerb is the first word of a statement in which the word "key" is
	// just the name of a column, or of a constraint.
	plainVerb = regexp.MustCompile(`(?i)^(?:alter|analyze|begin|commit|create|delete|drop|end|insert|reindex|` +
		`release|replace|rollback|savepoint|select|update|values|with)\b`)
	// uriKey finds the parameters of a URI that hold a key.
	uriKey = regexp.MustCompile(`(?i)([?&][a-z_]*key[a-z_]*=)[^&#]*`)
)

// maskURI takes the keys out of a URI, or out of a message that ends in one.
func maskURI(s string) string { return uriKey.ReplaceAllString(s, "$1***") }

// quotedText finds strings and quoted names, as far as they have an end.
var quotedText = regexp.MustCompile(`'[^']*'|"[^"]*"|` + "`[^`]*`" + `|\[[^\]]*\]`)

// holdsKey reports whether sql, the text of one or more statements, may hold a
// key. It errs on that side: a statement that begins with no known word may be
// a mistyped PRAGMA. It counts with and without the semicolons in quotes: a quote
// may be what is mistyped.
func holdsKey(sql string) bool {
	joined := quotedText.ReplaceAllStringFunc(sql, func(s string) string { return strings.ReplaceAll(s, ";", " ") })
	return pieceHoldsKey(sql) || pieceHoldsKey(joined)
}

func pieceHoldsKey(sql string) bool {
	for piece := range strings.SplitSeq(sql, ";") {
		if !keyWord.MatchString(piece) {
			continue
		}
		begin := piece[len(leading.FindString(piece)):]
		if !plainVerb.MatchString(begin) || keyVerb.MatchString(piece) {
			return true
		}
	}
	return false
}

// withhold takes out of an error of the parser what it quotes of its
// statement, which may be the key. An error without a place in the statement
// is not the parser's, but about the key: it says nothing of its text.
func withhold(e *capi.Error) *capi.Error {
	if e.Offset < 0 && !strings.HasPrefix(e.Message, "near ") && !strings.HasPrefix(e.Message, "unrecognized token") {
		return e
	}
	masked := *e
	if begin := strings.IndexByte(e.Message, '"'); begin >= 0 {
		end := strings.LastIndexByte(e.Message, '"')
		if end == begin {
			end = len(e.Message) - 1
		}
		masked.Message = e.Message[:begin] + `"***"` + e.Message[end+1:]
	} else if kind, _, ok := strings.Cut(e.Message, ": "); ok {
		masked.Message = kind + ": ***"
	}
	return &masked
}

// dotKey finds the options of dot-commands that a key follows.
var dotKey = regexp.MustCompile(`(?i)(\s-{1,2}(?:hex|text|raw)?key)\b.*`)

// maskInput is a command as .echo prints it: up to a key.
func maskInput(text string) string {
	if strings.HasPrefix(text, ".") {
		return dotKey.ReplaceAllString(maskURI(text), "$1 ***")
	}
	if !holdsKey(text) {
		return text
	}
	at := keyWord.FindStringIndex(text)
	if at == nil {
		return "***"
	}
	return strings.TrimRight(text[:at[1]], " \t\r\n='\"(") + " ***;"
}

// parameterValue finds what may give a parameter a value, which ATTACH can take
// for a key.
var parameterValue = regexp.MustCompile(`(?i)^\.par.*\bset\b|sqlite_parameters`)

// isSecret reports whether a command is not to be remembered, as it may hold a
// key. It errs further on that side than holdsKey.
func isSecret(command string) bool {
	switch {
	case uriKey.MatchString(command), parameterValue.MatchString(command), holdsKey(command):
		return true
	case keyWord.MatchString(command):
		return strings.HasPrefix(command, ".") || keyVerb.MatchString(command)
	}
	return false
}
