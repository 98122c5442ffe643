package kdf

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"strconv"
)

// Hash is the hash function below PBKDF2's HMAC.
type Hash int

// The hash functions of SQLCipher's cipher_kdf_algorithm. SQLCipher 1 to 3 use
// SHA1, SQLCipher 4 uses SHA512 unless told otherwise.
const (
	SHA1 Hash = iota
	SHA256
	SHA512
)

// String returns the name, as in "SHA512".
func (h Hash) String() string {
	switch h {
	case SHA1:
		return "SHA1"
	case SHA256:
		return "SHA256"
	case SHA512:
		return "SHA512"
	}
	return "Hash(" + strconv.Itoa(int(h)) + ")"
}

// new returns the constructor of the hash, nil if h is none of the constants.
func (h Hash) new() func() hash.Hash {
	switch h {
	case SHA1:
		return sha1.New
	case SHA256:
		return sha256.New
	case SHA512:
		return sha512.New
	}
	return nil
}
