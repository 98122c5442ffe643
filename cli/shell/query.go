package shell

import "github.com/pageseal/pageseal/vfs/modernc/capi"

// query returns the rows of a query of the shell's own as text, NULL as empty.
func (s *Shell) query(sql string, params ...string) ([][]string, error) {
	return query(s.db, sql, params...)
}

func query(db *capi.DB, sql string, params ...string) ([][]string, error) {
	stmt, _, err := db.Prepare(sql)
	if err != nil {
		return nil, err
	}
	defer stmt.Finalize() // has nothing to say that Step did not
	for i, p := range params {
		if err := stmt.BindText(i+1, p); err != nil {
			return nil, err
		}
	}
	var rows [][]string
	for {
		more, err := stmt.Step()
		if err != nil {
			return nil, err
		}
		if !more {
			return rows, nil
		}
		row := make([]string, stmt.ColumnCount())
		for i := range row {
			row[i], _ = stmt.ColumnText(i)
		}
		rows = append(rows, row)
	}
}

// databaseError is the message about a query of the shell's own that failed.
func databaseError(err error) error { return message("Error: " + err.Error()) }
