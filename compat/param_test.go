package compat

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
)

// The parameters that other drivers document, and SQLite's own.
var (
	moderncParams = strings.Fields(`_pragma _busy_timeout _timeout _foreign_keys _fk _journal_mode _journal
		_synchronous _sync _auto_vacuum _vacuum _query_only _time_format _time_integer_format _inttotime
		_texttotime _timezone _txlock _dqs _defensive _error_rc vfs mode cache immutable nolock psow modeof`)
	mattnParams = strings.Fields(`_auth _auth_user _auth_pass _auth_crypt _auth_salt _auto_vacuum _vacuum
		_busy_timeout _timeout _case_sensitive_like _cslike _defer_foreign_keys _defer_fk _foreign_keys _fk
		_ignore_check_constraints immutable _journal_mode _journal _locking_mode _locking mode _mutex
		_query_only _recursive_triggers _rt _secure_delete cache _synchronous _sync _loc _txlock
		_writable_schema _cache_size _stmt_cache_size`)
	ncrucesParams = strings.Fields("_pragma _txlock _timefmt")
	foreignParams = slices.Concat(moderncParams, mattnParams, ncrucesParams)
)

// The same, for a name and its value in turn.
func params(nameValue ...string) []Param {
	var out []Param
	for pair := range slices.Chunk(nameValue, 2) {
		out = append(out, Param{pair[0], pair[1]})
	}
	return out
}

func TestParseParams(t *testing.T) {
	t.Parallel()
	raw := hexText(160)
	settings := func(change func(s *Settings)) Settings {
		s := V4.Settings()
		change(&s)
		return s
	}
	var asIs Settings // none are given
	for _, c := range []struct {
		name   string
		params []Param
		form   string // of the key, or ""
		key    string // its text
		s      Settings
	}{
		{"nothing", nil, "", "", asIs},
		{"passphrase", params("key", "correct horse"), formPassphrase, "correct horse", asIs},
		{"raw key", params("key", "x'"+raw[:64]+"'"), formKey, "x'" + raw[:64] + "'", asIs},
		{"textkey", params("textkey", "correct horse"), formPassphrase, "correct horse", asIs},
		{"hexkey", params("hexkey", "6b6579"), formPassphrase, "key", asIs},
		{"rawkey of 64", params("rawkey", raw[:64]), formKey, "x'" + raw[:64] + "'", asIs},
		{"rawkey of 96", params("rawkey", raw[:96]), formKeySalt, "x'" + raw[:96] + "'", asIs},
		{"rawkey of 160", params("rawkey", raw), formKeyMACSalt, "x'" + raw + "'", asIs},
		{"driver's word", params("_key", "k"), formPassphrase, "k", asIs},
		{"driver's word for a pragma", params("_pragma_key", "k"), formPassphrase, "k", asIs},
		{"driver's word for a raw key", params("_pragma_key", "x'"+raw[:64]+"'"), formKey, "x'" + raw[:64] + "'", asIs},
		{"driver's hexkey", params("_pragma_hexkey", "6b"), formPassphrase, "k", asIs},
		{"upper case", params("KEY", "k", "CIPHER_PAGE_SIZE", "1024"), formPassphrase, "k",
			settings(func(s *Settings) { s.PageSize = 1024 })},
		{"mixed case", params("_Pragma_Key", "k", "_Kdf_Iter", "5"), formPassphrase, "k",
			settings(func(s *Settings) { s.KDFIter = 5 })},
		{"settings", params("cipher_page_size", "8192", "kdf_iter", "9", "fast_kdf_iter", "3", "cipher_hmac_pgno", "be",
			"cipher_hmac_algorithm", "HMAC_SHA256", "cipher_kdf_algorithm", "PBKDF2_HMAC_SHA1",
			"cipher_hmac_salt_mask", "x'00'", "cipher_plaintext_header_size", "32",
			"cipher_salt", "x'"+strings.Repeat("5a", 16)+"'"), "", "",
			Settings{
				PageSize: 8192, KDF: kdf.SHA1, KDFIter: 9, FastKDFIter: 3, SaltMask: 0, UseHMAC: true,
				HMAC: hmacpage.HMACSHA256, PgnoOrder: hmacpage.BigEndian, PlaintextHeader: 32,
				Salt: [16]byte(bytes.Repeat([]byte{0x5a}, 16)), HasSalt: true,
			}},
		{"no HMAC", params("cipher_use_hmac", "off"), "", "", settings(func(s *Settings) { s.UseHMAC = false })},
		{"drivers' settings", params("_pragma_cipher_page_size", "1024", "_cipher_use_hmac", "0", "_pragma_kdf_iter", "7"),
			"", "", settings(func(s *Settings) { s.PageSize, s.UseHMAC, s.KDFIter = 1024, false, 7 })},
		{"small pages before no HMAC", params("cipher_page_size", "512", "cipher_use_hmac", "0"), "", "",
			settings(func(s *Settings) { s.PageSize, s.UseHMAC = 512, false })},
		{"others' parameters", params("key", "k", "vfs", "pageseal", "mode", "ro", "_pragma", "foreign_keys(1)",
			"_pragma", "x", "_txlock", "immediate", "_unheard_of", ""), formPassphrase, "k", asIs},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := ParseParams(c.params)
			if err != nil {
				t.Fatal(err)
			}
			if c.form == "" {
				if !p.Key.IsZero() {
					t.Errorf("key %s out of nothing", p.Key)
				}
			} else {
				wantParts(t, p.Key, c.form, c.key)
			}
			if p.Settings != c.s || p.KeyFile != "" || p.KeyEnv != "" {
				t.Errorf("%+v, file %q, variable %q, want %+v", p.Settings, p.KeyFile, p.KeyEnv, c.s)
			}
		})
	}
}

