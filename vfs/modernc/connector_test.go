package modernc_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// rawDigits are 160 hex digits of a raw key: its first 64 are a key, its first
// 96 a key and a salt.
var rawDigits = "2dd29ca851e7b56e4697b0e1f08507293d761a05ce4d1b628663f411a8086d99" +
	"00112233445566778899aabbccddeeff" +
	"8899aabbccddeeff0011223344556677" + "ffeeddccbbaa99887766554433221100"

func TestNoKeyGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "clinic.db")
	db := openDB(t, path)
	fails(t, db.PingContext(t.Context()), compat.ErrNoKey, 0)
	_, err := db.ExecContext(t.Context(), `CREATE TABLE t(x)`)
	fails(t, err, compat.ErrNoKey, 0)
	for _, dsn := range []string{path, "file:" + path, path + "?", path + "?mode=rwc", path + "?kdf_iter=10"} {
		_, err := sql.Open(modernc.DriverName, dsn)
		fails(t, err, compat.ErrNoKey, 0)
	}
	_, err = modernc.Driver{}.Open(path)
	fails(t, err, compat.ErrNoKey, 0)
	if files := snapshot(t, dir); len(files) != 0 {
		t.Errorf("there are files: %v", files)
	}
}

// TestKeyForms makes a database with each way to give a key and opens it with
// the others that mean the same.
func TestKeyForms(t *testing.T) {
	t.Parallel()
	iter := modernc.Setting("kdf_iter", kdfIter)
	keyfile := filepath.Join(t.TempDir(), "passphrase")
	write(t, keyfile, []byte("correct horse\r\n"))
	raw64, raw96 := rawDigits[:64], rawDigits[:96]
	rawText := fmt.Sprintf("x'%s'", raw64)
	for _, c := range []struct {
		name string
		salt string // of the file, hex
		same [][]modernc.Option
		dsn  []string
	}{
		{"passphrase", "", [][]modernc.Option{
			{modernc.Passphrase("correct horse"), iter},
			{modernc.Passphrase([]byte("correct horse")), iter},
			{modernc.Keyspec("correct horse"), iter},
		}, []string{"key=correct%20horse", "key=correct+horse", "textkey=correct%20horse", "hexkey=636f727265637420686f727365",
			"keyfile=" + keyfile, "_key=correct%20horse", "_pragma_key=correct%20horse"}},
		{"raw key", "", [][]modernc.Option{{modernc.RawKey(raw64)}, {modernc.Keyspec(rawText)}, {modernc.Keyspec("X'" + raw64 + "'")}},
			[]string{"rawkey=" + raw64, "key=" + rawText}},
		{"raw key and salt", raw96[64:], [][]modernc.Option{{modernc.RawKey(raw96)}, {modernc.Keyspec("x'" + raw96 + "'")}},
			[]string{"rawkey=" + raw96, "key=x'" + raw96 + "'"}},
		{"raw keys and salt", rawDigits[128:], [][]modernc.Option{{modernc.RawKey(rawDigits)}, {modernc.Keyspec("x'" + rawDigits + "'")}},
			[]string{"rawkey=" + rawDigits}},
		{"passphrase like a raw key", "", [][]modernc.Option{{modernc.Passphrase(rawText), iter}}, nil},
		{"raw key of a wrong length", "", [][]modernc.Option{
			{modernc.Keyspec("x'" + raw64 + "00'"), iter}, {modernc.Passphrase("x'" + raw64 + "00'"), iter}}, nil},
		{"any bytes", "", [][]modernc.Option{{modernc.Passphrase("\x00\xff'\"%?&=#\n"), iter}},
			[]string{"key=%00%ff%27%22%25%3f%26%3d%23%0a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 20, c.same[0]...)
			for _, options := range c.same {
				unhurt(t, path, sum, options...)
			}
			for _, query := range c.dsn {
				db, err := sql.Open(modernc.DriverName, path+"?kdf_iter="+kdfIter+"&"+query)
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				want(t, db, sum, digestQuery)
				closeDB(t, db)
			}
			head, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%x", head[:16]); c.salt != "" && got != c.salt {
				t.Errorf("salt %s, want %s", got, c.salt)
			}
			other := openDB(t, path, modernc.Passphrase("another"), iter)
			fails(t, other.PingContext(t.Context()), compat.ErrWrongKey, codeNotADB)
		})
	}
}

