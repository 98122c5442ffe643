package session

import (
	"sync"

	"github.com/pageseal/pageseal/compat"
)

// Keyring is the key that a Connector opens connections with. PRAGMA rekey on
// one of them changes it for those to come; the others are stale from then on.
// Safe for concurrent use.
type Keyring struct {
	mu     sync.Mutex
	key    compat.Keyspec
	rekeys int // how often it was changed
}

// NewKeyring takes the key over.
func NewKeyring(key compat.Keyspec) *Keyring { return &Keyring{key: key} }

// now is a copy of the key, and which one it is.
func (k *Keyring) now() (key compat.Keyspec, rekeys int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.key.Clone(), k.rekeys
}

func (k *Keyring) replace(key compat.Keyspec) (rekeys int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.key.Wipe()
	k.key = key
	k.rekeys++
	return k.rekeys
}
