package modernc_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// Result codes of SQLite, see https://sqlite.org/rescode.html.
const (
	codeError      = 1
	codeReadOnly   = 8
	codeInterrupt  = 9
	codeIOErr      = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCantOpen   = 14
	codeConstraint = 19
	codeNotADB     = 26
)

// readAll reads every page that samples wrote: the table with its overflow
// chains, and the index.
func readAll(t *testing.T, db *sql.DB) error {
	t.Helper()
	for _, query := range []string{
		`SELECT sum(length(hex(body))) FROM sample`,
		`SELECT count(*) FROM sample INDEXED BY sqlite_autoindex_sample_1 WHERE name > ''`,
	} {
		if _, err := tryRow(t, db, query); err != nil {
			return err
		}
	}
	return nil
}

// writes are statements that change a database in different ways. Each must
// come upon a bad page 1 before it changes anything.
var writes = []string{
	`CREATE TABLE another(x)`,
	`INSERT INTO sample(name) VALUES ('new')`,
	`UPDATE sample SET body = NULL`,
	`DELETE FROM sample`,
	`DROP TABLE sample`,
	`PRAGMA user_version = 7`,
	`PRAGMA application_id = 7`,
	`PRAGMA journal_mode = TRUNCATE; CREATE TABLE another(x)`,
	`PRAGMA journal_mode = OFF; CREATE TABLE another(x)`,
	`PRAGMA auto_vacuum = FULL; VACUUM`,
	`PRAGMA page_size = 1024; VACUUM`,
	`BEGIN IMMEDIATE; CREATE TABLE another(x); COMMIT`,
	`BEGIN EXCLUSIVE; CREATE TABLE another(x); COMMIT`,
	`PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE another(x)`,
	`VACUUM`,
	`REINDEX`,
	`ANALYZE`,
}

// salvage is a write that SQLite lets through although the file is too short,
// as it is how a damaged database is repaired.
const salvage = `PRAGMA writable_schema = ON; DELETE FROM sqlite_schema`

// rejected fails the test unless both drivers answer every read and write with
// the error, and no file changes.
func rejected(t *testing.T, path, bareURI string, target error, code int, options ...modernc.Option) {
	t.Helper()
	before := snapshot(t, filepath.Dir(path))
	db := openDB(t, path, options...)
	fails(t, db.PingContext(t.Context()), target, code)
	fails(t, readAll(t, db), target, code)
	closeDB(t, db)
	queries := append([]string{`SELECT * FROM sample`}, writes...)
	if code != codeCorrupt {
		queries = append(queries, salvage)
	}
	for _, query := range queries {
		db := openDB(t, path, options...)
		_, err := db.ExecContext(t.Context(), query)
		fails(t, err, target, code)
		closeDB(t, db)

		bare := openBare(t, bareURI)
		_, err = bare.ExecContext(t.Context(), query)
		fails(t, err, nil, code)
		closeDB(t, bare)
		if unchanged(t, filepath.Dir(path), before); t.Failed() {
			t.Fatalf("after %s", query)
		}
	}
}

func bareURI(path string, params ...string) string {
	return uri(path, append([]string{"vfs", modernc.VFSName, "kdf_iter", kdfIter}, params...)...)
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	const pageSize = 4096
	original, sum := created(t, 100, options()...)
	whole, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		size   int
		target error
		code   int
	}{
		{15, compat.ErrShortFile, codeNotADB},
		{16, compat.ErrShortFile, codeNotADB},
		{17, compat.ErrShortFile, codeNotADB},
		{100, compat.ErrShortFile, codeNotADB},
		{512, compat.ErrShortFile, codeNotADB},
		{pageSize - 1, compat.ErrShortFile, codeNotADB},
		{pageSize, nil, codeCorrupt},
		{pageSize + 1, nil, codeCorrupt},
		{pageSize + 100, nil, codeCorrupt},
		{5 * pageSize, nil, codeCorrupt},
		{len(whole) - pageSize, nil, codeCorrupt},
		{len(whole) - pageSize - 1, nil, codeCorrupt},
	} {
		t.Run(strconv.Itoa(c.size), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			write(t, path, whole[:c.size])
			rejected(t, path, bareURI(path, "key", "correct%20horse"), c.target, c.code, options()...)
			write(t, path, whole)
			unhurt(t, path, sum, options()...)
		})
	}
}

// TestTruncatedLastPage cuts inside the last page. SQLite counts it as whole
// and comes upon it when it reads it.
func TestTruncatedLastPage(t *testing.T) {
	t.Parallel()
	path, sum := created(t, 100, options()...)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := uint32(len(whole) / 4096)
	for _, missing := range []int{1, 80, 2048, 4095} {
		write(t, path, whole[:len(whole)-missing])
		before := snapshot(t, filepath.Dir(path))
		db := openDB(t, path, options()...)
		err := readAll(t, db)
		fails(t, err, compat.ErrShortFile, codeCorrupt)
		pageFails(t, err, last)
		_, err = db.ExecContext(t.Context(), `DELETE FROM sample WHERE length(hex(body)) > 0`)
		fails(t, err, compat.ErrShortFile, codeCorrupt)
		closeDB(t, db)
		unchanged(t, filepath.Dir(path), before)
	}
	write(t, path, whole)
	unhurt(t, path, sum, options()...)
}

