package vfs

import (
	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// convertHeader leaves more, or less, of page 1 in clear than before. SQLCipher
// does so with the next write of page 1, whenever that is, and can read the
// database no more if page 1 leaves its cache before. Here page 1 is rewritten
// at once, as all pages are for a new key.
func (m *MainDB) convertHeader(next compat.Settings) error {
	if next == m.set {
		return nil
	}
	if err := next.Validate(); err != nil {
		return err
	}
	schema, err := m.writable()
	if err != nil {
		return err
	}
	return m.alone(schema, "another header", func() error {
		codec, err := hmacpage.New(next.Geometry(), m.keys)
		if err != nil {
			return err
		}
		if err := m.rewrite(next.Geometry(), m.keys, 1); err != nil {
			codec.Wipe()
			return err
		}
		m.codec.Wipe()
		m.codec, m.set = codec, next
		return nil
	})
}
