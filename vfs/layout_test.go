package vfs_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestOtherLayout writes a page 1 as VACUUM with another page size and a backup
// of a database that is not encrypted make it.
func TestOtherLayout(t *testing.T) {
	t.Parallel()
	const size = 4096
	d := newDatabase(t, quick(size), 2)
	for _, c := range []struct {
		name     string
		pageSize int
		reserve  byte
		refused  bool
	}{
		{"its own", size, reserve, false},
		{"more reserve than is needed", size, 255, false},
		{"smaller pages", 1024, reserve, true},
		{"larger pages", 65536, reserve, true},
		{"no reserve", size, 0, true},
		{"less reserve", size, reserve - 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mem := vfstest.NewMem(d.disk)
			db := d.open(t, mem, passphrase)
			page := bytes.Clone(d.page(1))
			page[16], page[17], page[20] = byte(c.pageSize>>8), byte(c.pageSize>>16), c.reserve
			_, err := db.WriteAt(page, 0)
			if errors.Is(err, compat.ErrUnsupported) != c.refused || err != nil != c.refused {
				t.Errorf("error %v, want it refused: %v", err, c.refused)
			}
			got := make([]byte, len(d.disk))
			if _, err := mem.ReadAt(got, 0); err != nil {
				t.Fatal(err)
			}
			if c.refused && !bytes.Equal(got, d.disk) {
				t.Error("the file was changed")
			}
		})
	}
}
