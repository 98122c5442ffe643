package vfs_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// fakeConn notes what SQLite is told.
type fakeConn struct {
	vfs.Conn
	told []string
	ran  []string
	err  error
}

func (c *fakeConn) Schema() (string, error) { return `"aux"`, nil }

func (c *fakeConn) Run(sql string) (string, error) {
	c.ran = append(c.ran, sql)
	return "", nil
}

func (c *fakeConn) SetGeometry(pageSize, reserve int) error {
	c.told = append(c.told, fmt.Sprintf("%d/%d", pageSize, reserve))
	return c.err
}

// pragma wants a pragma to be handled, and returns its row.
func pragma(t *testing.T, db *vfs.MainDB, name string, value ...string) string {
	t.Helper()
	reply, err := db.Pragma(name, optional(value))
	if err != nil || !reply.Handled {
		t.Fatalf("%s %q: handled %v, error %v", name, value, reply.Handled, err)
	}
	return reply.Text()
}

func optional(value []string) *string {
	if len(value) == 0 {
		return nil
	}
	return &value[0]
}

// left wants a pragma to be left to SQLite.
func left(t *testing.T, db *vfs.MainDB, name string, value ...string) {
	t.Helper()
	if reply, err := db.Pragma(name, optional(value)); err != nil || !reflect.DeepEqual(reply, vfs.Reply{}) {
		t.Errorf("%s %q: %+v, error %v; want it left to SQLite", name, value, reply, err)
	}
}

// TestPragmaKey gives the key in each of its forms after the file was opened.
func TestPragmaKey(t *testing.T) {
	t.Parallel()
	set := compat.Latest.Settings()
	set.KDFIter = 1 // only the passphrase forms use it, and they set it too
	d := newDatabase(t, set, 2)
	raw := rawKey(d.keys)
	for _, c := range []struct{ name, pragma, value string }{
		{"passphrase", "key", passphrase},
		{"text", "textkey", passphrase},
		{"upper case", "KEY", passphrase},
		{"hex", "hexkey", hex.EncodeToString([]byte(passphrase))},
		{"raw", "key", raw[:66] + "'"},
		{"raw with salt", "key", raw[:66] + raw[130:]},
		{"raw with MAC key and salt", "key", raw},
		{"hex of raw, cut to 40 bytes", "hexkey", hex.EncodeToString([]byte(passphrase + strings.Repeat(" ", 40)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := openDB(t, readOnly(t, d.disk), vfs.Options{})
			readEOF(t, db, 100, 0)
			if row := pragma(t, db, c.pragma, c.value); row != "ok" {
				t.Errorf("row %q", row)
			}
			if !db.Encrypted() {
				t.Error("says that it is not encrypted")
			}
			if row := pragma(t, db, "kdf_iter"); row != "256000" {
				t.Errorf("kdf_iter %s before it is set", row)
			}
			pragma(t, db, "kdf_iter", "1")
			if strings.HasPrefix(c.name, "hex of raw") {
				refuses(t, db, 4096, compat.ErrWrongKey)
				return
			}
			checkRead(t, db, d.plain, len(d.plain), 0)
		})
	}
}

func TestPragmaKeyRefused(t *testing.T) {
	t.Parallel()
	const secret = "5ecre7"
	for _, c := range []struct{ pragma, value string }{
		{"key", ""}, {"textkey", ""}, {"hexkey", ""}, {"hexkey", secret + "x"}, {"hexkey", "no hex " + secret},
	} {
		t.Run(c.pragma+" "+c.value, func(t *testing.T) {
			t.Parallel()
			for _, key := range []string{"", passphrase} {
				d := newDatabase(t, quick(1024), 2)
				o := vfs.Options{Settings: d.set}
				if key != "" {
					o.Key = keyspec(t, key)
				}
				db := openDB(t, readOnly(t, d.disk), o)
				reply, err := db.Pragma(c.pragma, &c.value)
				if len(reply.Rows) > 0 || !errors.Is(err, compat.ErrKeyState) || !errors.Is(err, compat.ErrKeyspec) {
					t.Errorf("%+v, %v", reply, err)
				}
				if !strings.Contains(err.Error(), compat.KeyPragmaError) || strings.Contains(err.Error(), secret) {
					t.Errorf("text %q", err)
				}
				if key != "" { // which stays
					checkRead(t, db, d.plain, len(d.plain), 0)
				} else if db.Encrypted() {
					t.Error("says that it is encrypted")
				}
			}
		})
	}
	t.Run("without value", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, &vfstest.Mem{}, vfs.Options{})
		for _, name := range []string{"key", "hexkey", "textkey"} {
			if row := pragma(t, db, name); row != "" {
				t.Errorf("%s answers %q", name, row)
			}
		}
	})
}

