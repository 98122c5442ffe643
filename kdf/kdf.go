// Package kdf derives the keys of a SQLCipher database from a passphrase, as the
// SQLCipher design document describes:
//
//	key    = PBKDF2-HMAC-Hash(passphrase, salt,        Iter,     32)
//	macKey = PBKDF2-HMAC-Hash(key,        salt ^ mask, FastIter, 32)
//
// SQLCipher 4 uses SHA512 with 256000 and 2 iterations and the mask 0x3a:
//
//	p := kdf.Params{Hash: kdf.SHA512, Iter: 256000, FastIter: 2, SaltMask: 0x3a}
//	key, err := kdf.Derive(passphrase, salt, p)
//	macKey, err := kdf.DeriveMAC(key, salt, p)
//
// The salt is the first 16 bytes of the file, unless page 1 has a plaintext
// header; then it is kept elsewhere. A raw key takes the place of the first
// derivation only.
//
// All functions may be called from several goroutines at once. Keys are returned
// in memory of their own: the caller should [Wipe] them, and the passphrase, when
// they are no longer needed.
package kdf

import (
	"crypto/fips140"
	"fmt"

	"golang.org/x/crypto/pbkdf2"
)

const (
	KeySize  = 32 // bytes of a derived key, whatever the hash
	SaltSize = 16 // bytes of a salt
)

// Params are the settings of the derivation. The names in brackets are those of
// SQLCipher's settings. The zero value is not usable: iterations start at 1.
type Params struct {
	Hash     Hash // PRF of both derivations [cipher_kdf_algorithm]
	Iter     int  // iterations for the key, at least 1 [kdf_iter]
	FastIter int  // iterations for the MAC key, at least 1 [fast_kdf_iter]
	SaltMask byte // xored to each byte of the salt for the MAC key [cipher_hmac_salt_mask]
}

// Derive returns the encryption key, 32 bytes, of a passphrase of any length and
// a salt of 16 bytes. An empty passphrase is derived like any other; to refuse it,
// as SQLCipher does, is left to the caller.
//
// It fails if the salt has another size, if p.Iter is less than 1, or if p.Hash
// is unknown or not allowed in FIPS 140-only mode. p.FastIter and p.SaltMask are
// not used.
func Derive(passphrase, salt []byte, p Params) ([]byte, error) {
	if err := check(p.Hash, p.Iter, salt); err != nil {
		return nil, err
	}
	return derive(p.Hash, passphrase, salt, p.Iter, KeySize), nil
}

// DeriveMAC returns the MAC key, 32 bytes, that belongs to an encryption key of
// 32 bytes and a salt of 16. The PRF is p.Hash, the hash of the key derivation:
// the hash of the page MAC has no part in it.
//
// It fails if the key or the salt has another size, if p.FastIter is less than 1,
// or if p.Hash is unknown or not allowed in FIPS 140-only mode. p.Iter is not used.
func DeriveMAC(key, salt []byte, p Params) ([]byte, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("kdf: key of %d bytes, want %d", len(key), KeySize)
	}
	if err := check(p.Hash, p.FastIter, salt); err != nil {
		return nil, err
	}
	var macSalt [SaltSize]byte
	for i, b := range salt {
		macSalt[i] = b ^ p.SaltMask
	}
	return derive(p.Hash, key, macSalt[:], p.FastIter, KeySize), nil
}

func check(h Hash, iter int, salt []byte) error {
	if h.new() == nil {
		return fmt.Errorf("kdf: unknown hash %d", int(h))
	}
	// pbkdf2.Key panics in this case, and which hash a file needs is not for
	// the program to choose.
	if h == SHA1 && fips140.Enforced() {
		return fmt.Errorf("kdf: %v is not allowed in FIPS 140-only mode", h)
	}
	// PBKDF2 would take 0 and negative counts as 1, and give a weak key.
	if iter < 1 {
		return fmt.Errorf("kdf: %d iterations, want at least 1", iter)
	}
	if len(salt) != SaltSize {
		return fmt.Errorf("kdf: salt of %d bytes, want %d", len(salt), SaltSize)
	}
	return nil
}

func derive(h Hash, secret, salt []byte, iter, size int) []byte {
	return pbkdf2.Key(secret, salt, iter, size, h.new())
}
