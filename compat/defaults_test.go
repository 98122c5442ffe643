package compat

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

// keepDefaults puts the defaults back when the test ends. Such a test is not
// parallel, as they are those of the process.
func keepDefaults(t *testing.T) {
	t.Helper()
	if s := Defaults(); s != Latest.Settings() {
		t.Fatalf("another test has left %+v", s)
	}
	t.Cleanup(func() {
		defaults.Lock()
		defer defaults.Unlock()
		defaults.Settings = Latest.Settings()
	})
}

func setDefault(t *testing.T, name, value string) {
	t.Helper()
	if err := SetDefault(name, value); err != nil {
		t.Fatal(err)
	}
}

func TestDefaults(t *testing.T) {
	keepDefaults(t)
	for _, c := range []struct{ name, value, want string }{
		{"cipher_default_kdf_iter", "10", "10"},
		{"cipher_default_page_size", "8192", "8192"},
		{"cipher_default_use_hmac", "off", "0"},
		{"cipher_default_hmac_algorithm", "hmac_sha256", "HMAC_SHA256"},
		{"cipher_default_kdf_algorithm", "PBKDF2_HMAC_SHA1", "PBKDF2_HMAC_SHA1"},
		{"cipher_default_plaintext_header_size", "32", "32"},
	} {
		before := Defaults()
		setDefault(t, c.name, c.value)
		if got, ok := Default(c.name); got != c.want || !ok || !IsDefault(c.name) {
			t.Errorf("%s is %q, %v", c.name, got, ok)
		}
		setting, _ := settingOf(c.name)
		set(t, &before, setting, c.value)
		if Defaults() != before {
			t.Errorf("%s has made %+v, want %+v", c.name, Defaults(), before)
		}
	}
	setDefault(t, "cipher_default_compatibility", "3")
	want := V3.Settings()
	want.PlaintextHeader = 32 // which the level leaves alone
	if Defaults() != want {
		t.Errorf("level 3 is %+v", Defaults())
	}
	if text, ok := Default("cipher_default_compatibility"); ok {
		t.Errorf("the level is printed as %q", text)
	}
}

// TestDefaultsRefused wants the defaults to stay what they were.
func TestDefaultsRefused(t *testing.T) {
	keepDefaults(t)
	for _, c := range []struct{ name, value string }{
		{"cipher_default_kdf_iter", "0"}, {"cipher_default_kdf_iter", "many"}, {"cipher_default_page_size", "1000"},
		{"cipher_default_page_size", "512"}, // with a MAC
		{"cipher_default_use_hmac", "maybe"}, {"cipher_default_hmac_algorithm", "HMAC_MD5"},
		{"cipher_default_kdf_algorithm", ""}, {"cipher_default_plaintext_header_size", "17"},
		{"cipher_default_plaintext_header_size", "4032"}, // into the reserve
		{"cipher_default_compatibility", "5"},
	} {
		err := SetDefault(c.name, c.value)
		if !errors.Is(err, ErrSetting) {
			t.Errorf("%s = %s: %v", c.name, c.value, err)
		}
		var bad *SettingError
		if errors.As(err, &bad) && (bad.Name != c.name || bad.Value != c.value) {
			t.Errorf("%s = %s: the error is of %q and %q", c.name, c.value, bad.Name, bad.Value)
		}
		if Defaults() != Latest.Settings() {
			t.Fatalf("%s = %s has made %+v", c.name, c.value, Defaults())
		}
	}
	for _, name := range []string{"cipher_default_salt", "kdf_iter", "cipher_page_size", "cipher_default_",
		"cipher_default_cipher_page_size", "cipher_default_hmac_pgno", ""} {
		if _, ok := Default(name); ok || IsDefault(name) {
			t.Errorf("%q is taken for a default", name)
		}
		if err := SetDefault(name, "10"); !errors.Is(err, ErrUnknownParam) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestDefaultsTogether has several connections set defaults at once: none of
// them is lost.
func TestDefaultsTogether(t *testing.T) {
	keepDefaults(t)
	values := map[string]string{
		"cipher_default_kdf_iter": "11", "cipher_default_page_size": "2048",
		"cipher_default_hmac_algorithm": "HMAC_SHA1", "cipher_default_kdf_algorithm": "PBKDF2_HMAC_SHA256",
	}
	for range 50 {
		var all sync.WaitGroup
		for name, value := range values {
			all.Go(func() { _ = SetDefault(name, value) })
		}
		all.Wait()
		for name, value := range values {
			if got, _ := Default(name); got != value {
				t.Fatalf("%s is %q", name, got)
			}
		}
		setDefault(t, "cipher_default_compatibility", "4")
	}
}

// TestPragmaLists gives one set of settings to another by the statements that
// list them.
func TestPragmaLists(t *testing.T) {
	keepDefaults(t)
	s := Settings{}
	for name, value := range map[string]string{
		"kdf_iter": "7", "cipher_page_size": "1024", "cipher_use_hmac": "0", "cipher_plaintext_header_size": "16",
		"cipher_hmac_algorithm": "HMAC_SHA1", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA256",
	} {
		set(t, &s, name, value)
	}
	lines := s.Pragmas()
	if want := []string{
		"PRAGMA kdf_iter = 7;", "PRAGMA cipher_page_size = 1024;", "PRAGMA cipher_use_hmac = 0;",
		"PRAGMA cipher_plaintext_header_size = 16;", "PRAGMA cipher_hmac_algorithm = HMAC_SHA1;",
		"PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA256;",
	}; !slices.Equal(lines, want) {
		t.Errorf("listed as %q", lines)
	}
	for i, line := range s.DefaultPragmas() {
		name, value := nameAndValue(line)
		setDefault(t, name, value)
		if _, same := nameAndValue(lines[i]); same != value {
			t.Errorf("%q in place of %q", line, lines[i])
		}
	}
	if Defaults() != s {
		t.Errorf("the lines make %+v", Defaults())
	}
}

func nameAndValue(pragma string) (name, value string) {
	name, value, _ = strings.Cut(strings.TrimPrefix(strings.TrimSuffix(pragma, ";"), "PRAGMA "), " = ")
	return name, value
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"1": true, "on": true, "YES": true, " True ": true, "2": true, "-1": true, "007": true,
		"0": false, "Off": false, "no": false, "FALSE": false, "00": false, "-0": false,
	} {
		if got, ok := ParseBool(text); got != want || !ok {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "maybe", "1x", "0.5", "t", "on off"} {
		if _, ok := ParseBool(text); ok {
			t.Errorf("%q is taken for one", text)
		}
	}
}

// TestSetOnNothing starts from the latest level.
func TestSetOnNothing(t *testing.T) {
	t.Parallel()
	var s Settings
	if err := s.Set("kdf_iter", "none"); err == nil || !s.IsZero() {
		t.Errorf("%v has made %+v", err, s)
	}
	set(t, &s, "kdf_iter", "9")
	want := Latest.Settings()
	if want.KDFIter = 9; s != want || s.IsZero() {
		t.Errorf("%+v", s)
	}
}
