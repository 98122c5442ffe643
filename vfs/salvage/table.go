package salvage

import (
	"slices"
	"strings"
)

// table is how the records of a table make rows.
type table struct {
	name    string
	columns []column
	// withRowid is false for a table WITHOUT ROWID: its records are in the order
	// of the primary key.
	withRowid bool
	// rowid is the name for a rowid that is no column, empty if there is none.
	rowid string
}

// column is a column that a row can be inserted with.
type column struct {
	name    string
	field   int // of the record
	isRowid bool
}

// Columns of the pragmas that describe a table.
const (
	infoCID, infoName, infoType, infoKey, infoHidden = 0, 1, 2, 5, 6
	indexSeq, indexCID                               = 0, 1
	hiddenVirtual, hiddenStored                      = "2", "3" // generated columns
)

// describe asks the output for the columns of a table that was just made.
func describe(out Output, name string) (t table, err error) {
	t.name = name
	info, err := out.Query("PRAGMA table_xinfo(" + quoteText(name) + ")")
	if err != nil {
		return t, err
	}
	order, err := out.Query("PRAGMA index_xinfo(" + quoteText(name) + ")")
	if err != nil {
		return t, err
	}
	t.withRowid = len(order) == 0
	alias, err := rowidAlias(out, name, info)
	if err != nil {
		return t, err
	}
	fields := fieldsOf(info, order)
	for _, c := range info {
		field, stored := fields[c[infoCID]]
		if stored && c[infoHidden] != hiddenStored {
			t.columns = append(t.columns, column{
				name: c[infoName], field: field, isRowid: t.withRowid && c[infoCID] == alias,
			})
		}
	}
	if t.withRowid && alias == "" {
		t.rowid = freeName(info)
	}
	return t, nil
}

// fieldsOf tells for the number of each column which field of a record it is.
func fieldsOf(info, order [][]string) map[string]int {
	fields := make(map[string]int)
	for _, c := range info {
		if len(order) == 0 && c[infoHidden] != hiddenVirtual {
			fields[c[infoCID]] = len(fields)
		}
	}
	for i, c := range order {
		fields[c[indexCID]] = i
	}
	return fields
}

// rowidAlias is the number of the column that is the rowid: an INTEGER that is
// the primary key by itself, without an index for it.
func rowidAlias(out Output, name string, info [][]string) (string, error) {
	alias := ""
	for _, c := range info {
		switch {
		case c[infoKey] == "0":
		case c[infoKey] == "1" && alias == "" && strings.EqualFold(c[infoType], "INTEGER"):
			alias = c[infoCID]
		default:
			return "", nil
		}
	}
	if alias == "" {
		return "", nil
	}
	index, err := out.Query("SELECT 1 FROM pragma_index_list(" + quoteText(name) + ") WHERE origin = 'pk'")
	if err != nil || len(index) > 0 {
		return "", err
	}
	return alias, nil
}

// freeName is a name of the rowid that no column has.
func freeName(info [][]string) string {
	for _, name := range []string{"_rowid_", "rowid", "oid"} {
		if !slices.ContainsFunc(info, func(c []string) bool { return strings.EqualFold(c[infoName], name) }) {
			return name
		}
	}
	return ""
}

// assign puts the fields of a record into columns. Columns that the record ends
// before are left to their defaults: they were added after the row.
func (t table) assign(r row, keepRowid bool) (columns []string, values []any) {
	if t.rowid != "" {
		columns = append(columns, t.rowid)
		values = append(values, nil)
		if keepRowid && r.hasRowid {
			values[0] = r.rowid
		}
	}
	for _, c := range t.columns {
		switch {
		case c.isRowid && r.hasRowid:
			columns, values = append(columns, quoteText(c.name)), append(values, r.rowid)
		case !c.isRowid && c.field < len(r.values):
			columns, values = append(columns, quoteText(c.name)), append(values, r.values[c.field])
		}
	}
	return columns, values
}
