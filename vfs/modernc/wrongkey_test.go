package modernc_test

import (
	"database/sql"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

func TestWrongKey(t *testing.T) {
	t.Parallel()
	raw := strings.Repeat("0123456789abcdef", 10)
	for _, c := range []struct {
		name   string
		option modernc.Option
		param  [2]string
	}{
		{"passphrase", modernc.Passphrase("correct horsf"), [2]string{"key", "correct%20horsf"}},
		{"letter case", modernc.Passphrase("Correct horse"), [2]string{"key", "Correct%20horse"}},
		{"space behind", modernc.Passphrase(passphrase + " "), [2]string{"key", "correct%20horse%20"}},
		{"raw key", modernc.RawKey(raw[:64]), [2]string{"rawkey", raw[:64]}},
		{"raw key and salt", modernc.RawKey(raw[:96]), [2]string{"rawkey", raw[:96]}},
		{"raw keys and salt", modernc.RawKey(raw), [2]string{"rawkey", raw}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 100, options()...)
			rejected(t, path, bareURI(path, c.param[:]...), compat.ErrWrongKey, codeNotADB,
				c.option, modernc.Setting("kdf_iter", kdfIter))
			unhurt(t, path, sum, options()...)
		})
	}
}

// TestWrongSetting opens a database with one setting that is not its own.
func TestWrongSetting(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"kdf_iter":              "11",
		"fast_kdf_iter":         "3",
		"cipher_page_size":      "8192",
		"cipher_use_hmac":       "off",
		"cipher_hmac_algorithm": "HMAC_SHA256",
		"cipher_kdf_algorithm":  "PBKDF2_HMAC_SHA1",
		"cipher_hmac_pgno":      "be",
		"cipher_hmac_salt_mask": "x'3b'",
		"cipher_salt":           "x'000102030405060708090a0b0c0d0e0f'",
		"cipher_compatibility":  "3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 100, options()...)
			u := bareURI(path, "key", "correct%20horse", name, value)
			if name == "kdf_iter" {
				u = uri(path, "vfs", modernc.VFSName, "key", "correct%20horse", name, value)
			}
			wrong := options(modernc.Setting(name, value))
			if name == "cipher_compatibility" {
				// The level goes before what differs from it.
				wrong = []modernc.Option{modernc.Setting(name, value),
					modernc.Setting("kdf_iter", kdfIter), modernc.Passphrase(passphrase)}
			}
			rejected(t, path, u, compat.ErrWrongKey, codeNotADB, wrong...)
			unhurt(t, path, sum, options()...)
		})
	}
}

// TestWrongPageSize opens databases of every page size with every other one.
func TestWrongPageSize(t *testing.T) {
	t.Parallel()
	sizes := []string{"1024", "2048", "4096", "8192", "16384", "32768", "65536"}
	for _, size := range sizes {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			right := options(modernc.Setting("cipher_page_size", size))
			path, sum := created(t, 400, right...)
			before := snapshot(t, filepath.Dir(path))
			for _, wrong := range sizes {
				if wrong == size {
					continue
				}
				db := openDB(t, path, options(modernc.Setting("cipher_page_size", wrong))...)
				fails(t, readAll(t, db), compat.ErrWrongKey, codeNotADB)
				_, err := db.ExecContext(t.Context(), `DROP TABLE sample`)
				fails(t, err, compat.ErrWrongKey, codeNotADB)
				closeDB(t, db)
			}
			unchanged(t, filepath.Dir(path), before)
			unhurt(t, path, sum, right...)
		})
	}
}

