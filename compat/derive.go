package compat

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// Derive turns a keyspec and a salt of 16 bytes into the keys of a database.
// Only a passphrase costs KDFIter rounds; a raw key skips them, and its
// 160-digit form skips the derivation of the MAC key too. A salt carried by
// the keyspec replaces the one given.
func (k Keyspec) Derive(s Settings, salt []byte) (hmacpage.Keys, error) {
	if k.IsZero() {
		return hmacpage.Keys{}, ErrNoKey
	}
	p := k.parts()
	if p.salt != nil {
		salt = p.salt
	}
	keys := hmacpage.Keys{Key: bytes.Clone(p.key), Salt: bytes.Clone(salt)}
	var err error
	if p.passphrase != nil {
		if keys.Key, err = kdf.Derive(p.passphrase, salt, s.KDFParams()); err != nil {
			return hmacpage.Keys{}, err
		}
	}
	switch {
	case !s.UseHMAC:
	case p.macKey != nil:
		keys.MACKey = bytes.Clone(p.macKey)
	default:
		if keys.MACKey, err = kdf.DeriveMAC(keys.Key, salt, s.KDFParams()); err != nil {
			return hmacpage.Keys{}, err
		}
	}
	return keys, nil
}

// Slow tells that Derive runs the PBKDF2 rounds of a passphrase.
func (k Keyspec) Slow() bool { return k.parts().passphrase != nil }

// Digest identifies the outcome of Derive without telling anything about the
// keyspec: a SHA-256 over a secret of the caller's, the keyspec, the salt and
// the parameters of the derivation.
func (k Keyspec) Digest(secret []byte, s Settings, salt []byte) [sha256.Size]byte {
	h := sha256.New()
	field := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	number := func(n int) { field(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	p := k.parts()
	if p.salt != nil {
		salt = p.salt
	}
	for _, b := range [][]byte{secret, p.passphrase, p.key, p.macKey, salt, {s.SaltMask}} {
		field(b)
	}
	number(int(s.KDF))
	number(s.KDFIter)
	number(s.FastKDFIter)
	if s.UseHMAC {
		number(1)
	}
	return [sha256.Size]byte(h.Sum(nil))
}
