package render

import (
	"bufio"
	"fmt"
)

// count writes how many rows there are.
type count struct {
	output
	rows int
}

func newCount(w *bufio.Writer, f Format) Mode {
	return &count{output: output{w: w, format: f}}
}

func (c *count) Row(Row) { c.rows++ }

func (c *count) End() {
	plural := "s"
	if c.rows == 1 {
		plural = ""
	}
	fmt.Fprintf(c.w, "%d row%s\n", c.rows, plural)
}
