package salvage

import (
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs"
)

// File is a database as its files have it: what is left of them when SQLite
// would not open them any more. A hot journal is taken back and a log applied,
// but for the reader alone: no file changes.
type File struct {
	main, log, journal *os.File // the last two may be missing
	size               int64    // of main
	pageSize           int
	codec              *hmacpage.Codec // nil for a database in clear
	committed, undo    vfs.Leftover
	count              uint32
	guessed            bool // the size of a page
}

// Open opens the files of a database with its key, or with none where it is not
// encrypted. Nobody may write to it meanwhile.
//
// Any page that verifies shows that the key is right. The first 16 bytes of the
// file are the salt, without which no key is: where they are damaged, the salt has
// to come with the settings or with the key.
func Open(path string, key compat.Keyspec, set compat.Settings) (*File, error) {
	f := new(File)
	err := f.openAll(path)
	switch {
	case err != nil:
	case key.IsZero():
		err = f.openPlain()
	default:
		err = f.openKeyed(key, set.OrDefaults())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// OpenPlain opens the files of a database that is not encrypted.
func OpenPlain(path string) (*File, error) {
	return Open(path, compat.Keyspec{}, compat.Settings{})
}

func (f *File) openAll(path string) (err error) {
	if f.main, err = os.Open(path); err != nil {
		return err
	}
	info, err := f.main.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", path)
	}
	f.size = info.Size()
	return f.openBeside(path)
}

// openPlain finds the size of the pages, in the header or by their looks.
func (f *File) openPlain() error {
	head := make([]byte, compat.SmallestPage)
	n, err := f.main.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	switch size := compat.HeaderPageSize(head); compat.Detect(head[:n], f.size) {
	case compat.FileEmpty:
		return errors.New("the file is empty")
	case compat.FilePlaintextHeader:
		return compat.ErrNoKey
	case compat.FilePlaintext:
		if bits.OnesCount(uint(size)) == 1 && compat.SmallestPage <= size && size <= 65536 {
			f.layOut(size)
			return nil
		}
	}
	size := f.guessPageSize()
	if size == 0 {
		return compat.ErrNoKey
	}
	f.layOut(size)
	f.guessed = true
	return nil
}

// guessPageSize looks for the size at which most of the first bytes are pages of
// b-trees, zero if there are none.
func (f *File) guessPageSize() (best int) {
	const look = 4 << 20
	most := 0
	for size := compat.SmallestPage; size <= 65536; size *= 2 {
		f.layOut(size)
		page, found := make([]byte, size), 0
		for pgno := uint32(2); pgno <= f.count && int64(pgno)*int64(size) <= look; pgno++ {
			if f.Read(pgno, page) == nil && looksLikeNode(pgno, page) {
				found += size
			}
		}
		if found > most {
			best, most = size, found
		}
	}
	return best
}

// looksLikeNode tells whether a page is so much like one of a b-tree that random
// bytes are not: all cells lie in the part of the page that is for them.
func looksLikeNode(pgno uint32, page []byte) bool {
	n, ok := asNode(pgno, page)
	if !ok || n.cells == 0 {
		return false
	}
	const mostFragments = 60 // bytes, see the format
	from := uint32(page[n.start+5])<<8 | uint32(page[n.start+6])
	for i := range n.cells {
		cell := n.cell(i)
		if cell == nil || uint32(len(page)-len(cell)) < from {
			return false
		}
	}
	return page[n.start+7] <= mostFragments
}

// openKeyed derives the keys and finds a page that verifies under them.
func (f *File) openKeyed(key compat.Keyspec, set compat.Settings) error {
	if err := set.Validate(); err != nil {
		return err
	}
	f.layOut(set.PageSize)
	salts, err := f.salts(key, set)
	if err != nil {
		return err
	}
	for _, salt := range salts {
		keys, err := key.Derive(set, salt)
		if err != nil {
			return err
		}
		f.codec, err = hmacpage.New(set.Geometry(), keys)
		clear(keys.Key)
		clear(keys.MACKey)
		if err != nil {
			return err
		}
		if f.proves(set) {
			return nil
		}
		f.codec.Wipe()
	}
	head := make([]byte, len(magic))
	if n, _ := f.main.ReadAt(head, 0); n == len(head) && string(head) == magic && set.PlaintextHeader == 0 {
		return compat.ErrPlaintext
	}
	return fmt.Errorf("%w: no page verifies. If key and settings are right, the salt is damaged: "+
		"the first 16 bytes of the file. It can be given as cipher_salt, or at the end of a raw key of 96 digits",
		compat.ErrWrongKey)
}

// salts are those that the database may have. A change of the key that was cut
// off leaves two.
func (f *File) salts(key compat.Keyspec, set compat.Settings) (salts [][]byte, err error) {
	switch {
	case key.Salt() != nil:
		return [][]byte{key.Salt()}, nil
	case set.HasSalt:
		return [][]byte{set.Salt[:]}, nil
	case set.PlaintextHeader > 0:
		return nil, fmt.Errorf("%w: a plaintext header needs cipher_salt", compat.ErrSetting)
	}
	page := make([]byte, f.pageSize)
	for _, read := range []func(uint32, []byte) error{f.readRaw, f.readMain} {
		if read(1, page) == nil {
			salts = append(salts, append([]byte(nil), page[:hmacpage.SaltSize]...))
		}
	}
	if len(salts) == 0 {
		return nil, compat.ErrShortFile
	}
	if len(salts) == 2 && string(salts[0]) == string(salts[1]) {
		salts = salts[:1]
	}
	return salts, nil
}

// proves looks for a page that shows the key to be right. Without a MAC it must
// look like one.
func (f *File) proves(set compat.Settings) bool {
	page, usable := make([]byte, f.pageSize), set.Geometry().Usable()
	for pgno := uint32(1); pgno <= f.count && pgno != 0; pgno++ {
		if f.Read(pgno, page) != nil || pgno == 1 && set.PlaintextHeader == usable {
			continue
		}
		if set.UseHMAC || pgno == 1 && compat.PlausibleHeader(page, f.pageSize) ||
			pgno > 1 && looksLikeNode(pgno, page[:usable]) {
			return true
		}
	}
	return false
}

// Count is of Pages.
func (f *File) Count() uint32 { return f.count }

// Layout is of Pages.
func (f *File) Layout() (pageSize, reserve int) {
	if f.codec == nil {
		return f.pageSize, 0
	}
	return f.pageSize, f.codec.Geometry().Reserve()
}

// Read is of Pages.
func (f *File) Read(pgno uint32, page []byte) error {
	if err := f.readRaw(pgno, page); err != nil || f.codec == nil {
		return err
	}
	err := f.codec.Decrypt([]hmacpage.Page{{Pgno: pgno, Plain: page, Cipher: page}})
	if errors.Is(err, hmacpage.ErrAuth) {
		return ErrHole
	}
	return err
}

// Encrypted tells whether the database is.
func (f *File) Encrypted() bool { return f.codec != nil }

// Notes are what there is to know about the files.
func (f *File) Notes() (notes []string) {
	if f.guessed {
		notes = append(notes, fmt.Sprintf("the header is gone; the pages look like ones of %d bytes", f.pageSize))
	}
	if n := len(f.undo.Images); n > 0 {
		notes = append(notes, fmt.Sprintf("a transaction was cut off: %d pages are taken from the journal", n))
	}
	if n := len(f.committed.Images); n > 0 {
		notes = append(notes, fmt.Sprintf("%d pages are taken from the write-ahead log", n))
	}
	return notes
}

// Close closes the files and wipes the keys.
func (f *File) Close() (err error) {
	if f.codec != nil {
		f.codec.Wipe()
	}
	for _, part := range []*os.File{f.main, f.log, f.journal} {
		if part != nil {
			err = errors.Join(err, part.Close())
		}
	}
	return err
}
