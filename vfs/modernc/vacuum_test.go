package modernc_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// pageSizes are those that an encrypted database can have.
var pageSizes = []int{1024, 2048, 4096, 8192, 16384, 32768, 65536}

func pageSizeOption(size int) modernc.Option {
	return modernc.Setting("cipher_page_size", strconv.Itoa(size))
}

// TestVacuum compacts databases of every page size, with attempts to change
// the page size, which SQLite would follow and ruin the file.
func TestVacuum(t *testing.T) {
	t.Parallel()
	for _, size := range pageSizes {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 200, options(pageSizeOption(size))...)
			set := settings(t, "kdf_iter", kdfIter, "cipher_page_size", strconv.Itoa(size))
			db := openDB(t, path, options(pageSizeOption(size))...)
			must(t, db, `CREATE TABLE other AS SELECT * FROM sample; DROP TABLE other`)
			for _, pragma := range []string{
				``, `PRAGMA page_size = 1024`, `PRAGMA page_size = 16384`, `PRAGMA main.page_size(2048)`,
				`PRAGMA page_size = 65536; PRAGMA page_size = 512`, `PRAGMA temp.page_size = 1024`,
				`PRAGMA cipher_page_size = 1024`, `PRAGMA auto_vacuum = FULL`, `PRAGMA auto_vacuum = NONE`,
			} {
				must(t, db, pragma+`; VACUUM`)
				want(t, db, strconv.Itoa(size), `PRAGMA page_size`)
				want(t, db, sum, digestQuery)
				intact(t, db)
			}
			closeDB(t, db)
			unhurt(t, path, sum, options(pageSizeOption(size))...)
			verified(t, path, passphrase, set)
		})
	}
}

// TestVacuumAttached compacts an encrypted database next to a plaintext one,
// whose page size may change, and the reverse.
func TestVacuumAttached(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		encrypted string // the schema that is
		schemas   []string
	}{
		{"encrypted", "aux", []string{"main", "aux"}},
		{"plaintext", "main", []string{"aux", "main"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 200, options()...)
			plain := filepath.Join(t.TempDir(), "plain.db")
			bare := openBare(t, uri(plain, "vfs", modernc.VFSName))
			samples(t, bare, 200)
			closeDB(t, bare)
			db := openDB(t, plain, modernc.KeyOptional())
			attach := fmt.Sprintf(`ATTACH 'file:%s%s' AS aux KEY '%s'`, path, lowIter, passphrase)
			if c.encrypted == "main" {
				db = openDB(t, path, options()...)
				attach = fmt.Sprintf(`ATTACH '%s' AS aux KEY ''`, plain)
			}
			must(t, db, attach)
			for i, pragma := range []string{
				`PRAGMA page_size = 1024`, `PRAGMA main.page_size = 1024`, `PRAGMA aux.page_size = 8192`,
				`PRAGMA main.page_size = 16384; PRAGMA aux.page_size = 512`,
			} {
				for _, schema := range c.schemas {
					must(t, db, pragma)
					must(t, db, `UPDATE `+schema+`.sample SET body = body WHERE id % 7 = `+strconv.Itoa(i))
					must(t, db, pragma+`; VACUUM `+schema)
					must(t, db, pragma+`; VACUUM `+schema)
					for _, schema := range c.schemas {
						want(t, db, sum, strings.Replace(digestQuery, "FROM sample", "FROM "+schema+".sample", 1))
					}
					want(t, db, "4096", `PRAGMA `+c.encrypted+`.page_size`)
					intact(t, db)
				}
			}
			closeDB(t, db)
			unhurt(t, path, sum, options()...)
			verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
			unhurt(t, plain, sum, modernc.KeyOptional())
		})
	}
}

