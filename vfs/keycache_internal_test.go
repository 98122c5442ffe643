package vfs

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
)

func cacheSpec(tb testing.TB, n int) compat.Keyspec {
	tb.Helper()
	spec, err := compat.Passphrase([]byte{byte(n), byte(n >> 8), 'p'})
	if err != nil {
		tb.Fatal(err)
	}
	return spec
}

func cacheSettings() compat.Settings {
	s := compat.Latest.Settings()
	s.KDFIter = 1
	return s
}

// TestKeyCacheBound fills the cache over its bound: the longest unused goes.
func TestKeyCacheBound(t *testing.T) {
	t.Parallel()
	c := newKeyCache()
	salt := make([]byte, kdf.SaltSize)
	use := func(n int) (derived bool) {
		t.Helper()
		before := c.derivations.Load()
		if _, err := c.keys(cacheSpec(t, n), cacheSettings(), salt); err != nil {
			t.Fatal(err)
		}
		return c.derivations.Load() != before
	}
	for n := range maxCachedKeys {
		use(n)
	}
	if use(0) {
		t.Fatal("dropped before the cache was full")
	}
	use(maxCachedKeys) // 1 is now the longest unused
	if len(c.entries) != maxCachedKeys || c.recent.Len() != maxCachedKeys {
		t.Errorf("%d entries, %d in order, want %d", len(c.entries), c.recent.Len(), maxCachedKeys)
	}
	for n, want := range map[int]bool{0: false, 2: false, maxCachedKeys: false} {
		if use(n) != want {
			t.Errorf("passphrase %d: derived anew", n)
		}
	}
	if !use(1) {
		t.Error("the longest unused was kept")
	}
}

// TestKeyCacheForget wipes what the cache holds and nothing that it handed out.
func TestKeyCacheForget(t *testing.T) {
	t.Parallel()
	c := newKeyCache()
	salt := make([]byte, kdf.SaltSize)
	out, err := c.keys(cacheSpec(t, 1), cacheSettings(), salt)
	if err != nil {
		t.Fatal(err)
	}
	held := c.recent.Front().Value.(*keyEntry).keys
	want := cloneKeys(out)
	c.forget()
	if !allZero(held.Key) || !allZero(held.MACKey) || len(held.Key) == 0 {
		t.Error("the cache left keys behind")
	}
	if !bytes.Equal(out.Key, want.Key) || !bytes.Equal(out.MACKey, want.MACKey) {
		t.Error("keys handed out were wiped")
	}
	if len(c.entries) != 0 || c.recent.Len() != 0 {
		t.Errorf("%d entries, %d in order", len(c.entries), c.recent.Len())
	}
	wipeKeys(out)
	again, err := c.keys(cacheSpec(t, 1), cacheSettings(), salt)
	if err != nil || !bytes.Equal(again.Key, want.Key) {
		t.Errorf("derived anew to something else, error %v", err)
	}
	wipeKeys(again)
	cached, err := c.keys(cacheSpec(t, 1), cacheSettings(), salt)
	if err != nil || !bytes.Equal(cached.Key, want.Key) || !bytes.Equal(cached.MACKey, want.MACKey) {
		t.Errorf("wiping a copy reached the cache, error %v", err)
	}
}

// TestKeyCacheFailure has a derivation fail: it is tried again.
func TestKeyCacheFailure(t *testing.T) {
	t.Parallel()
	c := newKeyCache()
	bad := cacheSettings()
	bad.KDFIter = 0
	for want := int64(1); want < 3; want++ {
		if keys, err := c.keys(cacheSpec(t, 1), bad, make([]byte, kdf.SaltSize)); err == nil || keys.Key != nil {
			t.Fatalf("no error, or keys with it: %v", err)
		}
		if n := c.derivations.Load(); n != want {
			t.Errorf("tried %d times, want %d", n, want)
		}
	}
	if _, err := c.keys(cacheSpec(t, 1), cacheSettings(), make([]byte, 15)); err == nil {
		t.Error("a short salt is no error")
	}
}

// TestKeyCacheRace forgets keys while others are derived.
func TestKeyCacheRace(t *testing.T) {
	t.Parallel()
	c := newKeyCache()
	salt := make([]byte, kdf.SaltSize)
	want, err := cacheSpec(t, 1).Derive(cacheSettings(), salt)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 100 {
				if i == 0 {
					c.forget()
				}
				keys, err := c.keys(cacheSpec(t, 1), cacheSettings(), salt)
				if err == nil && !bytes.Equal(keys.Key, want.Key) {
					err = errors.New("other keys")
				}
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := c.keys(cacheSpec(t, 2+i*100+n), cacheSettings(), salt); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := c.recent.Len(); n > maxCachedKeys || n != len(c.entries) {
		t.Errorf("%d entries, %d in order", len(c.entries), n)
	}
}
