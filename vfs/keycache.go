package vfs

import (
	"bytes"
	"container/list"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"sync/atomic"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// maxCachedKeys bounds the cache of derived keys; a desktop program has a
// handful of databases.
const maxCachedKeys = 64

// keyCache holds the keys that passphrases of this process led to, so that
// only the first connection of a pool runs PBKDF2. It knows a passphrase by a
// digest under a secret of the process, and holds none.
type keyCache struct {
	secret      []byte
	derivations atomic.Int64

	mu      sync.Mutex
	entries map[[sha256.Size]byte]*list.Element
	recent  *list.List // of *keyEntry, the latest used first
}

type keyEntry struct {
	digest [sha256.Size]byte

	mu   sync.Mutex // held during the derivation: others wait for the outcome
	keys hmacpage.Keys
}

// derivedKeys is the cache of the process.
var derivedKeys = newKeyCache()

func newKeyCache() *keyCache {
	c := &keyCache{entries: map[[sha256.Size]byte]*list.Element{}, recent: list.New()}
	c.secret = make([]byte, 32)
	_, _ = rand.Read(c.secret) // never fails, see crypto/rand
	return c
}

// keys derives the keys or takes them from the cache. Connections that open
// one database at the same time wait for one derivation.
func (c *keyCache) keys(spec compat.Keyspec, s compat.Settings, salt []byte) (hmacpage.Keys, error) {
	if !spec.Slow() {
		return spec.Derive(s, salt)
	}
	e := c.entry(spec.Digest(c.secret, s, salt))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.keys.Key == nil {
		c.derivations.Add(1)
		keys, err := spec.Derive(s, salt)
		if err != nil {
			return hmacpage.Keys{}, err
		}
		e.keys = keys
	}
	return cloneKeys(e.keys), nil
}

func (c *keyCache) entry(digest [sha256.Size]byte) *keyEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.entries[digest]; ok {
		c.recent.MoveToFront(el)
		return el.Value.(*keyEntry)
	}
	e := &keyEntry{digest: digest}
	c.entries[digest] = c.recent.PushFront(e)
	if c.recent.Len() > maxCachedKeys {
		// Not wiped here: its derivation may be under way, and would hold up
		// everyone else.
		c.drop(c.recent.Back())
	}
	return e
}

func (c *keyCache) drop(el *list.Element) *keyEntry {
	e := c.recent.Remove(el).(*keyEntry)
	delete(c.entries, e.digest)
	return e
}

func (c *keyCache) forget() {
	var dropped []*keyEntry
	c.mu.Lock()
	for c.recent.Len() > 0 {
		dropped = append(dropped, c.drop(c.recent.Back()))
	}
	c.mu.Unlock()
	for _, e := range dropped {
		e.mu.Lock()
		wipeKeys(e.keys)
		e.keys = hmacpage.Keys{}
		e.mu.Unlock()
	}
}

// DeriveKeys derives the keys of a database as a connection would, from the same
// cache. The caller wipes them. Safe for concurrent use.
func DeriveKeys(spec compat.Keyspec, s compat.Settings, salt []byte) (hmacpage.Keys, error) {
	return derivedKeys.keys(spec, s, salt)
}

// ForgetKeys wipes and empties the process-wide cache of derived keys. Open
// databases keep theirs; the next connection derives anew. Safe for concurrent
// use.
func ForgetKeys() { derivedKeys.forget() }

// Derivations counts how often this process has run the PBKDF2 rounds of a
// passphrase. Safe for concurrent use.
func Derivations() int64 { return derivedKeys.derivations.Load() }

func cloneKeys(k hmacpage.Keys) hmacpage.Keys {
	return hmacpage.Keys{
		Key: bytes.Clone(k.Key), MACKey: bytes.Clone(k.MACKey), Salt: bytes.Clone(k.Salt),
	}
}

func wipeKeys(k hmacpage.Keys) {
	kdf.Wipe(k.Key)
	kdf.Wipe(k.MACKey)
}
