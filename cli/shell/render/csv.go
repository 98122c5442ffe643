package render

import (
	"bufio"
	"bytes"
	"fmt"
)

// csv writes values between commas, in quotes where they need them.
type csv struct{ output }

func newCSV(w *bufio.Writer, f Format) Mode {
	return &csv{output{w: w, format: f}}
}

func (c *csv) Row(r Row) {
	n := r.ColumnCount()
	if c.begin() {
		for i := range n {
			c.field([]byte(r.ColumnName(i)))
			c.separate(i, n)
		}
	}
	for i := range n {
		text, isNull := c.value(r, i)
		if isNull {
			c.w.WriteString(c.format.Null)
		} else {
			c.field(text)
		}
		c.separate(i, n)
	}
}

func (c *csv) separate(i, n int) {
	if i < n-1 {
		c.w.WriteString(c.format.ColSep)
	} else {
		c.w.WriteString(c.format.RowSep)
	}
}

func (c *csv) field(text []byte) {
	if !c.needsQuotes(text) {
		c.w.Write(text)
		return
	}
	c.w.WriteByte('"')
	c.w.Write(bytes.ReplaceAll(text, []byte(`"`), []byte(`""`)))
	c.w.WriteByte('"')
}

func (c *csv) needsQuotes(text []byte) bool {
	for _, b := range text {
		if b <= ' ' || b == '"' || b == '\'' || b >= 0x7f {
			return true
		}
	}
	return len(text) == 0 || bytes.Contains(text, []byte(c.format.ColSep))
}

// tcl writes values as strings of C.
type tcl struct{ output }

func newTCL(w *bufio.Writer, f Format) Mode {
	return &tcl{output{w: w, format: f}}
}

func (t *tcl) Row(r Row) {
	n := r.ColumnCount()
	if t.begin() {
		for i := range n {
			t.field(i, n, []byte(r.ColumnName(i)))
		}
	}
	for i := range n {
		t.field(i, n, t.shown(r, i))
	}
}

func (t *tcl) field(i, n int, text []byte) {
	t.w.Write(AppendCString(nil, text))
	if i < n-1 {
		t.w.WriteString(t.format.ColSep)
	} else {
		t.w.WriteString(t.format.RowSep)
	}
}

// AppendCString appends text as a string literal of C.
func AppendCString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, b := range text {
		switch {
		case b == '\\' || b == '"':
			dst = append(dst, '\\', b)
		case b == '\t':
			dst = append(dst, `\t`...)
		case b == '\n':
			dst = append(dst, `\n`...)
		case b == '\r':
			dst = append(dst, `\r`...)
		case b < ' ' || b >= 0x7f:
			dst = fmt.Appendf(dst, `\%03o`, b)
		default:
			dst = append(dst, b)
		}
	}
	return append(dst, '"')
}