// TestEmptied has what SQLite takes for a new database: no byte, or one.
func TestEmptied(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "x", "\x00"} {
		t.Run(fmt.Sprintf("%q", content), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "clinic.db")
			write(t, path, []byte(content))
			before := snapshot(t, filepath.Dir(path))
			db := openDB(t, path, options()...)
			fails(t, readAll(t, db), nil, codeError)
			want(t, db, "0", `SELECT count(*) FROM sqlite_schema`)
			closeDB(t, db)
			unchanged(t, filepath.Dir(path), before)

			db = openDB(t, path, options()...)
			samples(t, db, 10)
			sum := row(t, db, digestQuery)
			closeDB(t, db)
			unhurt(t, path, sum, options()...)
			encrypted(t, path)
			verified(t, path, passphrase, settings(t, "kdf_iter", kdfIter))
		})
	}
}

// pageFails fails the test unless the error names the page.
func pageFails(t *testing.T, err error, pgno uint32) {
	t.Helper()
	var page *compat.PageError
	if !errors.As(err, &page) || page.Pgno != pgno {
		t.Errorf("error %v does not name page %d", err, pgno)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFlippedBit changes one bit in each part of each kind of page.
func TestFlippedBit(t *testing.T) {
	t.Parallel()
	for _, mac := range []string{"HMAC_SHA512", "HMAC_SHA256", "HMAC_SHA1"} {
		t.Run(mac, func(t *testing.T) {
			t.Parallel()
			opts := options(modernc.Setting("cipher_hmac_algorithm", mac))
			g := settings(t, "cipher_hmac_algorithm", mac).Geometry()
			path, sum := created(t, 100, opts...)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			kinds := pageKinds(t, path, opts...)
			parts := map[string]int{
				"first byte of ciphertext": 0, "ciphertext": g.Usable() / 2, "last byte of ciphertext": g.Usable() - 1,
				"first byte of IV": g.IVOffset(), "last byte of IV": g.TagOffset() - 1,
				"first byte of MAC": g.TagOffset(), "last byte of MAC": g.TagOffset() + g.MAC.Size() - 1,
			}
			for kind, pgno := range kinds {
				for part, at := range parts {
					if pgno == 1 && at == 0 {
						at = hmacpage.SaltSize
					}
					flipped(t, path, whole, int(pgno-1)*g.PageSize+at, func(db *sql.DB) {
						err := readAll(t, db)
						if pgno == 1 {
							fails(t, err, compat.ErrDamaged, codeNotADB)
						} else {
							fails(t, err, compat.ErrDamaged, codeCorrupt)
						}
						pageFails(t, err, pgno)
						_, err = db.ExecContext(t.Context(), `DELETE FROM sample WHERE length(hex(body)) > 0`)
						fails(t, err, compat.ErrDamaged, 0)
					}, opts...)
					if t.Failed() {
						t.Fatalf("%s page %d, %s", kind, pgno, part)
					}
				}
			}
			for at := range hmacpage.SaltSize {
				flipped(t, path, whole, at, func(db *sql.DB) {
					fails(t, readAll(t, db), compat.ErrWrongKey, codeNotADB)
				}, opts...)
			}
			write(t, path, whole)
			unhurt(t, path, sum, opts...)
		})
	}
}

// flipped calls f with the database after one bit of it was flipped.
func flipped(t *testing.T, path string, whole []byte, at int, f func(*sql.DB), options ...modernc.Option) {
	t.Helper()
	bad := append([]byte(nil), whole...)
	bad[at] ^= 0x10
	write(t, path, bad)
	before := snapshot(t, filepath.Dir(path))
	db := openDB(t, path, options...)
	f(db)
	closeDB(t, db)
	unchanged(t, filepath.Dir(path), before)
}

// pageKinds has one page of each kind that a database with samples has.
func pageKinds(t *testing.T, path string, options ...modernc.Option) map[string]uint32 {
	t.Helper()
	db := openDB(t, path, options...)
	kinds := map[string]uint32{"first": 1}
	for _, kind := range []string{"internal", "leaf", "overflow"} {
		pgno, err := strconv.ParseUint(row(t, db,
			`SELECT max(pageno) FROM dbstat WHERE name = 'sample' AND pagetype = ?`, kind), 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		kinds[kind] = uint32(pgno)
	}
	pgno, err := strconv.ParseUint(row(t, db,
		`SELECT min(pageno) FROM dbstat WHERE name LIKE 'sqlite_autoindex%' AND pagetype = 'leaf'`), 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	kinds["index"] = uint32(pgno)
	closeDB(t, db)
	return kinds
}

// TestFlippedFiller changes bits that carry nothing: the random bytes that fill
// the reserve behind a short MAC.
func TestFlippedFiller(t *testing.T) {
	t.Parallel()
	opts := options(modernc.Setting("cipher_hmac_algorithm", "HMAC_SHA1"))
	g := settings(t, "cipher_hmac_algorithm", "HMAC_SHA1").Geometry()
	path, sum := created(t, 100, opts...)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	filler := g.TagOffset() + g.MAC.Size()
	if filler >= g.PageSize {
		t.Fatalf("no filler in a page of %d bytes", g.PageSize)
	}
	for at := filler; at < len(whole); at += g.PageSize {
		whole[at] ^= 0xff
	}
	write(t, path, whole)
	unhurt(t, path, sum, opts...)
}
