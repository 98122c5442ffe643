package render

import (
	"bufio"
	"strings"
)

// minNameWidth is what line mode leaves for the names of columns at least.
const minNameWidth = 5

// line writes a value a line.
type line struct {
	output
	width int // of the longest name, in bytes
}

func newLine(w *bufio.Writer, f Format) Mode {
	return &line{output: output{w: w, format: f}}
}

func (l *line) Row(r Row) {
	n := r.ColumnCount()
	if l.started {
		l.w.WriteString(l.format.RowSep)
	} else {
		l.width = minNameWidth
		for i := range n {
			l.width = max(l.width, len(r.ColumnName(i)))
		}
	}
	l.started = true
	for i := range n {
		name := r.ColumnName(i)
		l.w.WriteString(strings.Repeat(" ", l.width-len(name)))
		l.w.WriteString(name)
		l.w.WriteString(" = ")
		l.w.Write(l.shown(r, i))
		l.w.WriteString(l.format.RowSep)
	}
}
