//go:build ciphertest

package vfs_test

import (
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestFailures is not parallel: what fails, fails in the whole process.
func TestFailures(t *testing.T) {
	d := newDatabase(t, quick(1024), 3)
	base := vfstest.NewMem(d.disk)
	db := d.open(t, base, passphrase)
	checkRead(t, db, d.plain, len(d.plain), 0)
	t.Cleanup(func() {
		for _, flag := range []string{"fail_encrypt", "fail_decrypt", "fail_migrate"} {
			pragma(t, db, "cipher_test_off", flag)
		}
		pragma(t, db, "cipher_test_rand", "0")
	})
	flags := func(want string) {
		t.Helper()
		if row := pragma(t, db, "cipher_test"); row != want {
			t.Errorf("cipher_test %s, want %s", row, want)
		}
	}
	flags("0")
	pragma(t, db, "cipher_test_on", "fail_migrate")
	pragma(t, db, "cipher_test_on", "FAIL_ENCRYPT")
	pragma(t, db, "cipher_test_on", "nonsense")
	flags("5")
	before := base.Bytes()
	write := func() error {
		_, err := db.WriteAt(d.page(2), 1024)
		return errors.Join(err, db.Flush())
	}
	if err := write(); vfs.CodeOf(err, 0) != 7 {
		t.Errorf("write: %v", err)
	}
	checkRead(t, db, d.plain, len(d.plain), 0)
	d.verify(t, before, d.plain)

	pragma(t, db, "cipher_test_off", "fail_encrypt")
	pragma(t, db, "cipher_test_on", "fail_decrypt")
	flags("6")
	failRead(t, db, 1024, 2048, compat.ErrWrongKey) // none opens, so it is the key
	if row := pragma(t, db, "cipher_status"); row != "0" {
		t.Errorf("cipher_status %s", row)
	}
	problems(t, db) // as it is no page that SQLite asks for
	wrong := d.open(t, base, passphrase)
	if _, err := wrong.ReadAt(make([]byte, 1024), 0); !errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("page 1: %v", err)
	}
	pragma(t, db, "cipher_test_off", "fail_decrypt")
	checkRead(t, db, d.plain, len(d.plain), 0)
	writeFull(t, db, d.page(2), 1024)

	// One in so many.
	if row := pragma(t, db, "cipher_test_rand"); row != "0" {
		t.Errorf("cipher_test_rand %s", row)
	}
	pragma(t, db, "cipher_test_rand", "4")
	if row := pragma(t, db, "cipher_test_rand"); row != "4" {
		t.Errorf("cipher_test_rand %s", row)
	}
	pragma(t, db, "cipher_test_on", "fail_encrypt")
	const tries = 4000
	failures := 0
	for range tries {
		if write() != nil {
			failures++
		}
	}
	if failures < tries/8 || failures > tries/2 { // far off by far more than 10 sigma
		t.Errorf("%d of %d failed", failures, tries)
	}
	refusesPragma(t, db, compat.ErrSetting, "cipher_test_rand", "often")
	refusesPragma(t, db, compat.ErrSetting, "cipher_test_rand", "-1")
}
