package vfs

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/pageseal/pageseal/hmacpage"
)

const (
	pageCacheSize   = 64 << 20 // bytes of pages, unless it is set
	pageCacheShards = 16
	maxReserve      = 80 // bytes, of any geometry
)

// pageCache holds pages in clear that this process has verified, for all of its
// connections. A page is served from it only where its IV and tag stand on disk
// as they did then, or did earlier in the same span, so nobody has to tell it of
// what other processes write, nor which of two snapshots a connection sees.
type pageCache struct {
	limit  atomic.Int64 // bytes of pages, 0 is off
	shards [pageCacheShards]pageShard

	mu      sync.Mutex
	shelves map[[16]byte]*shelf
	last    uint64
}

// shelf is what the connections to one file under the same keys have in common. Its
// number is never used again.
type shelf struct {
	identity [16]byte
	number   uint64
	open     int // connections
}

// pageShard is a part of the cache with a lock of its own. The ring is for the
// hand of a clock: a page that was asked for since it came by is spared once.
type pageShard struct {
	mu    sync.Mutex
	index map[pageKey]*cachedPage
	ring  []*cachedPage
	hand  int
	bytes int64
	spare sync.Pool // wiped pages, as memory that was used before is faster to fill
}

type pageKey struct {
	shelf uint64
	pgno  uint32
}

type cachedPage struct {
	key   pageKey
	asked bool
	span  uint64           // in which it was found on disk last, 0 for none
	seal  [maxReserve]byte // IV and tag as they stand on disk
	plain []byte
}

// verifiedPages is the cache of the process.
var verifiedPages = newPageCache(pageCacheFromEnv())

// pageCacheFromEnv is the size that PAGESEAL_PAGECACHE asks for, in bytes.
func pageCacheFromEnv() int64 {
	n, err := strconv.ParseInt(os.Getenv("PAGESEAL_PAGECACHE"), 10, 64)
	if err != nil || n < 0 {
		return pageCacheSize
	}
	return n
}

func newPageCache(limit int64) *pageCache {
	c := &pageCache{shelves: map[[16]byte]*shelf{}}
	c.limit.Store(limit)
	for i := range c.shards {
		c.shards[i].index = map[pageKey]*cachedPage{}
	}
	return c
}

// SetPageCache sets how many bytes of pages the process keeps in clear for its
// connections, 64 MiB at first, and returns how many it was; 0 turns that off.
// Pages beyond are wiped. Safe for concurrent use.
func SetPageCache(bytes int64) (before int64) { return verifiedPages.setLimit(max(0, bytes)) }

func (c *pageCache) setLimit(bytes int64) (before int64) {
	before = c.limit.Swap(bytes)
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for s.bytes > c.share() {
			s.remove(s.victim())
		}
		s.mu.Unlock()
	}
	return before
}

// ForgetPages wipes the pages that the process keeps in clear for its
// connections. SQLite has pages of its own, and a connection some that it has read
// ahead, up to 512 KiB. Safe for concurrent use.
func ForgetPages() {
	verifiedPages.forget(func(pageKey) bool { return true })
}

// share is how many bytes one shard may have.
func (c *pageCache) share() int64 { return c.limit.Load() / pageCacheShards }

func (c *pageCache) shard(k pageKey) *pageShard {
	return &c.shards[(k.pgno+uint32(k.shelf))*0x9e3779b1>>28]
}

// open finds the shelf of a file, a new one if the path is empty. It takes a
// release.
func (c *pageCache) open(path string, g hmacpage.Geometry, keys hmacpage.Keys) *shelf {
	id := identityOf(path, g, keys)
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.shelves[id]
	if s == nil || path == "" {
		c.last++
		s = &shelf{identity: id, number: c.last}
	}
	if path != "" {
		c.shelves[id] = s
	}
	s.open++
	return s
}

