package vfs

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// keyState is how much is known about the key of a database. Nothing is
// written, and no journal played back, before the key is proven or the
// database is one that this connection creates.
type keyState int

const (
	unkeyed keyState = iota // no key: the file is passed through
	keyed                   // a key was given, nothing derived
	derived                 // derived with the salt of the file, unproven
	created                 // derived with a salt of our own for an empty file
	proven                  // a page has verified
)

// headerSize is what SQLite reads of a file before anything else: the
// database header of 100 bytes.
const headerSize = 100

// setKey gives the database a key and settings. It replaces a key that is not
// proven; the settings of a proven key stay.
func (m *MainDB) setKey(spec compat.Keyspec, s compat.Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	m.dropKeys()
	m.spec.Wipe()
	m.spec, m.set, m.state, m.failed = spec, s, keyed, false
	if len(m.page) != s.PageSize {
		m.page = m.base.Buffer(s.PageSize)
	}
	return nil
}

// frozen tells that key and settings can no longer be changed.
func (m *MainDB) frozen() bool { return m.state == proven || m.wrote }

func (m *MainDB) dropKeys() {
	m.ahead.reset()
	m.behind.reset()
	m.records.reset()
	if m.wal != nil {
		m.wal.behind.reset()
	}
	m.unshelve()
	if m.codec != nil {
		m.codec.Wipe()
		m.codec = nil
	}
	wipeKeys(m.keys)
	m.keys = hmacpage.Keys{}
}

// derive makes the codec, once the salt can be read.
func (m *MainDB) derive() error {
	if m.state != keyed {
		return nil
	}
	salt, next, err := m.salt()
	if err != nil {
		return err
	}
	return m.deriveWith(salt, next)
}

// deriveWith makes the codec with a salt.
func (m *MainDB) deriveWith(salt []byte, next keyState) error {
	keys, err := derivedKeys.keys(m.spec, m.set, salt)
	if err != nil {
		return err
	}
	codec, err := hmacpage.New(m.set.Geometry(), keys)
	if err != nil {
		wipeKeys(keys)
		return err
	}
	m.keys, m.codec, m.state = keys, codec, next
	return nil
}

// salt finds the 16 bytes that belong to the key: those that came with the
// key, those that were set, those of the file, or new ones for an empty file.
// It also tells the state that the key is in with that salt.
func (m *MainDB) salt() ([]byte, keyState, error) {
	var head [kdf.SaltSize]byte
	n, err := m.base.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	next := derived
	if n <= 1 {
		next = created
	}
	switch {
	case m.spec.Salt() != nil:
		return m.spec.Salt(), next, nil
	case m.set.HasSalt:
		return m.set.Salt[:], next, nil
	case next == created:
		if m.newSalt == nil {
			m.newSalt = make([]byte, kdf.SaltSize)
			_, _ = rand.Read(m.newSalt) // never fails, see crypto/rand
		}
		return m.newSalt, next, nil
	case m.set.PlaintextHeader > 0:
		return nil, 0, fmt.Errorf("%w: a plaintext header needs cipher_salt", compat.ErrSetting)
	case n < len(head):
		return nil, 0, compat.ErrShortFile
	}
	return head[:], next, nil
}

// followSalt derives anew when page 1, still encrypted, has another salt than
// the one in use: another process has created the file meanwhile.
func (m *MainDB) followSalt(page []byte) error {
	if m.state == proven || m.ownSalt() || bytes.Equal(page[:kdf.SaltSize], m.keys.Salt) {
		return nil
	}
	m.dropKeys()
	m.state = keyed
	return m.derive()
}

// ownSalt tells that the salt is not that of the file.
func (m *MainDB) ownSalt() bool {
	return m.set.PlaintextHeader > 0 || m.set.HasSalt || m.spec.Salt() != nil
}

// deriveAgain tries another salt for the file, and tells whether it is one.
func (m *MainDB) deriveAgain(salt []byte) bool {
	if salt == nil || m.ownSalt() || bytes.Equal(salt, m.keys.Salt) {
		return false
	}
	m.dropKeys()
	m.state = keyed
	return m.deriveWith(salt, derived) == nil
}