// TestPragmaKeyReplaced tries keys one after the other.
func TestPragmaKeyReplaced(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, compat.V2.Settings(), 5)
	db := openDB(t, readOnly(t, d.disk), vfs.Options{})
	for _, wrong := range []string{otherWord, passphrase} { // the latter with the settings of version 4
		pragma(t, db, "key", wrong)
		pragma(t, db, "kdf_iter", "1")
		refuses(t, db, 4096, compat.ErrWrongKey)
	}
	pragma(t, db, "cipher_compatibility", "2")
	checkRead(t, db, d.plain, len(d.plain), 0)
	if row := pragma(t, db, "key", otherWord); row != "ok" {
		t.Errorf("row %q", row)
	}
	checkRead(t, db, d.plain, len(d.plain), 0)
	if row := pragma(t, db, "kdf_iter"); row != "4000" {
		t.Errorf("kdf_iter %s, although the key was proven", row)
	}
}

// TestPragmaSettings reads each setting, changes it and reads it again.
func TestPragmaSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, value, after, reply string }{
		{"cipher_page_size", "4096", "8192", "8192", ""},
		{"page_size", "4096", "8192", "8192", ""},
		{"PAGE_SIZE", "4096", "1024", "1024", ""},
		{"kdf_iter", "3", "77", "77", ""},
		{"fast_kdf_iter", "2", "9", "9", "PRAGMA fast_kdf_iter is deprecated, please remove from use"},
		{"cipher_use_hmac", "1", "off", "0", ""},
		{"cipher_hmac_algorithm", "HMAC_SHA512", "hmac_sha1", "HMAC_SHA1", ""},
		{"cipher_kdf_algorithm", "PBKDF2_HMAC_SHA512", "pbkdf2_hmac_sha256", "PBKDF2_HMAC_SHA256", ""},
		{"cipher_hmac_pgno", "le", "be", "be", "PRAGMA cipher_hmac_pgno is deprecated, please remove from use"},
		{"cipher_hmac_salt_mask", "3a", "x'00'", "00", "PRAGMA cipher_hmac_salt_mask is deprecated, please remove from use"},
		{"cipher_plaintext_header_size", "0", "32", "32", ""},
		{"cipher_compatibility", "", "3", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, quick(4096), 2)
			db := d.open(t, readOnly(t, d.disk), passphrase)
			if row := pragma(t, db, c.name); row != c.before {
				t.Errorf("%q before", row)
			}
			if row := pragma(t, db, c.name, c.value); row != c.reply {
				t.Errorf("answered with %q", row)
			}
			if row := pragma(t, db, c.name); row != c.after {
				t.Errorf("%q after", row)
			}
			plain := openDB(t, readOnly(t, d.plain), vfs.Options{})
			left(t, plain, c.name)
			left(t, plain, c.name, c.value)

			if c.name == "cipher_plaintext_header_size" {
				return // which is converted later on
			}
			proven := d.open(t, readOnly(t, d.disk), passphrase)
			checkRead(t, proven, d.plain, 4096, 0)
			if row := pragma(t, proven, c.name, c.value); row != c.reply {
				t.Errorf("answered with %q once the key is proven", row)
			}
			if row := pragma(t, proven, c.name); row != c.before {
				t.Errorf("%q, although the key was proven", row)
			}
			checkRead(t, proven, d.plain, len(d.plain), 0)
		})
	}
}

