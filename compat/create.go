package compat

// CreateIn puts a schema into a CREATE TABLE or CREATE INDEX statement as SQLite
// keeps it, which names its table or index without one. The schema is put in as
// it is given: quoted, where it has to be. ok is false for any other statement.
func CreateIn(sql, schema string) (qualified string, ok bool) {
	tokens := scan(sql)
	pass := func(words ...string) bool {
		for i, w := range words {
			if i >= len(tokens) || !tokens[i].is(w) {
				return false
			}
		}
		tokens = tokens[len(words):]
		return true
	}
	if !pass("CREATE") {
		return "", false
	}
	if pass("UNIQUE", "INDEX") || pass("INDEX") || pass("TABLE") {
		pass("IF", "NOT", "EXISTS")
		if len(tokens) > 1 && tokens[1].text != "." {
			at := tokens[0].from
			return sql[:at] + schema + "." + sql[at:], true
		}
	}
	return "", false
}