// TestWrongPlaintextHeader opens a database as one with a header in clear, and
// the other way round.
func TestWrongPlaintextHeader(t *testing.T) {
	t.Parallel()
	const salt = "x'000102030405060708090a0b0c0d0e0f'"
	with := options(modernc.Setting("cipher_plaintext_header_size", "32"), modernc.Setting("cipher_salt", salt))
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		path, sum := created(t, 100, options()...)
		rejected(t, path, bareURI(path, "key", "correct%20horse", "cipher_plaintext_header_size", "32", "cipher_salt", salt),
			compat.ErrWrongKey, codeNotADB, with...)
		unhurt(t, path, sum, options()...)
	})
	t.Run("there", func(t *testing.T) {
		t.Parallel()
		path, sum := created(t, 100, with...)
		before := snapshot(t, filepath.Dir(path))
		for _, c := range []struct {
			name   string
			target error
			code   int
			wrong  []modernc.Option
		}{
			{"no header", compat.ErrWrongKey, codeNotADB, options(modernc.Setting("cipher_salt", salt))},
			{"48 bytes", compat.ErrDamaged, codeNotADB, options(modernc.Setting("cipher_plaintext_header_size", "48"),
				modernc.Setting("cipher_salt", salt))}, // the other pages verify
			{"no salt", compat.ErrSetting, codeError, options(modernc.Setting("cipher_plaintext_header_size", "32"))},
			{"other salt", compat.ErrWrongKey, codeNotADB, options(modernc.Setting("cipher_plaintext_header_size", "32"),
				modernc.Setting("cipher_salt", strings.Replace(salt, "0f", "0e", 1)))},
		} {
			db := openDB(t, path, c.wrong...)
			fails(t, readAll(t, db), c.target, c.code)
			_, err := db.ExecContext(t.Context(), `CREATE TABLE another(x)`)
			fails(t, err, c.target, c.code)
			closeDB(t, db)
			if t.Failed() {
				t.Fatal(c.name)
			}
		}
		unchanged(t, filepath.Dir(path), before)
		unhurt(t, path, sum, with...)
	})
}

// TestNoHMAC opens a database without MACs with a wrong key: nothing but page 1
// tells.
func TestNoHMAC(t *testing.T) {
	t.Parallel()
	right := options(modernc.Setting("cipher_use_hmac", "off"))
	path, sum := created(t, 100, right...)
	for name, wrong := range map[string][]modernc.Option{
		"wrong passphrase": {modernc.Passphrase("wrong"), modernc.Setting("kdf_iter", kdfIter), modernc.Setting("cipher_use_hmac", "off")},
		"with a MAC":       options(),
		"page size":        append(right, modernc.Setting("cipher_page_size", "1024")),
		"kdf_iter":         append(right, modernc.Setting("kdf_iter", "9")),
	} {
		t.Run(name, func(t *testing.T) {
			rejected(t, path, bareURI(path, "key", "wrong", "cipher_use_hmac", "off"),
				compat.ErrWrongKey, codeNotADB, wrong...)
		})
	}
	unhurt(t, path, sum, right...)
}

func TestNoKey(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 100, options()...)
	rejected(t, path, uri(path, "vfs", modernc.VFSName), compat.ErrNoKey, codeNotADB, modernc.KeyOptional())
	unhurt(t, path, sum, options()...)
}

// TestPlaintextWithKey gives a key for a database that is not encrypted.
func TestPlaintextWithKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openBare(t, uri(path))
	samples(t, db, 100)
	sum := row(t, db, digestQuery)
	closeDB(t, db)
	rejected(t, path, bareURI(path, "key", "any"), compat.ErrPlaintext, codeNotADB, options()...)
	unhurt(t, path, sum, modernc.KeyOptional())
}

// TestOtherFile gives a key for what is no database at all.
func TestOtherFile(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"text":   strings.Repeat("Dear diary, nothing happened. ", 400),
		"zeros":  strings.Repeat("\x00", 8192),
		"header": compat.Magic + strings.Repeat("\x00", 8192),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			write(t, path, []byte(content))
			target := compat.ErrWrongKey
			if strings.HasPrefix(content, compat.Magic) {
				target = compat.ErrPlaintext
			}
			rejected(t, path, bareURI(path, "key", "any"), target, codeNotADB, options()...)
		})
	}
}

// misspelt are names that stand close to a key or a setting.
var misspelt = map[string]string{
	"ky": "key", "kay": "key", "keys": "key", "_kye": "key", "_pragma_kay": "key", "passphrase": "key",
	"password": "key", "hex_key": "hexkey", "raw_key": "rawkey", "key_file": "keyfile",
	"cipher_pagesize": "cipher_page_size", "cipher_page_sise": "cipher_page_size", "kdfiter": "kdf_iter",
	"cipher_hmac_algorith": "cipher_hmac_algorithm", "cipher_compatability": "cipher_compatibility",
	"cipher_usehmac": "cipher_use_hmac", "_cipher_pagesize": "cipher_page_size", "nonsense": "",
}

