package shell

import "strings"

// rows prints the rows of a table as INSERT statements.
func (d *dump) rows(table string) {
	columns := d.tableColumns(table)
	if len(columns) == 0 {
		d.errors++
		return
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = ident(c)
	}
	into, from := ident(table), strings.Join(names, ",")
	if rowid := d.rowidName(table, columns); rowid != "" {
		from = rowid + "," + from
		into += "(" + from + ")"
	}
	d.format.Table = into
	query := "SELECT " + from + " FROM " + ident(table)
	err := d.exec(query)
	if err != nil && err.cause.Code == corrupt {
		// From the other side there may be more to read.
		d.out.WriteString("/****** CORRUPTION ERROR *******/\n")
		d.reverseOrder()
		_ = d.exec(query)
		d.reverseOrder()
	}
	if err != nil {
		d.errors++
	}
}

func (d *dump) tableColumns(table string) []string {
	rows, err := d.query("PRAGMA table_info=" + quoteText(table))
	if err != nil {
		return nil
	}
	var names []string
	for _, r := range rows {
		names = append(names, r[1])
	}
	return names
}

// rowidName is the name under which the rowid of a table must be kept, empty
// for none: because nobody asked, or because a column has it anyway, or all
// its names belong to columns.
func (d *dump) rowidName(table string, columns []string) string {
	if !d.preserveRowids || d.rowidIsColumn(table) {
		return ""
	}
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		taken := false
		for _, c := range columns {
			taken = taken || strings.EqualFold(c, name)
		}
		if taken {
			continue
		}
		if d.db.HasColumn("", table, name) {
			return name
		}
		return "" // a table WITHOUT ROWID
	}
	return ""
}

// rowidIsColumn reports whether a column of the table is its rowid: the only
// one of the primary key, an INTEGER, without an index for the key.
func (d *dump) rowidIsColumn(table string) bool {
	rows, err := d.query("PRAGMA table_info=" + quoteText(table))
	if err != nil {
		return false
	}
	keys, isInteger := 0, false
	for _, r := range rows {
		if r[5] != "0" {
			keys++
			isInteger = keys == 1 && strings.EqualFold(r[2], "INTEGER")
		}
	}
	if !isInteger {
		return false
	}
	index, err := d.query("SELECT 1 FROM pragma_index_list(" + quoteText(table) + ") WHERE origin='pk'")
	return err == nil && len(index) == 0
}

// reverseOrder turns round the order in which rows are read.
func (d *dump) reverseOrder() {
	rows, err := d.query("PRAGMA reverse_unordered_selects")
	if err != nil || len(rows) == 0 {
		return
	}
	if rows[0][0] == "0" {
		d.execSilently("PRAGMA reverse_unordered_selects(1)")
	} else {
		d.execSilently("PRAGMA reverse_unordered_selects(0)")
	}
}
