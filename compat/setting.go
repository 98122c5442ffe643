package compat

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// A setting is one named value of Settings, as a pragma and as a URI
// parameter. get is nil where SQLCipher has nothing to answer.
type setting struct {
	get func(Settings) string
	set func(s *Settings, value string) bool // false: the value cannot be used
}

// levelSetting is the one that changes several others.
const levelSetting = "cipher_compatibility"

// settings are SQLCipher's pragmas that describe how a database is encrypted.
var settings = map[string]setting{
	levelSetting: {nil, setCompatibility},
	"cipher_page_size": {
		func(s Settings) string { return strconv.Itoa(s.PageSize) },
		func(s *Settings, v string) bool { return setInt(&s.PageSize, v, validPageSize) },
	},
	"kdf_iter": {
		func(s Settings) string { return strconv.Itoa(s.KDFIter) },
		func(s *Settings, v string) bool { return setInt(&s.KDFIter, v, validIter) },
	},
	"fast_kdf_iter": {
		func(s Settings) string { return strconv.Itoa(s.FastKDFIter) },
		func(s *Settings, v string) bool { return setInt(&s.FastKDFIter, v, validIter) },
	},
	"cipher_use_hmac": {
		func(s Settings) string { return BoolText(s.UseHMAC) },
		func(s *Settings, v string) bool { return setBool(&s.UseHMAC, v) },
	},
	"cipher_hmac_algorithm": {
		func(s Settings) string { return label(hmacLabels, s.HMAC) },
		func(s *Settings, v string) bool { return setLabel(&s.HMAC, hmacLabels, v) },
	},
	"cipher_kdf_algorithm": {
		func(s Settings) string { return label(kdfLabels, s.KDF) },
		func(s *Settings, v string) bool { return setLabel(&s.KDF, kdfLabels, v) },
	},
	"cipher_hmac_pgno": {
		func(s Settings) string { return label(pgnoLabels, s.PgnoOrder) },
		func(s *Settings, v string) bool { return setLabel(&s.PgnoOrder, pgnoLabels, v) },
	},
	"cipher_hmac_salt_mask":        {func(s Settings) string { return fmt.Sprintf("%02x", s.SaltMask) }, setSaltMask},
	"cipher_plaintext_header_size": {func(s Settings) string { return strconv.Itoa(s.PlaintextHeader) }, setPlaintextHeader},
	"cipher_salt":                  {nil, setSalt},
}

// The labels that SQLCipher reads in any case and writes in upper case.
var (
	hmacLabels = []string{
		hmacpage.HMACSHA1: "HMAC_SHA1", hmacpage.HMACSHA256: "HMAC_SHA256", hmacpage.HMACSHA512: "HMAC_SHA512",
	}
	kdfLabels = []string{
		kdf.SHA1: "PBKDF2_HMAC_SHA1", kdf.SHA256: "PBKDF2_HMAC_SHA256", kdf.SHA512: "PBKDF2_HMAC_SHA512",
	}
	pgnoLabels = []string{
		hmacpage.LittleEndian: "le", hmacpage.BigEndian: "be", hmacpage.NativeEndian: "native",
	}
)

// IsSetting tells whether name, in lower case, is a setting of a database.
func IsSetting(name string) bool {
	_, ok := settings[name]
	return ok
}

// SettingNames are the names of all settings, sorted.
func SettingNames() []string { return slices.Sorted(maps.Keys(settings)) }

// Set gives the named setting a value as text. The zero value of s becomes the
// latest level first. An unknown name is a *ParamError, a value that cannot be
// used a *SettingError; s is then as it was.
func (s *Settings) Set(name, value string) error {
	p, ok := settings[name]
	if !ok {
		return &ParamError{Name: name, Meant: nearest(name)}
	}
	next := *s
	if next.IsZero() {
		next = Latest.Settings()
	}
	if !p.set(&next, value) {
		if name == "cipher_salt" {
			value = "..."
		}
		return &SettingError{Name: name, Value: value}
	}
	*s = next
	return nil
}

// Get is the value of the named setting as SQLCipher prints it. Settings that
// SQLCipher does not print, and unknown ones, are false.
func (s Settings) Get(name string) (string, bool) {
	p, ok := settings[name]
	if !ok || p.get == nil {
		return "", false
	}
	return p.get(s), true
}

// SQLCipher holds iterations in 32 bits.
func validIter(n int) bool     { return n >= 1 && n <= math.MaxInt32 }
func validPageSize(n int) bool { return n >= 512 && n <= 65536 && n&(n-1) == 0 }

func setInt(to *int, v string, valid func(int) bool) bool {
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || !valid(n) {
		return false
	}
	*to = n
	return true
}

func setCompatibility(s *Settings, v string) bool {
	var level int
	if !setInt(&level, v, func(n int) bool { return n >= int(V1) && n <= int(V4) }) {
		return false
	}
	Profile(level).Apply(s)
	return true
}

func setBool(to *bool, v string) (ok bool) {
	*to, ok = ParseBool(v)
	return ok
}

// ParseBool reads the value of a pragma that is on or off: one of SQLite's words,
// or a number. SQLite takes every other word for on; here it is not ok.
func ParseBool(v string) (on, ok bool) {
	v = strings.TrimSpace(v)
	switch strings.ToLower(v) {
	case "on", "yes", "true":
		return true, true
	case "off", "no", "false":
		return false, true
	}
	n, err := strconv.Atoi(v)
	return n != 0, err == nil
}

// BoolText is how a pragma tells on and off.
func BoolText(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func label[T ~int](labels []string, v T) string { return labels[v] }

func setLabel[T ~int](to *T, labels []string, v string) bool {
	for i, l := range labels {
		if l != "" && strings.EqualFold(l, v) {
			*to = T(i)
			return true
		}
	}
	return false
}

func setPlaintextHeader(s *Settings, v string) bool {
	return setInt(&s.PlaintextHeader, v, func(n int) bool { return n >= 0 && n%16 == 0 && n < 65536 })
}

func setSaltMask(s *Settings, v string) bool {
	digits, ok := blobDigits([]byte(v))
	if !ok || len(digits) != 2 {
		return false
	}
	n, _ := strconv.ParseUint(string(digits), 16, 8) // blobDigits has looked at them
	s.SaltMask = byte(n)
	return true
}

func setSalt(s *Settings, v string) bool {
	digits, ok := blobDigits([]byte(v))
	if !ok || len(digits) != 2*kdf.SaltSize {
		return false
	}
	_, _ = hex.Decode(s.Salt[:], digits) // blobDigits has looked at them
	s.HasSalt = true
	return true
}
