package vfstest_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest"
)

func TestMemReadAt(t *testing.T) {
	t.Parallel()
	content := []byte("0123456789")
	for _, c := range []struct {
		name string
		off  int64
		n    int
		want string
		err  error
	}{
		{"all of it", 0, 10, "0123456789", nil},
		{"a part", 3, 4, "3456", nil},
		{"nothing", 3, 0, "", nil},
		{"past the end", 8, 4, "89", io.EOF},
		{"at the end", 10, 1, "", io.EOF},
		{"far behind the end", 1 << 40, 1, "", io.EOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := make([]byte, c.n)
			n, err := vfstest.NewMem(content).ReadAt(p, c.off)
			if n != len(c.want) || err != c.err || string(p[:n]) != c.want {
				t.Errorf("%d bytes %q, error %v; want %q, %v", n, p[:n], err, c.want, c.err)
			}
		})
	}
	if _, err := vfstest.NewMem(content).ReadAt(make([]byte, 1), -1); err == nil || err == io.EOF {
		t.Errorf("read at -1: %v", err)
	}
}

// TestMemModel does the same to a Mem and to a slice.
func TestMemModel(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	m := &vfstest.Mem{}
	var model []byte
	for i := range 2000 {
		at := rng.IntN(20000)
		switch rng.IntN(8) {
		case 0:
			if err := m.Truncate(int64(at)); err != nil {
				t.Fatal(err)
			}
			model = append(model, make([]byte, max(0, at-len(model)))...)[:at]
		default:
			p := make([]byte, rng.IntN(9000))
			for j := range p {
				p[j] = byte(rng.Uint32())
			}
			if n, err := m.WriteAt(p, int64(at)); n != len(p) || err != nil {
				t.Fatalf("write of %d bytes: %d, %v", len(p), n, err)
			}
			if len(p) > 0 {
				model = append(model, make([]byte, max(0, at+len(p)-len(model)))...)
				copy(model[at:], p)
			}
		}
		size, err := m.Size()
		if err != nil || size != int64(len(model)) || !bytes.Equal(m.Bytes(), model) {
			t.Fatalf("step %d: content differs; size %d, want %d", i, size, len(model))
		}
	}
}

func TestMemSparse(t *testing.T) {
	t.Parallel()
	m := vfstest.NewMem([]byte("head"))
	const far = 1 << 40
	if _, err := m.WriteAt([]byte("tail"), far); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 8)
	if n, err := m.ReadAt(p, far-4); n != 8 || err != nil || string(p) != "\x00\x00\x00\x00tail" {
		t.Errorf("%q, %v", p[:n], err)
	}
	if n, err := m.ReadAt(p, 0); n != 8 || err != nil || string(p) != "head\x00\x00\x00\x00" {
		t.Errorf("%q, %v", p[:n], err)
	}
}

// TestMemHook fails each call once and looks that it did nothing.
func TestMemHook(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	for _, c := range []struct {
		call vfstest.Call
		do   func(m *vfstest.Mem) error
	}{
		{vfstest.Call{Op: vfstest.OpRead, P: make([]byte, 2), Off: 1}, func(m *vfstest.Mem) error {
			_, err := m.ReadAt(make([]byte, 2), 1)
			return err
		}},
		{vfstest.Call{Op: vfstest.OpWrite, P: []byte("xy"), Off: 1}, func(m *vfstest.Mem) error {
			_, err := m.WriteAt([]byte("xy"), 1)
			return err
		}},
		{vfstest.Call{Op: vfstest.OpTruncate, Off: 3}, func(m *vfstest.Mem) error { return m.Truncate(3) }},
		{vfstest.Call{Op: vfstest.OpSize}, func(m *vfstest.Mem) error { _, err := m.Size(); return err }},
		{vfstest.Call{Op: vfstest.OpSync, Sync: 2}, func(m *vfstest.Mem) error { return m.Sync(2) }},
		{vfstest.Call{Op: vfstest.OpClose}, func(m *vfstest.Mem) error { return m.Close() }},
	} {
		t.Run(string(c.call.Op), func(t *testing.T) {
			t.Parallel()
			m := vfstest.NewMem([]byte("content"))
			var seen []vfstest.Call
			m.Hook = func(call vfstest.Call) error { seen = append(seen, call); return failure }
			if err := c.do(m); err != failure {
				t.Errorf("error %v", err)
			}
			if len(seen) != 1 || seen[0].Op != c.call.Op || !bytes.Equal(seen[0].P, c.call.P) ||
				seen[0].Off != c.call.Off || seen[0].Sync != c.call.Sync {
				t.Errorf("hook saw %+v, want %+v", seen, c.call)
			}
			if string(m.Bytes()) != "content" {
				t.Errorf("content %q after a failure", m.Bytes())
			}
			m.Hook = nil
			if err := c.do(m); err != nil {
				t.Errorf("without hook: %v", err)
			}
		})
	}
}

func TestMemBuffer(t *testing.T) {
	t.Parallel()
	if n := len((&vfstest.Mem{}).Buffer(70000)); n != 70000 {
		t.Errorf("%d bytes", n)
	}
}
