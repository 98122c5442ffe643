package shell

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// maxParameterWidth is the most that names of parameters are padded to.
const maxParameterWidth = 40

// bindParameters gives the parameters of a statement the values that
// .parameter set, and NULL where there is none.
func (s *Shell) bindParameters(stmt *capi.Stmt) {
	n := stmt.ParameterCount()
	if n == 0 || !s.db.HasColumn("temp", "sqlite_parameters", "key") {
		return
	}
	values, _, err := s.db.Prepare("SELECT value FROM temp.sqlite_parameters WHERE key=?1")
	if err != nil {
		return
	}
	defer values.Finalize()
	for i := 1; i <= n; i++ {
		name := stmt.ParameterName(i)
		if name == "" {
			name = "?" + strconv.Itoa(i)
		}
		_ = values.BindText(1, name)
		if row, err := values.Step(); err == nil && row {
			_ = stmt.BindColumn(i, values, 0)
		} else {
			_ = stmt.BindNull(i)
		}
		_ = values.Reset()
	}
}

// makeParameterTable creates the table that holds parameters. Its name is one
// that SQLite keeps for itself, so that it is in nobody's way.
func (s *Shell) makeParameterTable() {
	defensive := s.db.Option(capi.OptionDefensive)
	writable := s.db.Option(capi.OptionWritableSchema)
	s.db.SetOption(capi.OptionDefensive, false)
	s.db.SetOption(capi.OptionWritableSchema, true)
	s.execSilently("CREATE TABLE IF NOT EXISTS temp.sqlite_parameters(\n" +
		"  key TEXT PRIMARY KEY,\n  value\n) WITHOUT ROWID;")
	s.db.SetOption(capi.OptionWritableSchema, writable)
	s.db.SetOption(capi.OptionDefensive, defensive)
}

func (s *Shell) dotParameter(args []string) error {
	if err := s.open(); err != nil {
		return err
	}
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case command == "clear" && len(args) == 1:
		s.execSilently("DROP TABLE IF EXISTS temp.sqlite_parameters")
	case command == "init" && len(args) == 1:
		s.makeParameterTable()
	case command == "list" && len(args) == 1:
		s.listParameters()
	case command == "set" && len(args) == 3:
		return s.setParameter(args[1], args[2])
	case command == "unset" && len(args) == 2:
		s.execSilently("DELETE FROM temp.sqlite_parameters WHERE key=" + quoteText(args[1]))
	default:
		s.showHelp("parameter")
	}
	return nil
}

func (s *Shell) listParameters() {
	rows, err := s.query("SELECT key, quote(value) FROM temp.sqlite_parameters")
	if err != nil {
		return
	}
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r[0]))
	}
	for _, r := range rows {
		s.out.WriteString(padBytes(r[0], min(width, maxParameterWidth)) + " " + r[1] + "\n")
	}
}

// setParameter takes a value for an expression of SQL, and for text where it is
// none.
func (s *Shell) setParameter(name, value string) error {
	s.makeParameterTable()
	insert := "REPLACE INTO temp.sqlite_parameters(key,value)VALUES(" + quoteText(name) + ","
	stmt, _, err := s.db.Prepare(insert + value + ");")
	if err != nil {
		if stmt, _, err = s.db.Prepare(insert + quoteText(value) + ");"); err != nil {
			fmt.Fprintf(s.out, "Error: %v\n", err)
			return failure(1)
		}
	}
	defer stmt.Finalize()
	_, _ = stmt.Step() // sqlite3 does not look either
	return nil
}
