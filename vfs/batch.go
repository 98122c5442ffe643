package vfs

const (
	// batchBytes are written at a time. SQLite's VFS for Unix writes less than
	// 128 KiB in one call, as it cuts the length to 17 bits.
	batchBytes = 64 << 10

	// bulkBytes are read and decrypted at a time where all pages of a file are:
	// enough to go round the processors.
	bulkBytes = 1 << 20
)

// pagesAtOnce is how many pages a batch has at most.
func (m *MainDB) pagesAtOnce() int { return max(1, batchBytes/m.set.PageSize) }

// bulkOf is how many of so many pages are worked on at a time: a batch of them,
// or many.
func (m *MainDB) bulkOf(pages uint32) uint32 {
	if n := uint32(m.pagesAtOnce()); pages <= n {
		return n
	}
	return uint32(max(1, bulkBytes/m.set.PageSize))
}

// batches cuts the pages from 1 to last into batches of n pages, without the
// lock-byte page.
func (m *MainDB) batches(last uint32, f func(first, n uint32) error) error {
	lockByte := m.set.Geometry().LockBytePage()
	for pgno := uint32(1); pgno <= last; {
		if pgno == lockByte {
			pgno++
			continue
		}
		n := min(m.bulkOf(last), last-pgno+1)
		if pgno < lockByte {
			n = min(n, lockByte-pgno)
		}
		if err := f(pgno, n); err != nil {
			return err
		}
		pgno += n
	}
	return nil
}

// bulk is memory for a batch of so many pages.
func (m *MainDB) bulk(pages uint32) []byte {
	if n := int(m.bulkOf(pages)) * m.set.PageSize; len(m.many) < n {
		m.many = m.base.Buffer(n)
	}
	return m.many
}

// writePieces writes what may be longer than a batch.
func writePieces(f File, p []byte, off int64) error {
	for len(p) > 0 {
		n := min(len(p), batchBytes)
		if _, err := f.WriteAt(p[:n], off); err != nil {
			return err
		}
		p, off = p[n:], off+int64(n)
	}
	return nil
}