func TestPragmaSettingRefused(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef0123456789abcde" // a digit short
	for _, c := range []struct{ name, value string }{
		{"cipher_page_size", "1000"}, {"cipher_page_size", "512"}, {"page_size", "100"}, {"cipher_page_size", "131072"},
		{"kdf_iter", "0"}, {"kdf_iter", "many"}, {"fast_kdf_iter", "-1"}, {"cipher_use_hmac", "maybe"},
		{"cipher_hmac_algorithm", "HMAC_MD5"}, {"cipher_kdf_algorithm", "scrypt"}, {"cipher_hmac_pgno", "middle"},
		{"cipher_hmac_salt_mask", "3a"}, {"cipher_plaintext_header_size", "17"}, {"cipher_plaintext_header_size", "960"},
		{"cipher_compatibility", "5"}, {"cipher_salt", "x'" + secret + "'"},
	} {
		t.Run(c.name+" "+c.value, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t, quick(1024), 2)
			db := d.open(t, readOnly(t, d.disk), passphrase)
			reply, err := db.Pragma(c.name, &c.value)
			if !errors.Is(err, compat.ErrSetting) || len(reply.Rows) > 0 {
				t.Errorf("%+v, %v", reply, err)
			}
			if strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("%v shows the salt", err)
			}
			checkRead(t, db, d.plain, len(d.plain), 0)
		})
	}
}

// TestPragmaPageSizeAfterGuess corrects the page size that SQLite has guessed.
func TestPragmaPageSizeAfterGuess(t *testing.T) {
	t.Parallel()
	for _, set := range []compat.Settings{quick(1024), quick(65536)} {
		d := newDatabase(t, set, 4)
		db := openDB(t, readOnly(t, d.disk), vfs.Options{Key: keyspec(t, passphrase), Settings: quick(4096)})
		if h := header(t, db); h[16] != 0x10 || h[17] != 0 {
			t.Errorf("first header has page size % x", h[16:18])
		}
		pragma(t, db, "cipher_page_size", fmt.Sprint(set.PageSize))
		checkRead(t, db, d.plain, 4096, 0)
		checkRead(t, db, d.plain, len(d.plain), 0)
	}
}

func TestPragmaSalt(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	db := d.open(t, readOnly(t, d.disk), passphrase)
	if row := pragma(t, db, "cipher_salt"); row != hex.EncodeToString(fixedSalt) {
		t.Errorf("salt of the file: %q", row)
	}
	checkRead(t, db, d.plain, len(d.plain), 0)

	base := &vfstest.Mem{}
	db = d.open(t, base, passphrase)
	row := pragma(t, db, "cipher_salt")
	if again := pragma(t, db, "cipher_salt"); again != row || len(row) != 32 {
		t.Errorf("salt of an empty file: %q, then %q", row, again)
	}
	writeFull(t, db, d.page(1), 0)
	if salt := hex.EncodeToString(base.Bytes()[:16]); salt != row {
		t.Errorf("salt %s was written, %s was told", salt, row)
	}

	base = &vfstest.Mem{}
	db = d.open(t, base, passphrase)
	const given = "000102030405060708090a0b0c0d0e0f"
	if row := pragma(t, db, "cipher_salt", "x'"+given+"'"); row != "" {
		t.Errorf("answered with %q", row)
	}
	if row := pragma(t, db, "cipher_salt"); row != given {
		t.Errorf("salt given: %q", row)
	}
	writeFull(t, db, d.page(1), 0)
	if salt := hex.EncodeToString(base.Bytes()[:16]); salt != given {
		t.Errorf("salt %s was written", salt)
	}

	short := d.open(t, readOnly(t, d.disk[:9]), passphrase)
	if _, err := short.Pragma("cipher_salt", nil); !errors.Is(err, compat.ErrShortFile) {
		t.Errorf("short file: %v", err)
	}
	left(t, openDB(t, base, vfs.Options{}), "cipher_salt")
}

// TestPragmaAfterWrite keeps the settings of a database that was just created.
func TestPragmaAfterWrite(t *testing.T) {
	t.Parallel()
	base := &vfstest.Mem{}
	set := quick(1024)
	db := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
	page := plainPage(set, 1, 1)
	writeFull(t, db, page, 0)
	pragma(t, db, "cipher_page_size", "4096")
	pragma(t, db, "page_size", "4096")
	pragma(t, db, "kdf_iter", "10")
	pragma(t, db, "key", otherWord)
	if row := pragma(t, db, "cipher_page_size"); row != "1024" {
		t.Errorf("page size %s", row)
	}
	writeFull(t, db, page, 1024)
	reopened := openDB(t, base, vfs.Options{Key: keyspec(t, passphrase), Settings: set})
	checkRead(t, reopened, append(page, page...), 2048, 0)
}

