package vfs_test

import (
	"fmt"
	"testing"

	"github.com/pageseal/pageseal/vfs"
)

// TestDeviceCharacteristics has every flag of
// https://sqlite.org/c3ref/c_iocap_atomic.html, and those to come.
func TestDeviceCharacteristics(t *testing.T) {
	t.Parallel()
	const powersafe = 0x1000
	for _, c := range []struct {
		name   string
		flag   int
		passes bool
	}{
		{"none", 0, true},
		{"ATOMIC", 0x1, false},
		{"ATOMIC512", 0x2, false},
		{"ATOMIC1K", 0x4, false},
		{"ATOMIC2K", 0x8, false},
		{"ATOMIC4K", 0x10, false},
		{"ATOMIC8K", 0x20, false},
		{"ATOMIC16K", 0x40, false},
		{"ATOMIC32K", 0x80, false},
		{"ATOMIC64K", 0x100, false},
		{"SAFE_APPEND", 0x200, true},
		{"SEQUENTIAL", 0x400, true},
		{"UNDELETABLE_WHEN_OPEN", 0x800, true},
		{"POWERSAFE_OVERWRITE", 0x1000, true},
		{"IMMUTABLE", 0x2000, true},
		{"BATCH_ATOMIC", 0x4000, false},
		{"SUBPAGE_READ", 0x8000, false},
		{"unknown", 0x7fff0000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := powersafe
			if c.passes {
				want |= c.flag
			}
			if got := vfs.DeviceCharacteristics(c.flag); got != want {
				t.Errorf("%#x, want %#x", got, want)
			}
		})
	}
	if got := vfs.DeviceCharacteristics(-1); got != 0x3e00 {
		t.Errorf("all flags: %#x", got)
	}
}

// TestOpenFlags compares the constants with
// https://sqlite.org/c3ref/c_open_autoproxy.html.
func TestOpenFlags(t *testing.T) {
	t.Parallel()
	got := []int{
		vfs.OpenReadOnly, vfs.OpenMainDB, vfs.OpenTempDB, vfs.OpenTransientDB, vfs.OpenMainJournal,
		vfs.OpenTempJournal, vfs.OpenSubJournal, vfs.OpenSuperJournal, vfs.OpenWAL, vfs.OpenPrivate,
	}
	want := []int{0x1, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x80000, 0x3600}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%#x, want %#x", got, want)
	}
}
