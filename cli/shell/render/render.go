// Package render writes the rows of a result in the output modes of the SQL
// shell.
package render

import (
	"bufio"
	"bytes"
)

// Kind is the storage class of a value, by SQLite's numbers.
type Kind int

// The storage classes.
const (
	Integer Kind = iota + 1
	Real
	Text
	Blob
	Null
)

// Row is the current row of a statement, as a mode reads it.
type Row interface {
	ColumnCount() int
	ColumnName(i int) string
	// Kind must be asked before the value is.
	Kind(i int) Kind
	ColumnInt64(i int) int64
	ColumnDouble(i int) float64
	ColumnText(i int) (text string, isNull bool)
	// AppendText appends the value as text, nothing for NULL.
	AppendText(dst []byte, i int) (text []byte, isNull bool)
	// AppendReal appends a floating point number with all its digits.
	AppendReal(dst []byte, i int) []byte
}

// Format is what the user can set about the output, in whichever mode.
type Format struct {
	Headers bool   // begin with a line of column names
	Null    string // stands for NULL
	ColSep  string // between two columns
	RowSep  string // after a row

	Table    string // that insert statements are for, quoted where it must be
	Newlines bool   // insert statements hold line feeds as they are

	Columnar
	Widths []int // of columns, at least; negative to align to the right

	// Quote writes a name of SQL, in quotes where it needs them.
	Quote func(name string) string
}

// Columnar is what is set for the modes that lay out columns.
type Columnar struct {
	Wrap     int  // characters of a column on a line, 0 for no limit
	WordWrap bool // break lines between words
	Literals bool // write values as literals of SQL
}

// A Mode writes one result. A result without rows never gets a mode: the shell
// prints nothing for it, not even a header.
type Mode interface {
	// Row takes the next row. A mode that lays out columns may hold rows
	// back until End.
	Row(r Row)
	// End comes after the last row, also when the statement then failed.
	End()
}

// New starts the output of a result. The writer remembers its first failure,
// so a mode need not look for one.
type New func(w *bufio.Writer, f Format) Mode

// Modes are the modes by name.
var Modes = map[string]New{
	"ascii":    newASCII,
	"box":      newBox,
	"column":   newColumn,
	"count":    newCount,
	"csv":      newCSV,
	"explain":  newExplain,
	"html":     newHTML,
	"insert":   newInsert,
	"json":     newJSON,
	"line":     newLine,
	"list":     newList,
	"markdown": newMarkdown,
	"off":      newOff,
	"quote":    newQuote,
	"table":    newTable,
	"tcl":      newTCL,
}

// output is what all modes hold.
type output struct {
	w       *bufio.Writer
	format  Format
	started bool   // the header is out
	text    []byte // scratch
}

// begin reports whether it is time for the header.
func (o *output) begin() bool {
	first := !o.started
	o.started = true
	return first && o.format.Headers
}

// value is column i as text, as C sees it: a NUL ends it.
func (o *output) value(r Row, i int) (text []byte, isNull bool) {
	o.text, isNull = r.AppendText(o.text[:0], i)
	return untilNUL(o.text), isNull
}

// shown is column i as text, or what stands for NULL.
func (o *output) shown(r Row, i int) []byte {
	text, isNull := o.value(r, i)
	if isNull {
		return []byte(o.format.Null)
	}
	return text
}

func (o *output) End() {}

func untilNUL(b []byte) []byte {
	if nul := bytes.IndexByte(b, 0); nul >= 0 {
		return b[:nul]
	}
	return b
}
