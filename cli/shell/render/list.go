package render

import "bufio"

// list writes a row as its columns with a separator in between.
type list struct{ output }

func newList(w *bufio.Writer, f Format) Mode {
	return &list{output{w: w, format: f}}
}

// newASCII is the list with the separators that ASCII has for it, which whoever
// chooses the mode sets.
func newASCII(w *bufio.Writer, f Format) Mode { return newList(w, f) }

func (l *list) Row(r Row) {
	n := r.ColumnCount()
	if l.begin() {
		for i := range n {
			l.w.WriteString(r.ColumnName(i))
			l.separate(i, n)
		}
	}
	for i := range n {
		text, isNull := l.value(r, i)
		if isNull {
			l.w.WriteString(l.format.Null)
		} else {
			l.w.Write(text)
		}
		l.separate(i, n)
	}
}

// separate writes what follows column i of n.
func (l *list) separate(i, n int) {
	if i == n-1 {
		l.w.WriteString(l.format.RowSep)
	} else {
		l.w.WriteString(l.format.ColSep)
	}
}

// off writes nothing.
type off struct{ output }

func newOff(*bufio.Writer, Format) Mode { return &off{} }

func (*off) Row(Row) {}
