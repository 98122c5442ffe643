package shell

// scanState is what is known about a text of SQL after a quick look at its
// lines so far, quick enough to take at every line. Only where it finds that
// the text may end a statement is SQLite asked, which reads the whole text.
type scanState struct {
	wait byte // closes the open string, quoted name or comment; '*' is a comment
	dark bool // something other than white space and comments was seen
	semi bool // the last of it was a semicolon
}

// blank reports that all statements so far have ended, or none has begun.
func (q scanState) blank() bool { return q.wait == 0 && !q.dark }

// terminated reports that the text ends in a semicolon that may end a statement.
func (q scanState) terminated() bool { return q.wait == 0 && q.semi }

// scan takes the next line, without its line feed, into account.
func (q scanState) scan(line []byte) scanState {
	for i := 0; i < len(line); i++ {
		c := line[i]
		peek := byte(0)
		if i+1 < len(line) {
			peek = line[i+1]
		}
		switch {
		case q.wait == '*':
			if c == '*' && peek == '/' {
				q.wait = 0
				i++
			}
		case q.wait != 0:
			if c == q.wait {
				q.wait = 0 // a doubled quote opens it again at once
			}
		case isSpace(c):
		case c == '-' && peek == '-':
			return q
		case c == '/' && peek == '*':
			q.wait = '*'
			i++
		case c == ';':
			q.semi = true
		default:
			q.semi, q.dark = false, true
			q.wait = closing(c)
		}
	}
	return q
}

// closing is the character that ends what c begins, zero for nothing.
func closing(c byte) byte {
	switch c {
	case '\'', '"', '`':
		return c
	case '[':
		return ']'
	}
	return 0
}

// isSpace is C's isspace in the C locale.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// isGo reports whether line is "go" or "/", the ways of SQL Server and Oracle
// to end a statement.
func isGo(line []byte) bool {
	for len(line) > 0 && isSpace(line[0]) {
		line = line[1:]
	}
	switch {
	case len(line) >= 1 && line[0] == '/':
		line = line[1:]
	case len(line) >= 2 && line[0]|0x20 == 'g' && line[1]|0x20 == 'o':
		line = line[2:]
	default:
		return false
	}
	return scanState{}.scan(line) == scanState{}
}
