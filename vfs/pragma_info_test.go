package vfs_test

import (
	"crypto/fips140"
	"runtime"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

func TestPragmaInformation(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	keyed := d.open(t, readOnly(t, d.disk), passphrase)
	plain := openDB(t, readOnly(t, d.plain), vfs.Options{})
	for _, c := range []struct {
		name  string
		value []string
		want  string
		keyed bool // it needs a key
	}{
		{"cipher_version", nil, compat.Version, false},
		{"cipher_provider", nil, "go", true},
		{"cipher_provider_version", nil, runtime.Version(), true},
		{"cipher_fips_status", nil, map[bool]string{true: "1", false: "0"}[fips140.Enabled()], true},
		{"cipher", nil, "AES-256-CBC", true},
		{"cipher", []string{"aes-128-cbc"}, "PRAGMA cipher is no longer supported.", true},
		{"rekey_cipher", []string{"aes"}, "PRAGMA rekey_cipher is no longer supported.", false},
		{"rekey_kdf_iter", []string{"5"}, "PRAGMA rekey_kdf_iter is no longer supported.", false},
		{"cipher_add_random", []string{"x'0102'"}, "0", true},
		{"cipher_add_random", []string{"X'FF'"}, "0", true},
		{"cipher_add_random", []string{"x'010'"}, "1", true},
		{"cipher_add_random", []string{"x''"}, "1", true},
		{"cipher_add_random", []string{"0102"}, "1", true},
		{"cipher_add_random", []string{""}, "1", true},
		{"cipher_memory_security", nil, "0", false},
		{"cipher_log", []string{"off"}, "0", false},
		{"cipher_log", []string{"OFF"}, "0", false},
		{"cipher_log_level", nil, "NONE", false},
		{"cipher_log_level", []string{"TRACE"}, "NONE", false},
		{"cipher_log_source", nil, "NONE", false},
		{"cipher_log_source", []string{"ANY"}, "NONE", false},
		{"cipher_profile", []string{"off"}, "0", false},
	} {
		if r := reply(t, keyed, c.name, c.value...); r.Text() != c.want || r.Column != c.name {
			t.Errorf("%s %q: %+v, want %q", c.name, c.value, r, c.want)
		}
		if c.keyed {
			left(t, plain, c.name, c.value...)
		} else if r := reply(t, plain, c.name, c.value...); r.Text() != c.want {
			t.Errorf("%s %q without a key: %+v", c.name, c.value, r)
		}
	}
	if r := reply(t, keyed, "cipher_memory_security", "on"); len(r.Rows) > 0 {
		t.Errorf("cipher_memory_security = on: %+v", r)
	}
	for _, db := range []*vfs.MainDB{keyed, plain} {
		for name, value := range map[string]string{
			"cipher_log": "stderr", "cipher_profile": "stdout",
		} {
			refusesPragma(t, db, compat.ErrUnavailable, name, value)
		}
	}
	checkRead(t, keyed, d.plain, len(d.plain), 0)
}

// TestPragmaStatus follows a database from the key to a damaged page.
func TestPragmaStatus(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 3)
	disk := vfstest.NewMem(d.disk)
	db := openDB(t, disk, vfs.Options{Settings: d.set})
	status := func(when, want string) {
		t.Helper()
		if row := pragma(t, db, "cipher_status"); row != want {
			t.Errorf("%s: %s", when, row)
		}
	}
	status("without a key", "0")
	pragma(t, db, "key", otherWord)
	status("with a key", "1")
	refuses(t, db, 1024, compat.ErrWrongKey)
	status("with one that is wrong", "0")
	pragma(t, db, "key", passphrase)
	status("with another one", "1")
	checkRead(t, db, d.plain, len(d.plain), 0)
	if _, err := db.Pragma("kdf_iter", new(string)); err != nil {
		t.Fatal(err) // too late, and so passed over
	}
	status("with the right one", "1")
	if _, err := db.Pragma("cipher_log", ptr("stderr")); err == nil {
		t.Fatal("no error")
	}
	status("after an error of another kind", "1")
	raw := disk.Bytes()
	raw[2*1024+5] ^= 1
	writeFull(t, disk, raw, 0)
	vfs.ForgetPages()
	failPage(t, db, 1024, 3)
	status("with a damaged page", "0")
	checkRead(t, db, d.plain[:2048], 2048, 0)
	status("after another page", "0")
}

func ptr(s string) *string { return &s }
