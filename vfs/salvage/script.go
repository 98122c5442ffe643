package salvage

import "strings"

// InsertSQL is a row as a statement: one that leaves out what is there already,
// or where no columns are named, one of all columns.
func InsertSQL(table string, columns []string, values []any) string {
	literals := make([]string, len(values))
	for i, v := range values {
		literals[i] = Literal(v, len(columns) > 0)
	}
	list := strings.Join(literals, ", ")
	if len(columns) == 0 {
		return "INSERT INTO " + quoteName(table) + " VALUES(" + list + ")"
	}
	return "INSERT OR IGNORE INTO " + quoteText(table) + "(" + strings.Join(columns, ", ") + ") VALUES (" + list + ")"
}
