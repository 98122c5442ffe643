package convert

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// pageReader reads the pages of a database file that nobody uses and that has
// neither journal nor log, without an engine. No engine may have it open, see
// seal.
type pageReader struct {
	*os.File
	codec  *hmacpage.Team // nil for one in clear
	size   int            // bytes of a page
	count  uint32
	pages  []hmacpage.Page // of one read
	buffer []byte

	lockByte uint32 // page that was never written
}

// readBytes are read and decrypted together.
const readBytes = 1 << 20

// openPages opens a file whose pages have that size.
func openPages(db Database, size int) (*pageReader, error) {
	f, err := os.Open(db.Path)
	if err != nil {
		return nil, err
	}
	r := &pageReader{File: f, size: size, buffer: make([]byte, readBytes)}
	r.lockByte = hmacpage.Geometry{PageSize: size}.LockBytePage()
	if err = r.measure(); err == nil && !db.Key.IsZero() {
		salt, saltErr := saltOf(db.Path)
		if err = saltErr; err == nil {
			r.codec, err = team(db.Key, db.Settings.OrDefaults(), salt)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// measure counts the pages.
func (r *pageReader) measure() error {
	info, err := r.Stat()
	if err != nil {
		return err
	}
	if info.Size()%int64(r.size) != 0 {
		return fmt.Errorf("%w: %d bytes are no whole pages", ErrDiffers, info.Size())
	}
	r.count = uint32(info.Size() / int64(r.size))
	return nil
}

// read reads n pages. They are valid until the next call.
func (r *pageReader) read(first uint32, n int) (pages [][]byte, err error) {
	all := r.buffer[:n*r.size]
	if _, err := io.ReadFull(io.NewSectionReader(r.File, int64(first-1)*int64(r.size), int64(len(all))), all); err != nil {
		return nil, err
	}
	r.pages = r.pages[:0]
	for i := range n {
		page, pgno := all[i*r.size:][:r.size], first+uint32(i)
		pages = append(pages, page)
		if pgno != r.lockByte {
			r.pages = append(r.pages, hmacpage.Page{Pgno: pgno, Plain: page, Cipher: page})
		}
	}
	if r.codec == nil {
		return pages, nil
	}
	err = r.codec.Decrypt(r.pages)
	var bad *hmacpage.PageError
	if errors.As(err, &bad) {
		err = &compat.PageError{Pgno: bad.Pgno}
	}
	return pages, err
}

// each hands on all pages in their order.
func (r *pageReader) each(f func(pgno uint32, page []byte) error) error {
	for pgno := uint32(1); pgno <= r.count; {
		n := min(readBytes/r.size, int(r.count-pgno+1))
		pages, err := r.read(pgno, n)
		if err != nil {
			return err
		}
		for _, page := range pages {
			if err := f(pgno, page); err != nil {
				return err
			}
			pgno++
		}
	}
	return nil
}

// close wipes what was in memory, and closes the file.
func (r *pageReader) close() error {
	clear(r.buffer)
	if r.codec != nil {
		r.codec.Wipe()
	}
	return r.File.Close()
}
