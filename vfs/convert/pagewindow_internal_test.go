package convert

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// countedFile is a file of pages in clear that begin with their number. It notes how
// often each of them was read.
type countedFile struct {
	*bytes.Reader
	size  int
	times []int // by page, from 1
	calls int
	bad   int // page that cannot be read
}

var errBad = errors.New("a bad page")

func newCountedFile(pages, size int) *countedFile {
	b := make([]byte, pages*size)
	for i := range pages {
		binary.BigEndian.PutUint32(b[i*size:], uint32(i+1))
	}
	return &countedFile{bytes.NewReader(b), size, make([]int, pages+1), 0, 0}
}

func (f *countedFile) ReadAt(p []byte, off int64) (int, error) {
	f.calls++
	for i := range len(p) / f.size {
		switch pgno := int(off)/f.size + i + 1; {
		case pgno == f.bad:
			clear(p)
			return 0, errBad
		case pgno < len(f.times):
			f.times[pgno]++
		}
	}
	return f.Reader.ReadAt(p, off)
}

func (f *countedFile) window(ctx context.Context, count int) *pageWindow {
	memory := func(n int) []byte { return make([]byte, n) }
	return newPageWindow(ctx, vfs.NewPages(f, nil, f.size, memory), f.size, uint32(count))
}

func wantPages(t *testing.T, w *pageWindow, pgnos ...int) {
	t.Helper()
	for _, pgno := range pgnos {
		page, err := w.page(uint32(pgno))
		if err != nil || len(page) != w.size || binary.BigEndian.Uint32(page) != uint32(pgno) {
			t.Fatalf("page %d: %x, %v", pgno, page, err)
		}
	}
}

// TestPageWindow reads the leaves of a tree, and those above them in between: no page
// is read twice, and many at a time.
func TestPageWindow(t *testing.T) {
	t.Parallel()
	const pages, size, each = 5000, 512, 40
	f := newCountedFile(pages, size)
	w := f.window(t.Context(), pages)
	wantPages(t, w, 1)
	const leaves = pages - pages/each
	for leaf := 2; leaf <= leaves; leaf++ {
		if leaf%each == 0 {
			wantPages(t, w, leaves+leaf/each) // above the next ones
		}
		wantPages(t, w, leaf)
	}
	w.wait()
	for pgno := 1; pgno <= leaves-windowPages; pgno++ {
		if f.times[pgno] != 1 {
			t.Fatalf("page %d was read %d times", pgno, f.times[pgno])
		}
	}
	if most := pages/windowPages + pages/each + 10; f.calls > most {
		t.Errorf("%d reads, want up to %d", f.calls, most)
	}
	// In any order, and from another place on.
	wantPages(t, w, pages, 17, 3000, 2, 3, 4, 5, 70, 71, 66, 4999, 5000, 1)
}

// TestPageWindowFails reads a file with a bad page that ends too soon, and that nobody
// waits for any more. What does not come is an error when it is asked for.
func TestPageWindowFails(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := newCountedFile(2*windowPages+10, 512)
	f.bad = 100
	w := f.window(ctx, 2*windowPages+20)
	defer w.wait()
	for pgno := 1; pgno <= 2*windowPages+10; pgno++ {
		if pgno != f.bad {
			wantPages(t, w, pgno)
		} else if _, err := w.page(uint32(pgno)); !errors.Is(err, errBad) {
			t.Errorf("the bad one: %v", err)
		}
	}
	for range 2 {
		if _, err := w.page(2*windowPages + 11); !errors.Is(err, compat.ErrShortFile) {
			t.Errorf("behind what there is: %v", err)
		}
	}
	wantPages(t, w, 1, 2, 3)
	cancel()
	if _, err := w.page(2 * windowPages); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
