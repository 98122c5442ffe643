package compat

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

func itoa(n int) string { return strconv.Itoa(n) }

func set(t *testing.T, s *Settings, name, value string) {
	t.Helper()
	if err := s.Set(name, value); err != nil {
		t.Fatal(err)
	}
}

// TestSet sets each value that can be set, on settings that differ from it.
func TestSet(t *testing.T) {
	t.Parallel()
	type values map[string]string // what is set and what is then printed
	for _, c := range []struct {
		name string
		set  values
		want func(*Settings)
	}{
		{"cipher_page_size", values{"512": "512", " 512 ": "512", "+512": "512"},
			func(s *Settings) { s.PageSize = 512 }},
		{"cipher_page_size", values{"65536": "65536"}, func(s *Settings) { s.PageSize = 65536 }},
		{"kdf_iter", values{"1": "1", "0001": "1"}, func(s *Settings) { s.KDFIter = 1 }},
		{"kdf_iter", values{"2147483647": "2147483647"}, func(s *Settings) { s.KDFIter = 1<<31 - 1 }},
		{"fast_kdf_iter", values{"4000": "4000"}, func(s *Settings) { s.FastKDFIter = 4000 }},
		{"cipher_use_hmac", values{"1": "1", "on": "1", "ON": "1", "yes": "1", "True": "1", "2": "1", "-1": "1"},
			func(s *Settings) { s.UseHMAC = true }},
		{"cipher_use_hmac", values{"0": "0", "off": "0", "Off": "0", "no": "0", "FALSE": "0"},
			func(s *Settings) { s.UseHMAC = false }},
		{"cipher_hmac_algorithm", values{"HMAC_SHA1": "HMAC_SHA1", "hmac_sha1": "HMAC_SHA1"},
			func(s *Settings) { s.HMAC = hmacpage.HMACSHA1 }},
		{"cipher_hmac_algorithm", values{"HMAC_SHA256": "HMAC_SHA256", "Hmac_Sha256": "HMAC_SHA256"},
			func(s *Settings) { s.HMAC = hmacpage.HMACSHA256 }},
		{"cipher_hmac_algorithm", values{"HMAC_SHA512": "HMAC_SHA512"},
			func(s *Settings) { s.HMAC = hmacpage.HMACSHA512 }},
		{"cipher_kdf_algorithm", values{"PBKDF2_HMAC_SHA1": "PBKDF2_HMAC_SHA1"},
			func(s *Settings) { s.KDF = kdf.SHA1 }},
		{"cipher_kdf_algorithm", values{"pbkdf2_hmac_sha256": "PBKDF2_HMAC_SHA256"},
			func(s *Settings) { s.KDF = kdf.SHA256 }},
		{"cipher_kdf_algorithm", values{"PBKDF2_HMAC_SHA512": "PBKDF2_HMAC_SHA512"},
			func(s *Settings) { s.KDF = kdf.SHA512 }},
		{"cipher_hmac_pgno", values{"le": "le", "LE": "le"},
			func(s *Settings) { s.PgnoOrder = hmacpage.LittleEndian }},
		{"cipher_hmac_pgno", values{"be": "be"}, func(s *Settings) { s.PgnoOrder = hmacpage.BigEndian }},
		{"cipher_hmac_pgno", values{"native": "native"},
			func(s *Settings) { s.PgnoOrder = hmacpage.NativeEndian }},
		{"cipher_hmac_salt_mask", values{"x'00'": "00", "X'00'": "00"}, func(s *Settings) { s.SaltMask = 0 }},
		{"cipher_hmac_salt_mask", values{"x'fE'": "fe"}, func(s *Settings) { s.SaltMask = 0xfe }},
		{"cipher_plaintext_header_size", values{"0": "0"}, func(s *Settings) { s.PlaintextHeader = 0 }},
		{"cipher_plaintext_header_size", values{"16": "16"}, func(s *Settings) { s.PlaintextHeader = 16 }},
		{"cipher_plaintext_header_size", values{"65520": "65520"},
			func(s *Settings) { s.PlaintextHeader = 65520 }},
		{"cipher_salt", values{"x'000102030405060708090a0b0c0d0eFf'": "", "X'000102030405060708090A0B0C0D0EFF'": ""},
			func(s *Settings) {
				s.HasSalt, s.Salt = true, [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}
			}},
		{"cipher_compatibility", values{"1": "", " 1": ""}, func(s *Settings) { V1.Apply(s) }},
		{"cipher_compatibility", values{"2": ""}, func(s *Settings) { V2.Apply(s) }},
		{"cipher_compatibility", values{"3": ""}, func(s *Settings) { V3.Apply(s) }},
		{"cipher_compatibility", values{"4": ""}, func(s *Settings) { V4.Apply(s) }},
	} {
		for value, printed := range c.set {
			for _, base := range levels {
				s := base.s
				s.PgnoOrder, s.SaltMask, s.PlaintextHeader = hmacpage.NativeEndian, 0x77, 48
				want := s
				c.want(&want)
				set(t, &s, c.name, value)
				if s != want {
					t.Errorf("%s=%s: %+v, want %+v", c.name, value, s, want)
				}
				if got, ok := s.Get(c.name); got != printed || ok != (printed != "") {
					t.Errorf("%s=%s is printed as %q, %v, want %q", c.name, value, got, ok, printed)
				}
			}
		}
	}
}

