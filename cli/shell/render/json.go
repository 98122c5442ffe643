package render

import (
	"bufio"
	"fmt"
	"math"
)

// json writes an array of objects.
type json struct{ output }

func newJSON(w *bufio.Writer, f Format) Mode {
	return &json{output{w: w, format: f}}
}

func (j *json) Row(r Row) {
	if j.started {
		j.w.WriteString(",\n{")
	} else {
		j.w.WriteString("[{")
	}
	j.started = true
	for i := range r.ColumnCount() {
		if i > 0 {
			j.w.WriteByte(',')
		}
		j.string([]byte(r.ColumnName(i)))
		j.w.WriteByte(':')
		j.member(r, i)
	}
	j.w.WriteByte('}')
}

func (j *json) member(r Row, i int) {
	switch r.Kind(i) {
	case Null:
		j.w.WriteString("null")
	case Real:
		// Numbers of JSON know no infinity, but may overflow.
		if v := r.ColumnDouble(i); math.IsInf(v, 0) {
			j.w.WriteString(infinity(v))
		} else {
			j.w.Write(r.AppendReal(j.text[:0], i))
		}
	case Blob:
		j.text, _ = r.AppendText(j.text[:0], i)
		j.string(j.text)
	case Text:
		text, _ := j.value(r, i)
		j.string(text)
	default:
		text, _ := j.value(r, i)
		j.w.Write(text)
	}
}

// infinity is a number too large for its kind, which reads as infinity.
func infinity(v float64) string {
	if v < 0 {
		return "-1e999"
	}
	return "1e999"
}

func (j *json) string(text []byte) {
	j.w.WriteByte('"')
	for _, b := range text {
		switch {
		case b == '\\' || b == '"':
			j.w.WriteByte('\\')
			j.w.WriteByte(b)
		case b == '\b':
			j.w.WriteString(`\b`)
		case b == '\t':
			j.w.WriteString(`\t`)
		case b == '\n':
			j.w.WriteString(`\n`)
		case b == '\f':
			j.w.WriteString(`\f`)
		case b == '\r':
			j.w.WriteString(`\r`)
		case b < ' ':
			fmt.Fprintf(j.w, `\u%04x`, b)
		default:
			j.w.WriteByte(b)
		}
	}
	j.w.WriteByte('"')
}

func (j *json) End() { j.w.WriteString("]\n") }
