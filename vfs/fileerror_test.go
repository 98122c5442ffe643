package vfs_test

import (
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

func TestInFile(t *testing.T) {
	t.Parallel()
	once := vfs.InFile("clinic.db", compat.ErrNoKey)
	const want = "pageseal: clinic.db: "
	if got := once.Error(); got != want+compat.ErrNoKey.Error() {
		t.Errorf("once: %q", got)
	}
	if got := vfs.InFile("clinic.db", once); got != once {
		t.Errorf("twice: %q", got)
	}
	if got := vfs.InFile("other.db", once).Error(); got != "pageseal: other.db: "+once.Error() {
		t.Errorf("of another file: %q", got)
	}
	if !errors.Is(once, compat.ErrNoKey) || vfs.InFile("clinic.db", nil) != nil {
		t.Error("lost, or made of nothing")
	}
}
