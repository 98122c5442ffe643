package vfs

import (
	"fmt"
	"io"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// mostProblems bounds the rows of an integrity check. Under a wrong key every
// page is one.
const mostProblems = 100_000

// integrityCheck verifies the MAC of each page of the file as it lies there:
// pages that SQLite holds back, those of the log and of a hot journal do not
// count, and those behind the end of the database do. It takes no lock. Rows
// tell what is wrong; there is none where nothing is.
func (m *MainDB) integrityCheck(name string) (Reply, error) {
	if !m.set.UseHMAC {
		return row(name, "HMAC is not enabled, unable to integrity check"), nil
	}
	size, err := m.base.Size()
	if err != nil {
		return Reply{}, err
	}
	count, rest := uint32(size/m.pageSize()), size%m.pageSize()
	c := checker{m: m}
	if count > 0 {
		if !m.deriveForFile() {
			return row(name, "unable to derive keys"), nil
		}
		if err := c.checkAll(count); err != nil {
			return Reply{}, err
		}
	}
	if rest != 0 {
		c.problem("page %d has an invalid size of %d bytes (expected %d bytes)", count+1, rest, m.pageSize())
	}
	return Reply{Handled: true, Column: name, Rows: c.rows()}, nil
}

// deriveForFile derives the keys that the file asks for, unless they are proven.
func (m *MainDB) deriveForFile() bool {
	var head [kdf.SaltSize]byte
	if m.derive() != nil {
		return false
	}
	_, err := m.base.ReadAt(head[:], 0)
	return err == nil && m.followSalt(head[:]) == nil
}

// checker verifies pages without looking at them.
type checker struct {
	m        *MainDB
	codec    *hmacpage.Team
	disk     []byte
	pages    []hmacpage.Page // one batch
	problems []string
	more     int // problems that are not listed
}

func (c *checker) problem(format string, args ...any) {
	if len(c.problems) == mostProblems {
		c.more++
		return
	}
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) rows() []string {
	if c.more > 0 {
		return append(c.problems, fmt.Sprintf("%d further problems", c.more))
	}
	return c.problems
}

// checkAll verifies the pages up to the last.
func (c *checker) checkAll(last uint32) (err error) {
	if c.codec, err = hmacpage.NewTeam(c.m.set.Geometry(), c.m.keys); err != nil {
		return err
	}
	defer c.codec.Wipe()
	c.disk = c.m.bulk(last)
	defer clear(c.disk) // which is decrypted there
	return c.m.batches(last, func(first, n uint32) error {
		c.check(first, n)
		return c.m.progress(uint64(first)+uint64(n)-1, uint64(last))
	})
}

// check verifies n pages from first on. If they cannot be read together, they
// are read one by one.
func (c *checker) check(first, n uint32) {
	size := c.m.set.PageSize
	disk := c.disk[:int(n)*size]
	if got, err := c.m.base.ReadAt(disk, int64(first-1)*c.m.pageSize()); got < len(disk) || err != nil && err != io.EOF {
		if n == 1 {
			from := c.m.set.Geometry().EncryptedFrom(first)
			c.problem("error reading %d bytes from file page %d at offset %d",
				size-from, first, int64(first-1)*c.m.pageSize()+int64(from))
			return
		}
		for i := range n {
			c.check(first+i, 1)
		}
		return
	}
	c.pages = c.pages[:0]
	for i := range n {
		page := disk[int(i)*size:][:size]
		c.pages = append(c.pages, hmacpage.Page{Pgno: first + i, Plain: page, Cipher: page})
	}
	_ = c.codec.Decrypt(c.pages)
	for _, p := range c.pages {
		// A first page that is in clear altogether has no MAC.
		if p.Bad || c.m.set.Geometry().EncryptedFrom(p.Pgno) == c.m.set.Geometry().Usable() {
			c.problem("HMAC verification failed for page %d", p.Pgno)
		}
	}
}
