package render

import "bufio"

// insert writes statements that put the rows into a table.
type insert struct{ output }

func newInsert(w *bufio.Writer, f Format) Mode {
	return &insert{output{w: w, format: f}}
}

func (s *insert) Row(r Row) {
	n := r.ColumnCount()
	s.w.WriteString("INSERT INTO " + s.format.Table)
	if s.format.Headers {
		for i := range n {
			s.w.WriteByte("(,"[min(i, 1)])
			s.w.WriteString(s.format.Quote(r.ColumnName(i)))
		}
		s.w.WriteByte(')')
	}
	for i := range n {
		if i == 0 {
			s.w.WriteString(" VALUES(")
		} else {
			s.w.WriteByte(',')
		}
		s.literal(r, i)
	}
	s.w.WriteString(");\n")
}

func (s *insert) literal(r Row, i int) {
	switch r.Kind(i) {
	case Null:
		s.w.WriteString("NULL")
	case Text:
		text, _ := s.value(r, i)
		if s.format.Newlines {
			s.w.Write(appendQuoted(nil, text))
		} else {
			s.w.Write(appendEscaped(nil, text))
		}
	case Real:
		s.w.Write(appendReal(s.text[:0], r, i))
	case Blob:
		s.text, _ = r.AppendText(s.text[:0], i)
		s.w.Write(appendBlob(nil, 'X', s.text))
	default:
		text, _ := s.value(r, i)
		s.w.Write(text)
	}
}

// quote writes values as literals of SQL.
type quote struct{ output }

func newQuote(w *bufio.Writer, f Format) Mode {
	return &quote{output{w: w, format: f}}
}

func (q *quote) Row(r Row) {
	n := r.ColumnCount()
	if q.begin() {
		for i := range n {
			q.separate(i)
			q.w.Write(appendQuoted(nil, []byte(r.ColumnName(i))))
		}
		q.w.WriteString(q.format.RowSep)
	}
	for i := range n {
		q.separate(i)
		q.literal(r, i)
	}
	q.w.WriteString(q.format.RowSep)
}

func (q *quote) separate(i int) {
	if i > 0 {
		q.w.WriteString(q.format.ColSep)
	}
}

func (q *quote) literal(r Row, i int) {
	switch r.Kind(i) {
	case Null:
		q.w.WriteString("NULL")
	case Text:
		text, _ := q.value(r, i)
		q.w.Write(appendQuoted(nil, text))
	case Real:
		q.w.Write(r.AppendReal(q.text[:0], i))
	case Blob:
		q.text, _ = r.AppendText(q.text[:0], i)
		q.w.Write(appendBlob(nil, 'X', q.text))
	default:
		text, _ := q.value(r, i)
		q.w.Write(text)
	}
}
