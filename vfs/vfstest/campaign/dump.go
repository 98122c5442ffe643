package campaign

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// dump is the schema of a database, a digest of each of its tables, and whether
// it keeps no free pages.
func dump(db *sql.DB, schema string) (string, error) {
	var out strings.Builder
	objects, err := query(db, "SELECT type, name, sql FROM "+schema+".sqlite_schema ORDER BY type, name")
	if err != nil {
		return "", err
	}
	if len(objects) == 0 {
		return "", nil
	}
	vacuum, err := query(db, "PRAGMA "+schema+".auto_vacuum")
	if err != nil {
		return "", err
	}
	fmt.Fprintln(&out, schema, "auto_vacuum", vacuum)
	for _, o := range objects {
		fmt.Fprintf(&out, "%s %v %v\n", schema, o[1], o[2])
		if o[0] != "table" {
			continue
		}
		content, err := query(db, fmt.Sprintf("SELECT * FROM %s.%q ORDER BY 1", schema, o[1]))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "  %d rows %x\n", len(content), sha256.Sum256(fmt.Append(nil, content)))
	}
	return out.String(), nil
}

func query(db *sql.DB, text string) (all [][]any, err error) {
	rows, err := db.Query(text)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
