package shell

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// How long .restore waits for a source that is busy.
const (
	backupRetries = 3
	backupWait    = 100 * time.Millisecond
)

// refuseKeyed keeps a copy from bringing an encrypted database out in plaintext,
// or plaintext pages into an encrypted one.
func (s *Shell) refuseKeyed(database string) error {
	known, err := s.query("SELECT 1 FROM pragma_database_list WHERE name=?1 COLLATE nocase", database)
	if err == nil && len(known) == 0 {
		return message("Error: unknown database " + database)
	}
	rows, err := s.query("PRAGMA " + quoteName(database) + ".cipher_page_size") // answers with a key
	switch {
	case err != nil:
		return databaseError(err)
	case len(rows) > 0:
		return message("Error: backup is not supported with encrypted databases")
	}
	return nil
}

// dotBackup copies a database into a file.
func (s *Shell) dotBackup(args []string) error {
	var names []string
	async := false
	for _, arg := range args {
		switch {
		case isOption(arg, "async"):
			async = true
		case strings.HasPrefix(arg, "-"):
			return message("unknown option: " + arg)
		case len(names) == 2:
			return usage(".backup ?DB? ?OPTIONS? FILENAME")
		default:
			names = append(names, arg)
		}
	}
	if len(names) == 0 {
		return message("missing FILENAME argument on .backup")
	}
	database, file := "main", names[len(names)-1]
	if len(names) == 2 {
		database = names[0]
	}
	if err := s.open(); err != nil {
		return err
	}
	if err := s.refuseKeyed(database); err != nil {
		return err
	}
	dst, err := capi.Open(file, s.env.VFS, capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		return message(fmt.Sprintf("Error: cannot open \"%s\"", maskURI(file)))
	}
	defer dst.Close()
	if async {
		_ = execAll(dst, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;")
	}
	if err := capi.Backup(dst, "main", s.db, database, func() bool { return false }); err != nil {
		return databaseError(err)
	}
	return nil
}

// dotRestore copies a file over a database.
func (s *Shell) dotRestore(args []string) error {
	if len(args) != 1 && len(args) != 2 {
		return usage(".restore ?DB? FILE")
	}
	database, file := "main", args[len(args)-1]
	if len(args) == 2 {
		database = args[0]
	}
	src, err := capi.Open(file, s.env.VFS, capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		return message(fmt.Sprintf("Error: cannot open \"%s\"", maskURI(file)))
	}
	defer src.Close()
	if err := s.open(); err != nil {
		return err
	}
	if err := s.refuseKeyed(database); err != nil {
		return err
	}
	tries := 0
	err = capi.Backup(s.db, database, src, "main", func() bool {
		if tries++; tries > backupRetries {
			return false
		}
		time.Sleep(backupWait)
		return true
	})
	const busy, locked = 5, 6 // SQLITE_BUSY, SQLITE_LOCKED
	switch {
	case err == nil:
		return nil
	case capi.Code(err) == busy || capi.Code(err) == locked:
		return message("Error: source database is busy")
	}
	return databaseError(err)
}

// dotClone copies what can be read of the database into a new one, row by row.
func (s *Shell) dotClone(args []string) error {
	if len(args) != 1 {
		return usage(".clone FILENAME")
	}
	if _, err := os.Stat(args[0]); err == nil {
		s.errorf("File \"%s\" already exists.\n", args[0])
		return nil // no failure to sqlite3
	}
	if err := s.open(); err != nil {
		return err
	}
	if err := s.refuseKeyed("main"); err != nil {
		return err
	}
	dst, err := capi.Open(args[0], s.env.VFS, capi.OpenReadWrite|capi.OpenCreate)
	if err != nil {
		s.errorf("Cannot create output database: %v\n", err)
		return nil
	}
	c := cloning{s, dst}
	s.execSilently("PRAGMA writable_schema=ON")
	_ = execAll(dst, "BEGIN EXCLUSIVE")
	c.schema("type='table'", c.table)
	c.schema("type!='table'", func(string) {})
	_ = execAll(dst, "COMMIT")
	s.execSilently("PRAGMA writable_schema=OFF")
	return closeQuietly(dst)
}

// closeQuietly closes a database of the shell's own.
func closeQuietly(db *capi.DB) error {
	if err := db.Close(); err != nil {
		return databaseError(err)
	}
	return nil
}
