package compat

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// Keyspec is a key as it was given: a passphrase, or raw key bytes with or
// without the MAC key and the salt. The zero value is no key at all.
//
// A Keyspec holds secrets. It prints as what it is, never as its content.
type Keyspec struct {
	// Behind a func, as fmt asks neither Format nor String for a value in an
	// unexported field of somebody else's struct. It follows pointers there,
	// but prints only the address of a func.
	secrets func() secrets
}

type secrets struct {
	passphrase []byte
	key        []byte // kdf.KeySize bytes, raw forms only
	macKey     []byte // kdf.KeySize bytes, the 160-digit form only
	salt       []byte // kdf.SaltSize bytes, the 96- and 160-digit forms only
}

func (s secrets) keyspec() Keyspec {
	return Keyspec{secrets: func() secrets { return s }}
}

// parts are the secrets, all nil where there is no key.
func (k Keyspec) parts() secrets {
	if k.secrets == nil {
		return secrets{}
	}
	return k.secrets()
}

// Hex digits inside x'...' for the three raw forms.
const (
	rawKeyDigits         = 2 * kdf.KeySize
	rawKeySaltDigits     = rawKeyDigits + 2*kdf.SaltSize
	rawKeyMACSaltDigits  = 2*rawKeyDigits + 2*kdf.SaltSize
	maxHexPassphraseSize = 40 // SQLCipher's buffer for PRAGMA hexkey, in bytes
)

// ParseKeyspec reads a key by SQLCipher's rule (since 4.7.0): x'...' around
// 64, 96 or 160 hex digits is a raw key, everything else is a passphrase,
// whatever it looks like. An empty text is ErrKeyspec. The bytes are copied.
func ParseKeyspec(text []byte) (Keyspec, error) {
	if len(text) == 0 {
		return Keyspec{}, fmt.Errorf("%w: empty key", ErrKeyspec)
	}
	if digits, ok := blobDigits(text); ok {
		if k, ok := rawKeyspec(digits); ok {
			return k, nil
		}
	}
	return secrets{passphrase: bytes.Clone(text)}.keyspec(), nil
}

// Passphrase makes a keyspec that is a passphrase even where its text has the
// form of a raw key. An empty one is ErrKeyspec. The bytes are copied.
func Passphrase(passphrase []byte) (Keyspec, error) {
	if len(passphrase) == 0 {
		return Keyspec{}, fmt.Errorf("%w: empty passphrase", ErrKeyspec)
	}
	return secrets{passphrase: bytes.Clone(passphrase)}.keyspec(), nil
}

// RawKeyspec reads 64, 96 or 160 hex digits: key, key and salt, or key, MAC
// key and salt. Anything else is ErrKeyspec.
func RawKeyspec(digits []byte) (Keyspec, error) {
	if k, ok := rawKeyspec(digits); ok {
		return k, nil
	}
	return Keyspec{}, fmt.Errorf("%w: a raw key is 64, 96 or 160 hex digits", ErrKeyspec)
}

// AsRaw is the raw key that a passphrase has the hex digits of: somebody may have
// left out the x'...' around them.
func (k Keyspec) AsRaw() (Keyspec, bool) { return rawKeyspec(k.parts().passphrase) }

// HexKeyspec reads hex digits of passphrase bytes, as PRAGMA hexkey does. As
// there, only the first 40 bytes count; unlike there, a character that is no
// hex digit and an odd number of digits are ErrKeyspec.
func HexKeyspec(digits []byte) (Keyspec, error) {
	text := make([]byte, hex.DecodedLen(len(digits)))
	defer kdf.Wipe(text)
	if _, err := hex.Decode(text, digits); err != nil {
		return Keyspec{}, fmt.Errorf("%w: hexkey takes pairs of hex digits", ErrKeyspec)
	}
	return ParseKeyspec(text[:min(len(text), maxHexPassphraseSize)])
}

// IsBlob tells whether a text is x'...' around hex digits in pairs.
func IsBlob(text string) bool {
	_, ok := blobDigits([]byte(text))
	return ok
}

// blobDigits returns what stands inside x'...' when that are hex digits in
// pairs.
func blobDigits(text []byte) ([]byte, bool) {
	n := len(text)
	if n < 5 || text[0]|0x20 != 'x' || text[1] != '\'' || text[n-1] != '\'' || (n-3)%2 != 0 {
		return nil, false
	}
	digits := text[2 : n-1]
	for _, c := range digits {
		if !isHex(c) {
			return nil, false
		}
	}
	return digits, true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func rawKeyspec(digits []byte) (Keyspec, bool) {
	switch len(digits) {
	case rawKeyDigits, rawKeySaltDigits, rawKeyMACSaltDigits:
	default:
		return Keyspec{}, false
	}
	b := make([]byte, len(digits)/2)
	if _, err := hex.Decode(b, digits); err != nil {
		return Keyspec{}, false
	}
	s := secrets{key: b[:kdf.KeySize:kdf.KeySize]}
	rest := b[kdf.KeySize:]
	if len(digits) == rawKeyMACSaltDigits {
		s.macKey, rest = rest[:kdf.KeySize:kdf.KeySize], rest[kdf.KeySize:]
	}
	if len(rest) > 0 {
		s.salt = rest
	}
	return s.keyspec(), true
}

// KeyspecOf is the keyspec of keys already derived: SQLCipher hands a database
// on to an attached one in this form. Without a MAC key it is the 96-digit
// form, else the 160-digit one. The bytes are copied.
func KeyspecOf(keys hmacpage.Keys) Keyspec {
	return secrets{
		key:    bytes.Clone(keys.Key),
		macKey: bytes.Clone(keys.MACKey),
		salt:   bytes.Clone(keys.Salt),
	}.keyspec()
}

// IsZero tells that there is no key.
func (k Keyspec) IsZero() bool {
	p := k.parts()
	return p.passphrase == nil && p.key == nil
}

// Salt is the salt that a 96- or 160-digit raw key carries, else nil. It goes
// before the salt of the file and before cipher_salt.
func (k Keyspec) Salt() []byte { return k.parts().salt }

// Clone copies the keyspec, so that wiping one leaves the other usable.
func (k Keyspec) Clone() Keyspec {
	p := k.parts()
	return secrets{
		passphrase: bytes.Clone(p.passphrase),
		key:        bytes.Clone(p.key),
		macKey:     bytes.Clone(p.macKey),
		salt:       bytes.Clone(p.salt),
	}.keyspec()
}

// Wipe overwrites the secrets; see kdf.Wipe for how far that goes in Go.
func (k Keyspec) Wipe() {
	p := k.parts()
	kdf.Wipe(p.passphrase)
	kdf.Wipe(p.key)
	kdf.Wipe(p.macKey)
}

// String says which form the keyspec has.
func (k Keyspec) String() string {
	switch p := k.parts(); {
	case k.IsZero():
		return "no key"
	case p.passphrase != nil:
		return "passphrase"
	case p.macKey != nil:
		return "raw key with MAC key and salt"
	case p.salt != nil:
		return "raw key with salt"
	}
	return "raw key"
}

// GoString keeps %#v from printing the content.
func (k Keyspec) GoString() string { return "compat.Keyspec(" + k.String() + ")" }

// Format keeps every other verb from printing the content.
func (k Keyspec) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(k.String())) }
