package shell

import (
	"fmt"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
	"github.com/pageseal/pageseal/vfs/salvage"
)

// dotRecover prints SQL that makes again what can be read of a damaged
// database.
func (s *Shell) dotRecover(args []string) error {
	opts, err := s.recoverOptions(args)
	if err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	model, err := capi.Open(":memory:", "", capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		return recoverError(err)
	}
	defer model.Close()
	s.out.WriteString("BEGIN;\nPRAGMA writable_schema = on;\n")
	pages, err := s.recoverPages()
	if err != nil {
		return recoverError(err)
	}
	defer pages.Close()
	if _, err := salvage.Run(s.ctx, pages, &recoverScript{s, model}, opts); err != nil {
		return recoverError(err)
	}
	return nil
}

// recoverOptions reads the options, any of which may be shortened.
func (s *Shell) recoverOptions(args []string) (opts salvage.Options, err error) {
	opts.FreePages = true
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if strings.HasPrefix(arg, "--") {
			arg = arg[1:]
		}
		is := func(name string) bool { return strings.HasPrefix(name, arg) }
		more := i+1 < len(args)
		switch {
		case is("-ignore-freelist"):
			opts.FreePages = false
		case is("-recovery-db") && more:
			i++ // a file for what is remembered on the way, which is not needed
		case is("-lost-and-found") && more:
			i++
			opts.LostAndFound = args[i]
		case is("-no-rowids"):
			opts.NoRowids = true
		default:
			s.errorf("unexpected option: %s\n", args[i])
			s.showHelp("recover")
			return opts, failure(1)
		}
	}
	return opts, nil
}

// recoverError is the message about what ends a recovery.
func recoverError(err error) error {
	return message(fmt.Sprintf("sql error: %v (%d)", err, asError(err).Code))
}

// recoverScript prints statements once they have been tried on a model of the
// database that has its schema alone.
type recoverScript struct {
	*Shell
	model *capi.DB
}

// Begin is of salvage.Output.
func (r *recoverScript) Begin(h salvage.Header) error {
	if err := execAll(r.model, "PRAGMA writable_schema = on"); err != nil {
		return err
	}
	for _, setting := range []struct{ name, value string }{
		{"encoding", h.Encoding},
		{"page_size", fmt.Sprint(h.PageSize)},
		{"auto_vacuum", fmt.Sprint(h.AutoVacuum)},
		{"user_version", fmt.Sprint(h.UserVersion)},
		{"application_id", fmt.Sprint(h.ApplicationID)},
	} {
		fmt.Fprintf(r.out, "PRAGMA %s = %s;\n", setting.name, quoteText(setting.value))
	}
	return nil
}

// Exec is of salvage.Output.
func (r *recoverScript) Exec(sql string) error {
	err := execAll(r.model, sql)
	const generic = 1 // SQLITE_ERROR
	if capi.Code(err) == generic {
		return &salvage.RefusedError{Err: err}
	}
	if err == nil {
		if strings.Contains(sql, "--") {
			sql += "\n" // which ends a comment, should it be one
		}
		r.out.WriteString(sql + ";\n")
	}
	return err
}

// Query is of salvage.Output.
func (r *recoverScript) Query(sql string) ([][]string, error) {
	return (&Shell{db: r.model}).query(sql)
}

// Insert is of salvage.Output.
func (r *recoverScript) Insert(table string, columns []string, values []any) error {
	_, err := r.out.WriteString(salvage.InsertSQL(table, columns, values) + ";\n")
	return err
}

// End is of salvage.Output.
func (r *recoverScript) End() error {
	_, err := r.out.WriteString("PRAGMA writable_schema = off;\nCOMMIT;\n")
	return err
}

// closablePages are pages that are done with at some time.
type closablePages interface {
	salvage.Pages
	Close() error
}

// recoverPages are the pages as the connection sees them. Where it sees none, as
// page 1 is that of no database, they are those of the file.
func (s *Shell) recoverPages() (closablePages, error) {
	pages, err := s.connectionPages()
	if err == nil {
		return pages, nil
	}
	rows, keyErr := s.query("PRAGMA cipher_status")
	if keyErr != nil || len(rows) > 0 && rows[0][0] != "0" {
		return nil, err // nothing here can decrypt the file
	}
	rows, listErr := s.query("PRAGMA database_list")
	if listErr != nil || len(rows) == 0 || rows[0][2] == "" {
		return nil, err
	}
	file, fileErr := salvage.OpenPlain(rows[0][2])
	if fileErr != nil {
		return nil, err
	}
	return file, nil
}

// connectionPages reads pages through SQLite, which knows the log and the key.
type connectionPages struct {
	*Shell
	stmt        *capi.Stmt
	began       bool
	count, size int64
}

// connectionPages begins a transaction, unless there is one.
func (s *Shell) connectionPages() (p *connectionPages, err error) {
	p = &connectionPages{Shell: s}
	defer func() {
		if err != nil {
			_ = p.Close()
		}
	}()
	// The size of the file counts then, whatever the header says.
	s.execSilently("PRAGMA writable_schema = on")
	p.began = execAll(s.db, "BEGIN") == nil
	s.execSilently("SELECT 1 FROM sqlite_schema")
	if p.count, err = s.pragmaNumber("page_count"); err != nil {
		return p, err
	}
	if p.size, err = s.pragmaNumber("page_size"); err != nil {
		return p, err
	}
	p.stmt, _, err = s.db.Prepare("SELECT data FROM sqlite_dbpage WHERE pgno = ?")
	return p, err
}

func (s *Shell) pragmaNumber(name string) (int64, error) {
	rows, err := s.query("PRAGMA " + name)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return integer(rows[0][0]), nil
}

// Close ends the transaction.
func (p *connectionPages) Close() error {
	if p.stmt != nil {
		_ = p.stmt.Finalize()
	}
	if p.began {
		p.execSilently("ROLLBACK")
	}
	p.execSilently("PRAGMA writable_schema = off")
	return nil
}

// Count is of salvage.Pages.
func (p *connectionPages) Count() uint32 { return uint32(p.count) }

// Layout is of salvage.Pages.
func (p *connectionPages) Layout() (pageSize, reserve int) { return int(p.size), 0 }

// Read is of salvage.Pages.
func (p *connectionPages) Read(pgno uint32, page []byte) error {
	defer func() { _ = p.stmt.Reset() }()
	err := p.stmt.BindText(1, fmt.Sprint(pgno))
	if err != nil {
		return err
	}
	more, err := p.stmt.Step()
	const ioErr, notADB = 10, 26 // SQLITE_IOERR, SQLITE_NOTADB
	switch capi.Code(err) {
	case ioErr, corrupt, notADB:
		return salvage.ErrHole
	}
	if err != nil {
		return err
	}
	if !more || copy(page, p.stmt.ColumnBlob(0)) < len(page) {
		return salvage.ErrHole
	}
	return nil
}
