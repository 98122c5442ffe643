package convert

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// Suffix of the copy that Replace and Migrate make beside the original.
const Suffix = "-migrated"

const codeBusy vfs.Code = 5 // SQLITE_BUSY

// Swap calls rename, which puts the copy into the place of the original. Who has
// the original open closes it before and opens the copy after.
type Swap func(rename func() error) error

// Replace makes a copy of a database, as Copy does, with another key and other
// settings, and puts it into the place of the original. At each moment, and
// after a crash, the file is one or the other. Nobody may write meanwhile, and
// where something fails the original stays.
//
// The permissions of the file stay, and as far as the process may give them
// away its owner and group. A nil swap is for a database that nobody has open.
func Replace(ctx context.Context, open Opener, from, to Database, swap Swap) (err error) {
	if swap == nil {
		swap = func(rename func() error) error { return rename() }
	}
	if from.Path, err = filepath.EvalSymlinks(from.Path); err != nil {
		return err
	}
	to.Path = from.Path + Suffix
	before, err := os.Stat(from.Path)
	if err != nil {
		return err
	}
	source, err := open.conn(ctx, from)
	if err != nil {
		return err
	}
	r := replacement{conn: source, from: from.Path, to: to.Path, info: before}
	err = r.alone(func(mode string) error {
		// With the lock in hand, whatever lies there was left behind.
		if err := remove(to.Path); err != nil {
			return err
		}
		if err := source.copyTo(open, to, mode, before.Mode().Perm()); err != nil {
			return err
		}
		if err := swap(r.rename); err != nil {
			return errors.Join(err, remove(to.Path))
		}
		return nil
	})
	return errors.Join(err, r.close())
}

// replacement is a database being replaced.
type replacement struct {
	*conn
	from, to string
	info     os.FileInfo // of the original, before it was opened
	head     string      // what it began with when it was locked
	closed   bool
	renamed  bool
}

// close closes the connection, once.
func (r *replacement) close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.conn.Close()
}

// alone carries out f, with the journal mode of the database, while nobody else
// can use it. A log is merged before, and comes back if f fails.
func (r *replacement) alone(f func(mode string) error) error {
	mode, err := r.value("PRAGMA main.journal_mode")
	if err != nil {
		return err
	}
	if mode == "wal" {
		now, err := r.value("PRAGMA main.journal_mode = DELETE")
		if err != nil {
			return err
		}
		if now != "delete" {
			return codeBusy
		}
	}
	err = r.exec("PRAGMA main.locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "COMMIT")
	if err == nil {
		err = r.same()
	}
	if err == nil {
		err = f(mode)
	}
	if err != nil && mode == "wal" && !r.closed && !r.renamed {
		_ = r.exec("PRAGMA main.locking_mode = NORMAL", "PRAGMA main.journal_mode = WAL")
	}
	return err
}

// same makes sure that the file which is locked is the one that has the name,
// and that nothing is beside it that has to be played back.
func (r *replacement) same() error {
	now, err := os.Stat(r.from)
	if err != nil {
		return err
	}
	if !os.SameFile(now, r.info) {
		return fmt.Errorf("%w: the file was replaced by another", codeBusy)
	}
	if _, err := os.Stat(r.from + walSuffix); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is still a write-ahead log", compat.ErrUnsupported)
	}
	return nil
}

// rename puts the copy into the place of the original. The lock is held until
// that is done, but for Windows, where a file that is open keeps its name.
func (r *replacement) rename() error {
	if runtime.GOOS == "windows" {
		return r.renameClosed()
	}
	return r.renameNow()
}

func (r *replacement) renameNow() error {
	keepOwner(r.info, r.to)
	if err := os.Rename(r.to, r.from); err != nil {
		return err
	}
	r.renamed = true
	syncDir(r.from)
	return nil
}

// renameClosed closes the original first. Whoever writes to it before the copy
// is in its place is found out.
func (r *replacement) renameClosed() (err error) {
	if r.head, err = head(r.from); err != nil {
		return err
	}
	if err := r.close(); err != nil {
		return err
	}
	return r.renameUnchanged()
}

func (r *replacement) renameUnchanged() error {
	now, err := head(r.from)
	if err != nil {
		return err
	}
	if now != r.head {
		return fmt.Errorf("%w: somebody has written to the file", codeBusy)
	}
	return r.renameNow()
}
