package vfs

import (
	"math/bits"

	"github.com/pageseal/pageseal/hmacpage"
)

const (
	windowPages = 64        // most pages in a window
	windowBytes = 128 << 10 // and most bytes
)

// window is what one read has fetched.
type window struct {
	size   int    // bytes of a page
	buf    []byte // the engine's
	first  uint32 // page at its start
	n      int    // pages in it
	good   uint64 // which of them can be served, as bits
	kept   uint64 // which of these the cache of the process has, so that they are not decrypted
	served uint64 // which of them were
	seals  [][maxReserve]byte
	pages  []hmacpage.Page // those that are decrypted
	job    *job            // their decryption, nil if it is done
}

// release makes the memory of the window free for something else.
func (w *window) release() {
	w.job.cancel()
	w.job = nil
	w.n, w.good, w.kept, w.served = 0, 0, 0, 0
}

// wipe forgets it for good.
func (w *window) wipe() {
	w.release()
	w.first = 0
	clear(w.buf)
}

// holds tells whether a page can be served out of the window.
func (w *window) holds(pgno uint32) bool {
	i := int64(pgno) - int64(w.first)
	return i >= 0 && i < int64(w.n) && w.good&(1<<i) != 0
}

// finish waits for the pages that are being decrypted. Those that do not verify
// are given up: another process may be writing them.
func (w *window) finish() {
	if w.job == nil {
		return
	}
	w.job.do()
	for _, p := range w.job.pages {
		if p.Bad {
			w.good &^= 1 << (p.Pgno - w.first)
		}
	}
	w.job = nil
}

// overwritten gives up the pages in a range of the file.
func (w *window) overwritten(off int64, n int) {
	for i := range w.n {
		at := int64(w.first-1+uint32(i)) * int64(w.size)
		if at < off+int64(n) && off < at+int64(w.size) {
			w.good &^= 1 << i
		}
	}
}

// asked is how many pages of the window were asked for.
func (w *window) asked() int { return bits.OnesCount64(w.served) }

// wasted tells whether no more than half of the window was asked for.
func (w *window) wasted() bool { return w.n > 0 && 2*w.asked() <= w.n }

// enlarge makes room for n pages.
func (w *window) enlarge(n int, m *MainDB) {
	most := m.windowPages()
	if n <= m.mostAhead() {
		most = m.mostAhead()
	}
	if most*w.size > len(w.buf) {
		w.buf = m.base.Buffer(most * w.size)
	}
	if most > len(w.seals) {
		w.seals, w.pages = make([][maxReserve]byte, most), make([]hmacpage.Page, most)
	}
}

// windowPages is how many pages a window can have.
func (m *MainDB) windowPages() int { return min(windowPages, windowBytes/m.set.PageSize) }

// fill reads up to n pages from a page on, and has those decrypted that the cache
// does not have.
func (m *MainDB) fill(w *window, pgno uint32, n int, codec *hmacpage.Codec) {
	w.release()
	w.first = pgno
	if n == 0 {
		return
	}
	w.size = m.set.PageSize
	w.enlarge(n, m)
	for off := 0; off < n*w.size; off += batchBytes {
		piece := w.buf[off:min(n*w.size, off+batchBytes)]
		got, _ := m.base.ReadAt(piece, int64(pgno-1)*m.pageSize()+int64(off))
		w.n += got / w.size
		if got < len(piece) {
			break
		}
	}
	batch := w.pages[:0]
	for i := range w.n {
		page, pgno := w.buf[i*w.size:][:w.size], pgno+uint32(i)
		seal := w.seals[i][:copy(w.seals[i][:], m.sealOf(page))]
		w.good |= 1 << i
		if k, ok := m.cached(pgno); ok && verifiedPages.holds(k, seal) {
			w.kept |= 1 << i
			continue
		}
		batch = appendPage(batch, pgno, page)
	}
	if len(batch) > 0 {
		w.job = &job{codec: codec, pages: batch}
	}
}

// appendPage has a page decrypted where it is. It is bad until it has been.
func appendPage(batch []hmacpage.Page, pgno uint32, page []byte) []hmacpage.Page {
	return append(batch, hmacpage.Page{Pgno: pgno, Plain: page, Cipher: page, Bad: true})
}

// serve copies a page, or a piece of one, from a window that holds it, and tells
// whether it could.
func (m *MainDB) serve(w *window, p []byte, pgno uint32, from int64) bool {
	i := pgno - w.first
	bit := uint64(1) << i
	seal := w.seals[i][:m.sealSize()]
	if m.ahead.logged && !m.ahead.shared && !m.sealed(seal, pgno) {
		w.good &^= bit
		return false
	}
	first := w.served&bit == 0
	w.served |= bit
	k, ok := m.cached(pgno)
	if w.kept&bit != 0 {
		return ok && verifiedPages.get(k, seal, p, int(from), m.spanNumber())
	}
	w.finish()
	if w.good&bit == 0 {
		return false
	}
	page := w.buf[int(i)*w.size:][:w.size]
	if first && ok && w.n < m.mostAhead() {
		// In a long read, to verify it once more takes less time than to keep it.
		verifiedPages.put(k, seal, page, m.spanNumber())
	}
	copy(p, page[from:])
	return true
}
