package modernc_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestPragmaBare asks by the driver of the engine: one row, with a line for
// each of the reply, and a column that is called like it.
func TestPragmaBare(t *testing.T) {
	t.Parallel()
	db := openBare(t, bareURI(filepath.Join(t.TempDir(), "a.db"), "_pragma", "key('correct%20horse')"))
	must(t, db, `CREATE TABLE t(a)`)
	set := compat.Latest.Settings()
	set.KDFIter = 10
	for pragma, text := range map[string]string{
		"cipher_settings": strings.Join(set.Pragmas(), "\n"), "cipher_status": "1", "page_size": "4096",
	} {
		column, rows := asked(t, db, `PRAGMA `+pragma)
		if !slices.Equal(rows, []string{text}) || column != text {
			t.Errorf("%s: column %q, rows %q", pragma, column, rows)
		}
	}
	for _, pragma := range []string{"cipher_integrity_check", "kdf_iter = 9", "cipher_compatibility"} {
		if column, rows := asked(t, db, `PRAGMA `+pragma); len(rows) > 0 || column != "" {
			t.Errorf("%s: column %q, rows %q", pragma, column, rows)
		}
	}
}

// asked are the column and the rows of a query.
func asked(t *testing.T, db *sql.DB, query string) (column string, all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return strings.Join(columns, "|"), all
}

// TestSecureDelete opens databases with a key: what is deleted is overwritten,
// unless a pragma says otherwise.
func TestSecureDelete(t *testing.T) {
	t.Parallel()
	path := func() string { return filepath.Join(t.TempDir(), "a.db") }
	want(t, openDB(t, path(), options()...), "1", `PRAGMA secure_delete`)
	want(t, openDB(t, path(), options(modernc.Param("_pragma", "secure_delete(off)"))...), "0", `PRAGMA secure_delete`)
	want(t, openBare(t, bareURI(path(), "key", "correct%20horse")), "1", `PRAGMA secure_delete`)
	db := openDB(t, path(), modernc.KeyOptional())
	want(t, db, "0", `PRAGMA secure_delete`)
	must(t, db, `PRAGMA key = 'correct horse'`)
	want(t, db, "1", `PRAGMA secure_delete`)
	must(t, db, `ATTACH '`+path()+`' AS aux KEY 'other'`)
	want(t, db, "1", `PRAGMA aux.secure_delete`)
	plain := openDB(t, path(), modernc.KeyOptional())
	must(t, plain, `ATTACH '`+path()+`' AS aux; PRAGMA aux.key = 'other'`)
	want(t, plain, "1", `PRAGMA aux.secure_delete`)
	want(t, plain, "0", `PRAGMA main.secure_delete`)
}

// TestDefaultsOfProcess opens databases by Connectors before and after the
// defaults of the process change. It is not parallel, as they are those of all
// tests.
func TestDefaultsOfProcess(t *testing.T) {
	t.Cleanup(func() {
		for _, line := range compat.Latest.Settings().DefaultPragmas() {
			name, value, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "PRAGMA "), ";"), " = ")
			if err := compat.SetDefault(name, value); err != nil {
				t.Error(err)
			}
		}
	})
	dir := t.TempDir()
	key := modernc.Passphrase(passphrase)
	early := sql.OpenDB(modernc.NewConnector(filepath.Join(dir, "early.db"), key))
	defer early.Close()
	first := openDB(t, filepath.Join(dir, "any.db"), modernc.KeyOptional())
	must(t, first, `PRAGMA cipher_default_page_size = 1024; PRAGMA cipher_default_kdf_iter = 10`)
	want(t, first, "1024", `PRAGMA cipher_default_page_size`)

	want(t, early, "4096", `PRAGMA cipher_page_size`) // a pool has one database
	want(t, openDB(t, filepath.Join(dir, "late.db"), key), "1024", `PRAGMA cipher_page_size`)
	want(t, openDB(t, filepath.Join(dir, "given.db"), key, modernc.Setting("kdf_iter", "10")), "4096", `PRAGMA cipher_page_size`)
	want(t, openBare(t, uri(filepath.Join(dir, "bare.db"), "vfs", modernc.VFSName, "key", "a")), "1024", `PRAGMA cipher_page_size`)
	must(t, first, `PRAGMA key = 'a'; CREATE TABLE t(a); ATTACH '`+filepath.Join(dir, "aux.db")+`' AS aux KEY 'b'`)
	want(t, first, "1024", `PRAGMA page_size`)
	want(t, first, "10", `PRAGMA aux.kdf_iter`)
}

// TestConvertHeader leaves the header of a database in clear, and makes it
// unreadable again.
func TestConvertHeader(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"delete", "truncate", "persist", "memory", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 200, options()...)
			db := single(t, openDB(t, path, options()...))
			salt := row(t, db, `PRAGMA cipher_salt`)
			must(t, db, `PRAGMA journal_mode = `+mode)
			must(t, db, `PRAGMA cipher_plaintext_header_size = 32`)
			want(t, db, "32", `PRAGMA cipher_plaintext_header_size`)
			want(t, db, salt, `PRAGMA cipher_salt`)
			want(t, db, mode, `PRAGMA journal_mode`)
			want(t, db, sum, digestQuery)
			must(t, db, `UPDATE sample SET body = body`)
			intact(t, db)
			closeDB(t, db)

			inClear := options(modernc.Setting("cipher_plaintext_header_size", "32"), modernc.Setting("cipher_salt", "x'"+salt+"'"))
			unhurt(t, path, sum, inClear...)
			_, err := openDB(t, path, options()...).ExecContext(t.Context(), `SELECT * FROM sample`)
			fails(t, err, compat.ErrWrongKey, codeNotADB)

			back := single(t, openDB(t, path, inClear...))
			want(t, back, sum, digestQuery)
			must(t, back, `PRAGMA cipher_plaintext_header_size = 0`)
			closeDB(t, back)
			unhurt(t, path, sum, options()...)
		})
	}
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		path, sum := created(t, 100, options()...)
		db := single(t, openDB(t, path, options()...))
		must(t, db, `BEGIN`)
		_, err := db.ExecContext(t.Context(), `PRAGMA cipher_plaintext_header_size = 32`)
		fails(t, err, compat.ErrUnsupported, codeError)
		must(t, db, `COMMIT`)
		for _, bad := range []string{"17", "4032", "-16", "all"} {
			_, err := db.ExecContext(t.Context(), `PRAGMA cipher_plaintext_header_size = '`+bad+`'`)
			fails(t, err, compat.ErrSetting, codeError)
		}
		reader := single(t, openDB(t, path, options()...))
		must(t, reader, `BEGIN`)
		want(t, reader, sum, digestQuery)
		if _, err := db.ExecContext(t.Context(), `PRAGMA cipher_plaintext_header_size = 32`); err == nil {
			t.Error("converted while somebody reads")
		}
		must(t, reader, `COMMIT`)
		want(t, db, "0", `PRAGMA cipher_plaintext_header_size`)
		readOnly := openDB(t, path, options(modernc.Param("mode", "ro"))...)
		want(t, readOnly, sum, digestQuery)
		if _, err := readOnly.ExecContext(t.Context(), `PRAGMA cipher_plaintext_header_size = 32`); err == nil {
			t.Error("converted through a connection that is read-only")
		}
		unhurt(t, path, sum, options()...)
	})
}