// TestVacuumInto copies an encrypted database.
func TestVacuumInto(t *testing.T) {
	t.Parallel()
	const salt = "x'000102030405060708090a0b0c0d0e0f'"
	for name, opts := range map[string][]modernc.Option{
		"default":          options(),
		"page size 1024":   options(pageSizeOption(1024)),
		"page size 65536":  options(pageSizeOption(65536)),
		"no MAC":           options(modernc.Setting("cipher_use_hmac", "off")),
		"level 3":          {modernc.Setting("cipher_compatibility", "3"), modernc.Setting("kdf_iter", kdfIter), modernc.Passphrase(passphrase)},
		"raw key":          {modernc.RawKey(rawDigits[:64])},
		"raw keys":         {modernc.RawKey(rawDigits)},
		"plaintext header": options(modernc.Setting("cipher_plaintext_header_size", "32"), modernc.Setting("cipher_salt", salt)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 200, opts...)
			dir := t.TempDir()
			db := openDB(t, path, opts...)
			copies := map[string][]any{
				`VACUUM INTO '` + dir + `/0.db'`:                                 nil,
				`VACUUM INTO ?`:                                                  {dir + "/1.db"},
				`VACUUM main INTO 'file:` + dir + `/2.db'`:                       nil,
				`VACUUM INTO '` + dir + `/' || '3.db'`:                           nil,
				`PRAGMA page_size = 2048; VACUUM INTO '` + dir + `/4.db'`:        nil,
				`PRAGMA temp.page_size = 2048; VACUUM INTO '` + dir + `/5.db'`:   nil,
				`/* ATTACH 'x' AS y KEY 'z' */ VACUUM INTO '` + dir + `/KEY.db'`: nil,
			}
			for query, args := range copies {
				must(t, db, query, args...)
			}
			want(t, db, sum, digestQuery)
			// What is there is not written over.
			_, err := db.ExecContext(t.Context(), `VACUUM INTO '`+dir+`/0.db'`)
			fails(t, err, nil, codeError)
			closeDB(t, db)
			files := snapshot(t, dir)
			if len(files) != len(copies) {
				t.Errorf("there are %d files, want %d", len(files), len(copies))
			}
			for file := range files {
				if name != "plaintext header" {
					encrypted(t, file, "name 0000")
				}
				unhurt(t, file, sum, opts...)
			}
			unhurt(t, path, sum, opts...)
		})
	}
}

// TestVacuumIntoOtherKey copies to a file with a key and settings of its own.
func TestVacuumIntoOtherKey(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 200, options()...)
	db := openDB(t, path, options()...)
	target := filepath.Join(t.TempDir(), "copy.db")
	must(t, db, `VACUUM INTO 'file:`+target+lowIter+`&key=third'`)
	// SQLite would leave less room in the pages than the encryption takes.
	_, err := db.ExecContext(t.Context(), `VACUUM INTO 'file:`+target+`.2`+lowIter+`&key=third&reserve=0'`)
	fails(t, err, compat.ErrUnknownParam, codeError)
	closeDB(t, db)
	unhurt(t, target, sum, modernc.Passphrase("third"), modernc.Setting("kdf_iter", kdfIter))
	encrypted(t, target, "name 0000")
}

// TestVacuumAttachedInto copies an attached database that has another key, or
// none, than the main one. The copy of an encrypted database must not be
// readable, and no copy may be broken.
func TestVacuumAttachedInto(t *testing.T) {
	t.Parallel()
	plain := []modernc.Option{modernc.KeyOptional()}
	small := options(pageSizeOption(1024))
	for _, c := range []struct {
		name      string
		main, aux []modernc.Option
		attach    string // what follows the name of the file
	}{
		{"same page size", []modernc.Option{modernc.Passphrase("main"), modernc.Setting("kdf_iter", kdfIter)}, options(), lowIter + `' AS aux KEY '` + passphrase + `'`},
		{"other page size", []modernc.Option{modernc.Passphrase("main"), modernc.Setting("kdf_iter", kdfIter)}, small,
			lowIter + `&cipher_page_size=1024' AS aux KEY '` + passphrase + `'`},
		{"plaintext main", plain, options(), lowIter + `' AS aux KEY '` + passphrase + `'`},
		{"plaintext source", options(), plain, `' AS aux KEY ''`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, _ := created(t, 10, c.main...)
			aux, sum := created(t, 200, c.aux...)
			target := filepath.Join(t.TempDir(), "copy.db")
			db := openDB(t, path, c.main...)
			must(t, db, `ATTACH 'file:`+aux+c.attach)
			_, err := db.ExecContext(t.Context(), `VACUUM aux INTO '`+target+`'`)
			closeDB(t, db)
			unhurt(t, aux, sum, c.aux...)
			if err != nil {
				fails(t, err, nil, codeError) // better than a copy that nobody can read
				return
			}
			if c.name != "plaintext source" {
				encrypted(t, target, "name 0000")
			}
			for _, opts := range [][]modernc.Option{c.main, c.aux} {
				db := openDB(t, target, opts...)
				if db.PingContext(t.Context()) == nil {
					if _, err := tryRow(t, db, digestQuery); err == nil {
						unhurt(t, target, sum, opts...)
						return
					}
				}
			}
			t.Errorf("nobody can open the copy")
		})
	}
}