// TestKeyEnv sets the environment, which all tests share.
func TestKeyEnv(t *testing.T) {
	t.Setenv("PAGESEAL_TEST_KEY", passphrase)
	path, sum := created(t, 20, options()...)
	for _, dsn := range []string{path + "?kdf_iter=10&keyenv=PAGESEAL_TEST_KEY"} {
		db, err := sql.Open(modernc.DriverName, dsn)
		if err != nil {
			t.Fatal(err)
		}
		want(t, db, sum, digestQuery)
		closeDB(t, db)
	}
	bare := openBare(t, bareURI(path, "keyenv", "PAGESEAL_TEST_KEY"))
	want(t, bare, sum, digestQuery)
}

// TestKeyIsCopied wipes the caller's passphrase before it is used.
func TestKeyIsCopied(t *testing.T) {
	t.Parallel()
	secret := []byte(passphrase)
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, modernc.Passphrase(secret), modernc.Setting("kdf_iter", kdfIter))
	clear(secret)
	samples(t, db, 20)
	sum := row(t, db, digestQuery)
	closeDB(t, db)
	unhurt(t, path, sum, options()...)
}

func TestTwoKeys(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	db := openDB(t, path, modernc.Passphrase("a"), modernc.RawKey(rawDigits))
	fails(t, db.PingContext(t.Context()), compat.ErrKeyspec, 0)
}

func TestBadOption(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		name   string
		option modernc.Option
		target error
	}{
		{"empty passphrase", modernc.Passphrase(""), compat.ErrKeyspec},
		{"empty keyspec", modernc.Keyspec(""), compat.ErrKeyspec},
		{"raw key too short", modernc.RawKey(rawDigits[:63]), compat.ErrKeyspec},
		{"raw key of no digits", modernc.RawKey(strings.Repeat("g", 64)), compat.ErrKeyspec},
		{"unknown setting", modernc.Setting("cipher_pagesize", "4096"), compat.ErrUnknownParam},
		{"bad value", modernc.Setting("cipher_page_size", "4097"), compat.ErrSetting},
		{"key as a parameter", modernc.Param("key", "secret"), compat.ErrUnknownParam},
		{"misspelt key as a parameter", modernc.Param("kye", "secret"), compat.ErrUnknownParam},
		{"setting as a parameter", modernc.Param("cipher_page_size", "1024"), compat.ErrUnknownParam},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, with := range []modernc.Option{modernc.KeyOptional(), modernc.Setting("kdf_iter", kdfIter)} {
				db := openDB(t, filepath.Join(dir, c.name), with, c.option)
				_, err := db.ExecContext(t.Context(), `CREATE TABLE t(x)`)
				if err == nil || !errors.Is(err, c.target) && !errors.Is(err, compat.ErrNoKey) {
					t.Errorf("error %v, want %v", err, c.target)
				}
				if _, err := os.Stat(filepath.Join(dir, c.name)); err == nil {
					t.Error("there is a file")
				}
			}
		})
	}
}

// TestOtherVFS names a VFS that does not encrypt, next to a key.
func TestOtherVFS(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "clinic.db")
	for _, name := range []string{"unix", "unix-none", "memdb", "nosuchvfs", ""} {
		db := openDB(t, path, options(modernc.Param("vfs", name))...)
		_, err := db.ExecContext(t.Context(), `CREATE TABLE t(x); INSERT INTO t VALUES ('`+marked+`')`)
		if err == nil {
			t.Errorf("Param: wrote through the VFS %q", name)
		}
		db, err = sql.Open(modernc.DriverName, uri(path, "vfs", name, "key", "k1", "kdf_iter", kdfIter))
		if err == nil {
			_, err = db.ExecContext(t.Context(), `CREATE TABLE t(x); INSERT INTO t VALUES ('`+marked+`')`)
			closeDB(t, db)
		}
		if err == nil {
			t.Errorf("DSN: wrote through the VFS %q", name)
		}
		if content, err := os.ReadFile(path); err == nil && strings.Contains(string(content), marked) {
			t.Fatalf("VFS %q: there is a plaintext file", name)
		}
	}
}

// marked is a value that no file may show.
const marked = "unmistakable"

