package render

import (
	"bufio"
	"strings"
)

// maxPlanIndent bounds the indentation of a query plan, in bytes: sqlite3 does
// not print what lies deeper.
const maxPlanIndent = 93

// queryPlan draws the rows of EXPLAIN QUERY PLAN as a tree. The shell uses it
// for such statements in place of the mode the user chose.
type queryPlan struct {
	output
	nodes []planNode
	split bool // a row that begins with a dash begins another tree
}

type planNode struct {
	id, parent int64
	text       string
}

// NewQueryPlan is the mode of EXPLAIN QUERY PLAN.
func NewQueryPlan(w *bufio.Writer, _ Format) Mode {
	return &queryPlan{output: output{w: w}}
}

// NewTriggerPlans is the mode for the plan of a statement and of its triggers,
// each of which begins with a row of its name.
func NewTriggerPlans(w *bufio.Writer, _ Format) Mode {
	return &queryPlan{output: output{w: w}, split: true}
}

func (q *queryPlan) Row(r Row) {
	text, isNull := r.ColumnText(3)
	if isNull && !q.split {
		return
	}
	if q.split && strings.HasPrefix(text, "-") {
		q.End()
	}
	q.nodes = append(q.nodes, planNode{r.ColumnInt64(0), r.ColumnInt64(1), text})
}

func (q *queryPlan) End() {
	if len(q.nodes) == 0 {
		return
	}
	if first := q.nodes[0].text; strings.HasPrefix(first, "-") {
		if q.nodes = q.nodes[1:]; len(q.nodes) == 0 {
			return
		}
		q.w.WriteString(first[min(3, len(first)):] + "\n")
	} else {
		q.w.WriteString("QUERY PLAN\n")
	}
	q.level(0, "")
	q.nodes = nil
}

// level draws the children of a node, and theirs.
func (q *queryPlan) level(parent int64, indent string) {
	var children []planNode
	for _, n := range q.nodes {
		if n.parent == parent {
			children = append(children, n)
		}
	}
	for i, n := range children {
		branch, below := "|--", "|  "
		if i == len(children)-1 {
			branch, below = "`--", "   "
		}
		q.w.WriteString(indent + branch + n.text + "\n")
		if len(indent) < maxPlanIndent {
			q.level(n.id, indent+below)
		}
	}
}
