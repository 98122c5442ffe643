package modernc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestPragmaKey opens a database without a key and gives it one afterwards.
func TestPragmaKey(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 100, options()...)
	keyed := `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = ` + kdfIter
	t.Run("strict", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, path, modernc.KeyOptional())
		_, err := db.ExecContext(t.Context(), `SELECT * FROM sample`)
		fails(t, err, compat.ErrNoKey, codeNotADB)
		must(t, db, keyed)
		want(t, db, sum, digestQuery)
	})
	t.Run("bare", func(t *testing.T) {
		t.Parallel()
		db := openBare(t, uri(path, "vfs", modernc.VFSName))
		_, err := db.ExecContext(t.Context(), `SELECT * FROM sample`)
		fails(t, err, nil, codeNotADB)
		must(t, db, keyed)
		want(t, db, sum, digestQuery)
	})
	t.Run("in the URI", func(t *testing.T) {
		t.Parallel()
		db := openBare(t, bareURI(path, "_pragma", "key('correct%20horse')"))
		want(t, db, sum, digestQuery)
	})
	t.Run("wrong, then right", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, path, modernc.KeyOptional())
		for _, wrong := range []string{"wrong", "correct hors", "correct horse "} {
			want(t, db, "ok", `PRAGMA key = '`+wrong+`'`)
			must(t, db, `PRAGMA kdf_iter = `+kdfIter)
			_, err := db.ExecContext(t.Context(), `SELECT * FROM sample`)
			fails(t, err, compat.ErrWrongKey, codeNotADB)
			_, err = db.ExecContext(t.Context(), `CREATE TABLE another(x)`)
			fails(t, err, compat.ErrWrongKey, codeNotADB)
		}
		must(t, db, keyed)
		want(t, db, sum, digestQuery)
		must(t, db, `CREATE TEMP TABLE t(x)`)
	})
	t.Run("right, then wrong", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, path, options()...)
		want(t, db, sum, digestQuery)
		want(t, db, "ok", `PRAGMA key = 'wrong'`) // as SQLCipher, which keeps the one that has proven right
		want(t, db, sum, digestQuery)
	})
	t.Run("empty", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, path, modernc.KeyOptional())
		for _, pragma := range []string{`PRAGMA key = ''`, `PRAGMA hexkey = ''`, `PRAGMA hexkey = 'xyz'`} {
			_, err := db.ExecContext(t.Context(), pragma)
			fails(t, err, compat.ErrKeyState, codeError)
		}
		_, err := db.ExecContext(t.Context(), `SELECT * FROM sample`)
		fails(t, err, compat.ErrNoKey, codeNotADB)
	})
	t.Run("each schema", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, filepath.Join(t.TempDir(), "main.db"), modernc.KeyOptional())
		must(t, db, `CREATE TABLE t(x)`)
		must(t, db, `ATTACH '`+filepath.Join(t.TempDir(), "other.db")+`' AS aux`)
		must(t, db, `PRAGMA aux.key = 'correct horse'; PRAGMA aux.kdf_iter = 10`)
		fill(t, db, "aux")
		aux := row(t, db, `SELECT file FROM pragma_database_list WHERE name = 'aux'`)
		closeDB(t, db)
		filled(t, aux, options()...)
	})
}

