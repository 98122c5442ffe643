package convert

import (
	"errors"
	"fmt"
	"os"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs"
)

// pageReader reads the pages of a database file that nobody uses and that has
// neither journal nor log, without an engine. No engine may have it open, see
// seal.
type pageReader struct {
	*vfs.Pages
	file  *os.File
	count uint32
}

// openPages opens a file whose pages have that size.
func openPages(db Database, size int) (*pageReader, error) {
	f, err := os.Open(db.Path)
	if err != nil {
		return nil, err
	}
	r := &pageReader{file: f}
	var codec *hmacpage.Team
	if err = r.measure(size); err == nil && !db.Key.IsZero() {
		salt, saltErr := saltOf(db.Path)
		if err = saltErr; err == nil {
			codec, err = team(db.Key, db.Settings.OrDefaults(), salt)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r.Pages = vfs.NewPages(f, codec, size, func(n int) []byte { return make([]byte, n) })
	return r, nil
}

// measure counts the pages.
func (r *pageReader) measure(size int) error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	if info.Size()%int64(size) != 0 {
		return fmt.Errorf("%w: %d bytes are no whole pages", ErrDiffers, info.Size())
	}
	r.count = uint32(info.Size() / int64(size))
	return nil
}

// close wipes what was in memory, and closes the file.
func (r *pageReader) close() error {
	r.Close()
	return r.file.Close()
}
