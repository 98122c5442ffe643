package convert

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pageseal/pageseal/compat"
)

// Names of the files that belong to a database, behind its own.
const (
	journalSuffix = "-journal"
	walSuffix     = "-wal"
	shmSuffix     = "-shm"
)

// remove deletes a database and what belongs to it, as far as it is there.
func remove(path string) error {
	var all error
	for _, suffix := range []string{journalSuffix, walSuffix, shmSuffix, ""} {
		if err := os.Remove(path + suffix); !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// seal gives a file its permissions and makes it durable. No engine may have it
// open: where locks belong to the process, it would lose them.
func seal(path string, perm os.FileMode) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err = f.Chmod(perm); err == nil || runtime.GOOS == "windows" {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes the names in the folder of a file durable, where the system can
// do that.
func syncDir(path string) {
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// head is what a database begins with, and its size. Page 1 is another after
// each transaction.
func head(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	page := make([]byte, compat.SmallestPage)
	n, err := f.ReadAt(page, 0)
	if err == io.EOF {
		err = nil
	}
	return fmt.Sprint(info.Size(), page[:n]), err
}
