package modernc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// TestBadPlace has paths at which there can be no database.
func TestBadPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), []byte("a file"))
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	for name, path := range map[string]string{
		"directory":         filepath.Join(dir, "directory"),
		"missing directory": filepath.Join(dir, "missing", "clinic.db"),
		"below a file":      filepath.Join(dir, "file", "clinic.db"),
	} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t, path, options()...)
			fails(t, db.PingContext(t.Context()), nil, codeCantOpen)
			_, err := db.ExecContext(t.Context(), `CREATE TABLE t(x)`)
			fails(t, err, nil, codeCantOpen)
			bare := openBare(t, bareURI(path, "key", "any"))
			_, err = bare.ExecContext(t.Context(), `CREATE TABLE t(x)`)
			fails(t, err, nil, codeCantOpen)
		})
	}
	t.Run("missing file", func(t *testing.T) {
		db := openDB(t, filepath.Join(dir, "missing.db"), options(modernc.Param("mode", "rw"))...)
		fails(t, db.PingContext(t.Context()), nil, codeCantOpen)
	})
	unchanged(t, dir, before)
}

// TestReadOnlyMode opens a database that may only be read, by the URI.
func TestReadOnlyMode(t *testing.T) {
	t.Parallel()
	for name, param := range map[string][2]string{"mode": {"mode", "ro"}, "immutable": {"immutable", "1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, sum := created(t, 100, options()...)
			before := snapshot(t, filepath.Dir(path))
			readOnly(t, path, sum, options(modernc.Param(param[0], param[1]))...)
			wrong := openDB(t, path, modernc.Passphrase("wrong"), modernc.Param(param[0], param[1]))
			fails(t, wrong.PingContext(t.Context()), compat.ErrWrongKey, codeNotADB)
			unchanged(t, filepath.Dir(path), before)
		})
	}
}

// readOnly fails the test unless the database can be read and not written.
func readOnly(t *testing.T, path, sum string, options ...modernc.Option) {
	t.Helper()
	db := openDB(t, path, options...)
	intact(t, db)
	want(t, db, sum, digestQuery)
	for _, query := range []string{
		`CREATE TABLE another(x)`, `DELETE FROM sample`, `PRAGMA user_version = 7`, `VACUUM`,
		`BEGIN IMMEDIATE; DELETE FROM sample`,
	} {
		_, err := db.ExecContext(t.Context(), query)
		fails(t, err, nil, codeReadOnly)
	}
	closeDB(t, db)
}