func TestParseParamsNames(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "_", "_pragma_"} {
		p, err := ParseParams(params(prefix+"keyfile", "/run/Secret Key"))
		if err != nil || p.KeyFile != "/run/Secret Key" || p.KeyEnv != "" || !p.Key.IsZero() {
			t.Errorf("%skeyfile: %+v with error %v", prefix, p, err)
		}
		p, err = ParseParams(params(prefix+"keyenv", "DB_KEY"))
		if err != nil || p.KeyEnv != "DB_KEY" || p.KeyFile != "" || !p.Key.IsZero() {
			t.Errorf("%skeyenv: %+v with error %v", prefix, p, err)
		}
	}
}

// TestParseParamsOrder wants the level first, wherever it stands.
func TestParseParamsOrder(t *testing.T) {
	t.Parallel()
	want := V1.Settings()
	want.PageSize, want.KDFIter, want.UseHMAC = 2048, 11, true
	all := params("cipher_page_size", "2048", "_pragma_cipher_compatibility", "1", "kdf_iter", "11",
		"cipher_use_hmac", "1", "key", "k")
	for i := range all {
		turned := append(slices.Clone(all[i:]), all[:i]...)
		for range 20 { // maps have no order
			p, err := ParseParams(turned)
			if err != nil || p.Settings != want {
				t.Fatalf("%v: %+v with error %v, want %+v", turned, p.Settings, err, want)
			}
		}
	}
}

// TestForeignParams lets pass what other drivers read.
func TestForeignParams(t *testing.T) {
	t.Parallel()
	for _, name := range foreignParams {
		if IsCipherParam(name) {
			t.Errorf("%s is taken for ours", name)
		}
		p, err := ParseParams(params(name, "1", name, "2"))
		if err != nil || !p.Settings.IsZero() || !p.Key.IsZero() {
			t.Errorf("%s: %+v with error %v", name, p, err)
		}
		d, err := ParseDSN("x.db?" + name + "=1")
		if err != nil || len(d.Cipher) != 0 || d.Rest.Get(name) != "1" {
			t.Errorf("%s: %+v with error %v", name, d, err)
		}
	}
}

