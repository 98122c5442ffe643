package vfs_test

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// keepDefaults puts the defaults of the process back when the test ends. Such a
// test is not parallel.
func keepDefaults(t *testing.T) {
	t.Helper()
	before := compat.Defaults().DefaultPragmas()
	t.Cleanup(func() {
		for _, line := range before {
			name, value, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "PRAGMA "), ";"), " = ")
			if err := compat.SetDefault(name, value); err != nil {
				t.Error(err)
			}
		}
	})
}

// reply wants a pragma to be handled, and returns the whole reply.
func reply(t *testing.T, db *vfs.MainDB, name string, value ...string) vfs.Reply {
	t.Helper()
	r, err := db.Pragma(name, optional(value))
	if err != nil || !r.Handled {
		t.Fatalf("%s %q: handled %v, error %v", name, value, r.Handled, err)
	}
	return r
}

// refusesPragma wants a pragma to fail.
func refusesPragma(t *testing.T, db *vfs.MainDB, want error, name string, value ...string) {
	t.Helper()
	r, err := db.Pragma(name, optional(value))
	if !errors.Is(err, want) || len(r.Rows) > 0 || vfs.CodeOf(err, 0) != vfs.CodeError {
		t.Errorf("%s %q: %+v, %v", name, value, r, err)
	}
	noSecrets(t, err)
}

// TestPragmaColumns names the column of each row after the pragma, in lower
// case however it is asked.
func TestPragmaColumns(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(4096), 2)
	for name, value := range map[string][]string{
		"kdf_iter": nil, "cipher_page_size": nil, "cipher_salt": nil, "cipher_hmac_pgno": {"be"},
		"fast_kdf_iter": {"2"}, "cipher_hmac_salt_mask": {"x'00'"}, "cipher_store_pass": {"1"},
		"cipher_default_kdf_iter": nil, "cipher_version": nil, "cipher_status": nil, "cipher": {"aes-128-cbc"},
		"rekey_cipher": {"x"}, "cipher_add_random": {"x'00'"}, "cipher_log_level": {"DEBUG"},
	} {
		db := d.open(t, readOnly(t, d.disk), passphrase)
		if r := reply(t, db, strings.ToUpper(name), value...); r.Column != name || len(r.Rows) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	db := d.open(t, readOnly(t, d.disk), passphrase)
	for _, name := range []string{"page_size", "PAGE_SIZE"} {
		if r := reply(t, db, name); r.Column != "cipher_page_size" {
			t.Errorf("%s: column %s", name, r.Column)
		}
	}
	for _, name := range []string{"key", "hexkey", "textkey"} {
		if r := reply(t, db, name, "abcd"); !reflect.DeepEqual(r, vfs.Reply{Handled: true, Column: "ok", Rows: []string{"ok"}}) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestPragmaSaysNothing asks those that want a value without one, and the other
// way round.
func TestPragmaSaysNothing(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(4096), 2)
	silent := vfs.Reply{Handled: true}
	for _, name := range []string{
		"key", "hexkey", "textkey", "rekey", "hexrekey", "textrekey", "cipher_compatibility",
		"cipher_default_compatibility", "rekey_cipher", "rekey_kdf_iter", "cipher_add_random", "cipher_log", "cipher_profile",
	} {
		db := d.open(t, readOnly(t, d.disk), passphrase)
		if r := reply(t, db, name); !reflect.DeepEqual(r, silent) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for _, name := range []string{
		"cipher_version", "cipher_status", "cipher_provider", "cipher_provider_version", "cipher_fips_status",
	} {
		db := d.open(t, readOnly(t, d.disk), passphrase)
		if r := reply(t, db, name, "1"); !reflect.DeepEqual(r, silent) {
			t.Errorf("%s = 1: %+v", name, r)
		}
	}
}

func TestPragmaLists(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024, noHMAC, sha1), 2)
	db := d.open(t, readOnly(t, d.disk), passphrase)
	for _, value := range [][]string{nil, {"1"}} { // a value is of no matter
		for name, want := range map[string][]string{
			"cipher_settings": d.set.Pragmas(), "cipher_default_settings": compat.Defaults().DefaultPragmas(),
		} {
			r := reply(t, db, name, value...)
			if r.Column != "pragma" || !reflect.DeepEqual(r.Rows, want) || len(want) != 6 {
				t.Errorf("%s: %+v", name, r)
			}
			if r.Text() != strings.Join(want, "\n") {
				t.Errorf("%s in one row: %q", name, r.Text())
			}
		}
	}
	checkRead(t, db, d.plain, len(d.plain), 0)
	if r := reply(t, db, "cipher_settings"); !reflect.DeepEqual(r.Rows, d.set.Pragmas()) {
		t.Errorf("after a page was read: %+v", r)
	}
	plain := openDB(t, readOnly(t, d.plain), vfs.Options{})
	left(t, plain, "cipher_settings")
	if r := reply(t, plain, "cipher_default_settings"); len(r.Rows) != 6 {
		t.Errorf("defaults without a key: %+v", r)
	}
}

