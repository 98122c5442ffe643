package conformance

import (
	"bytes"
	"slices"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// The name of the database of a question, and of its journal and its log.
const (
	mainName    = "clinic.db"
	journalName = mainName + "-journal"
	walName     = mainName + "-wal"
)

// place is where a question is asked: a test and a disk of its own.
type place struct {
	*testing.T
	binding Binding
	disk    *vfstest.Disk
	opened  []*file
}

// newPlace is an empty one. When the question is over, no file may be open
// below.
func newPlace(t *testing.T, b Binding) *place {
	p := &place{T: t, binding: b, disk: vfstest.NewDisk()}
	t.Cleanup(func() {
		if n := p.disk.OpenFiles(); n != 0 && !t.Failed() {
			t.Errorf("%d files are open below", n)
		}
	})
	return p
}

// sub is the same question about something else, in a place of its own.
func (p *place) sub(name string, ask func(p *place)) {
	p.Run(name, func(t *testing.T) { ask(newPlace(t, p.binding)) })
}

// conn is a connection that a question uses.
type conn struct {
	Connection
	p *place
}

// connect is a new connection to the disk.
func (p *place) connect() *conn {
	p.Helper()
	return &conn{p.binding.Disk(p, p.disk), p}
}

// folder is a new connection to a folder of the operating system.
func (p *place) folder(dir string) *conn {
	p.Helper()
	if p.binding.Folder == nil {
		p.Fatal("the binding has no folder")
	}
	return &conn{p.binding.Folder(p, dir), p}
}

// file is an open file. Its methods fail the test where the file does.
type file struct {
	File
	p      *place
	name   string
	closed bool
}

// open opens a file that must open.
func (c *conn) open(name string, flags int, params ...compat.Param) *file {
	c.p.Helper()
	f, code := c.Open(name, flags, params...)
	if code != codeOK {
		c.p.Fatalf("open %q with flags %#x: code %d", name, flags, code)
	}
	opened := &file{File: f, p: c.p, name: name}
	c.p.opened = append(c.p.opened, opened)
	c.p.Cleanup(opened.close)
	return opened
}

// main opens the database of the question.
func (c *conn) main(params ...compat.Param) *file {
	c.p.Helper()
	return c.open(mainName, openMainDB|openReadWrite|openCreate, params...)
}

func (c *conn) journal() *file {
	c.p.Helper()
	return c.open(journalName, openMainJournal|openReadWrite|openCreate)
}

func (f *file) close() {
	if f.closed {
		return
	}
	f.closed = true
	f.p.want(codeOK, f.Close(), "close of %q", f.name)
}

// below is what stands in a file on the disk. What waits to be written comes there
// with any question that is about the whole file.
func (p *place) below(name string) []byte {
	for _, f := range p.opened {
		if !f.closed {
			_, _ = f.Size()
		}
	}
	return p.disk.Content(name)
}

// want compares a result code.
func (p *place) want(want, code int, format string, args ...any) {
	p.Helper()
	if code != want {
		p.Errorf("%s: code %d, want %d", sprint(format, args), code, want)
	}
}

// must is want, and ends the question.
func (p *place) must(want, code int, format string, args ...any) {
	p.Helper()
	if code != want {
		p.Fatalf("%s: code %d, want %d", sprint(format, args), code, want)
	}
}

// filler stands in the memory of a read before it.
const filler = 0xaa

// try reads n bytes.
func (f *file) try(n int, off int64) ([]byte, int) {
	b := bytes.Repeat([]byte{filler}, n)
	return b, f.Read(b, off)
}

// wantRead wants that content at an offset.
func (f *file) wantRead(want []byte, off int64) {
	f.p.Helper()
	got, code := f.try(len(want), off)
	f.p.must(codeOK, code, "read of %d bytes of %q at %d", len(want), f.name, off)
	if !bytes.Equal(got, want) {
		f.p.Fatalf("read of %d bytes of %q at %d: other content from byte %d on", len(want), f.name, off, differs(got, want))
	}
}

// wantShort wants the file to end after that content, and zeros for the rest
// of n bytes.
func (f *file) wantShort(want []byte, n int, off int64) {
	f.p.Helper()
	got, code := f.try(n, off)
	f.p.want(codeShortRead, code, "read of %d bytes of %q at %d", n, f.name, off)
	if want = append(bytes.Clone(want), make([]byte, n-len(want))...); !bytes.Equal(got, want) {
		f.p.Fatalf("short read of %d bytes of %q at %d: other content from byte %d on", n, f.name, off, differs(got, want))
	}
}

// wantRefused wants one of the codes, and no content.
func (f *file) wantRefused(n int, off int64, codes ...int) {
	f.p.Helper()
	got, code := f.try(n, off)
	if !slices.Contains(codes, code) {
		f.p.Errorf("read of %d bytes of %q at %d: code %d, want %v", n, f.name, off, code, codes)
	}
	for _, b := range got {
		if b != 0 && b != filler {
			f.p.Fatalf("read of %d bytes of %q at %d is refused and leaves content", n, f.name, off)
		}
	}
}

// tryWrite writes, and wants the caller's memory back as it was.
func (f *file) tryWrite(b []byte, off int64) int {
	f.p.Helper()
	before := bytes.Clone(b)
	code := f.Write(b, off)
	if !bytes.Equal(b, before) {
		f.p.Fatalf("write of %d bytes to %q at %d changes the memory of SQLite", len(b), f.name, off)
	}
	return code
}

func (f *file) write(b []byte, off int64) {
	f.p.Helper()
	f.p.must(codeOK, f.tryWrite(b, off), "write of %d bytes to %q at %d", len(b), f.name, off)
}

// wantSize wants a size, above and below.
func (f *file) wantSize(want int) {
	f.p.Helper()
	n, code := f.Size()
	f.p.must(codeOK, code, "size of %q", f.name)
	if below := len(f.p.below(f.name)); n != int64(want) || below != want {
		f.p.Errorf("%q has %d bytes, below %d; want %d", f.name, n, below, want)
	}
}