// proves tells whether a page that was decrypted without complaint shows the
// key to be right. Without a MAC only page 1 can, by as much of its header as
// is encrypted; a page 1 that is wholly in clear cannot.
func (m *MainDB) proves(pgno uint32) bool {
	const telling = 64 // the fields that compat.PlausibleHeader knows go up to 92
	switch {
	case pgno > 1:
		return m.set.UseHMAC
	case !m.set.UseHMAC:
		return m.set.PlaintextHeader <= telling
	}
	return m.set.PlaintextHeader < m.set.Geometry().Usable()
}

// proved freezes the settings and drops the passphrase.
func (m *MainDB) proved() {
	if m.state == proven {
		return
	}
	m.state = proven
	m.dropPass()
}

// hasPass tells whether the passphrase stands for the key: no page of the file
// was met under it, or it is kept.
func (m *MainDB) hasPass() bool {
	return m.state == keyed || m.state == created && !m.wrote || m.storePass && !m.spec.IsZero()
}

// dropPass wipes the passphrase, unless cipher_store_pass wants it kept: from
// here on the derived keys do.
func (m *MainDB) dropPass() {
	if !m.storePass {
		m.spec.Wipe()
		m.spec = compat.Keyspec{}
	}
}

// explain says why a page of the file does not open.
func (m *MainDB) explain(pgno uint32) error {
	if m.state == proven && m.keyChanged(pgno) {
		return compat.ErrWrongKey
	}
	if pgno > 1 || m.state == proven {
		return &compat.PageError{Pgno: pgno}
	}
	n, err := m.base.ReadAt(m.page, 0)
	if err != nil && err != io.EOF {
		return err
	}
	size, err := m.base.Size()
	if err != nil {
		return err
	}
	inClear := bytes.HasPrefix(m.page[:n], []byte(compat.Magic))
	switch {
	case inClear && m.set.PlaintextHeader == 0 && compat.Detect(m.page[:n], size) == compat.FilePlaintext:
		return compat.ErrPlaintext
	case inClear != (m.set.PlaintextHeader > 0):
		return compat.ErrWrongKey // the setting is, whatever the key
	}
	if m.set.UseHMAC && m.verifies(2) {
		return &compat.PageError{Pgno: 1} // the key is right after all
	}
	return compat.ErrWrongKey
}

// keyChanged tells whether another connection has changed the key: a page does
// not open that once did, and neither does another one.
func (m *MainDB) keyChanged(pgno uint32) bool {
	other := uint32(1)
	if pgno == 1 {
		other = 2
	}
	size, err := m.base.Size()
	return err == nil && m.set.UseHMAC && size >= 2*m.pageSize() && !m.verifies(other)
}

// verifies tells whether a page of the file opens.
func (m *MainDB) verifies(pgno uint32) bool {
	n, err := m.base.ReadAt(m.page, int64(pgno-1)*m.pageSize())
	if n < len(m.page) || err != nil && err != io.EOF {
		return false
	}
	return m.decrypt(pgno, m.page) == nil
}

// syntheticHeader is the header of a database that has no page yet. SQLite
// takes the page size at 16 and the reserve at 20 from it. See
// https://sqlite.org/fileformat2.html#the_database_header.
func (m *MainDB) syntheticHeader() []byte {
	h := make([]byte, headerSize)
	copy(h, compat.Magic)
	h[16], h[17] = byte(m.set.PageSize>>8), byte(m.set.PageSize>>16)
	h[18], h[19] = 1, 1 // rollback journal
	h[20] = byte(m.set.Geometry().Reserve())
	h[21], h[22], h[23] = 64, 32, 32
	return h
}

// opens tells whether a page image from elsewhere opens under the key. The
// image is decrypted where it is.
func (m *MainDB) opens(pgno uint32, image []byte) bool {
	if m.codec == nil || m.decrypt(pgno, image) != nil {
		return false
	}
	return m.set.UseHMAC || compat.PlausibleHeader(image, m.set.PageSize)
}
