package render

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// appendQuoted appends text as a string of SQL.
func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '\'')
	for _, b := range text {
		if b == '\'' {
			dst = append(dst, '\'')
		}
		dst = append(dst, b)
	}
	return append(dst, '\'')
}

// appendEscaped appends text as an expression of SQL on one line, so that no
// program on the way changes the ends of its lines.
func appendEscaped(dst, text []byte) []byte {
	lf, cr := bytes.IndexByte(text, '\n') >= 0, bytes.IndexByte(text, '\r') >= 0
	if !lf && !cr {
		return appendQuoted(dst, text)
	}
	newLF, newCR := unused(text, `\n`, `\012`), unused(text, `\r`, `\015`)
	if lf {
		dst = append(dst, "replace("...)
	}
	if cr {
		dst = append(dst, "replace("...)
	}
	escaped := bytes.ReplaceAll(text, []byte("\n"), []byte(newLF))
	escaped = bytes.ReplaceAll(escaped, []byte("\r"), []byte(newCR))
	dst = appendQuoted(dst, escaped)
	if cr {
		dst = append(dst, ",'"+newCR+"',char(13))"...)
	}
	if lf {
		dst = append(dst, ",'"+newLF+"',char(10))"...)
	}
	return dst
}

// unused finds a string that is not in text, at best the first or second choice.
func unused(text []byte, first, second string) string {
	for _, s := range []string{first, second} {
		if !bytes.Contains(text, []byte(s)) {
			return s
		}
	}
	for i := 0; ; i++ {
		if s := fmt.Sprintf("(%s%d)", first, i); !bytes.Contains(text, []byte(s)) {
			return s
		}
	}
}

// appendBlob appends a blob literal, which begins with prefix.
func appendBlob(dst []byte, prefix byte, blob []byte) []byte {
	dst = append(dst, prefix, '\'')
	for _, b := range blob {
		const hex = "0123456789abcdef"
		dst = append(dst, hex[b>>4], hex[b&15])
	}
	return append(dst, '\'')
}

// appendReal appends a floating point number that reads as the same again,
// even where it has no fraction or is infinite.
func appendReal(dst []byte, r Row, i int) []byte {
	v := r.ColumnDouble(i)
	if math.IsInf(v, 0) {
		return append(dst, infinity(v)...)
	}
	// The bounds keep the conversion within what all processors agree on.
	if -1<<63 <= v && v < 1<<63 && v == math.Trunc(v) {
		dst = strconv.AppendInt(dst, int64(v), 10)
		return append(dst, ".0"...)
	}
	return r.AppendReal(dst, i)
}
