package shell

import (
	"bufio"
	"fmt"
	"io"
)

// eof is what ends the last field of a file.
const eof = -1

// delimited reads fields of text with separators between them.
type delimited struct {
	r              *bufio.Reader
	name           string // of the file, for messages
	colSep, rowSep int
	quotes         bool                             // fields may be in quotes, as in CSV
	errorf         func(format string, args ...any) // for what is wrong but can be read

	line  int // where the next field begins, from 1
	term  int // what ended the last field
	begun bool
	field []byte
}

func (d *delimited) byte() int {
	b, err := d.r.ReadByte()
	if err != nil {
		return eof
	}
	return int(b)
}

// next reads a field, until there is none.
func (d *delimited) next() (field []byte, ok bool) {
	if d.quotes && !d.begun {
		if bom, err := d.r.Peek(3); err == nil && string(bom) == "\ufeff" {
			_, _ = d.r.Discard(3)
		}
	}
	d.field = d.field[:0]
	c := d.byte()
	if c == eof {
		d.term = eof
		return nil, false
	}
	d.begun = true
	if c == '"' && d.quotes {
		d.quoted()
		return d.field, true
	}
	for c != eof && c != d.colSep && c != d.rowSep {
		d.field = append(d.field, byte(c))
		c = d.byte()
	}
	if c == d.rowSep {
		d.line++
		if n := len(d.field); d.quotes && n > 0 && d.field[n-1] == '\r' {
			d.field = d.field[:n-1]
		}
	}
	d.term = c
	return d.field, true
}

// quoted reads a field behind its opening quote.
func (d *delimited) quoted() {
	start := d.line
	last, beforeLast := 0, 0
	for {
		c := d.byte()
		if c == d.rowSep {
			d.line++
		}
		if c == '"' && last == '"' {
			last = 0 // two quotes are one of the text
			continue
		}
		closed := last == '"' && (c == d.colSep || c == d.rowSep || c == eof)
		if closed || c == d.rowSep && last == '\r' && beforeLast == '"' {
			d.cutQuote()
			d.term = c
			return
		}
		if last == '"' && c != '\r' {
			d.errorf("%s:%d: unescaped \" character\n", d.name, d.line)
		}
		if c == eof {
			d.errorf("%s:%d: unterminated \"-quoted field\n", d.name, start)
			d.term = eof
			return
		}
		d.field = append(d.field, byte(c))
		beforeLast, last = last, c
	}
}

// cutQuote drops the closing quote, and a carriage return behind it.
func (d *delimited) cutQuote() {
	n := len(d.field) - 1
	for n > 0 && d.field[n] != '"' {
		n--
	}
	d.field = d.field[:n]
}

// skipRow reads up to the end of a row.
func (d *delimited) skipRow() {
	for {
		if _, ok := d.next(); !ok || d.term != d.colSep {
			return
		}
	}
}

// newDelimited reads from in, as .import names it in messages.
func newDelimited(in io.Reader, name string) *delimited {
	return &delimited{r: bufio.NewReaderSize(in, 64<<10), name: name, line: 1}
}

// separators tells the separators, for .import -v.
func (d *delimited) separators() string {
	return fmt.Sprintf("Column separator %s, row separator %s",
		cString(string([]byte{byte(d.colSep)})), cString(string([]byte{byte(d.rowSep)})))
}