// TestMisspeltParameter has parameters that are close to ours. None may lead to
// a plaintext database, nor to an unkeyed or a wrongly keyed one.
func TestMisspeltParameter(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(misspelt)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "clinic.db")
			for _, params := range [][]string{
				{name, "secret"},
				{"key", "right", name, "secret"},
			} {
				strict, err := sql.Open(modernc.DriverName, uri(path, params...))
				if err == nil {
					err = strict.PingContext(t.Context())
					closeDB(t, strict)
				}
				fails(t, err, compat.ErrUnknownParam, 0)
				var param *compat.ParamError
				if errors.As(err, &param) && param.Meant != misspelt[name] {
					t.Errorf("%v: want %q", err, misspelt[name])
				}
				if err != nil && strings.Contains(err.Error(), "secret") {
					t.Errorf("the error tells the key: %v", err)
				}
				bare := openBare(t, uri(path, append([]string{"vfs", modernc.VFSName}, params...)...))
				_, err = bare.ExecContext(t.Context(), `CREATE TABLE t(x)`)
				if strings.HasPrefix(name, "_") && misspelt[name] == "" {
					continue
				}
				fails(t, err, nil, codeError)
			}
			if files := snapshot(t, dir); len(files) != 0 {
				t.Errorf("there are files: %v", slices.Sorted(maps.Keys(files)))
			}
		})
	}
}

// TestBadValue has parameters that are known, with values that are not.
func TestBadValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		params []string
		target error
	}{
		{"empty key", []string{"key", ""}, compat.ErrKeyspec},
		{"empty hexkey", []string{"hexkey", ""}, compat.ErrKeyspec},
		{"odd hexkey", []string{"hexkey", "abc"}, compat.ErrKeyspec},
		{"text as hexkey", []string{"hexkey", "zz"}, compat.ErrKeyspec},
		{"short rawkey", []string{"rawkey", "0123"}, compat.ErrKeyspec},
		{"no keyfile", []string{"keyfile", "/does/not/exist"}, compat.ErrKeyspec},
		{"no keyenv", []string{"keyenv", "PAGESEAL_TEST_NOT_SET"}, compat.ErrKeyspec},
		{"two keys", []string{"key", "a", "hexkey", "ab"}, compat.ErrKeyspec},
		{"same key twice", []string{"key", "a", "key", "b"}, compat.ErrKeyspec},
		{"page size", []string{"key", "a", "cipher_page_size", "1000"}, compat.ErrSetting},
		{"page size 512 with a MAC", []string{"key", "a", "cipher_page_size", "512"}, compat.ErrSetting},
		{"page size 131072", []string{"key", "a", "cipher_page_size", "131072"}, compat.ErrSetting},
		{"iterations", []string{"key", "a", "kdf_iter", "0"}, compat.ErrSetting},
		{"iterations in words", []string{"key", "a", "kdf_iter", "many"}, compat.ErrSetting},
		{"algorithm", []string{"key", "a", "cipher_hmac_algorithm", "HMAC_MD5"}, compat.ErrSetting},
		{"level", []string{"key", "a", "cipher_compatibility", "5"}, compat.ErrSetting},
		{"header", []string{"key", "a", "cipher_plaintext_header_size", "31"}, compat.ErrSetting},
		{"salt", []string{"key", "a", "cipher_salt", "x'00'"}, compat.ErrSetting},
		{"boolean", []string{"key", "a", "cipher_use_hmac", "maybe"}, compat.ErrSetting},
		{"no key", []string{"kdf_iter", "10"}, compat.ErrNoKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "clinic.db")
			db, err := sql.Open(modernc.DriverName, uri(path, c.params...))
			if err == nil {
				err = db.PingContext(t.Context())
				closeDB(t, db)
			}
			fails(t, err, c.target, 0)
			if c.target != compat.ErrNoKey { // the bare driver opens without
				bare := openBare(t, uri(path, append([]string{"vfs", modernc.VFSName}, c.params...)...))
				_, err = bare.ExecContext(t.Context(), `CREATE TABLE t(x)`)
				fails(t, err, nil, codeError)
			}
			if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
				t.Errorf("there are files: %v, %v", files, err)
			}
		})
	}
}
