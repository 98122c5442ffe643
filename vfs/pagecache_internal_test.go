package vfs

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
)

// total is how many bytes of pages there are, as counted and as they are.
func (c *pageCache) total() (counted, real int64) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		counted += s.bytes
		for _, p := range s.ring {
			real += int64(len(p.plain))
		}
		if len(s.ring) != len(s.index) {
			real = -1
		}
		s.mu.Unlock()
	}
	return counted, real
}

// TestPageCacheBounds has many goroutines share a cache that is too small, by
// pages whose content tells their number and their tag.
func TestPageCacheBounds(t *testing.T) {
	t.Parallel()
	const limit = 16 * 8 * 1024
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := newPageCache(limit)
	content := func(k pageKey, version uint64, size int) []byte {
		b := binary.BigEndian.AppendUint64(nil, k.shelf<<40|uint64(k.pgno)<<8|version)
		return bytes.Repeat(b, size/8)
	}
	var hits [8]int
	var wg sync.WaitGroup
	for g := range hits {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(g)))
			got := make([]byte, 4096)
			for range 5000 {
				k := pageKey{1 + rng.Uint64N(3), 1 + rng.Uint32N(40)}
				size := []int{0, 1024, 2048, 4096}[k.shelf]
				version := rng.Uint64N(2)
				seal := []byte{byte(version)}
				switch {
				case c.get(k, seal, got[:size], 0, 0):
					hits[g]++
					if !bytes.Equal(got[:size], content(k, version, size)) {
						t.Errorf("page %d of %d: other content", k.pgno, k.shelf)
					}
				case rng.IntN(500) == 0:
					c.forget(func(other pageKey) bool { return other.shelf == k.shelf })
				case rng.IntN(500) == 0:
					c.setLimit(limit / 2)
					c.setLimit(limit)
				default:
					c.put(k, seal, content(k, version, size), 0)
				}
				if counted, real := c.total(); counted > limit || real > limit {
					t.Errorf("%d bytes, %d by count, with a limit of %d", real, counted, limit)
				}
			}
		})
	}
	wg.Wait()
	for g, n := range hits {
		if n < 20 {
			t.Errorf("goroutine %d: only %d hits", g, n)
		}
	}
	c.setLimit(0)
	if counted, real := c.total(); counted != 0 || real != 0 {
		t.Errorf("turned off, and has %d bytes, %d by count", real, counted)
	}
}

// TestPageCacheSparesWhatIsAskedFor evicts by a clock.
func TestPageCacheSparesWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	c := newPageCache(pageCacheShards * 4 * 1024)
	page, seal := make([]byte, 1024), []byte{1}
	often := pageKey{1, 1}
	c.put(often, seal, page, 0)
	for pgno := uint32(2); pgno < 1000; pgno++ {
		if !c.get(often, seal, page, 0, 0) {
			t.Fatalf("the page that is asked for all the time was gone at %d", pgno)
		}
		c.put(pageKey{1, pgno}, seal, page, 0)
	}
	if c.has(pageKey{1, 2}) {
		t.Error("a page that nobody asks for stays")
	}
	if counted, _ := c.total(); counted > c.limit.Load() {
		t.Errorf("%d bytes", counted)
	}
}

// TestPageCacheWipes looks at the memory of pages that went.
func TestPageCacheWipes(t *testing.T) {
	t.Parallel()
	c := newPageCache(pageCacheShards * 4096)
	s := c.open("/a", hmacpage.Geometry{}, hmacpage.Keys{})
	if again := c.open("/a", hmacpage.Geometry{}, hmacpage.Keys{}); again != s {
		t.Fatal("two shelves for one file")
	}
	wiped := func(k pageKey, what string, drop func()) {
		t.Helper()
		memory := c.shard(k).index[k].plain
		drop()
		if c.has(k) || !allZero(memory) {
			t.Errorf("%s: not wiped", what)
		}
	}
	k, secret := pageKey{s.number, 7}, bytes.Repeat([]byte{9}, 4096)
	c.put(k, nil, secret, 0)
	c.release(s)
	if !c.has(k) {
		t.Error("gone while a connection is open")
	}
	wiped(k, "last close", func() { c.release(s) })
	c.put(k, nil, secret, 0)
	wiped(k, "forgotten", func() { c.forget(func(pageKey) bool { return true }) })
	c.put(k, nil, secret, 0)
	wiped(k, "less room", func() { c.setLimit(4096) })
	if next := c.open("/a", hmacpage.Geometry{}, hmacpage.Keys{}); next.number == s.number {
		t.Error("the number of a shelf comes again")
	}
}

// TestPageCacheIdentity has one shelf for each difference.
func TestPageCacheIdentity(t *testing.T) {
	t.Parallel()
	key := func(c byte) []byte { return bytes.Repeat([]byte{c}, 32) }
	g := hmacpage.Geometry{PageSize: 4096, MAC: hmacpage.HMACSHA512}
	k := hmacpage.Keys{Key: key(1), MACKey: key(2), Salt: key(3)[:16]}
	seen := map[[16]byte]string{}
	note := func(name, path string, edit func(*hmacpage.Geometry, *hmacpage.Keys)) {
		g, k := g, k
		edit(&g, &k)
		id := identityOf(path, g, k)
		if other, ok := seen[id]; ok {
			t.Errorf("%s has the identity of %s", name, other)
		}
		seen[id] = name
	}
	note("itself", "/a", func(*hmacpage.Geometry, *hmacpage.Keys) {})
	note("path", "/b", func(*hmacpage.Geometry, *hmacpage.Keys) {})
	note("key", "/a", func(_ *hmacpage.Geometry, k *hmacpage.Keys) { k.Key = key(4) })
	note("MAC key", "/a", func(_ *hmacpage.Geometry, k *hmacpage.Keys) { k.MACKey = key(4) })
	note("salt", "/a", func(_ *hmacpage.Geometry, k *hmacpage.Keys) { k.Salt = key(4)[:16] })
	note("page size", "/a", func(g *hmacpage.Geometry, _ *hmacpage.Keys) { g.PageSize = 8192 })
	note("MAC", "/a", func(g *hmacpage.Geometry, _ *hmacpage.Keys) { g.MAC = hmacpage.HMACSHA256 })
	note("order", "/a", func(g *hmacpage.Geometry, _ *hmacpage.Keys) { g.PgnoOrder = hmacpage.BigEndian })
	note("header", "/a", func(g *hmacpage.Geometry, _ *hmacpage.Keys) { g.PlaintextHeader = 32 })
}

func TestPageCacheFromEnv(t *testing.T) {
	for value, want := range map[string]int64{"": pageCacheSize, "0": 0, "1000": 1000, "-1": pageCacheSize, "lots": pageCacheSize} {
		t.Setenv("PAGESEAL_PAGECACHE", value)
		if got := pageCacheFromEnv(); got != want {
			t.Errorf("%q: %d, want %d", value, got, want)
		}
	}
}