// TestPragmaKeyPageSize creates databases of each page size by pragmas, and
// opens them again by pragmas.
func TestPragmaKeyPageSize(t *testing.T) {
	t.Parallel()
	for _, size := range append([]int{512}, pageSizes...) {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			n := strconv.Itoa(size)
			path := filepath.Join(t.TempDir(), "clinic.db")
			pragmas := `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = 10; PRAGMA cipher_page_size = ` + n
			opts := options(pageSizeOption(size))
			values := []string{"kdf_iter", kdfIter, "cipher_page_size", n}
			if size == 512 {
				// Only without a MAC do 480 bytes stay usable.
				pragmas = `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = 10; PRAGMA cipher_use_hmac = off; PRAGMA cipher_page_size = 512`
				opts = options(modernc.Setting("cipher_use_hmac", "off"), pageSizeOption(size))
				values = append([]string{"cipher_use_hmac", "off"}, values...)
			}
			db := openDB(t, path, modernc.KeyOptional())
			must(t, db, pragmas)
			samples(t, db, 200)
			want(t, db, n, `PRAGMA page_size`)
			want(t, db, n, `PRAGMA cipher_page_size`)
			must(t, db, `PRAGMA cipher_page_size = 8192`) // too late
			want(t, db, n, `PRAGMA cipher_page_size`)
			sum := row(t, db, digestQuery)
			closeDB(t, db)
			unhurt(t, path, sum, opts...)
			verified(t, path, passphrase, settings(t, values...))

			again := openDB(t, path, modernc.KeyOptional())
			must(t, again, pragmas)
			want(t, again, sum, digestQuery)
			intact(t, again)
			want(t, again, n, `PRAGMA page_size`)
		})
	}
	t.Run("512 with a MAC", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "clinic.db")
		db := openDB(t, path, modernc.KeyOptional())
		must(t, db, `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = 10`)
		_, err := db.ExecContext(t.Context(), `PRAGMA cipher_page_size = 512`)
		fails(t, err, compat.ErrSetting, codeError)
		samples(t, db, 20)
		sum := row(t, db, digestQuery)
		closeDB(t, db)
		unhurt(t, path, sum, options()...)
	})
}

// TestPragmaOrder mixes pragmas of SQLite that lay out a new database with the
// one that encrypts it.
func TestPragmaOrder(t *testing.T) {
	t.Parallel()
	const key = `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = 10;`
	for _, c := range []struct {
		name, pragmas string
		size          int
	}{
		{"page_size before key", `PRAGMA page_size = 1024;` + key, 4096},
		{"page_size after key", key + `PRAGMA page_size = 1024;`, 1024},
		{"cipher_page_size after page_size", `PRAGMA page_size = 1024;` + key + `PRAGMA cipher_page_size = 8192;`, 8192},
		{"page_size after cipher_page_size", key + `PRAGMA cipher_page_size = 8192; PRAGMA page_size = 2048`, 2048},
		{"encoding before key", `PRAGMA encoding = 'UTF-16be';` + key, 4096},
		{"auto_vacuum after key", key + `PRAGMA auto_vacuum = INCREMENTAL;`, 4096},
		{"encoding after key", key + `PRAGMA encoding = 'UTF-16';`, 4096},
		{"read first", `SELECT count(*) FROM sqlite_schema;` + key, 4096},
		{"version first", `PRAGMA schema_version; PRAGMA journal_mode;` + key, 4096},
		{"locking mode first", `PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema;` + key, 4096},
		{"empty transaction first", `BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT;` + key, 4096},
		{"two keys", `PRAGMA key = 'other';` + key, 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			db := openDB(t, path, modernc.KeyOptional())
			must(t, db, c.pragmas)
			samples(t, db, 100)
			want(t, db, strconv.Itoa(c.size), `PRAGMA page_size`)
			must(t, db, `PRAGMA page_size = 32768; VACUUM`)
			sum := row(t, db, digestQuery)
			closeDB(t, db)
			encrypted(t, path)
			unhurt(t, path, sum, options(pageSizeOption(c.size))...)
			verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter, "cipher_page_size", strconv.Itoa(c.size)))
		})
	}
}

// TestKeyTooLate gives a key to a plaintext database that this connection has
// written: what is there must stay readable.
func TestKeyTooLate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, modernc.KeyOptional())
	samples(t, db, 100)
	sum := row(t, db, digestQuery)
	for _, query := range []string{
		`PRAGMA key = 'correct horse'; SELECT * FROM sample`, `UPDATE sample SET body = body || 'x'`, `VACUUM`,
		`CREATE TABLE another(x)`,
	} {
		_, err := db.ExecContext(t.Context(), query)
		fails(t, err, compat.ErrPlaintext, codeNotADB)
	}
	closeDB(t, db)
	unhurt(t, path, sum, modernc.KeyOptional())
}

