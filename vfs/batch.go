package vfs

// batchBytes are read or written at a time where all pages of a file are.
// SQLite's VFS for Unix writes less than 128 KiB in one call, as it cuts the
// length to 17 bits.
const batchBytes = 64 << 10

// pagesAtOnce is how many pages a batch has at most.
func (m *MainDB) pagesAtOnce() int { return max(1, batchBytes/m.set.PageSize) }

// batches cuts the pages from 1 to last into batches of n pages, without the
// lock-byte page.
func (m *MainDB) batches(last uint32, f func(first, n uint32) error) error {
	lockByte := m.set.Geometry().LockBytePage()
	for pgno := uint32(1); pgno <= last; {
		if pgno == lockByte {
			pgno++
			continue
		}
		n := min(uint32(m.pagesAtOnce()), last-pgno+1)
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

// bulk is memory for a batch.
func (m *MainDB) bulk() []byte {
	if n := m.pagesAtOnce() * m.set.PageSize; len(m.many) != n {
		m.many = m.base.Buffer(n)
	}
	return m.many
}
