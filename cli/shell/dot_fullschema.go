package shell

// dotFullschema prints the schema, and what ANALYZE found out, so that another
// database can be made to plan its queries the same.
func (s *Shell) dotFullschema(args []string) error {
	tail := s.printSchema
	if len(args) == 1 && isOption(args[0], "indent") {
		tail, args = s.printIndented, nil
	}
	if len(args) != 0 {
		return usage(".fullschema ?--indent?")
	}
	if err := s.open(); err != nil {
		return err
	}
	rows, err := s.query("SELECT sql FROM (SELECT sql, type, tbl_name, name, rowid x FROM sqlite_schema" +
		" UNION ALL SELECT sql, type, tbl_name, name, rowid FROM sqlite_temp_schema)" +
		" WHERE type!='meta' AND sql NOTNULL AND name NOT LIKE 'sqlite_%' ORDER BY x")
	if err != nil {
		return failure(asError(err).Code)
	}
	for _, r := range rows {
		tail(r[0])
	}
	stats, err := s.query("SELECT rowid FROM sqlite_schema WHERE name GLOB 'sqlite_stat[134]'")
	if err != nil || len(stats) == 0 {
		s.out.WriteString("/* No STAT tables available */\n")
		return nil
	}
	mode, format := s.mode, s.format
	defer func() { s.mode, s.format = mode, format }()
	s.mode, s.format.Headers = "insert", false
	s.out.WriteString("ANALYZE sqlite_schema;\n")
	for _, table := range []string{"sqlite_stat1", "sqlite_stat4"} {
		s.format.Table = table
		_ = s.exec("SELECT * FROM " + table) // which need not exist
	}
	s.out.WriteString("ANALYZE sqlite_schema;\n")
	return nil
}