// release gives a shelf back. The last one wipes its pages.
func (c *pageCache) release(s *shelf) {
	c.mu.Lock()
	s.open--
	gone := s.open == 0
	if gone && c.shelves[s.identity] == s {
		delete(c.shelves, s.identity)
	}
	c.mu.Unlock()
	if gone {
		c.forget(func(k pageKey) bool { return k.shelf == s.number })
	}
}

// identityOf tells files and their codecs apart, and tells nothing of the keys.
func identityOf(path string, g hmacpage.Geometry, keys hmacpage.Keys) (id [16]byte) {
	h := hmac.New(sha256.New, keys.MACKey)
	fmt.Fprintf(h, "pageseal page cache %d %d %d %d ", g.PageSize, g.MAC, g.PgnoOrder, g.PlaintextHeader)
	h.Write(keys.Salt)
	h.Write(keys.Key)
	io.WriteString(h, path)
	copy(id[:], h.Sum(nil))
	return id
}

// has tells whether there is such a page, however it stands on disk.
func (c *pageCache) has(k pageKey) bool {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.index[k] != nil
}

// holds tells whether there is a page that has that IV and tag on disk.
func (c *pageCache) holds(k pageKey, seal []byte) bool {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.index[k]
	return page != nil && bytes.Equal(page.seal[:len(seal)], seal)
}

// getInSpan copies a piece of a page that was found on disk in a span, and tells whether
// there is such a page at all.
func (c *pageCache) getInSpan(k pageKey, span uint64, p []byte, from int) (served, there bool) {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.index[k]
	if page == nil || span == 0 || page.span != span {
		return false, page != nil
	}
	page.asked = true
	copy(p, page.plain[from:])
	return true, true
}

// get copies a piece of a page that has that IV and tag on disk, in a span if that is
// not 0.
func (c *pageCache) get(k pageKey, seal, p []byte, from int, span uint64) bool {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.index[k]
	if page == nil || !bytes.Equal(page.seal[:len(seal)], seal) {
		return false
	}
	page.asked = true
	if span != 0 {
		page.span = span
	}
	copy(p, page.plain[from:])
	return true
}

// put takes a copy of a page that has verified, of the file as it is in a span, or
// from elsewhere.
func (c *pageCache) put(k pageKey, seal, plain []byte, span uint64) {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.index[k]
	if page == nil {
		if page = s.room(c.share(), len(plain)); page == nil {
			return
		}
		page.key, page.asked = k, false
		s.index[k] = page
	}
	page.span = span
	copy(page.seal[:], seal)
	copy(page.plain, plain)
}

// room is a place for a page in the ring, nil if there can be none.
func (s *pageShard) room(share int64, size int) *cachedPage {
	if int64(size) > share {
		return nil
	}
	for s.bytes+int64(size) > share {
		i := s.victim()
		if page := s.ring[i]; len(page.plain) == size {
			delete(s.index, page.key)
			s.hand = i + 1
			return page
		}
		s.remove(i)
	}
	page, _ := s.spare.Get().(*cachedPage)
	if page == nil || len(page.plain) != size {
		page = &cachedPage{plain: make([]byte, size)}
	}
	s.ring = append(s.ring, page)
	s.bytes += int64(size)
	return page
}

// victim moves the hand to the page that goes next.
func (s *pageShard) victim() int {
	for {
		if s.hand >= len(s.ring) {
			s.hand = 0
		}
		page := s.ring[s.hand]
		if !page.asked {
			return s.hand
		}
		page.asked = false
		s.hand++
	}
}

// remove wipes a page of the ring, whose memory is there for the next.
func (s *pageShard) remove(i int) {
	page, last := s.ring[i], len(s.ring)-1
	delete(s.index, page.key)
	clear(page.plain)
	s.bytes -= int64(len(page.plain))
	s.ring[i], s.ring[last] = s.ring[last], nil
	s.ring = s.ring[:last]
	s.spare.Put(page)
}

// forget wipes some of the pages.
func (c *pageCache) forget(which func(pageKey) bool) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for at := len(s.ring) - 1; at >= 0; at-- {
			if which(s.ring[at].key) {
				s.remove(at)
			}
		}
		s.mu.Unlock()
	}
}
