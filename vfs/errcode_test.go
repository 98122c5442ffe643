package vfs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	const fallback = vfs.CodeIOErrRead
	short := fmt.Errorf("%w: %w", compat.ErrShortFile, &compat.PageError{Pgno: 3})
	for _, c := range []struct {
		name string
		err  error
		want vfs.Code
	}{
		{"nothing", nil, 0},
		{"end of file", io.EOF, 522},
		{"page 1", &compat.PageError{Pgno: 1}, 26},
		{"page 2", &compat.PageError{Pgno: 2}, 11},
		{"last page", &compat.PageError{Pgno: 1<<32 - 1}, 11},
		{"short file", compat.ErrShortFile, 26},
		{"short page", short, 11},
		{"no key", compat.ErrNoKey, 26},
		{"wrong key", compat.ErrWrongKey, 26},
		{"plaintext", compat.ErrPlaintext, 26},
		{"keyspec", compat.ErrKeyspec, 1},
		{"setting", &compat.SettingError{Name: "kdf_iter"}, 1},
		{"parameter", &compat.ParamError{Name: "kee"}, 1},
		{"key state", compat.ErrKeyState, 1},
		{"unavailable", compat.ErrUnavailable, 1},
		{"journal", compat.ErrJournal, 8202},
		// SQLite goes on with a half-done rollback after SQLITE_CORRUPT: only
		// an I/O error puts it into its error state.
		{"journal, page 1", fmt.Errorf("%w: %w", compat.ErrJournal, &compat.PageError{Pgno: 1}), 8202},
		{"journal, page 2", fmt.Errorf("%w: %w", compat.ErrJournal, &compat.PageError{Pgno: 2}), 8202},
		{"code of the file below", vfs.CodeFull, 13},
		{"locked file below", vfs.Code(3850), 3850},
		{"unsupported", compat.ErrUnsupported, fallback},
		{"anything else", errBelow, fallback},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := vfs.CodeOf(c.err, fallback); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
			if c.err == nil {
				return
			}
			if got := vfs.CodeOf(fmt.Errorf("pageseal: a.db: %w", c.err), fallback); got != c.want {
				t.Errorf("with a file name: %d, want %d", got, c.want)
			}
		})
	}
}

// TestCodes compares the constants with https://sqlite.org/rescode.html.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[vfs.Code]int{
		vfs.CodeError: 1, vfs.CodeReadOnly: 8, vfs.CodeIOErr: 10, vfs.CodeCorrupt: 11, vfs.CodeFull: 13,
		vfs.CodeCantOpen: 14, vfs.CodeNotADB: 26, vfs.CodeIOErrRead: 10 | 1<<8, vfs.CodeShortRead: 10 | 2<<8,
		vfs.CodeIOErrWrite: 10 | 3<<8, vfs.CodeIOErrTrunc: 10 | 6<<8, vfs.CodeIOErrFstat: 10 | 7<<8,
		vfs.CodeIOErrNoMem: 10 | 12<<8, vfs.CodeIOErrData: 10 | 32<<8,
	} {
		if int(code) != want {
			t.Errorf("%d, want %d", int(code), want)
		}
	}
	if text := vfs.CodeFull.Error(); text != "SQLite result code 13" {
		t.Errorf("text %q", text)
	}
	if !errors.Is(fmt.Errorf("x: %w", vfs.CodeFull), vfs.CodeFull) {
		t.Error("a code is not found by errors.Is")
	}
}
