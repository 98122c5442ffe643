package compat

import (
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// Profile is a SQLCipher compatibility level, the number that
// PRAGMA cipher_compatibility takes: the major version whose defaults it has.
type Profile int

// The levels that exist.
const (
	V1 Profile = iota + 1
	V2
	V3
	V4
)

// Latest is the level of a new database when nothing else is asked for.
const Latest = V4

// The defaults of each level; doc/format.md has the table with its sources.
var profiles = [...]Settings{
	V1: {PageSize: 1024, KDF: kdf.SHA1, KDFIter: 4000, UseHMAC: false, HMAC: hmacpage.HMACSHA1},
	V2: {PageSize: 1024, KDF: kdf.SHA1, KDFIter: 4000, UseHMAC: true, HMAC: hmacpage.HMACSHA1},
	V3: {PageSize: 1024, KDF: kdf.SHA1, KDFIter: 64000, UseHMAC: true, HMAC: hmacpage.HMACSHA1},
	V4: {PageSize: 4096, KDF: kdf.SHA512, KDFIter: 256000, UseHMAC: true, HMAC: hmacpage.HMACSHA512},
}

// Settings are the defaults of the level. As in SQLCipher any number but 1, 2
// and 3 means the latest level.
func (p Profile) Settings() Settings {
	s := Settings{FastKDFIter: 2, SaltMask: 0x3a}
	p.Apply(&s)
	return s
}

// Apply sets what PRAGMA cipher_compatibility touches: page size, KDF,
// iterations and HMAC. The order of page numbers, the salt mask, the fast
// iterations and the plaintext header stay as they are.
func (p Profile) Apply(s *Settings) {
	if p < V1 || p > V4 {
		p = Latest
	}
	d := profiles[p]
	s.PageSize, s.KDF, s.KDFIter = d.PageSize, d.KDF, d.KDFIter
	s.UseHMAC, s.HMAC = d.UseHMAC, d.HMAC
}
