// Package render writes the rows of a result in the output modes of the SQL
// shell.
package render

import "bufio"

// Row is the current row of a statement, as a mode reads it.
type Row interface {
	ColumnCount() int
	ColumnName(i int) string
	ColumnInt64(i int) int64
	ColumnText(i int) (text string, isNull bool)
	AppendText(dst []byte, i int) (text []byte, isNull bool)
}

// Format is what the user can set about the output, in whichever mode.
type Format struct {
	Headers bool   // begin with a line of column names
	Null    string // stands for NULL
	ColSep  string // between two columns
	RowSep  string // after a row
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
	"list": newList,
}
