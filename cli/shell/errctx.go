package shell

import "fmt"

// Widths of the lines that point at an error, in bytes, as sqlite3 has them.
const (
	contextBefore = 50 // shown at most ahead of the error
	contextWidth  = 78 // shown at most
	arrowFlips    = 25 // from there on the arrow stands behind its words
)

// prepareError is the failure to compile the statement that sql begins with.
func prepareError(err error, sql string) *execError {
	e := &execError{stage: preparing, cause: asError(err)}
	if holdsKey(sql) {
		e.cause = withhold(e.cause)
		return e
	}
	e.context = errorContext(sql, e.cause.Offset)
	return e
}

// errorContext is the part of sql around the byte at offset, and an arrow to
// it; nothing where the error has no place.
func errorContext(sql string, offset int) string {
	if offset < 0 || offset > len(sql) {
		return ""
	}
	for offset > contextBefore {
		sql, offset = sql[1:], offset-1
		for len(sql) > 0 && isContinuation(sql[0]) {
			sql, offset = sql[1:], offset-1
		}
	}
	if len(sql) > contextWidth {
		n := contextWidth
		for isContinuation(sql[n]) {
			n--
		}
		sql = sql[:n]
	}
	code := []byte(sql)
	for i, c := range code {
		if isSpace(c) {
			code[i] = ' '
		}
	}
	if offset < arrowFlips {
		return fmt.Sprintf("\n  %s\n  %*s^--- error here", code, offset, "")
	}
	return fmt.Sprintf("\n  %s\n  %*serror here ---^", code, offset-14, "")
}

// isContinuation reports whether c goes on a UTF-8 character.
func isContinuation(c byte) bool { return c&0xc0 == 0x80 }
