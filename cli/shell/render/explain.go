package render

import (
	"bufio"
	"slices"
	"strings"
)

// explainWidths are the widths of the columns of EXPLAIN.
var explainWidths = []int{4, 13, 4, 4, 4, 13, 2, 13}

// explainNames are the columns of EXPLAIN.
var explainNames = []string{"addr", "opcode", "p1", "p2", "p3", "p4", "p5", "comment"}

// explain lays out the program of a statement, with its loops indented. Other
// results get the same columns.
type explain struct {
	output
	rows      [][][]byte
	ops       []op
	isProgram bool
}

// op is what the indentation of a program depends on.
type op struct {
	addr, p1, p2 int
	name         string
}

func newExplain(w *bufio.Writer, f Format) Mode {
	return &explain{output: output{w: w, format: f}}
}

func (e *explain) Row(r Row) {
	n := min(r.ColumnCount(), len(explainWidths))
	if !e.started {
		e.started = true
		names := make([]string, n)
		for i := range n {
			names[i] = r.ColumnName(i)
		}
		e.isProgram = r.ColumnCount() == len(explainNames) && slices.Equal(names, explainNames)
		e.header(names)
	}
	if e.isProgram {
		name, _ := r.ColumnText(1)
		e.ops = append(e.ops, op{int(r.ColumnInt64(0)), int(r.ColumnInt64(2)), int(r.ColumnInt64(3)), name})
	}
	row := make([][]byte, n)
	for i := range n {
		row[i] = append([]byte{}, e.shown(r, i)...)
	}
	e.rows = append(e.rows, row)
}

func (e *explain) header(names []string) {
	for i, name := range names {
		e.cell([]byte(name), explainWidths[i])
		e.gap(i, len(names))
	}
	for i := range names {
		e.w.WriteString(strings.Repeat("-", explainWidths[i]))
		e.gap(i, len(names))
	}
}

func (e *explain) End() {
	indents := indentation(e.ops)
	for at, row := range e.rows {
		for i, value := range row {
			width := explainWidths[i]
			if i == len(row)-1 {
				width = 0
			}
			if i == 1 && e.isProgram {
				e.w.WriteString(strings.Repeat(" ", indents[at]))
			}
			e.cell(value, max(width, charCount(value)))
			e.gap(i, len(row))
		}
	}
}

// cell writes a value in a width, where one that is too long is cut.
func (e *explain) cell(text []byte, width int) {
	n, i := 0, 0
	for i < len(text) && n < width {
		i = nextChar(text, i)
		n++
	}
	e.w.Write(text[:i])
	e.w.WriteString(strings.Repeat(" ", width-n))
}

func (e *explain) gap(i, n int) {
	if i == n-1 {
		e.w.WriteString("\n")
	} else {
		e.w.WriteString("  ")
	}
}

// indentation is how far each instruction stands to the right: by 2 for every
// loop that it is in. A loop is what an instruction at its end jumps back over.
func indentation(ops []op) []int {
	indents := make([]int, len(ops))
	for at, o := range ops {
		// Where the program holds subprograms, of triggers, the addresses
		// begin anew.
		target := o.p2 + at - o.addr
		if !endsLoop(ops, at, target) {
			continue
		}
		for i := max(target, 0); i < at; i++ {
			indents[i] += 2
		}
	}
	return indents
}

func endsLoop(ops []op, at, target int) bool {
	switch ops[at].name {
	case "Next", "Prev", "VPrev", "VNext", "SorterNext", "Return":
		return target > 0
	case "Goto":
		if target < 0 || target > at {
			return false
		}
		switch ops[target].name {
		case "Yield", "SeekLT", "SeekGT", "RowSetRead", "Rewind":
			return true
		}
		return ops[at].p1 != 0
	}
	return false
}
