package render

import (
	"bufio"
	"bytes"
)

// list writes a row as its columns with a separator in between.
type list struct {
	w       *bufio.Writer
	format  Format
	started bool
	text    []byte // scratch
}

func newList(w *bufio.Writer, f Format) Mode {
	return &list{w: w, format: f}
}

func (l *list) Row(r Row) {
	n := r.ColumnCount()
	if !l.started && l.format.Headers {
		for i := range n {
			l.w.WriteString(r.ColumnName(i))
			l.separate(i, n)
		}
	}
	l.started = true
	for i := range n {
		l.value(r, i)
		l.separate(i, n)
	}
}

func (l *list) value(r Row, i int) {
	var isNull bool
	l.text, isNull = r.AppendText(l.text[:0], i)
	if isNull {
		l.w.WriteString(l.format.Null)
		return
	}
	// sqlite3 prints with printf, for which a NUL ends the text.
	if nul := bytes.IndexByte(l.text, 0); nul >= 0 {
		l.text = l.text[:nul]
	}
	l.w.Write(l.text)
}

// separate writes what follows column i of n.
func (l *list) separate(i, n int) {
	if i == n-1 {
		l.w.WriteString(l.format.RowSep)
	} else {
		l.w.WriteString(l.format.ColSep)
	}
}

func (l *list) End() {}