func TestIsCipherParam(t *testing.T) {
	t.Parallel()
	names := slices.Concat(strings.Fields("key textkey hexkey rawkey keyfile keyenv"), settingNames())
	for _, name := range names {
		for _, prefix := range []string{"", "_", "_pragma_"} {
			if !IsCipherParam(prefix+name) || !IsCipherParam(strings.ToUpper(prefix+name)) {
				t.Errorf("%s%s is not ours", prefix, name)
			}
		}
		for _, other := range []string{
			"__" + name, "pragma_" + name, name + "_", " " + name, "_pragma__" + name, name + "s",
		} {
			if IsCipherParam(other) {
				t.Errorf("%s is taken for %s", other, name)
			}
		}
	}
	for _, name := range []string{"", "_", "_pragma_", "_pragma"} {
		if IsCipherParam(name) {
			t.Errorf("%q is taken for ours", name)
		}
	}
}

func settingNames() []string {
	var names []string
	for name := range settings {
		names = append(names, name)
	}
	return names
}

// TestMisspelt wants every slip refused, with the right name where it can be
// told.
func TestMisspelt(t *testing.T) {
	t.Parallel()
	for name, meant := range map[string]string{
		"kye": "key", "keyy": "key", "ky": "key", "kez": "key", "Kye": "key", "key ": "key", " key": "key", "keys": "key",
		"_kye": "key", "_keyy": "key", "__key": "key", "_pragma_kye": "key", "_pragma__key": "key", "pragma_key": "key",
		"hexkye": "hexkey", "hex_key": "hexkey", "hexky": "hexkey", "_hexkye": "hexkey",
		"raw_key": "rawkey", "rawkye": "rawkey", "text_key": "textkey", "keyfiel": "keyfile", "key_file": "keyfile",
		"_key_env": "keyenv", "passphrase": "key", "password": "key", "_password": "key", "_passwd": "key", "_pwd": "key",
		"_secret": "key", "encryption_key": "key", "_encryption_key": "key", "_cipher_key": "key",
		"cipher_pagesize": "cipher_page_size", "cipher_page_sise": "cipher_page_size",
		"_cipher_page_sise": "cipher_page_size", "_pragma_cipher_pagesize": "cipher_page_size",
		"cipher_compatability": "cipher_compatibility", "kdf_itter": "kdf_iter", "_kdfiter": "kdf_iter",
		"cipher_hmac_algoritm": "cipher_hmac_algorithm", "cipher_use_hmca": "cipher_use_hmac", "cypher_salt": "cipher_salt",
	} {
		for _, given := range [][]Param{
			params(name, "a secret"), params(name, ""),
			params("key", "k", name, "a secret"), params(name, "a secret", "key", "k"),
		} {
			_, err := ParseParams(given)
			var unknown *ParamError
			if !errors.As(err, &unknown) || !errors.Is(err, ErrUnknownParam) || unknown.Name != name {
				t.Errorf("%q: %v, want a *ParamError", name, err)
				break
			}
			if unknown.Meant != meant {
				t.Errorf("%q is taken for %q, want %q", name, unknown.Meant, meant)
			}
		}
		d, err := ParseDSN("x.db?" + strings.ReplaceAll(name, " ", "%20") + "=s")
		if err != nil || len(d.Cipher) != 1 || len(d.Rest) != 0 {
			t.Errorf("%q: %+v with error %v, want it among ours", name, d, err)
		}
	}
}

func TestUnknownParams(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "x", "foreign_keys", "pragma", "busy_timeout", "legacy", "VFS", "Mode", "vfs ",
		"cipher", "_cipher", "hmac_use", "_hmac_check",
		"_pragma_cipher_store_pass", "_cipher_migrate", "ⓚey", "key\x00", "\xff",
	} {
		if _, err := ParseParams(params(name, "a secret")); !errors.Is(err, ErrUnknownParam) {
			t.Errorf("%q: %v, want ErrUnknownParam", name, err)
		}
	}
}