func TestPragmaRefused(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	for _, c := range []struct{ name, value string }{
		{"rekey", otherWord}, {"hexrekey", "aa"}, {"textrekey", otherWord}, {"REKEY", otherWord},
	} {
		t.Run(c.name+" "+c.value, func(t *testing.T) {
			t.Parallel()
			db := d.open(t, readOnly(t, d.disk), passphrase)
			reply, err := db.Pragma(c.name, &c.value)
			if !errors.Is(err, compat.ErrUnsupported) || len(reply.Rows) > 0 {
				t.Errorf("%+v, %v", reply, err)
			}
			noSecrets(t, err)
		})
	}
}

func TestPragmaOthers(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	keyed := d.open(t, readOnly(t, d.disk), passphrase)
	plain := openDB(t, readOnly(t, d.plain), vfs.Options{})
	for _, db := range []*vfs.MainDB{keyed, plain} {
		if row := pragma(t, db, "Cipher_Version"); row != compat.Version {
			t.Errorf("cipher_version %q", row)
		}
		left(t, db, "journal_mode")
		for _, mode := range []string{"delete", "TRUNCATE", "persist", "memory", "off", "WAL"} {
			left(t, db, "journal_mode", mode)
		}
		left(t, db, "user_version", "7")
		left(t, db, "keys", "7")
		left(t, db, "")
	}
	left(t, plain, "page_size", "1024")
}

// TestPragmaGeometry tells SQLite how to lay out a database that is still empty.
func TestPragmaGeometry(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "[4096/80 1024/80 1024/48]"},
		{"one byte", []byte{0}, "[4096/80 1024/80 1024/48]"},
		{"not empty", d.disk, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn := &fakeConn{}
			db := openDB(t, readOnly(t, c.file), vfs.Options{})
			db.Attach(conn)
			pragma(t, db, "key", passphrase)
			pragma(t, db, "page_size", "1024")
			pragma(t, db, "cipher_hmac_algorithm", "HMAC_SHA256")
			pragma(t, db, "cipher_page_size")
			pragma(t, db, "cipher_version")
			if got := fmt.Sprint(conn.told); got != c.want {
				t.Errorf("told %v, want %s", got, c.want)
			}
			if got := fmt.Sprint(conn.ran); got != `[PRAGMA "aux".secure_delete=ON]` {
				t.Errorf("ran %v", got)
			}
		})
	}
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, &vfstest.Mem{}, vfs.Options{})
		db.Attach(&fakeConn{err: errBelow})
		value := passphrase
		if _, err := db.Pragma("key", &value); !errors.Is(err, errBelow) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("size fails", func(t *testing.T) {
		t.Parallel()
		base := &vfstest.Mem{Hook: func(c vfstest.Call) error { return errBelow }}
		db, err := vfs.NewMainDB(base, vfs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		db.Attach(&fakeConn{})
		value := passphrase
		if _, err := db.Pragma("key", &value); !errors.Is(err, errBelow) {
			t.Errorf("error %v", err)
		}
	})
}

// TestPragmaBeforeKey leaves a plaintext database what it was until a key is
// given, which is then one too many.
func TestPragmaBeforeKey(t *testing.T) {
	t.Parallel()
	d := newDatabase(t, quick(1024), 2)
	db := openDB(t, readOnly(t, d.plain), vfs.Options{})
	checkRead(t, db, d.plain, len(d.plain), 0)
	pragma(t, db, "key", passphrase)
	pragma(t, db, "kdf_iter", "1")
	refuses(t, db, 4096, compat.ErrShortFile)
	pragma(t, db, "cipher_page_size", "1024")
	refuses(t, db, 1024, compat.ErrPlaintext)
	if !bytes.HasPrefix(header(t, db), []byte(compat.Magic)) {
		t.Error("no header")
	}
}
