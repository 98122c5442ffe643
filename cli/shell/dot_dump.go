package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

const corrupt = 11 // SQLITE_CORRUPT

// dump is the output of a database as SQL.
type dump struct {
	*Shell
	where          string // of sqlite_schema, for what is dumped
	preserveRowids bool
	dataOnly       bool
	noSystem       bool
	writable       bool // PRAGMA writable_schema=ON is in the output
	errors         int
}

// dotDump prints SQL that makes the database again. What cannot be read is
// left out, and the output then ends in a rollback.
func (s *Shell) dotDump(args []string) error {
	d := dump{Shell: s}
	var likes []string
	newlines := false
	for _, arg := range args {
		switch {
		case isOption(arg, "preserve-rowids"):
			d.preserveRowids = true
		case isOption(arg, "newlines"):
			newlines = true
		case isOption(arg, "data-only"):
			d.dataOnly = true
		case isOption(arg, "nosys"):
			d.noSystem = true
		case strings.HasPrefix(arg, "-"):
			return message(fmt.Sprintf("Unknown option \"%s\" on \".dump\"", arg))
		default:
			likes = append(likes, dumpPattern(arg))
		}
	}
	if d.where = strings.Join(likes, " OR "); d.where == "" {
		d.where = "true"
	}
	if err := s.open(); err != nil {
		return err
	}
	mode, format := s.mode, s.format
	defer func() { s.mode, s.format = mode, format }()
	s.mode, s.format.Headers, s.format.Newlines = "insert", false, newlines
	d.run()
	return nil
}

// dumpPattern is the condition for what a LIKE pattern names, and for the
// shadow tables of a virtual table that it names.
func dumpPattern(pattern string) string {
	like := "name LIKE " + quoteText(pattern) + ` ESCAPE '\'`
	return like + " OR EXISTS (SELECT 1 FROM sqlite_schema WHERE " + like +
		" AND sql LIKE 'CREATE VIRTUAL TABLE%' AND substr(o.name, 1, length(name)+1) == (name||'_'))"
}

func (d *dump) run() {
	if !d.dataOnly {
		// Rows may come in an order that breaks foreign keys on the way.
		d.out.WriteString("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n")
	}
	// With a writable schema SQLite reads what it can of a corrupt one.
	d.execSilently("SAVEPOINT dump; PRAGMA writable_schema=ON")
	d.tables()
	if !d.dataOnly {
		d.others()
	}
	if d.writable {
		d.out.WriteString("PRAGMA writable_schema=OFF;\n")
	}
	d.execSilently("PRAGMA writable_schema=OFF;")
	d.execSilently("RELEASE dump;")
	switch {
	case d.dataOnly:
	case d.errors > 0:
		d.out.WriteString("ROLLBACK; -- due to errors\n")
	default:
		d.out.WriteString("COMMIT;\n")
	}
}

// tables prints the tables that match, forwards, and backwards where the schema
// turns out to be corrupt.
func (d *dump) tables() {
	query := "SELECT name, type, sql FROM sqlite_schema AS o WHERE (" + d.where +
		") AND type=='table' AND sql NOT NULL ORDER BY tbl_name='sqlite_sequence', rowid"
	err := d.eachTable(query)
	if capi.Code(err) != corrupt {
		return
	}
	fmt.Fprintf(d.out, "/****** CORRUPTION ERROR *******/\n/****** %v ******/\n", err)
	// sqlite3 does the same, which is no SQL; it then prints the error.
	if err := d.eachTable(query + " ORDER BY rowid DESC"); err != nil {
		fmt.Fprintf(d.out, "/****** ERROR: %v ******/\n", err)
	}
}

func (d *dump) eachTable(query string) error {
	stmt, _, err := d.db.Prepare(query)
	if err != nil {
		return err
	}
	defer stmt.Finalize()
	return eachRow(stmt, func() {
		name, noName := stmt.ColumnText(0)
		sql, _ := stmt.ColumnText(2)
		if !noName && d.create(name, sql) {
			d.rows(name)
		}
	})
}

// create prints how a table comes about, and reports whether its rows follow.
func (d *dump) create(name, sql string) bool {
	isStat := len(name) == len("sqlite_stat1") && strings.HasPrefix(name, "sqlite_stat")
	switch {
	case name == "sqlite_sequence" && !d.noSystem:
		if !d.dataOnly {
			d.out.WriteString("DELETE FROM sqlite_sequence;\n")
		}
	case isStat && !d.noSystem:
		if !d.dataOnly {
			d.out.WriteString("ANALYZE sqlite_schema;\n")
		}
	case strings.HasPrefix(name, "sqlite_"):
		return false
	case d.dataOnly:
	case strings.HasPrefix(sql, "CREATE VIRTUAL TABLE"):
		if !d.writable {
			d.out.WriteString("PRAGMA writable_schema=ON;\n")
			d.writable = true
		}
		d.out.WriteString("INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table'," +
			quoteText(name) + "," + quoteText(name) + ",0," + quoteText(sql) + ");\n")
		return false
	default:
		d.printSchemaLine(sql, ";\n")
	}
	return true
}

// others prints how indexes, triggers and views come about.
func (d *dump) others() {
	query := "SELECT sql FROM sqlite_schema AS o WHERE (" + d.where +
		") AND sql NOT NULL AND type IN ('index','trigger','view')"
	stmt, _, err := d.db.Prepare(query)
	if err == nil {
		defer stmt.Finalize()
		err = eachRow(stmt, func() {
			sql, _ := stmt.ColumnText(0)
			if strings.Contains(sql, "--") {
				sql += "\n" // which ends a comment, should it be one
			}
			d.out.WriteString(sql + ";\n")
		})
	}
	if err != nil {
		fmt.Fprintf(d.out, "/**** ERROR: (%d) %v *****/\n", capi.Code(err), err)
		if capi.Code(err) != corrupt {
			d.errors++
		}
	}
}
