package shell

import (
	"encoding/binary"
	"fmt"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// headerFields are numbers of four bytes in the header of a database.
var headerFields = []struct {
	name   string
	offset int
}{
	{"file change counter:", 24},
	{"database page count:", 28},
	{"freelist page count:", 36},
	{"schema cookie:", 40},
	{"schema format:", 44},
	{"default cache size:", 48},
	{"autovacuum top root:", 52},
	{"incremental vacuum:", 64},
	{"text encoding:", 56},
	{"user version:", 60},
	{"application id:", 68},
	{"software version:", 96},
}

// encodings are the text encodings by their number.
var encodings = map[uint32]string{1: " (utf8)", 2: " (utf16le)", 3: " (utf16be)"}

// dotDBInfo prints the header of a database and how much its schema holds.
func (s *Shell) dotDBInfo(args []string) error {
	database := "main"
	if len(args) > 0 {
		database = args[0]
	}
	if err := s.open(); err != nil {
		return err
	}
	header, err := s.header(database)
	if err != nil {
		return message("error: " + err.Error())
	}
	if len(header) <= 100 {
		return message("unable to read database header")
	}
	pageSize := int(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	s.info("database page size:", pageSize)
	s.info("write format:", header[18])
	s.info("read format:", header[19])
	s.info("reserved bytes:", header[20])
	for _, f := range headerFields {
		v := binary.BigEndian.Uint32(header[f.offset:])
		note := ""
		if f.offset == 56 {
			note = encodings[v]
		}
		s.info(f.name, fmt.Sprint(v, note))
	}
	s.schemaInfo(database)
	s.info("data version", s.db.DataVersion(database))
	return nil
}

func (s *Shell) info(name string, value any) { fmt.Fprintf(s.out, "%-20s %v\n", name, value) }

// header is the first page as SQLite sees it.
func (s *Shell) header(database string) ([]byte, error) {
	stmt, _, err := s.db.Prepare("SELECT data FROM sqlite_dbpage(?1) WHERE pgno=1")
	if err != nil {
		return nil, err
	}
	defer stmt.Finalize()
	if err := stmt.BindText(1, database); err != nil {
		return nil, err
	}
	if more, err := stmt.Step(); err != nil || !more || stmt.ColumnType(0) != capi.Blob {
		return nil, nil
	}
	return stmt.ColumnBlob(0), nil
}

// schemaInfo counts what is in the schema.
func (s *Shell) schemaInfo(database string) {
	table := ident(database) + ".sqlite_schema"
	if database == "temp" {
		table = "sqlite_temp_schema"
	}
	for _, q := range [][2]string{
		{"number of tables:", "SELECT count(*) FROM %s WHERE type='table'"},
		{"number of indexes:", "SELECT count(*) FROM %s WHERE type='index'"},
		{"number of triggers:", "SELECT count(*) FROM %s WHERE type='trigger'"},
		{"number of views:", "SELECT count(*) FROM %s WHERE type='view'"},
		{"schema size:", "SELECT cast(total(length(sql)) AS int) FROM %s"},
	} {
		value := "0"
		if rows, err := s.query(fmt.Sprintf(q[1], table)); err == nil && len(rows) > 0 {
			value = rows[0][0]
		}
		s.info(q[0], value)
	}
}
