package salvage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pageseal/pageseal/vfs"
)

// openBeside opens the log and the journal, if there are any that count.
func (f *File) openBeside(path string) (err error) {
	if f.log, err = openIfThere(path + "-wal"); err != nil {
		return err
	}
	if f.journal, err = openIfThere(path + "-journal"); err != nil || f.journal == nil {
		return err
	}
	hot, err := isHot(f.journal, path)
	if err == nil && !hot {
		err, f.journal = f.journal.Close(), nil
	}
	return err
}

func openIfThere(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return f, err
}

// isHot tells whether a journal is that of a transaction that was cut off. One
// that names a super-journal which is gone was committed.
func isHot(journal *os.File, path string) (bool, error) {
	var first [1]byte
	if n, err := journal.ReadAt(first[:], 0); n == 0 || first[0] == 0 {
		if err == io.EOF {
			err = nil
		}
		return false, err
	}
	name, err := superJournal(journal)
	if err != nil || name == "" {
		return err == nil, err
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(path), name)
	}
	_, err = os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// superJournal is the name at the end of a journal, empty if there is none.
func superJournal(journal *os.File) (string, error) {
	info, err := journal.Stat()
	if err != nil {
		return "", err
	}
	var end [16]byte
	if _, err := journal.ReadAt(end[:], max(0, info.Size()-16)); err != nil {
		if err == io.EOF {
			err = nil
		}
		return "", err
	}
	const magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
	size := int64(binary.BigEndian.Uint32(end[:]))
	if string(end[8:]) != magic || size == 0 || size > 4096 || size > info.Size()-16 {
		return "", nil
	}
	name := make([]byte, size)
	if _, err := journal.ReadAt(name, info.Size()-16-size); err != nil {
		return "", err
	}
	sum := uint32(0)
	for _, c := range name {
		sum += uint32(int8(c))
	}
	if sum != binary.BigEndian.Uint32(end[4:]) {
		return "", nil
	}
	name, _, _ = bytes.Cut(name, []byte{0})
	return string(name), nil
}

// sized is a file as package vfs reads it.
type sized struct{ *os.File }

// Size is the size in bytes.
func (s sized) Size() (int64, error) {
	info, err := s.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// layOut counts the pages of a size in all files.
func (f *File) layOut(pageSize int) {
	f.pageSize, f.committed, f.undo = pageSize, vfs.Leftover{}, vfs.Leftover{}
	f.count = uint32(min((f.size+int64(pageSize)-1)/int64(pageSize), 1<<32-2))
	if f.journal != nil {
		if f.undo = vfs.Undo(sized{f.journal}, pageSize); f.undo.Images != nil {
			f.resize(f.undo)
		}
	}
	if f.log != nil {
		if f.committed = vfs.Committed(f.log, pageSize); f.committed.Pages > 0 {
			f.resize(f.committed)
		}
	}
}

// resize is for a database that has another size with a log or a journal. New
// pages are all in there, but for the one that is never written: a size that says
// more is not believed.
func (f *File) resize(l vfs.Leftover) {
	most := uint64(f.count) + uint64(len(l.Images)) + 1
	f.count = uint32(min(uint64(l.Pages), most))
}

// readRaw reads a page as it stands in the file that has its last version.
func (f *File) readRaw(pgno uint32, page []byte) error {
	if at, ok := f.committed.Images[pgno]; ok {
		return readPage(f.log, at, page)
	}
	if at, ok := f.undo.Images[pgno]; ok {
		return readPage(f.journal, at, page)
	}
	return f.readMain(pgno, page)
}

// readMain reads a page of the database file.
func (f *File) readMain(pgno uint32, page []byte) error {
	return readPage(f.main, int64(pgno-1)*int64(f.pageSize), page)
}

// readPage reads a page. One that the file ends before, or that the disk does
// not give any more, is a hole.
func readPage(f *os.File, at int64, page []byte) error {
	if n, _ := f.ReadAt(page, at); n < len(page) {
		clear(page)
		return ErrHole
	}
	return nil
}
