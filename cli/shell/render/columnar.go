package render

import (
	"bufio"
	"strings"
)

// frame is how a columnar mode draws the lines around and between the values.
type frame struct {
	begin, between, end string // of a line of values
	header              func(c *columnar)
	divider             string // between rows, where some have several lines
	top, middle, bottom rule
}

// rule is a horizontal line.
type rule struct{ left, dash, cross, right string }

func (r rule) drawn() bool { return r.left != "" }

var (
	asciiRule = rule{"+", "-", "+", "+"}

	columnFrame   = frame{between: "  ", header: (*columnar).columnHeader, divider: "\n"}
	markdownFrame = frame{begin: "| ", between: " | ", end: " |",
		header: (*columnar).centeredHeader, middle: rule{"|", "-", "|", "|"}}
	tableFrame = frame{begin: "| ", between: " | ", end: " |", header: (*columnar).centeredHeader,
		top: asciiRule, middle: asciiRule, bottom: asciiRule}
	boxFrame = frame{begin: "│ ", between: " │ ", end: " │", header: (*columnar).centeredHeader,
		top: rule{"┌", "─", "┬", "┐"}, middle: rule{"├", "─", "┼", "┤"}, bottom: rule{"└", "─", "┴", "┘"}}
)

// columnar lays the values out in columns, whose widths it knows at the end.
type columnar struct {
	output
	frame    *frame
	widths   []int // of the columns as they come out
	names    [][]byte
	lines    []columnarLine
	severals bool // some row has several lines
}

// columnarLine is a line of values.
type columnarLine struct {
	cells [][]byte
	last  bool // of its row
}

func newColumn(w *bufio.Writer, f Format) Mode   { return newColumnar(w, f, &columnFrame) }
func newMarkdown(w *bufio.Writer, f Format) Mode { return newColumnar(w, f, &markdownFrame) }
func newTable(w *bufio.Writer, f Format) Mode    { return newColumnar(w, f, &tableFrame) }
func newBox(w *bufio.Writer, f Format) Mode      { return newColumnar(w, f, &boxFrame) }

func newColumnar(w *bufio.Writer, f Format, frame *frame) Mode {
	return &columnar{output: output{w: w, format: f}, frame: frame}
}

// asked is the width that the user asked for, negative to align to the right.
func (c *columnar) asked(i int) int {
	if i < len(c.format.Widths) {
		return c.format.Widths[i]
	}
	return 0
}

// wrap is the width at which column i is broken into lines.
func (c *columnar) wrap(i int) int {
	w := c.asked(i)
	if w == 0 {
		w = c.format.Wrap
	}
	return max(w, -w)
}

func (c *columnar) Row(r Row) {
	n := r.ColumnCount()
	if !c.started {
		c.started = true
		c.widths = make([]int, n)
		c.names = make([][]byte, n)
		for i := range n {
			c.widths[i] = max(c.asked(i), -c.asked(i))
			c.names[i], _ = cutLine([]byte(r.ColumnName(i)), c.wrap(i), c.format.WordWrap)
			c.widths[i] = max(c.widths[i], charCount(c.names[i]))
		}
	}
	rest := make([][]byte, n)
	for i := range n {
		// A copy, as the lines are cut from it.
		rest[i] = append([]byte{}, c.cell(r, i)...)
	}
	for more := true; more; {
		more = c.addLine(rest)
	}
}

// addLine takes the next line of a row, and reports whether there is another.
func (c *columnar) addLine(rest [][]byte) bool {
	l := columnarLine{cells: make([][]byte, len(rest)), last: true}
	for i := range rest {
		l.cells[i], rest[i] = cutLine(rest[i], c.wrap(i), c.format.WordWrap)
		c.widths[i] = max(c.widths[i], charCount(l.cells[i]))
		if rest[i] != nil {
			l.last, c.severals = false, true
		}
	}
	c.lines = append(c.lines, l)
	return !l.last
}

// cell is the text of a value before it is cut into lines.
func (c *columnar) cell(r Row, i int) []byte {
	if !c.format.Literals {
		return c.shown(r, i)
	}
	switch r.Kind(i) {
	case Null:
		return []byte("NULL")
	case Text:
		text, _ := c.value(r, i)
		return appendQuoted(nil, text)
	case Blob:
		c.text, _ = r.AppendText(c.text[:0], i)
		return appendBlob(nil, 'x', c.text)
	}
	text, _ := c.value(r, i)
	return text
}

func (c *columnar) End() {
	c.rule(c.frame.top)
	c.frame.header(c)
	c.rule(c.frame.middle)
	for at, l := range c.lines {
		c.w.WriteString(c.frame.begin)
		for i, cell := range l.cells {
			if i > 0 {
				c.w.WriteString(c.frame.between)
			}
			c.padded(cell, c.widths[i], c.asked(i) < 0)
		}
		c.w.WriteString(c.frame.end + "\n")
		if c.severals && l.last && at < len(c.lines)-1 {
			if c.frame.top.drawn() {
				c.rule(c.frame.middle)
			}
			c.w.WriteString(c.frame.divider)
		}
	}
	c.rule(c.frame.bottom)
}

// padded writes a cell in a width, cut off where it is longer.
func (c *columnar) padded(cell []byte, width int, right bool) {
	pad := strings.Repeat(" ", max(0, width-charCount(cell)))
	if right {
		c.w.WriteString(pad)
	}
	c.w.Write(cell)
	if !right {
		c.w.WriteString(pad)
	}
}

// columnHeader writes names with dashes below.
func (c *columnar) columnHeader() {
	if !c.format.Headers {
		return
	}
	for i, name := range c.names {
		c.padded(name, c.widths[i], c.asked(i) < 0)
		c.w.WriteString(c.gap(i))
	}
	for i, width := range c.widths {
		c.w.WriteString(strings.Repeat("-", width))
		c.w.WriteString(c.gap(i))
	}
}

// gap is what follows column i of the header of column mode.
func (c *columnar) gap(i int) string {
	if i == len(c.widths)-1 {
		return "\n"
	}
	return "  "
}

// centeredHeader writes names in the middle of their columns.
func (c *columnar) centeredHeader() {
	c.w.WriteString(c.frame.begin)
	for i, name := range c.names {
		if i > 0 {
			c.w.WriteString(c.frame.between)
		}
		blank := c.widths[i] - charCount(name)
		c.w.WriteString(strings.Repeat(" ", blank/2))
		c.w.Write(name)
		c.w.WriteString(strings.Repeat(" ", (blank+1)/2))
	}
	c.w.WriteString(c.frame.end + "\n")
}

// rule draws a horizontal line.
func (c *columnar) rule(r rule) {
	if !r.drawn() {
		return
	}
	c.w.WriteString(r.left)
	for i, width := range c.widths {
		if i > 0 {
			c.w.WriteString(r.cross)
		}
		c.w.WriteString(strings.Repeat(r.dash, width+2))
	}
	c.w.WriteString(r.right + "\n")
}