// TestSetPrinted sets what Get prints.
func TestSetPrinted(t *testing.T) {
	t.Parallel()
	odd := Settings{
		PageSize: 8192, KDF: kdf.SHA256, KDFIter: 12345, FastKDFIter: 17, SaltMask: 0x0a, UseHMAC: true,
		HMAC: hmacpage.HMACSHA256, PgnoOrder: hmacpage.BigEndian, PlaintextHeader: 32,
	}
	for _, c := range append(levels[:len(levels):len(levels)], struct {
		level   Profile
		s       Settings
		reserve int
		names   map[string]string
	}{s: odd}) {
		copied := Settings{}
		for name := range settings {
			value, ok := c.s.Get(name)
			if !ok {
				continue
			}
			if name == "cipher_hmac_salt_mask" {
				value = "x'" + value + "'"
			}
			set(t, &copied, name, value)
		}
		if copied != c.s {
			t.Errorf("%+v, want %+v", copied, c.s)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	numbers := []string{"", " ", "x", "-1", "1.5", "1e3", "0x10", "1_024", "1 2",
		"'512'", "99999999999999999999", "512\x00"}
	for name, values := range map[string][]string{
		"cipher_page_size": append(numbers, "0", "1", "256", "511", "513", "1000", "4095", "4097", "131072", "-512"),
		"kdf_iter":         append(numbers, "0", "2147483648"),
		"fast_kdf_iter":    append(numbers, "0", "2147483648"),
		"cipher_plaintext_header_size": append(numbers,
			"1", "15", "17", "31", "-16", "65536", "131072"),
		"cipher_compatibility": append(numbers, "0", "5", "-4", "v4", "4.0"),
		"cipher_use_hmac":      {"", "2x", "1.0", "t", "maybe", "on off", "ja"},
		"cipher_hmac_algorithm": {"", "SHA1", "SHA512", "HMAC_MD5", "HMAC_SHA384", "HMAC_SHA512 ", "none", "3",
			"PBKDF2_HMAC_SHA512"},
		"cipher_kdf_algorithm": {"", "SHA1", "PBKDF2_HMAC_MD5", "PBKDF2_HMAC_SHA384", "2", "HMAC_SHA512"},
		"cipher_hmac_pgno":     {"", "big", "little", "0", "be "},
		"cipher_hmac_salt_mask": {"", "3a", "x3a", "0x3a", "x'3'", "x'3a", "'3a'", "x'3ab'",
			"x'3a3a'", "x'3g'", `x"3a"`, "y'3a'", " x'3a'"},
		"cipher_salt": {
			"", hexText(32), "x'" + hexText(30) + "'", "x'" + hexText(31) + "'", "x'" + hexText(34) + "'",
			"x'" + hexText(31) + "g'", "x'" + hexText(32), "x'" + hexText(32) + "Z",
			`x"` + hexText(32) + `"`, "'" + hexText(32) + "'",
		},
	} {
		for _, value := range values {
			s := V3.Settings()
			s.Salt, s.HasSalt = [16]byte{9}, true
			before := s
			err := s.Set(name, value)
			var bad *SettingError
			if !errors.Is(err, ErrSetting) || !errors.As(err, &bad) || bad.Name != name || errors.Is(err, ErrUnknownParam) {
				t.Errorf("%s=%q: %v, want a *SettingError", name, value, err)
				continue
			}
			if s != before {
				t.Errorf("%s=%q is refused and changes %+v to %+v", name, value, before, s)
			}
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not name %s", err, name)
			}
			shown := bad.Value == value
			if isSalt := name == "cipher_salt"; shown == isSalt {
				t.Errorf("%s=%q: the error holds %q", name, value, bad.Value)
			}
			if name == "cipher_salt" && value != "" && strings.Contains(fmt.Sprintf("%v %+v", err, err), value) {
				t.Errorf("%v shows the salt", err)
			}
		}
	}
}

func TestSetUnknown(t *testing.T) {
	t.Parallel()
	for name, meant := range map[string]string{
		"":                    "",
		"kdf_itr":             "kdf_iter",
		"KDF_ITER":            "kdf_iter",
		"cipher_page_sise":    "cipher_page_size",
		"page_size":           "",
		"journal_mode":        "",
		"cipher_use_hmac\x00": "cipher_use_hmac",
	} {
		s := V2.Settings()
		err := s.Set(name, "1")
		var unknown *ParamError
		if !errors.As(err, &unknown) || !errors.Is(err, ErrUnknownParam) || unknown.Name != name || unknown.Meant != meant {
			t.Errorf("%q: %#v, want %q", name, err, meant)
		}
		if s != V2.Settings() {
			t.Errorf("%q changes the settings", name)
		}
		if got, ok := s.Get(name); ok || got != "" {
			t.Errorf("%q has the value %q", name, got)
		}
		if IsSetting(name) {
			t.Errorf("%q is a setting", name)
		}
	}
}

func TestIsSetting(t *testing.T) {
	t.Parallel()
	names := strings.Fields(`cipher_compatibility cipher_page_size kdf_iter fast_kdf_iter cipher_use_hmac
		cipher_hmac_algorithm cipher_kdf_algorithm cipher_hmac_pgno cipher_hmac_salt_mask
		cipher_plaintext_header_size cipher_salt`)
	for _, name := range names {
		if !IsSetting(name) {
			t.Errorf("%s is no setting", name)
		}
	}
	if len(names) != len(settings) {
		t.Errorf("%d settings, want %d", len(settings), len(names))
	}
}

func TestSettingNames(t *testing.T) {
	t.Parallel()
	names := SettingNames()
	if !slices.IsSorted(names) || len(names) != len(settings) || !slices.Contains(names, "cipher_page_size") {
		t.Errorf("%q", names)
	}
}