// TestPragmaDefaults sets defaults on one database and uses them on another.
func TestPragmaDefaults(t *testing.T) {
	keepDefaults(t)
	set := quick(2048, sha1)
	d := newDatabase(t, set, 3)
	early := openDB(t, readOnly(t, d.disk), vfs.Options{})
	given := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: quick(4096)})
	keyed := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase)})
	one := openDB(t, &vfstest.Mem{}, vfs.Options{})
	for name, value := range map[string]string{
		"cipher_default_page_size": "2048", "cipher_default_kdf_iter": "3", "Cipher_Default_HMAC_Algorithm": "hmac_sha1",
	} {
		if r := reply(t, one, name, value); len(r.Rows) > 0 {
			t.Errorf("%s answers %q", name, r.Rows)
		}
	}
	if row := pragma(t, one, "cipher_default_page_size"); row != "2048" {
		t.Errorf("default page size %s", row)
	}

	// A key that is set later takes them, whenever the file was opened.
	pragma(t, early, "key", passphrase)
	checkRead(t, early, d.plain, len(d.plain), 0)
	late := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase)})
	checkRead(t, late, d.plain, len(d.plain), 0)

	// A key that was set before does not, until another is set.
	if row := pragma(t, keyed, "kdf_iter"); row != "256000" {
		t.Errorf("the key that was there has %s rounds", row)
	}
	pragma(t, keyed, "key", passphrase)
	checkRead(t, keyed, d.plain, len(d.plain), 0)

	// Settings with which it was opened go before them.
	pragma(t, given, "key", otherWord)
	if row := pragma(t, given, "cipher_page_size"); row != "4096" {
		t.Errorf("page size %s in place of the one given", row)
	}

	// An attached database starts from them, and not from those of main.
	main := openDB(t, &vfstest.Mem{}, vfs.Options{Key: keyspec(t, passphrase), Settings: quick(8192)})
	if row := pragma(t, openDB(t, &vfstest.Mem{}, main.Heir(false)), "cipher_page_size"); row != "2048" {
		t.Errorf("the attached database has page size %s", row)
	}
}

func TestPragmaDefaultRefused(t *testing.T) {
	keepDefaults(t)
	before := compat.Defaults()
	db := openDB(t, &vfstest.Mem{}, vfs.Options{})
	for name, value := range map[string]string{
		"cipher_default_page_size": "1000", "cipher_default_kdf_iter": "none", "cipher_default_use_hmac": "maybe",
		"cipher_default_hmac_algorithm": "HMAC_MD5", "cipher_default_plaintext_header_size": "33",
		"cipher_default_compatibility": "7",
	} {
		refusesPragma(t, db, compat.ErrSetting, name, value)
	}
	if compat.Defaults() != before {
		t.Errorf("the defaults are %+v", compat.Defaults())
	}
}

// TestPragmaSaltStays tells a salt of a file that is yet to be made: settings
// that follow do not change it, another key does.
func TestPragmaSaltStays(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"0", "32"} {
		set := quick(1024)
		base := &vfstest.Mem{}
		db := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
		told := pragma(t, db, "cipher_salt")
		pragma(t, db, "kdf_iter", "2")
		pragma(t, db, "cipher_plaintext_header_size", header)
		if again := pragma(t, db, "cipher_salt"); again != told {
			t.Errorf("salt %s, told was %s", again, told)
		}
		set.KDFIter = 2
		page := plainPage(set, 1, 1)
		writeFull(t, db, page, 0)
		salt, err := hex.DecodeString(told)
		if err != nil {
			t.Fatal(err)
		}
		o := vfs.Options{Key: keyspec(t, passphrase), Settings: set}
		if header == "32" {
			o.Settings.PlaintextHeader, o.Settings.HasSalt, o.Settings.Salt = 32, true, [16]byte(salt)
		}
		checkRead(t, openDB(t, base, o), page, len(page), 0)

		db = openDB(t, &vfstest.Mem{}, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
		told = pragma(t, db, "cipher_salt")
		pragma(t, db, "key", otherWord)
		if again := pragma(t, db, "cipher_salt"); again == told {
			t.Error("another key has the salt of the one before")
		}
	}
}

