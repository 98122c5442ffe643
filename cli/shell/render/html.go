package render

import (
	"bufio"
	"strings"
)

// html writes the rows of a table, without the table around them.
type html struct{ output }

func newHTML(w *bufio.Writer, f Format) Mode {
	return &html{output{w: w, format: f}}
}

var escapeHTML = strings.NewReplacer("<", "&lt;", "&", "&amp;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func (h *html) Row(r Row) {
	n := r.ColumnCount()
	if h.begin() {
		h.w.WriteString("<TR>")
		for i := range n {
			h.cell("TH", r.ColumnName(i))
		}
		h.w.WriteString("</TR>\n")
	}
	h.w.WriteString("<TR>")
	for i := range n {
		h.cell("TD", string(h.shown(r, i)))
	}
	h.w.WriteString("</TR>\n")
}

func (h *html) cell(tag, text string) {
	h.w.WriteString("<" + tag + ">")
	escapeHTML.WriteString(h.w, text)
	h.w.WriteString("</" + tag + ">\n")
}
