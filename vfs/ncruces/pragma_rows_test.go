package ncruces_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/ncruces"
)

// one is the only value of a query.
func one(t *testing.T, db *sql.DB, query string) (value string) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Errorf("%s: %v", query, err)
	}
	return value
}

func wantOne(t *testing.T, db *sql.DB, want, query string) {
	t.Helper()
	if got := one(t, db, query); got != want {
		t.Errorf("%s: %q, want %q", query, got, want)
	}
}

func exec(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// TestPragmaBare asks by the driver of the engine: one row, with a line for
// each of the reply, and a column that is called like it.
func TestPragmaBare(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite3", "file:"+filepath.ToSlash(filepath.Join(t.TempDir(), "a.db"))+"?vfs=pageseal&kdf_iter=10&key=a")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, `CREATE TABLE t(a)`)
	set := compat.Latest.Settings()
	set.KDFIter = 10
	for pragma, text := range map[string]string{
		"cipher_settings": strings.Join(set.Pragmas(), "\n"), "cipher_status": "1", "page_size": "4096",
		"page_size = 1024": "4096", // a row, as the engine does not survive an answer without
	} {
		rows, err := db.QueryContext(t.Context(), `PRAGMA `+pragma)
		if err != nil {
			t.Fatal(err)
		}
		if columns, err := rows.Columns(); len(columns) != 1 || columns[0] != text || err != nil {
			t.Errorf("%s: columns %q, %v", pragma, columns, err)
		}
		_ = rows.Close()
		wantOne(t, db, text, `PRAGMA `+pragma)
	}
	for _, pragma := range []string{"cipher_integrity_check", "kdf_iter = 9", "cipher_compatibility"} {
		var text string
		if err := db.QueryRowContext(t.Context(), `PRAGMA `+pragma).Scan(&text); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("%s: %q, %v", pragma, text, err)
		}
	}
}

// TestSecureDelete opens databases with a key: what is deleted is overwritten,
// unless a pragma says otherwise.
func TestSecureDelete(t *testing.T) {
	t.Parallel()
	path := func() string { return filepath.Join(t.TempDir(), "a.db") }
	key := ncruces.RawKey(rawKey)
	wantOne(t, connect(t, path(), key), "1", `PRAGMA secure_delete`)
	wantOne(t, connect(t, path(), key, ncruces.Param("_pragma", "secure_delete(off)")), "0", `PRAGMA secure_delete`)
	db := connect(t, path(), ncruces.KeyOptional())
	db.SetMaxOpenConns(1)
	wantOne(t, db, "0", `PRAGMA secure_delete`)
	exec(t, db, `PRAGMA key = 'a'`)
	wantOne(t, db, "1", `PRAGMA secure_delete`)
	exec(t, db, `ATTACH '`+path()+`' AS aux KEY 'other'`)
	wantOne(t, db, "1", `PRAGMA aux.secure_delete`)
}

// TestConvertHeader leaves the header of a database in clear, and makes it
// unreadable again.
func TestConvertHeader(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"delete", "memory", "wal"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.db")
			db := connect(t, path, ncruces.RawKey(rawKey))
			db.SetMaxOpenConns(1)
			exec(t, db, `PRAGMA journal_mode = `+mode)
			exec(t, db, `CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(50000))`)
			salt := one(t, db, `PRAGMA cipher_salt`)
			exec(t, db, `PRAGMA cipher_plaintext_header_size = 32`)
			wantOne(t, db, "32", `PRAGMA cipher_plaintext_header_size`)
			wantOne(t, db, mode, `PRAGMA journal_mode`)
			wantOne(t, db, "ok", `PRAGMA integrity_check`)
			exec(t, db, `INSERT INTO t VALUES(1)`)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			again := connect(t, path, ncruces.RawKey(rawKey), ncruces.Setting("cipher_salt", "x'"+salt+"'"),
				ncruces.Setting("cipher_plaintext_header_size", "32"))
			wantOne(t, again, "2", `SELECT count(*) FROM t`)
			wantOne(t, again, "ok", `PRAGMA integrity_check`)
			if err := connect(t, path, ncruces.RawKey(rawKey)).Ping(); !errors.Is(err, compat.ErrWrongKey) {
				t.Errorf("without the setting: %v", err)
			}
		})
	}
}
