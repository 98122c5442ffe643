package session

import (
	"sync"

	"github.com/pageseal/pageseal/compat"
)

// Keyring is what a Connector opens its database with. PRAGMA rekey and PRAGMA
// cipher_migrate on one of the connections change it for those to come; the
// others are stale from then on. Safe for concurrent use.
type Keyring struct {
	mu       sync.Mutex
	key      compat.Keyspec
	settings compat.Settings
	changes  int // how often it was changed

	migrating sync.Mutex
	migrated  bool
}

// NewKeyring takes the key over.
func NewKeyring(key compat.Keyspec, settings compat.Settings) *Keyring {
	return &Keyring{key: key, settings: settings}
}

// now is a copy of what it holds, and which one that is.
func (k *Keyring) now() (key compat.Keyspec, settings compat.Settings, changes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.key.Clone(), k.settings, k.changes
}

// latest tells which one is held.
func (k *Keyring) latest() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changes
}

func (k *Keyring) setKey(key compat.Keyspec) (changes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.key.Wipe()
	k.key = key
	k.changes++
	return k.changes
}

func (k *Keyring) setSettings(settings compat.Settings) (changes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.settings = settings
	k.changes++
	return k.changes
}

// Migrate carries out f, which is given the key and the settings and returns
// others, unless it has succeeded before.
func (k *Keyring) Migrate(f func(compat.Keyspec, compat.Settings) (compat.Settings, error)) error {
	k.migrating.Lock()
	defer k.migrating.Unlock()
	if k.migrated {
		return nil
	}
	key, settings, _ := k.now()
	defer key.Wipe()
	settings, err := f(key, settings)
	if err != nil {
		return err
	}
	k.setSettings(settings)
	k.migrated = true
	return nil
}

// Wipe overwrites the key. Sessions that are open have their own.
func (k *Keyring) Wipe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.key.Wipe()
}
