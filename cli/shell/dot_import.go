package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// importing is a file on its way into a table.
type importing struct {
	*Shell
	file, table, schema string
	skip, verbose       int
	format              string // of the file, empty for that of the output mode
	in                  *delimited
	rows, errors        int
	last                error // of the last row, which is what counts to sqlite3
}

func (s *Shell) dotImport(args []string) error {
	m := importing{Shell: s}
	if err := m.parse(args); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	d := newDelimited(nil, m.file)
	if err := m.setSeparators(d); err != nil {
		return err
	}
	in, err := s.openInput(m.file)
	if err != nil {
		return message(fmt.Sprintf("Error: cannot open \"%s\"", m.file))
	}
	defer in.Close()
	d.errorf = s.errorf
	d.r.Reset(in)
	if strings.HasPrefix(m.file, "|") {
		d.name = "<pipe>"
	}
	m.in = d
	if m.verbose >= 2 || m.verbose >= 1 && m.format == "" {
		s.out.WriteString(d.separators() + "\n")
	}
	return m.run()
}

func (m *importing) parse(args []string) error {
	for i := 0; i < len(args); i++ {
		arg, more := args[i], i+1 < len(args)
		if strings.HasPrefix(arg, "--") {
			arg = arg[1:]
		}
		switch {
		case !strings.HasPrefix(arg, "-"):
			switch {
			case m.file == "":
				m.file = arg
			case m.table == "":
				m.table = arg
			default:
				return m.misuse(fmt.Sprintf("ERROR: extra argument: \"%s\".  Usage:", arg))
			}
		case arg == "-v":
			m.verbose++
		case arg == "-schema" && more:
			i++
			m.schema = args[i]
		case arg == "-skip" && more:
			i++
			m.skip = int(int32(integer(args[i])))
		case arg == "-ascii" || arg == "-csv":
			m.format = arg[1:]
		default:
			return m.misuse(fmt.Sprintf("ERROR: unknown option: \"%s\".  Usage:", arg))
		}
	}
	switch {
	case m.file == "":
		return m.misuse("ERROR: missing FILE argument. Usage:")
	case m.table == "":
		return m.misuse("ERROR: missing TABLE argument. Usage:")
	}
	return nil
}

func (m *importing) misuse(complaint string) error {
	m.out.WriteString(complaint + "\n")
	m.showHelp("import")
	return failure(1)
}

// setSeparators takes the separators of the format, or else of the output.
func (m *importing) setSeparators(d *delimited) error {
	d.quotes = m.mode != "ascii" && m.format != "ascii" || m.format == "csv"
	switch m.format {
	case "ascii":
		d.colSep, d.rowSep = 0x1f, 0x1e
		return nil
	case "csv":
		d.colSep, d.rowSep = ',', '\n'
		return nil
	}
	f := &m.Shell.format
	if m.mode == "csv" && f.RowSep == "\r\n" {
		f.RowSep = "\n" // what CSV ends in on its way in
	}
	switch {
	case f.ColSep == "":
		return message("Error: non-null column separator required for import")
	case len(f.ColSep) > 1:
		return message("Error: multi-character column separators not allowed for import")
	case f.RowSep == "":
		return message("Error: non-null row separator required for import")
	case len(f.RowSep) > 1:
		return message("Error: multi-character row separators not allowed for import")
	}
	d.colSep, d.rowSep = int(f.ColSep[0]), int(f.RowSep[0])
	return nil
}

func (m *importing) run() error {
	for range m.skip {
		m.in.skipRow()
	}
	name := quoteName(m.table)
	if m.schema != "" {
		name = quoteName(m.schema) + "." + name
	}
	columns, err := m.columnCount(name)
	if err != nil && strings.HasPrefix(err.Error(), "no such table: ") {
		if err := m.create(name); err != nil {
			return err
		}
		columns, err = m.columnCount(name)
	}
	if err != nil {
		return databaseError(err)
	}
	insert := "INSERT INTO " + name + " VALUES(?" + strings.Repeat(",?", columns-1) + ")"
	if m.verbose >= 2 {
		m.out.WriteString("Insert using: " + insert + "\n")
	}
	stmt, _, err := m.db.Prepare(insert)
	if err != nil {
		return databaseError(err)
	}
	commit := m.db.Autocommit()
	if commit {
		m.execSilently("BEGIN")
	}
	for more := true; more && m.ctx.Err() == nil; {
		more = m.row(stmt, columns)
	}
	stmt.Finalize()
	if m.ctx.Err() != nil {
		if commit {
			m.execSilently("ROLLBACK") // rather than leave the half of it
		}
		return message("Error: interrupted")
	}
	if commit {
		m.execSilently("COMMIT")
	}
	if m.verbose > 0 {
		fmt.Fprintf(m.out, "Added %d rows with %d errors using %d lines of input\n", m.rows, m.errors, m.in.line-1)
	}
	if m.last != nil {
		return failure(capi.Code(m.last))
	}
	return nil
}

func (m *importing) columnCount(name string) (int, error) {
	stmt, _, err := m.db.Prepare("SELECT * FROM " + name)
	if err != nil {
		return 0, err
	}
	defer stmt.Finalize()
	return stmt.ColumnCount(), nil
}

// create makes a table of the names in the first row.
func (m *importing) create(name string) error {
	var names []string
	for {
		field, ok := m.in.next()
		if !ok {
			break
		}
		names = append(names, cText(field))
		if m.in.term != m.in.colSep {
			break
		}
	}
	if len(names) == 0 {
		return message(m.in.name + ": empty file")
	}
	spec, renamed := autoColumns(names)
	if renamed != "" {
		m.errorf("Columns renamed during .import %s due to duplicates:\n%s\n", m.in.name, renamed)
	}
	create := "CREATE TABLE " + name + spec + "\n"
	if m.verbose >= 1 {
		m.out.WriteString(create + "\n")
	}
	if err := execAll(m.db, create); err != nil {
		return message(fmt.Sprintf("%s failed:\n%v", create, err))
	}
	return nil
}

// row reads a row and inserts it. It reports whether there may be another.
func (m *importing) row(stmt *capi.Stmt, columns int) bool {
	start := m.in.line
	i := 0
	for ; i < columns; i++ {
		field, ok := m.in.next()
		if i == 0 && (!ok || m.mode == "ascii" && len(field) == 0) {
			break
		}
		if ok {
			_ = stmt.BindText(i+1, cText(field))
		} else {
			_ = stmt.BindNull(i + 1)
		}
		if i < columns-1 && m.in.term != m.in.colSep {
			m.errorf("%s:%d: expected %d columns but found %d - filling the rest with NULL\n",
				m.in.name, start, columns, i+1)
			for i++; i < columns; i++ {
				_ = stmt.BindNull(i + 1)
			}
		}
	}
	if m.in.term == m.in.colSep {
		for m.in.term == m.in.colSep {
			m.in.next()
			i++
		}
		m.errorf("%s:%d: expected %d columns but found %d - extras ignored\n", m.in.name, start, columns, i)
	}
	if i >= columns {
		_, err := stmt.Step()
		if m.last = err; err == nil {
			m.rows++
		} else {
			m.errorf("%s:%d: INSERT failed: %v\n", m.in.name, start, err)
			m.errors++
		}
		_ = stmt.Reset()
	}
	return m.in.term != eof
}

// cText is a field as C sees it: a NUL ends it.
func cText(field []byte) string {
	text, _, _ := strings.Cut(string(field), "\x00")
	return text
}
