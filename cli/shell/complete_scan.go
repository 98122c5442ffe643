package shell

import "strings"

// token is a word of SQL: a name, one in quotes, a text in quotes, a number,
// or another character.
type token struct {
	text   string
	closed bool // with a quote, or what is no word but a comment
}

func (t token) lower() string { return strings.ToLower(t.text) }

// name is the name that the token stands for.
func (t token) name() string {
	if n := len(t.text); n >= 2 && t.closed && strings.IndexByte("\"`[", t.text[0]) >= 0 {
		quote := t.text[n-1:]
		return strings.ReplaceAll(t.text[1:n-1], quote+quote, quote)
	}
	return t.text
}

// is reports whether a token, from the end for a negative number, is a word.
func is(tokens []token, i int, word string) bool {
	if i < 0 {
		i += len(tokens)
	}
	return i >= 0 && i < len(tokens) && tokens[i].lower() == word
}

// scanSQL cuts off the tokens of the last statement of a text. The last one,
// which may go on behind the text, is returned apart; it is empty where the
// text ends in white space.
func scanSQL(sql string) (tokens []token, last token) {
	for sql != "" {
		t, n := scanToken(sql)
		sql = sql[n:]
		switch {
		case t.text == "": // white space
		case t.text == ";":
			tokens = nil
		case sql == "" && (isNameByte(t.text[0]) || strings.IndexByte("'\"`[-/", t.text[0]) >= 0):
			return tokens, t
		default:
			tokens = append(tokens, t)
		}
	}
	return tokens, token{}
}

// scanToken is the token that sql begins with, and how long it is.
func scanToken(sql string) (t token, n int) {
	end := func(begin int, mark string) (token, int) {
		if i := strings.Index(sql[begin:], mark); i >= 0 {
			n := begin + i + len(mark)
			return token{sql[:n], true}, n
		}
		return token{sql, false}, len(sql)
	}
	switch c := sql[0]; {
	case isSpace(c):
		return token{}, 1
	case strings.HasPrefix(sql, "--"), strings.HasPrefix(sql, "/*"):
		mark := "\n"
		if c == '/' {
			mark = "*/"
		}
		if t, n = end(2, mark); t.closed {
			return token{}, n // as white space
		}
		return token{sql, true}, n // nothing in it is a word
	case c == '\'' || c == '"' || c == '`':
		return end(1, string(c)) // a doubled quote makes two tokens
	case c == '[':
		return end(1, "]")
	case isNameByte(c):
		for n < len(sql) && isNameByte(sql[n]) {
			n++
		}
		return token{text: sql[:n]}, n
	}
	return token{text: sql[:1]}, 1
}

func isNameByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c >= 0x80
}
