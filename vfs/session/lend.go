package session

import "github.com/pageseal/pageseal/compat"

// Lend carries out f, with a text that stands for the key in PRAGMA key and
// PRAGMA rekey. The key is in no statement then, and stays the caller's.
func (s *Session) Lend(key compat.Keyspec, f func(text string) error) error {
	s.lend(key)
	defer s.lend(compat.Keyspec{})
	return f(keyPrefix + s.token)
}

// keyPrefix keeps the text apart from a token in a URI, which opens a database
// under the key that the session has already.
const keyPrefix = "pageseal:"

func (s *Session) lend(key compat.Keyspec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lent = key
}

// Key is of vfs.Listener.
func (s *Session) Key(text string) (key compat.Keyspec, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lent.IsZero() || text != keyPrefix+s.token {
		return compat.Keyspec{}, false
	}
	return s.lent.Clone(), true
}
