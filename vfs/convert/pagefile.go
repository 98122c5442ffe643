package convert

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// pageFile is a database file that is written page by page, from the first on.
type pageFile struct {
	*os.File
	codec    *hmacpage.Codec // nil for one in clear
	size     int             // bytes of a page
	usable   int             // bytes of it that SQLite counts on
	reserve  int             // bytes of it that have to be kept free, or more
	lockByte uint32          // page that is never written
	batch    []hmacpage.Page
	buffer   []byte // of the batch
}

// pagesOfBatch are encrypted and written together.
const pagesOfBatch = 64

// create makes the file, for pages of that size.
func create(db Database, size int) (*pageFile, error) {
	g := hmacpage.Geometry{PageSize: size}
	w := &pageFile{size: size, usable: size, lockByte: g.LockBytePage(), buffer: make([]byte, pagesOfBatch*size)}
	if !db.Key.IsZero() {
		set := db.Settings.OrDefaults()
		if set.PageSize != size {
			return nil, fmt.Errorf("%w: %d bytes, not %d", ErrPages, size, set.PageSize)
		}
		salt := make([]byte, kdf.SaltSize)
		_, _ = rand.Read(salt) // never fails, see crypto/rand
		var err error
		if w.codec, err = codec(db.Key, set, salt); err != nil {
			return nil, err
		}
		w.usable, w.reserve = set.Geometry().Usable(), set.Geometry().Reserve()
	}
	f, err := os.OpenFile(db.Path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	w.File = f
	return w, nil
}

// codec is that of a database whose salt is this one, if none is given.
func codec(spec compat.Keyspec, set compat.Settings, salt []byte) (*hmacpage.Codec, error) {
	switch {
	case spec.Salt() != nil:
		salt = spec.Salt()
	case set.HasSalt:
		salt = set.Salt[:]
	}
	keys, err := spec.Derive(set, salt)
	if err != nil {
		return nil, err
	}
	defer func() { kdf.Wipe(keys.Key); kdf.Wipe(keys.MACKey) }()
	return hmacpage.New(set.Geometry(), keys)
}

// add takes the next page.
func (w *pageFile) add(pgno uint32, page []byte) error {
	if free := int(page[20]); pgno == 1 && free < w.reserve {
		return fmt.Errorf("%w: %d bytes are kept free, and %d are needed", ErrPages, free, w.reserve)
	}
	if pgno == w.lockByte {
		return w.flush()
	}
	n := len(w.batch)
	own := w.buffer[n*w.size:][:w.size]
	copy(own, page)
	w.batch = append(w.batch, hmacpage.Page{Pgno: pgno, Plain: own, Cipher: own})
	if n+1 < pagesOfBatch {
		return nil
	}
	return w.flush()
}

// flush writes the pages that wait.
func (w *pageFile) flush() error {
	if len(w.batch) == 0 {
		return nil
	}
	if w.codec != nil {
		if err := w.codec.Encrypt(w.batch); err != nil {
			return err
		}
	}
	_, err := w.WriteAt(w.buffer[:len(w.batch)*w.size], int64(w.batch[0].Pgno-1)*int64(w.size))
	w.batch = w.batch[:0]
	return err
}

// close makes the file durable.
func (w *pageFile) close() error {
	err := w.flush()
	if err == nil {
		err = w.Sync()
	}
	clear(w.buffer)
	if w.codec != nil {
		w.codec.Wipe()
	}
	return errors.Join(err, w.File.Close())
}