func TestParseParamsRefuses(t *testing.T) {
	t.Parallel()
	raw := hexText(64)
	salt := "x'" + hexText(32) + "'"
	for _, c := range []struct {
		name   string
		params []Param
		want   error
	}{
		{"empty key", params("key", ""), ErrKeyspec},
		{"empty textkey", params("textkey", ""), ErrKeyspec},
		{"empty hexkey", params("hexkey", ""), ErrKeyspec},
		{"empty rawkey", params("rawkey", ""), ErrKeyspec},
		{"empty keyfile", params("keyfile", ""), ErrKeyspec},
		{"empty keyenv", params("keyenv", ""), ErrKeyspec},
		{"empty driver's key", params("_pragma_key", ""), ErrKeyspec},
		{"rawkey too short", params("rawkey", raw[:62]), ErrKeyspec},
		{"rawkey in quotes", params("rawkey", "x'"+raw+"'"), ErrKeyspec},
		{"rawkey no digits", params("rawkey", "correct horse"), ErrKeyspec},
		{"hexkey no digits", params("hexkey", "correct horse"), ErrKeyspec},
		{"hexkey odd", params("hexkey", raw[:31]), ErrKeyspec},
		{"key twice", params("key", "correct horse", "key", "correct horse"), ErrKeyspec},
		{"key twice in two words", params("key", "correct horse", "_pragma_key", "battery staple"), ErrKeyspec},
		{"key and hexkey", params("key", "correct horse", "hexkey", raw), ErrKeyspec},
		{"key and textkey", params("textkey", "correct horse", "key", "battery staple"), ErrKeyspec},
		{"key and keyfile", params("keyfile", "f", "key", "correct horse"), ErrKeyspec},
		{"keyfile and keyenv", params("keyfile", "f", "keyenv", "E"), ErrKeyspec},
		{"key and empty key", params("key", "correct horse", "rawkey", ""), ErrKeyspec},
		{"setting twice", params("key", "correct horse", "kdf_iter", "1", "kdf_iter", "1"), ErrSetting},
		{"setting twice in two words", params("kdf_iter", "1", "_kdf_iter", "2", "key", "correct horse"), ErrSetting},
		{"level twice", params("cipher_compatibility", "3", "_cipher_compatibility", "3"), ErrSetting},
		{"bad setting", params("key", "correct horse", "cipher_page_size", "1000"), ErrSetting},
		{"bad settings", params("kdf_iter", "0", "cipher_page_size", "0", "fast_kdf_iter", "0"), ErrSetting},
		{"bad level", params("key", "correct horse", "cipher_compatibility", "5"), ErrSetting},
		{"bad salt", params("key", "correct horse", "cipher_salt", salt[1:]), ErrSetting},
		{"settings that do not agree", params("key", "correct horse", "cipher_page_size", "512"), ErrSetting},
		{"header beyond the page", params("key", "correct horse", "cipher_salt", salt,
			"cipher_plaintext_header_size", "8192"), ErrSetting},
		{"unknown and key", params("key", "correct horse", "unknown", "battery staple"), ErrUnknownParam},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := ParseParams(c.params)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if !p.Key.IsZero() || p.KeyFile != "" || p.KeyEnv != "" || p.Settings != (Settings{}) {
				t.Errorf("%+v is returned with the error", p)
			}
			for range 20 { // maps have no order
				if _, again := ParseParams(c.params); again.Error() != err.Error() {
					t.Fatalf("%q, the next time %q", err, again)
				}
			}
			wantNoValue(t, err, "correct horse", "battery staple", raw[:31], salt[1:])
		})
	}
}

// wantNoValue fails if the error, or one that it wraps, shows a secret, as
// text or in hex.
func wantNoValue(t *testing.T, err error, values ...string) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, format := range []string{"%v", "%+v", "%#v", "%q", "%x"} {
			text := fmt.Sprintf(format, e)
			for _, v := range values {
				if strings.Contains(text, v) || strings.Contains(text, hex.EncodeToString([]byte(v))) {
					t.Errorf("%s of the error shows %q: %s", format, v, text)
				}
			}
		}
	}
}
