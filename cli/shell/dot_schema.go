package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// schemaTables are the tables that have no CREATE statement of their own.
var schemaTables = []string{"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"}

// dotSchema prints the CREATE statements of all databases.
func (s *Shell) dotSchema(args []string) error {
	var pattern string
	var noSystem, hasPattern bool
	show := s.printSchema
	for _, arg := range args {
		switch {
		case isOption(arg, "indent"):
			show = s.printIndented
		case isOption(arg, "nosys"):
			noSystem = true
		case strings.HasPrefix(arg, "-"):
			return message(fmt.Sprintf("Unknown option: \"%s\"", arg))
		case hasPattern:
			return usage(".schema ?--indent? ?--nosys? ?LIKE-PATTERN?")
		default:
			pattern, hasPattern = arg, true
		}
	}
	if err := s.open(); err != nil {
		return err
	}
	if hasPattern {
		if err := s.printSchemaTable(pattern, show); err != nil {
			return databaseError(err)
		}
	}
	databases, err := s.query("SELECT name FROM pragma_database_list")
	if err != nil {
		return databaseError(err)
	}
	rows, err := s.query(schemaQuery(databases, pattern, hasPattern, noSystem))
	if err != nil {
		return databaseError(err)
	}
	for _, r := range rows {
		show(s.describe(r[0], r[1], r[2]))
	}
	return nil
}

// printSchemaTable makes up the statement for a schema table, where the pattern
// matches one. Under its own name, or any that matches: sqlite3 prints the
// pattern.
func (s *Shell) printSchemaTable(pattern string, show func(sql string)) error {
	for _, table := range schemaTables {
		like, err := s.query(`SELECT ?1 LIKE ?2 ESCAPE '\'`, table, pattern)
		if err != nil {
			return err
		}
		if like[0][0] == "1" {
			show("CREATE TABLE " + pattern + " (\n" +
				"  type text,\n  name text,\n  tbl_name text,\n  rootpage integer,\n  sql text\n)")
			return nil
		}
	}
	return nil
}

// schemaQuery is the query for statement, database and name of what matches.
// The name of the main database is empty, as are the statements of the table
// functions, which only a pattern brings up.
func schemaQuery(databases [][]string, pattern string, hasPattern, noSystem bool) string {
	var from []string
	for i, d := range databases {
		shown := d[0]
		if strings.EqualFold(shown, "main") {
			shown = ""
		}
		from = append(from, fmt.Sprintf(
			"SELECT sql, %s AS db, type, tbl_name, name, rowid, %d AS snum, %s AS sname FROM %s.sqlite_schema",
			quoteText(shown), i+1, quoteText(d[0]), ident(d[0])))
	}
	var where string
	if hasPattern {
		from = append(from, "SELECT '', '', 'table', name, name, name, 9e+99, 'main' FROM pragma_module_list")
		column := "lower(tbl_name)"
		if strings.Contains(pattern, ".") {
			column = "lower(printf('%s.%s',sname,tbl_name))"
		}
		if strings.ContainsAny(pattern, "*?[") {
			where = column + " GLOB " + quoteText(pattern) + " AND "
		} else {
			where = column + " LIKE " + quoteText(pattern) + ` ESCAPE '\' AND `
		}
	}
	if noSystem {
		where += "name NOT LIKE 'sqlite_%' AND "
	}
	return "SELECT sql, db, name FROM (" + strings.Join(from, " UNION ALL ") + ")" +
		" WHERE " + where + "sql IS NOT NULL ORDER BY snum, rowid"
}

// creates are the beginnings of statements that a database's name goes behind.
var creates = []string{"CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ",
	"CREATE VIEW ", "CREATE TRIGGER ", "CREATE VIRTUAL TABLE "}

// describe completes a statement of the schema: the database other than main
// that it belongs to, and the columns of a view or virtual table as a comment.
func (s *Shell) describe(sql, database, table string) string {
	if sql == "" {
		if columns := s.columns("", table); columns != "" {
			return "/* " + columns + " */"
		}
		return ""
	}
	for _, create := range creates {
		rest, ok := strings.CutPrefix(sql, create)
		if !ok {
			continue
		}
		if database != "" {
			sql = create + databaseName(database) + "." + rest
		}
		if strings.HasPrefix(create, "CREATE V") {
			if columns := s.columns(database, table); columns != "" {
				sql += "\n/* " + columns + " */"
			}
		}
		break
	}
	return sql
}

// databaseName writes the name of a database. "temp" is a keyword, but reads
// better bare, and may be.
func databaseName(database string) string {
	if strings.EqualFold(database, "temp") {
		return database
	}
	return ident(database)
}

// columns writes a table with its columns, as in db.t(a,b), and nothing where
// SQLite can tell of none.
func (s *Shell) columns(database, table string) string {
	prefix, of := "", database
	if database == "" {
		of = "main"
	} else {
		prefix = databaseName(database) + "."
	}
	rows, err := s.query("PRAGMA " + quoteName(of) + ".table_info=" + quoteText(table))
	if err != nil || len(rows) == 0 {
		return ""
	}
	columns := make([]string, len(rows))
	for i, r := range rows {
		columns[i] = ident(r[1])
	}
	return prefix + ident(table) + "(" + strings.Join(columns, ",") + ")"
}

// printSchemaLine prints a statement, or a line of one, and what follows it, so
// that it can be run again: where a statement ends inside of a comment, the
// comment is closed first.
func (s *Shell) printSchemaLine(sql, tail string) {
	if sql == "" && tail == ";\n" {
		return
	}
	if tail == ";\n" && (strings.Contains(sql, "/*") || strings.Contains(sql, "--")) {
		for _, end := range []string{"", "*/", "\n"} {
			if capi.Complete(sql + end + ";") {
				sql += end
				break
			}
		}
	}
	// A quoted name shows that the statement was written by the engine for a
	// shadow table, or renamed: either may be there already.
	if rest, ok := strings.CutPrefix(sql, "CREATE TABLE "); ok && rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		sql = "CREATE TABLE IF NOT EXISTS " + rest
	}
	s.out.WriteString(sql + tail)
}
