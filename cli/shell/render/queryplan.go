package render

import "bufio"

// maxPlanIndent bounds the indentation of a query plan, in bytes: sqlite3 does
// not print what lies deeper.
const maxPlanIndent = 93

// queryPlan draws the rows of EXPLAIN QUERY PLAN as a tree. The shell uses it
// for such statements in place of the mode the user chose.
type queryPlan struct {
	w     *bufio.Writer
	nodes []planNode
}

type planNode struct {
	id, parent int64
	text       string
}

// NewQueryPlan is the mode of EXPLAIN QUERY PLAN.
func NewQueryPlan(w *bufio.Writer, _ Format) Mode {
	return &queryPlan{w: w}
}

func (q *queryPlan) Row(r Row) {
	if text, isNull := r.ColumnText(3); !isNull {
		q.nodes = append(q.nodes, planNode{r.ColumnInt64(0), r.ColumnInt64(1), text})
	}
}

func (q *queryPlan) End() {
	if len(q.nodes) > 0 {
		q.w.WriteString("QUERY PLAN\n")
		q.level(0, "")
	}
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
