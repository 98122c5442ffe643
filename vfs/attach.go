package vfs

import "github.com/pageseal/pageseal/compat"

// Heir are the options of a database that takes over the key of this one: an
// ATTACH without a key. As in SQLCipher the derived keys are handed on, and
// the salt with them; only where nothing is derived yet, or cipher_store_pass
// has kept it, the passphrase is.
// Without a key here there is none to take over. withSettings hands on the
// settings too, which VACUUM INTO needs, as its target takes the page size of
// the source; else they are the defaults.
func (m *MainDB) Heir(withSettings bool) Options {
	o := Options{Listener: m.Listener()}
	if withSettings {
		o.Settings = m.set
	}
	switch {
	case m.state == unkeyed:
	case m.hasPass():
		o.Key = m.spec.Clone()
	default:
		o.Key = compat.KeyspecOf(m.keys)
	}
	return o
}