// TestOddNames has file names that a URI would take for something else.
func TestOddNames(t *testing.T) {
	t.Parallel()
	names := []string{
		"with space.db", "100%.db", "100%25.db", "a#b.db", "a&key=b.db", "größe.db", "+plus.db", "semi;colon.db", "it's.db",
	}
	if runtime.GOOS != "windows" { // which has no such names
		names = append(names, "who?.db", "x?key=wrong.db", `quo"te.db`, `back\slash.db`)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			db := openDB(t, path, options()...)
			samples(t, db, 20)
			sum := row(t, db, digestQuery)
			closeDB(t, db)
			if files := snapshot(t, dir); len(files) != 1 {
				t.Errorf("there are files: %v", files)
			}
			encrypted(t, path)
			unhurt(t, path, sum, options()...)
		})
	}
}

// TestNoFile opens databases that have no file, or one that nobody can open
// again.
func TestNoFile(t *testing.T) {
	t.Parallel()
	for name, params := range map[string][]string{
		":memory:": nil, "": nil, "shared": {"mode", "memory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := options()
			if params != nil {
				opts = append(opts, modernc.Param(params[0], params[1]))
			}
			db := openDB(t, name, opts...)
			samples(t, db, 400)
			intact(t, db)
			want(t, db, "400", `SELECT count(*) FROM sample`)
			if _, err := os.Stat(name); name != "" && err == nil {
				t.Error("there is a file")
			}
		})
	}
}

// TestSecretsStayOut looks for the key in everything that a program may print.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	const secret = "VerySecretPassphrase"
	dir := t.TempDir()
	path := filepath.Join(dir, "clinic.db")
	opts := []modernc.Option{modernc.Passphrase(secret), modernc.Setting("kdf_iter", kdfIter)}
	connector := modernc.NewConnector(path, opts...)
	db := single(t, sql.OpenDB(connector))
	samples(t, db, 20)
	var texts []string
	say := func(args ...any) { texts = append(texts, fmt.Sprintln(args...)) }
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		say(fmt.Sprintf(verb, connector))
		say(fmt.Sprintf(verb, *connector))
		say(fmt.Sprintf(verb, opts))
	}
	must(t, db, `ATTACH '`+filepath.Join(dir, "other.db")+`' AS other KEY '`+secret+`'`)
	rows, err := db.QueryContext(t.Context(), `PRAGMA database_list`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var seq, name, file string
		if err := rows.Scan(&seq, &name, &file); err != nil {
			t.Fatal(err)
		}
		say(seq, name, file)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`PRAGMA key = '` + secret + `'`, `PRAGMA rekey = '` + secret + `'`, `SELECT * FROM nothing`,
		`ATTACH '` + path + `' AS again KEY '` + secret + `wrong'`, `ATTACH '/does/not/exist' AS never KEY '` + secret + `'`,
		`PRAGMA cipher_page_size = 7`, `PRAGMA cipher_salt = '` + secret + `'`,
	} {
		_, err := db.ExecContext(t.Context(), query)
		say(err)
	}
	closeDB(t, db)
	wrong := openDB(t, path, modernc.Passphrase(secret+"!"))
	say(wrong.PingContext(t.Context()))
	for _, query := range []string{
		"key=" + secret + "!", "kye=" + secret, "rawkey=" + secret, "hexkey=" + secret, "key=" + secret + "&key=" + secret,
		"key=" + secret + "&cipher_page_size=1", "key=%" + secret, "keyfile=&key=" + secret,
	} {
		db, err := sql.Open(modernc.DriverName, path+"?"+query)
		if err == nil {
			err = db.PingContext(t.Context())
			closeDB(t, db)
		}
		say(err)
		bare := openBare(t, uri(path, "vfs", modernc.VFSName)+"&"+query)
		say(bare.PingContext(t.Context()))
		_, err = bare.ExecContext(t.Context(), `SELECT * FROM sample`)
		say(err)
	}
	digits := fmt.Sprintf("%x", secret)
	numbers := strings.Trim(fmt.Sprint([]byte(secret)), "[]")
	for _, text := range texts {
		for _, form := range []string{secret, digits, numbers} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				t.Errorf("the key is in %s", text)
			}
		}
	}
	for name := range snapshot(t, dir) {
		content, err := os.ReadFile(name)
		if err != nil || bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s holds the key (%v)", name, err)
		}
	}
}