// TestPragmaStorePass hands on the passphrase instead of the keys.
func TestPragmaStorePass(t *testing.T) {
	t.Parallel()
	const keys, pass = "raw key with MAC key and salt", "passphrase"
	d := newDatabase(t, quick(1024), 2)
	deprecated := "PRAGMA cipher_store_pass is deprecated, please remove from use"
	for _, c := range []struct {
		name string
		do   func(db *vfs.MainDB)
		want string
		row  string
	}{
		{"not asked for", func(*vfs.MainDB) {}, keys, "0"},
		{"on", func(db *vfs.MainDB) {
			if row := pragma(t, db, "cipher_store_pass", "ON"); row != deprecated {
				t.Errorf("row %q", row)
			}
		}, pass, "1"},
		{"on and off", func(db *vfs.MainDB) {
			pragma(t, db, "cipher_store_pass", "1")
			pragma(t, db, "cipher_store_pass", "0")
		}, keys, "0"},
		{"on, and a setting", func(db *vfs.MainDB) {
			pragma(t, db, "cipher_store_pass", "1")
			pragma(t, db, "kdf_iter", "3")
		}, pass, "1"},
		{"on, and another key", func(db *vfs.MainDB) {
			pragma(t, db, "cipher_store_pass", "1")
			pragma(t, db, "key", passphrase)
		}, keys, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: d.set})
			c.do(db)
			checkRead(t, db, d.plain, len(d.plain), 0)
			heir := db.Heir(true)
			if heir.Key.String() != c.want {
				t.Errorf("handed on: %v", heir.Key)
			}
			if row := pragma(t, db, "cipher_store_pass"); row != c.row {
				t.Errorf("answers %s", row)
			}
			checkRead(t, openDB(t, readOnly(t, d.disk), heir), d.plain, len(d.plain), 0)
		})
	}
	t.Run("too late", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: d.set})
		checkRead(t, db, d.plain, len(d.plain), 0)
		pragma(t, db, "cipher_store_pass", "1")
		if row := pragma(t, db, "cipher_store_pass"); row != "1" {
			t.Errorf("answers %s", row)
		}
		heir := db.Heir(true)
		if heir.Key.String() != keys {
			t.Errorf("handed on: %v", heir.Key)
		}
		checkRead(t, openDB(t, readOnly(t, d.disk), heir), d.plain, len(d.plain), 0)
	})
	t.Run("off again once the key is proven", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: d.set})
		pragma(t, db, "cipher_store_pass", "1")
		checkRead(t, db, d.plain, len(d.plain), 0)
		pragma(t, db, "cipher_store_pass", "0")
		pragma(t, db, "cipher_store_pass", "1")
		if key := db.Heir(true).Key; key.String() != keys {
			t.Errorf("handed on: %v", key)
		}
	})
	db := d.open(t, readOnly(t, d.disk), passphrase)
	refusesPragma(t, db, compat.ErrSetting, "cipher_store_pass", "maybe")
	left(t, openDB(t, readOnly(t, d.plain), vfs.Options{}), "cipher_store_pass", "1")
}

// TestHeirOfCreated hands on the keys of a file that was made just now.
func TestHeirOfCreated(t *testing.T) {
	t.Parallel()
	db := openDB(t, &vfstest.Mem{}, vfs.Options{Key: keyspec(t, passphrase), Settings: quick(1024)})
	pragma(t, db, "cipher_salt")
	if key := db.Heir(true).Key; key.String() != "passphrase" {
		t.Errorf("handed on before a page was written: %v", key)
	}
	writeFull(t, db, plainPage(quick(1024), 1, 1), 0)
	if key := db.Heir(true).Key; key.String() != "raw key with MAC key and salt" {
		t.Errorf("handed on: %v", key)
	}
}
