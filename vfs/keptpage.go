package vfs

import (
	"bytes"

	"github.com/pageseal/pageseal/hmacpage"
)

// Pages in clear are kept in two places: those read ahead of SQLite, by this
// database for itself, and those that were read before, by the process for all of
// its connections. Both hold only what has verified under a key that is proven.
// Whatever checks a file or rewrites it in place reads around them, and so does a
// conversion, unless its source has a log.

// shelved is the place of a database in the cache of the process.
type shelved struct {
	*shelf
	codec *hmacpage.Codec // that the shelf is of
}

// keeps tells whether pages may be kept.
func (m *MainDB) keeps() bool { return m.state == proven && m.set.UseHMAC }

// cached is the key of a page in the cache of the process; ok tells whether it may
// be there. A plaintext header changes without a change of the tag.
func (m *MainDB) cached(pgno uint32) (k pageKey, ok bool) {
	if !m.keeps() || verifiedPages.limit.Load() == 0 || pgno == 1 && m.set.PlaintextHeader > 0 {
		return k, false
	}
	if m.shelved.codec != m.codec {
		m.unshelve()
		m.shelved = shelved{verifiedPages.open(m.path, m.set.Geometry(), m.keys), m.codec}
	}
	return pageKey{m.shelved.number, pgno}, true
}

// unshelve leaves the cache: the keys are about to go.
func (m *MainDB) unshelve() {
	if m.shelved.shelf != nil {
		verifiedPages.release(m.shelved.shelf)
	}
	m.shelved = shelved{}
}

// The seal of a page is what stands behind its ciphertext: IV and tag. Two pages
// under one key that have the same one are the same page with the same content.

func (m *MainDB) sealSize() int {
	g := m.set.Geometry()
	return g.TagOffset() + g.MAC.Size() - g.IVOffset()
}

// sealOf is the seal of an encrypted page.
func (m *MainDB) sealOf(page []byte) []byte {
	return page[m.set.Geometry().IVOffset():][:m.sealSize()]
}

// readSeal reads the seal of the page at an offset of a file.
func (m *MainDB) readSeal(f File, off int64) (seal []byte, ok bool) {
	seal = m.seal[:m.sealSize()]
	n, err := f.ReadAt(seal, off+int64(m.set.Geometry().IVOffset()))
	return seal, n == len(seal) && err == nil
}

// sealed tells whether a page has that seal on disk.
func (m *MainDB) sealed(seal []byte, pgno uint32) bool {
	now, ok := m.readSeal(m.base, int64(pgno-1)*m.pageSize())
	return ok && bytes.Equal(now, seal)
}

// keep lets the cache have a page that has verified, of the file in a span or, with
// 0, of the log.
func (m *MainDB) keep(pgno uint32, seal, plain []byte, span uint64) {
	if k, ok := m.cached(pgno); ok {
		verifiedPages.put(k, seal, plain, span)
	}
}

// rekeep has the cache keep a page as it was written just now, if it keeps it at
// all. The next transaction begins with a look at page 1.
func (m *MainDB) rekeep(pgno uint32, plain, page []byte) {
	if k, ok := m.cached(pgno); ok && verifiedPages.has(k) {
		verifiedPages.put(k, m.sealOf(page), plain, 0)
	}
}

// readKept serves a page, or a piece of one, from what is kept or read ahead, and
// tells whether it could.
func (m *MainDB) readKept(p []byte, off int64) bool {
	from := off % m.pageSize()
	if !m.keeps() || from+int64(len(p)) > m.pageSize() || failsToDecrypt() {
		return false
	}
	pgno := uint32(off/m.pageSize()) + 1
	var s *stream
	way := nowhereNear
	if len(p) == m.set.PageSize {
		s, way = m.ahead.follows(pgno)
	}
	w := m.ahead.holds(pgno)
	if w == nil && way != nowhereNear {
		w = m.fetch(s, pgno, way)
	}
	if w != nil && m.serve(w, p, pgno, from) {
		if way != nowhereNear {
			m.fetchNext(s, w, way)
		}
		return true
	}
	k, ok := m.cached(pgno)
	if !ok {
		return false
	}
	span := m.spanNumber()
	if served, there := verifiedPages.getInSpan(k, span, p, int(from)); served || !there {
		return served
	}
	seal, ok := m.readSeal(m.base, off-from)
	return ok && verifiedPages.get(k, seal, p, int(from), span)
}
