package vfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// opens tells whether the options open a database under the passphrase.
func opens(t *testing.T, o vfs.Options) bool {
	t.Helper()
	d := newDatabase(t, o.Settings, 1)
	n, err := openDB(t, vfstest.NewMem(d.disk), o).ReadAt(make([]byte, d.size()), 0)
	return err == nil && n == d.size()
}

func TestOptionsOf(t *testing.T) {
	t.Parallel()
	few := compat.Param{Name: "kdf_iter", Value: "2"}
	o, err := vfs.OptionsOf("a.db", []compat.Param{{Name: "key", Value: passphrase}, few})
	if err != nil || o.Name != "a.db" || o.Settings.KDFIter != 2 || !opens(t, o) {
		t.Errorf("key: %+v, %v", o, err)
	}
	o, err = vfs.OptionsOf("a.db", nil)
	if err != nil || !o.Key.IsZero() || !o.Settings.IsZero() {
		t.Errorf("nothing: %+v, %v", o, err)
	}
	if _, err := vfs.OptionsOf("a.db", []compat.Param{{Name: "kee", Value: passphrase}}); !errors.Is(err, compat.ErrUnknownParam) {
		t.Errorf("misspelt: %v", err)
	} else {
		noSecrets(t, err)
	}
}

func TestOptionsKeyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		name, text string
		opens      bool
		err        error
	}{
		{"bare", passphrase, true, nil},
		{"line", passphrase + "\n", true, nil},
		{"windows line", passphrase + "\r\n", true, nil},
		{"two line ends", passphrase + "\n\n", false, nil},
		{"space", passphrase + " ", false, nil},
		{"other", otherWord, false, nil},
		{"empty", "", false, compat.ErrKeyspec},
		{"empty line", "\n", false, compat.ErrKeyspec},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(dir, c.name)
			if err := os.WriteFile(name, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			o, err := vfs.OptionsOf("a.db", []compat.Param{{Name: "keyfile", Value: name}, {Name: "kdf_iter", Value: "2"}})
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err == nil && opens(t, o) != c.opens {
				t.Errorf("opens: %v", !c.opens)
			}
		})
	}
	_, err := vfs.OptionsOf("a.db", []compat.Param{{Name: "keyfile", Value: filepath.Join(dir, "none")}})
	if !errors.Is(err, compat.ErrKeyspec) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
}

// TestOptionsKeyEnv sets variables of the process, so it does not run in
// parallel.
func TestOptionsKeyEnv(t *testing.T) {
	t.Setenv("PAGESEAL_TEST_KEY", passphrase)
	t.Setenv("PAGESEAL_TEST_EMPTY", "")
	params := func(name string) []compat.Param {
		return []compat.Param{{Name: "keyenv", Value: name}, {Name: "kdf_iter", Value: "2"}}
	}
	if o, err := vfs.OptionsOf("a.db", params("PAGESEAL_TEST_KEY")); err != nil || !opens(t, o) {
		t.Errorf("set: %v", err)
	}
	for name, text := range map[string]string{
		"PAGESEAL_TEST_EMPTY": "empty key", "PAGESEAL_TEST_NONE": "PAGESEAL_TEST_NONE is not set",
	} {
		_, err := vfs.OptionsOf("a.db", params(name))
		if !errors.Is(err, compat.ErrKeyspec) || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
