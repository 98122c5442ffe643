package vfs

import (
	"io"

	"github.com/pageseal/pageseal/kdf"
)

// admit lets a journal be read. SQLite asks for the first byte of a journal
// that it finds: zero, or none, means that it is not hot, and n is then what
// was read. From a hot one it is about to overwrite the database, so the key
// must be proven first.
func (j *Journal) admit(p []byte, off int64) (hot bool, n int, err error) {
	if j.admitted.holds(j.db) {
		return true, 0, nil
	}
	if off == 0 && len(p) == 1 {
		n, err := j.base.ReadAt(p, 0)
		if err != nil || n == 0 || p[0] == 0 {
			return false, n, err
		}
	}
	if err := j.admitted.grant(j.db, j); err != nil {
		clear(p)
		return false, 0, err
	}
	return true, 0, nil
}

// proves looks for a record that opens under the key of the database. The
// first whole one decides, as a transaction journals under one key; without a
// MAC only an image of page 1 can.
func (j *Journal) proves() (ok bool) {
	records(j.base, uint32(j.db.set.PageSize), func(r record) bool {
		if !j.db.set.UseHMAC && r.pgno != 1 {
			return true
		}
		image := j.scratch()
		n, err := j.base.ReadAt(image, r.image)
		if n < len(image) || err != nil && err != io.EOF {
			return false
		}
		if !j.intact(r.image, sampled(image)) {
			return false
		}
		ok = j.db.opens(r.pgno, image)
		return false
	})
	return ok
}

// salt reads it from the image of page 1: a change of the key that was cut short
// may have put another one into the database.
func (j *Journal) salt() (salt []byte) {
	records(j.base, uint32(j.db.set.PageSize), func(r record) bool {
		if r.pgno == 1 {
			head := make([]byte, kdf.SaltSize)
			if n, _ := j.base.ReadAt(head, r.image); n == len(head) {
				salt = head
			}
		}
		return r.pgno != 1
	})
	return salt
}

// wasEmpty tells whether the journal is that of the transaction that created
// the database.
func (j *Journal) wasEmpty() bool {
	s, ok := readSegment(j.base, 0, segment{pageSize: uint32(j.db.set.PageSize)})
	return ok && s.dbPages == 0
}
