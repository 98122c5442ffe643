package work

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Target is a file that a command makes.
type Target struct {
	Path string
	// Replace allows to put it into the place of another one.
	Replace bool
	// Mode is that of the file, on systems that have it.
	Mode os.FileMode
	// Need is how many bytes it is going to have, about; 0 for unknown.
	Need int64
}

// ErrExists is for a target that is there already.
var ErrExists = errors.New("there is such a file already; --force replaces it")

// Make has a file made under another name in the same folder, makes it durable
// and gives it its name. Whatever happens before, and wherever the process is
// killed, under the name there is what was there before or the whole new file.
// Where make fails its file is removed.
func (t Target) Make(make func(path string) error) (err error) {
	if err := t.check(); err != nil {
		return err
	}
	beside := t.Path + "-" + rand.Text()[:8] + ".part"
	defer func() {
		if err != nil {
			for _, suffix := range []string{"-journal", "-wal", "-shm", ""} {
				_ = os.Remove(beside + suffix)
			}
		}
	}()
	if err := make(beside); err != nil {
		return err
	}
	if err := durable(beside, t.Mode); err != nil {
		return err
	}
	if err := t.check(); err != nil { // as it may have come meanwhile
		return err
	}
	if err := os.Rename(beside, t.Path); err != nil {
		return err
	}
	syncFolder(t.Path)
	return nil
}

// check makes sure that the file can be made: that it is not there, or may be
// replaced and is not in use, and that there is room for it.
func (t Target) check() error {
	info, err := os.Stat(t.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", t.Path)
	case !t.Replace:
		return fmt.Errorf("%s: %w", t.Path, ErrExists)
	}
	// They would be taken for those of the new file.
	for _, suffix := range []string{"-journal", "-wal"} {
		if info, err := os.Stat(t.Path + suffix); err == nil && info.Size() > 0 {
			return fmt.Errorf("%s%s belongs to a database that is in use, or was when its program ended", t.Path, suffix)
		}
	}
	return CheckSpace(t.Path, t.Need)
}

func durable(path string, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if mode != 0 {
		err = errors.Join(err, os.Chmod(path, mode))
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes a name durable, where the system can do that.
func syncFolder(path string) {
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// CheckSpace makes sure that a file of so many bytes finds room in the folder of
// path.
func CheckSpace(path string, need int64) error {
	if need <= 0 {
		return nil
	}
	free, err := freeSpace(filepath.Dir(path))
	if err != nil {
		return nil // where the system does not say, writing will tell
	}
	if free < uint64(need) {
		return fmt.Errorf("%s needs %d bytes, and there are %d free", path, need, free)
	}
	return nil
}
