package compat

import (
	"math"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/testdata/vectors"
)

// levels are the defaults that databases written by SQLCipher have, spelled
// out once more.
var levels = []struct {
	level   Profile
	s       Settings
	reserve int
	names   map[string]string // as PRAGMA prints them
}{
	{
		1, Settings{
			PageSize: 1024, KDF: kdf.SHA1, KDFIter: 4000, FastKDFIter: 2, SaltMask: 0x3a,
			UseHMAC: false, HMAC: hmacpage.HMACSHA1,
		}, 16, map[string]string{
			"cipher_page_size": "1024", "kdf_iter": "4000", "cipher_use_hmac": "0",
			"cipher_hmac_algorithm": "HMAC_SHA1", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA1",
		},
	},
	{
		2, Settings{
			PageSize: 1024, KDF: kdf.SHA1, KDFIter: 4000, FastKDFIter: 2, SaltMask: 0x3a,
			UseHMAC: true, HMAC: hmacpage.HMACSHA1,
		}, 48, map[string]string{
			"cipher_page_size": "1024", "kdf_iter": "4000", "cipher_use_hmac": "1",
			"cipher_hmac_algorithm": "HMAC_SHA1", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA1",
		},
	},
	{
		3, Settings{
			PageSize: 1024, KDF: kdf.SHA1, KDFIter: 64000, FastKDFIter: 2, SaltMask: 0x3a,
			UseHMAC: true, HMAC: hmacpage.HMACSHA1,
		}, 48, map[string]string{
			"cipher_page_size": "1024", "kdf_iter": "64000", "cipher_use_hmac": "1",
			"cipher_hmac_algorithm": "HMAC_SHA1", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA1",
		},
	},
	{
		4, Settings{
			PageSize: 4096, KDF: kdf.SHA512, KDFIter: 256000, FastKDFIter: 2, SaltMask: 0x3a,
			UseHMAC: true, HMAC: hmacpage.HMACSHA512,
		}, 80, map[string]string{
			"cipher_page_size": "4096", "kdf_iter": "256000", "cipher_use_hmac": "1",
			"cipher_hmac_algorithm": "HMAC_SHA512", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA512",
		},
	},
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	for _, c := range levels {
		s := c.level.Settings()
		if s != c.s {
			t.Errorf("level %d: %+v, want %+v", c.level, s, c.s)
		}
		if got := s.Geometry().Reserve(); got != c.reserve {
			t.Errorf("level %d: reserve %d, want %d", c.level, got, c.reserve)
		}
		if err := s.Validate(); err != nil {
			t.Errorf("level %d: %v", c.level, err)
		}
		for name, want := range map[string]string{
			"fast_kdf_iter": "2", "cipher_hmac_salt_mask": "3a", "cipher_hmac_pgno": "le",
			"cipher_plaintext_header_size": "0",
		} {
			c.names[name] = want
		}
		for name, want := range c.names {
			if got, ok := s.Get(name); !ok || got != want {
				t.Errorf("level %d: %s is %q, want %q", c.level, name, got, want)
			}
		}
	}
	for i, level := range []Profile{V1, V2, V3, V4} {
		if int(level) != i+1 {
			t.Errorf("V%d is %d", i+1, level)
		}
	}
	if Latest != 4 {
		t.Errorf("the latest level is %d", Latest)
	}
}

// TestProfileVectors compares with databases written at each level.
func TestProfileVectors(t *testing.T) {
	t.Parallel()
	byName := map[string]Profile{
		"compat1-by-3.4.1": V1, "compat1-by-4.9": V1, "compat2-by-3.4.1": V2, "compat2-by-4.9": V2,
		"compat3-by-3.4.1": V3, "compat3-by-4.9-default-compat": V3, "compat4-default": V4,
	}
	for _, db := range vectors.Load().Databases {
		level, ok := byName[db.Name]
		if !ok {
			continue
		}
		delete(byName, db.Name)
		if got, want := level.Settings(), settingsOf(t, db); got != want {
			t.Errorf("%s: level %d is %+v, the file has %+v", db.Name, level, got, want)
		}
	}
	if len(byName) != 0 {
		t.Errorf("not in the vectors: %v", byName)
	}
}

// TestProfileUnknown wants the latest level for every other number, as in
// SQLCipher.
func TestProfileUnknown(t *testing.T) {
	t.Parallel()
	for _, p := range []Profile{math.MinInt, -1, 0, 5, 6, 99, math.MaxInt} {
		if p.Settings() != V4.Settings() {
			t.Errorf("level %d: %+v", p, p.Settings())
		}
	}
}

// TestProfileApply wants a level to leave alone what PRAGMA
// cipher_compatibility does.
func TestProfileApply(t *testing.T) {
	t.Parallel()
	for _, c := range levels {
		for _, from := range levels {
			s := from.s
			s.FastKDFIter, s.SaltMask, s.PgnoOrder = 4000, 0, hmacpage.BigEndian
			s.PlaintextHeader, s.Salt, s.HasSalt = 32, [16]byte{1, 2}, true
			want := c.s
			want.FastKDFIter, want.SaltMask, want.PgnoOrder = 4000, 0, hmacpage.BigEndian
			want.PlaintextHeader, want.Salt, want.HasSalt = 32, [16]byte{1, 2}, true
			if c.level.Apply(&s); s != want {
				t.Errorf("level %d after %d: %+v, want %+v", c.level, from.level, s, want)
			}
		}
	}
}
