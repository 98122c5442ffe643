package convert

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
)

// VerifyLog verifies the frames of the write-ahead log beside an encrypted
// database, those that SQLite would recover: more than one image of a page may be
// there, of which SQLite reads one. Where there is no log there are no frames.
func VerifyLog(db Database) (frames int, bad []vfs.BadFrame, err error) {
	log, err := os.Open(db.Path + walSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	defer log.Close()
	salt, err := saltOf(db.Path)
	if err != nil {
		return 0, nil, err
	}
	c, err := codec(db.Key, db.Settings.OrDefaults(), salt)
	if err != nil {
		return 0, nil, err
	}
	defer c.Wipe()
	frames, bad = vfs.VerifyLog(log, c)
	return frames, bad, nil
}

// saltOf is what a file begins with.
func saltOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, kdf.SaltSize)
	_, err = io.ReadFull(f, salt)
	return salt, errors.Join(err, f.Close())
}
