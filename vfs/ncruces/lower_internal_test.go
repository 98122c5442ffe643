package ncruces

import (
	"errors"
	"io"
	"testing"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// TestShortRead cuts reads short within a file, once and for ever. Only at the
// end of the file it is said to end.
func TestShortRead(t *testing.T) {
	t.Parallel()
	const content = "0123456789"
	for _, c := range []struct {
		name  string
		off   int64
		times int // that a read is cut
		want  string
		err   error
	}{
		{"once", 2, 1, "23456", nil},
		{"for ever", 2, 0, "", vfs.CodeIOErrRead},
		{"over the end", 7, -1, "789", io.EOF},
		{"over the end, cut once", 7, 1, "789", io.EOF},
		{"at the end", 10, -1, "", io.EOF},
		{"beyond the end", 12, -1, "", io.EOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := vfstest.NewDisk()
			d.Put("file", []byte(content))
			f, err := d.Open("file", false)
			if err != nil {
				t.Fatal(err)
			}
			if c.times >= 0 {
				d.Inject(vfstest.Rule{Call: vfstest.OnRead, Times: c.times, Err: io.EOF})
			}
			l := &lower{file: &diskFile{DiskFile: f}}
			p := make([]byte, 5)
			n, err := l.ReadAt(p, c.off)
			if string(p[:n]) != c.want || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%q, %v, want %q, %v", p[:n], err, c.want, c.err)
			}
		})
	}
}
