package compat

import "strings"

// AttachKey finds the expression of the KEY clause in an ATTACH statement.
// Stock SQLite reads the clause and forgets it. isAttach is false for every
// other statement; expr is empty where the statement has no such clause.
func AttachKey(sql string) (expr string, isAttach bool) {
	tokens := scan(sql)
	if len(tokens) == 0 || !tokens[0].is("ATTACH") {
		return "", false
	}
	i := find(tokens, 1, "AS")
	if i < 0 {
		return "", true
	}
	// The schema name has at least one token, and may itself be called key.
	k := find(tokens, i+2, "KEY")
	if k < 0 || k+1 >= len(tokens) {
		return "", true
	}
	from, to := tokens[k+1].from, tokens[len(tokens)-1].to
	return sql[from:to], true
}

// IsVacuum tells whether the statement is a VACUUM.
func IsVacuum(sql string) bool {
	tokens := scan(sql)
	return len(tokens) > 0 && tokens[0].is("VACUUM")
}

// IsVacuumTarget tells whether the statement is the ATTACH by which VACUUM opens
// the file that it copies to.
func IsVacuumTarget(sql string) bool {
	const name, digits = "vacuum_", "0123456789abcdef"
	tokens := scan(sql)
	if len(tokens) != 4 || !tokens[0].is("ATTACH") || !tokens[2].is("AS") || tokens[1].text[0] != '\'' {
		return false
	}
	number, ok := strings.CutPrefix(tokens[3].text, name)
	return ok && len(number) == 16 && strings.Trim(number, digits) == ""
}

// literal is the text that an expression of one token stands for where ATTACH
// and VACUUM take it literally: a quoted string or a bare identifier.
func literal(expr string) (string, bool) {
	tokens := scan(expr)
	if len(tokens) != 1 {
		return "", false
	}
	t := tokens[0]
	switch q := t.text[:1]; q {
	case "'", `"`, "`":
		if strings.Count(t.text, q)%2 != 0 {
			return "", false // the closing quote is missing
		}
		return strings.ReplaceAll(t.text[1:len(t.text)-1], q+q, q), true
	case "[":
		if name, ok := strings.CutSuffix(t.text[1:], "]"); ok {
			return name, true
		}
		return "", false
	}
	if !t.word || isDigit(t.text[0]) || strings.Contains(t.text, "'") {
		return "", false
	}
	for _, value := range []string{"NULL", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"} {
		if t.is(value) {
			return "", false
		}
	}
	return t.text, true
}

// VacuumSchema is the schema that a VACUUM statement works on.
func VacuumSchema(sql string) string {
	tokens := scan(sql)
	if len(tokens) < 2 || tokens[1].is("INTO") {
		return "main"
	}
	name, _ := literal(tokens[1].text)
	return name
}

type token struct {
	text     string
	from, to int // bytes of the statement
	depth    int // of parentheses
	word     bool
}

// is tells whether the token is the keyword. SQLite folds the case of ASCII
// only, EqualFold that of longer letters too (the Kelvin sign is a k).
func (t token) is(keyword string) bool {
	return t.word && len(t.text) == len(keyword) && strings.EqualFold(t.text, keyword)
}

// find is the index of the first such keyword at or after i outside of all
// parentheses, or -1.
func find(tokens []token, i int, keyword string) int {
	for ; i < len(tokens); i++ {
		if tokens[i].depth == 0 && tokens[i].is(keyword) {
			return i
		}
	}
	return -1
}

// scan cuts one statement into tokens, as far as the end or the semicolon that
// ends it; comments are left out, and so are semicolons before the statement,
// which SQLite takes as part of it.
func scan(sql string) []token {
	var tokens []token
	depth := 0
	for i := 0; i < len(sql); {
		n, kind := next(sql[i:])
		t := token{text: sql[i : i+n], from: i, to: i + n, depth: depth, word: kind == wordToken}
		i += n
		switch {
		case kind == spaceToken:
			continue
		case t.text == ";":
			if len(tokens) == 0 {
				continue
			}
			return tokens
		case t.text == "(":
			depth++
		case t.text == ")":
			depth--
			t.depth = depth
		}
		tokens = append(tokens, t)
	}
	return tokens
}

type tokenKind int

const (
	spaceToken tokenKind = iota // white space and comments
	wordToken                   // identifiers, keywords, numbers, x'...'
	otherToken                  // quoted text, parameters, operators
)

// bom may stand before and between tokens.
const bom = "\ufeff"

// next is the length in bytes and the kind of the token at the start of s.
func next(s string) (int, tokenKind) {
	switch c := s[0]; {
	case strings.IndexByte(" \t\n\v\f\r", c) >= 0:
		return 1, spaceToken
	case strings.HasPrefix(s, bom):
		return len(bom), spaceToken
	case strings.HasPrefix(s, "--"):
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			return i + 1, spaceToken
		}
		return len(s), spaceToken
	case strings.HasPrefix(s, "/*"):
		if i := strings.Index(s[2:], "*/"); i >= 0 {
			return i + 4, spaceToken
		}
		return len(s), spaceToken
	case c == '\'' || c == '"' || c == '`':
		return quoted(s, c), otherToken
	case c == '[':
		if i := strings.IndexByte(s, ']'); i >= 0 {
			return i + 1, otherToken
		}
		return len(s), otherToken
	case (c == 'x' || c == 'X') && len(s) > 1 && s[1] == '\'':
		return 1 + quoted(s[1:], '\''), wordToken
	case c == '?': // a parameter, with a number or without
		n := 1
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return n, otherToken
	case strings.IndexByte("$:@#", c) >= 0: // a parameter, whatever its name
		return 1 + wordLen(s[1:]), otherToken
	case isWord(c):
		return wordLen(s), wordToken
	}
	return 1, otherToken
}

// wordLen is the length of the identifier, keyword or number at the start of s.
func wordLen(s string) int {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}

// quoted is the length of the quoted text at the start of s, a doubled quote
// being part of it.
func quoted(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == '$' || c >= 0x80
}
