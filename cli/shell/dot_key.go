package shell

import (
	"io"
	"os"
	"strings"
)

// dotKey asks for the key of a database and does with it what PRAGMA key does,
// but for the text of SQL. The key of a database that is yet to be created is
// asked for twice.
func (s *Shell) dotKey(args []string) error {
	switch {
	case len(args) > 1:
		return usage(".key ?DB?")
	case s.terminal == nil || !s.interactive:
		return message("Error: there is no terminal to ask for a key")
	}
	database := "main"
	if len(args) == 1 {
		database = args[0]
	}
	if err := s.open(); err != nil {
		return err
	}
	file, ok := s.fileOf(database)
	if !ok {
		return message("Error: no such database") // its name may be a key
	}
	s.flush()
	key, err := s.terminal.password("key: ")
	if err == nil && key != "" && isNew(file) {
		var again string
		again, err = s.terminal.password("key again: ")
		if err == nil && again != key {
			return message("Error: the two keys are not the same")
		}
	}
	switch {
	case err == errInterrupted, err == io.EOF, err == nil && key == "":
		return message("Error: no key was typed")
	case err != nil:
		return message("Error: cannot read a key: " + err.Error())
	}
	if err := s.db.Key(database, key); err != nil {
		return databaseError(err)
	}
	return nil
}

// fileOf is the file of a database, empty for one without.
func (s *Shell) fileOf(database string) (file string, ok bool) {
	rows, _ := s.query("PRAGMA database_list")
	for _, r := range rows {
		if strings.EqualFold(r[1], database) {
			return r[2], true
		}
	}
	return "", false
}

// isNew reports whether the file of a database holds nothing yet.
func isNew(file string) bool {
	info, err := os.Stat(file)
	return err != nil || info.Size() == 0
}
