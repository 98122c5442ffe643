package shell

import (
	"fmt"
	"os"
	"strings"

	"github.com/pageseal/pageseal/vfs/modernc/capi"
)

// dotOpen closes the database and opens another. One that does not open leaves
// an empty database in memory behind.
func (s *Shell) dotOpen(args []string) error {
	file, hasFile, fresh := "", false, false
	flags := capi.OpenReadWrite | capi.OpenCreate
	for _, arg := range args {
		switch {
		case isOption(arg, "new"):
			fresh = true
		case isOption(arg, "readonly"):
			flags = flags&^(capi.OpenReadWrite|capi.OpenCreate) | capi.OpenReadOnly
		case isOption(arg, "nofollow"):
			flags |= capi.OpenNoFollow
		case strings.HasPrefix(arg, "-"):
			return message("unknown option: " + maskURI(arg))
		case hasFile:
			return message(fmt.Sprintf("extra argument: \"%s\"", maskURI(arg)))
		default:
			file, hasFile = arg, true
		}
	}
	if err := s.disconnect(); err != nil {
		return failure(1)
	}
	s.file, s.openFlags = file, flags
	if !hasFile {
		return s.open()
	}
	if fresh {
		removeDatabase(file)
	}
	if err := s.connect(); err != nil {
		s.errorf("Error: unable to open database \"%s\": %v\n", maskURI(file), err)
		return s.openMemory()
	}
	return nil
}

// openMemory opens a database in memory in place of one that does not open.
func (s *Shell) openMemory() error {
	file := s.file
	s.file = ":memory:"
	defer func() { s.file = file }()
	return s.open()
}

// removeDatabase deletes the file of a database, by its path or URI.
func removeDatabase(name string) {
	if path, ok := strings.CutPrefix(name, "file:"); ok {
		name, _, _ = strings.Cut(path, "?")
	}
	_ = os.Remove(name) // what cannot be deleted will be opened as it is
}

// dotDatabases lists the databases with their files.
func (s *Shell) dotDatabases([]string) error {
	if err := s.open(); err != nil {
		return err
	}
	rows, err := s.query("PRAGMA database_list")
	if err != nil {
		return databaseError(err)
	}
	for _, r := range rows {
		file, access := r[2], "r/w"
		if file == "" {
			file = `""`
		}
		if s.db.ReadOnly(r[1]) {
			access = "r/o"
		}
		txn := map[capi.TxnState]string{capi.TxnRead: " read-txn", capi.TxnWrite: " write-txn"}[s.db.TxnState(r[1])]
		fmt.Fprintf(s.out, "%s: %s %s%s\n", r[1], file, access, txn)
	}
	return nil
}

func (s *Shell) dotTimeout(args []string) error {
	if err := s.open(); err != nil {
		return err
	}
	ms := 0
	if len(args) > 0 {
		ms = int(int32(integer(args[0])))
	}
	s.db.SetBusyTimeout(ms)
	return nil
}

func (s *Shell) dotVFSName(args []string) error {
	database := "main"
	if len(args) == 1 {
		database = args[0]
	}
	if s.db != nil {
		if name := s.db.VFSName(database); name != "" {
			s.out.WriteString(name + "\n")
		}
	}
	return nil
}
