package shell

import "strings"

// listWidth is the width that names are laid out in, in bytes.
const listWidth = 80

// dotTables lists the tables and views of all databases.
func (s *Shell) dotTables(args []string) error {
	return s.listSchema("type IN ('table','view') AND name NOT LIKE 'sqlite_%' AND name LIKE ?1", args)
}

// dotIndexes lists the indexes of all databases.
func (s *Shell) dotIndexes(args []string) error {
	if len(args) > 1 {
		return usage(".indexes ?LIKE-PATTERN?")
	}
	return s.listSchema("type='index' AND tbl_name LIKE ?1", args)
}

// listSchema lists the names of what is in the schemas and matches.
func (s *Shell) listSchema(where string, args []string) error {
	if err := s.open(); err != nil {
		return err
	}
	databases, err := s.query("PRAGMA database_list")
	if err != nil {
		return databaseError(err)
	}
	var selects []string
	for _, d := range databases {
		column := "name"
		if !strings.EqualFold(d[1], "main") {
			column = quoteText(d[1]) + "||'.'||name"
		}
		selects = append(selects, "SELECT "+column+" FROM "+quoteName(d[1])+".sqlite_schema WHERE "+where)
	}
	pattern := "%"
	if len(args) > 0 {
		pattern = args[0]
	}
	rows, err := s.query(strings.Join(selects, " UNION ALL ")+" ORDER BY 1", pattern)
	if err != nil {
		return databaseError(err)
	}
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r[0]
	}
	s.printColumns(names)
	return nil
}

// printColumns lays names out in columns, to be read downwards.
func (s *Shell) printColumns(names []string) {
	width := 0
	for _, n := range names {
		width = max(width, len(n))
	}
	columns := max(1, listWidth/(width+2))
	lines := (len(names) + columns - 1) / columns
	for i := range lines {
		for j := i; j < len(names); j += lines {
			if j > i {
				s.out.WriteString("  ")
			}
			s.out.WriteString(padBytes(names[j], width))
		}
		s.out.WriteString("\n")
	}
}

// padBytes pads a text to a width in bytes, as C does: Printf would count
// characters.
func padBytes(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len(text)))
}