// TestKeyAfterLayout gives a key after a pragma that has made SQLite write
// page 1.
func TestKeyAfterLayout(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, modernc.KeyOptional())
	must(t, db, `PRAGMA auto_vacuum = FULL; PRAGMA key = 'correct horse'`)
	_, err := db.ExecContext(t.Context(), `CREATE TABLE t(x)`)
	fails(t, err, compat.ErrPlaintext, codeNotADB)
}

// TestKeyInsideTransaction gives a key while a transaction on a new file is
// open: all of the file, or nothing, is encrypted.
func TestKeyInsideTransaction(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{
		`BEGIN`, `BEGIN IMMEDIATE`, `BEGIN EXCLUSIVE`, `BEGIN; CREATE TABLE early(x)`,
		`BEGIN; PRAGMA cache_size = 1; CREATE TABLE early(x); INSERT INTO early VALUES (zeroblob(100000))`,
	} {
		t.Run(begin, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			db := openDB(t, path, modernc.KeyOptional())
			must(t, db, begin)
			_, keyErr := db.ExecContext(t.Context(), `PRAGMA key = 'correct horse'; PRAGMA kdf_iter = 10`)
			_, err := db.ExecContext(t.Context(), `CREATE TABLE note(text); INSERT INTO note VALUES (?); COMMIT`, secret)
			t.Logf("key: %v; commit: %v", keyErr, err)
			closeDB(t, db)
			if err != nil {
				return
			}
			if keyErr == nil {
				encrypted(t, path, secret)
			}
			for _, opts := range [][]modernc.Option{options(), {modernc.KeyOptional()}} {
				db := openDB(t, path, opts...)
				if s, err := tryRow(t, db, `SELECT text FROM note`); err == nil {
					if s != secret {
						t.Errorf("text %q", s)
					}
					intact(t, db)
					return
				}
			}
			t.Error("nobody can open the file")
		})
	}
}

// TestSettingsFreeze changes settings of a database in use: nothing may come
// of it.
func TestSettingsFreeze(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 100, options()...)
	db := openDB(t, path, options()...)
	for _, pragma := range []string{
		`PRAGMA cipher_page_size = 1024`, `PRAGMA kdf_iter = 7`, `PRAGMA cipher_use_hmac = off`,
		`PRAGMA cipher_hmac_algorithm = HMAC_SHA1`, `PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1`,
		`PRAGMA cipher_hmac_pgno = be`, `PRAGMA cipher_hmac_salt_mask = "x'11'"`, `PRAGMA fast_kdf_iter = 9`,
		`PRAGMA cipher_compatibility = 1`,
		`PRAGMA cipher_salt = "x'000102030405060708090a0b0c0d0e0f'"`,
	} {
		must(t, db, pragma)
		must(t, db, `UPDATE sample SET body = zeroblob(length(body)); VACUUM`)
		intact(t, db)
	}
	closeDB(t, db)
	unhurt(t, path, sum, options()...)
}

// TestCipherPragmas reads settings back.
func TestCipherPragmas(t *testing.T) {
	t.Parallel()
	path, _ := created(t, 10, options()...)
	salt, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db := openDB(t, path, options()...)
	for pragma, value := range map[string]string{
		"cipher_version": compat.Version, "cipher_page_size": "4096", "kdf_iter": kdfIter, "cipher_use_hmac": "1",
		"cipher_hmac_algorithm": "HMAC_SHA512", "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA512",
		"cipher_salt": fmt.Sprintf("%x", salt[:16]), "cipher_plaintext_header_size": "0",
	} {
		want(t, db, value, `PRAGMA `+pragma)
	}
}
