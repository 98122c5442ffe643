package convert

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// pageFile is a database file that is written page by page. While one batch is
// encrypted and written the next one is filled.
type pageFile struct {
	*os.File
	codec    *hmacpage.Team // nil for one in clear
	size     int            // bytes of a page
	usable   int            // bytes of it that SQLite counts on
	reserve  int            // bytes of it that have to be kept free, or more
	lockByte uint32         // page that is never written

	batch   pageBatch // being filled
	other   pageBatch // being written, or idle
	writing sync.WaitGroup
	err     error // of the last batch
}

// pageBatch are pages in a row.
type pageBatch struct {
	pages  []hmacpage.Page
	buffer []byte
}

// batchBytes are encrypted and written together.
const batchBytes = 1 << 20

// create makes the file, for pages of that size.
func create(db Database, size int) (*pageFile, error) {
	g := hmacpage.Geometry{PageSize: size}
	w := &pageFile{size: size, usable: size, lockByte: g.LockBytePage()}
	w.batch.buffer, w.other.buffer = make([]byte, batchBytes), make([]byte, batchBytes)
	if !db.Key.IsZero() {
		set := db.Settings.OrDefaults()
		if set.PageSize != size {
			return nil, fmt.Errorf("%w: %d bytes, not %d", ErrPages, size, set.PageSize)
		}
		salt := make([]byte, kdf.SaltSize)
		_, _ = rand.Read(salt) // never fails, see crypto/rand
		var err error
		if w.codec, err = team(db.Key, set, salt); err != nil {
			return nil, err
		}
		w.usable, w.reserve = set.Geometry().Usable(), set.Geometry().Reserve()
	}
	f, err := os.OpenFile(db.Path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		if w.codec != nil {
			w.codec.Wipe()
		}
		return nil, err
	}
	w.File = f
	return w, nil
}

// add takes the next page.
func (w *pageFile) add(pgno uint32, page []byte) error {
	if free := int(page[20]); pgno == 1 && free < w.reserve {
		return fmt.Errorf("%w: %d bytes are kept free, and %d are needed", ErrPages, free, w.reserve)
	}
	if pgno == w.lockByte {
		return nil
	}
	n := len(w.batch.pages)
	if n > 0 && (pgno != w.batch.pages[n-1].Pgno+1 || (n+1)*w.size > batchBytes) {
		if err := w.flush(); err != nil {
			return err
		}
		n = 0
	}
	own := w.batch.buffer[n*w.size:][:w.size]
	copy(own, page)
	w.batch.pages = append(w.batch.pages, hmacpage.Page{Pgno: pgno, Plain: own, Cipher: own})
	return nil
}

// flush has the pages written that wait, once those before them are.
func (w *pageFile) flush() error {
	if err := w.wait(); err != nil {
		return err
	}
	w.batch, w.other = w.other, w.batch
	w.writing.Go(func() { w.err = w.write(&w.other) })
	return nil
}

// wait waits until nothing is being written.
func (w *pageFile) wait() error {
	w.writing.Wait()
	return w.err
}

func (w *pageFile) write(b *pageBatch) error {
	if len(b.pages) == 0 {
		return nil
	}
	if w.codec != nil {
		if err := w.codec.Encrypt(b.pages); err != nil {
			return err
		}
	}
	_, err := w.WriteAt(b.buffer[:len(b.pages)*w.size], int64(b.pages[0].Pgno-1)*int64(w.size))
	b.pages = b.pages[:0]
	return err
}

// complete writes what waits.
func (w *pageFile) complete() error {
	return errors.Join(w.flush(), w.wait())
}

// settle makes the file durable, while it is read once more.
func (w *pageFile) settle(verify func() error) error {
	durable := make(chan error, 1)
	go func() { durable <- w.Sync() }()
	err := verify()
	return errors.Join(err, <-durable)
}

// close wipes what was in memory, and closes the file.
func (w *pageFile) close() error {
	_ = w.wait()
	clear(w.batch.buffer)
	clear(w.other.buffer)
	if w.codec != nil {
		w.codec.Wipe()
	}
	return w.File.Close()
}
