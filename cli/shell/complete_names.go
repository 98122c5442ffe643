package shell

import "github.com/pageseal/pageseal/vfs/modernc/capi"

// schemaKnown reports whether SQLite has read the schema for a statement of
// the user's. Before that a look at it would freeze the settings of a key that
// is yet to come, or to be corrected.
func (c *completer) schemaKnown() bool {
	if c.db == nil {
		return false
	}
	used, _ := c.db.Status(capi.SchemaUsed, false)
	return used > 0
}

// named are the first column of a query about the schema.
func (c *completer) named(sql string, params ...string) []string {
	if !c.schemaKnown() {
		return nil
	}
	return firstColumn(c.db, sql, params...)
}

// tables are the tables and views of a schema, or of all for an empty name.
func (c *completer) tables(schema string) []string {
	return c.named("SELECT name FROM pragma_table_list"+
		" WHERE type<>'shadow' AND (?1='' OR schema=?1 COLLATE nocase)", schema)
}

// columns are the columns of a table, or of all for an empty name.
func (c *completer) columns(table string) []string {
	return c.named("SELECT DISTINCT c.name FROM pragma_table_list AS t, pragma_table_xinfo(t.name, t.schema) AS c"+
		" WHERE t.type<>'shadow' AND (?1='' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR t.name=?1 COLLATE nocase)", table)
}

// schemas are the names of the databases.
func (c *completer) schemas() []string {
	return c.named("SELECT name FROM pragma_database_list")
}
