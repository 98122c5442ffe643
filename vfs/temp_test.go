package vfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/cryptotest"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

const tempBlock = 4096

func newTemp(tb testing.TB, base vfs.Base) *vfs.Temp {
	tb.Helper()
	f, err := vfs.NewTemp(base)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// tempModel does the same to a temporary file and to a slice.
type tempModel struct {
	file *vfs.Temp
	base *vfstest.Mem
	want []byte
}

func newTempModel(tb testing.TB) *tempModel {
	tb.Helper()
	m := &tempModel{base: &vfstest.Mem{}}
	m.file = newTemp(tb, m.base)
	return m
}

func (m *tempModel) grow(size int) {
	m.want = append(m.want, make([]byte, max(0, size-len(m.want)))...)
}

func (m *tempModel) write(tb testing.TB, p []byte, off int) {
	tb.Helper()
	before := bytes.Clone(p)
	writeFull(tb, m.file, p, int64(off))
	if !bytes.Equal(p, before) {
		tb.Fatal("WriteAt modified its argument")
	}
	if len(p) > 0 {
		m.grow(off + len(p))
		copy(m.want[off:], p)
	}
	m.checkSize(tb)
}

func (m *tempModel) truncate(tb testing.TB, size int) {
	tb.Helper()
	if err := m.file.Truncate(int64(size)); err != nil {
		tb.Fatalf("truncate to %d: %v", size, err)
	}
	m.want = m.want[:min(size, len(m.want))]
	m.checkSize(tb)
}

func (m *tempModel) checkSize(tb testing.TB) {
	tb.Helper()
	if size, err := m.file.Size(); size != int64(len(m.want)) || err != nil {
		tb.Fatalf("size %d, %v; want %d", size, err, len(m.want))
	}
}

func (m *tempModel) read(tb testing.TB, n, off int) {
	tb.Helper()
	want := m.want[min(off, len(m.want)):]
	wantErr := error(io.EOF)
	if len(want) >= n {
		want, wantErr = want[:n], nil
	}
	p := make([]byte, n)
	got, err := m.file.ReadAt(p, int64(off))
	if got != len(want) || err != wantErr || !bytes.Equal(p[:got], want) {
		tb.Fatalf("read of %d bytes at %d: %d, %v; want %d, %v, and the same content",
			n, off, got, err, len(want), wantErr)
	}
}

func (m *tempModel) readAll(tb testing.TB) {
	tb.Helper()
	m.read(tb, len(m.want)+1, 0)
}

// flush makes the file write the block at hand.
func (m *tempModel) flush(tb testing.TB) {
	tb.Helper()
	for _, off := range []int{0, tempBlock} {
		if off < len(m.want) {
			m.read(tb, 1, off)
		}
	}
}

// TestTempSteps is what SQLite does to the files that only it reads.
func TestTempSteps(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 61504) // a statement journal spilled from memory
	fillNoise(noise, 3)
	for _, c := range []struct {
		name string
		do   func(m *tempModel)
	}{
		{"empty", func(m *tempModel) {}},
		{"pages", func(m *tempModel) {
			for i := range 20 {
				m.write(t, noise[:1024], i*1024)
			}
			m.write(t, noise[1024:2048], 3*1024)
		}},
		{"spilled journal", func(m *tempModel) {
			m.write(t, noise, 0)
			m.write(t, noise[:4], len(noise))
			m.write(t, noise[:4096], len(noise)+4)
		}},
		{"gap within a block", func(m *tempModel) { m.write(t, noise[:10], 0); m.write(t, noise[:10], 100) }},
		{"gap of blocks", func(m *tempModel) { m.write(t, noise[:10], 0); m.write(t, noise[:10], 9*tempBlock+5) }},
		{"gap first", func(m *tempModel) { m.write(t, noise[:10], 5*tempBlock) }},
		{"nothing written", func(m *tempModel) { m.write(t, noise[:0], 0) }},
		{"cut in a block", func(m *tempModel) { m.write(t, noise, 0); m.truncate(t, 5000) }},
		{"cut at a block", func(m *tempModel) { m.write(t, noise, 0); m.truncate(t, 2*tempBlock) }},
		{"cut to nothing", func(m *tempModel) { m.write(t, noise, 0); m.truncate(t, 0) }},
		{"cut, then longer", func(m *tempModel) {
			m.write(t, noise, 0)
			m.truncate(t, 5000)
			m.write(t, noise[:1], 20000)
		}},
		{"cut at a block, then longer", func(m *tempModel) {
			m.write(t, noise, 0)
			m.truncate(t, 2*tempBlock)
			m.write(t, noise[:1], 20000)
		}},
		{"cut in the block at hand", func(m *tempModel) {
			m.write(t, noise[:3000], 0)
			m.truncate(t, 1000)
			m.write(t, noise[:1], 2000)
		}},
		{"cut off the block at hand", func(m *tempModel) {
			m.write(t, noise[:3*tempBlock], 0)
			m.truncate(t, tempBlock)
			m.write(t, noise[:1], 3*tempBlock)
		}},
		{"longer by truncation", func(m *tempModel) { m.write(t, noise[:10], 0); m.truncate(t, 20000) }},
		{"last block short, then long", func(m *tempModel) {
			m.write(t, noise[:100], tempBlock)
			m.flush(t)
			m.read(t, 1, 0)
			m.write(t, noise[:tempBlock], 2*tempBlock)
			m.read(t, tempBlock, tempBlock)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newTempModel(t)
			c.do(m)
			m.readAll(t)
			m.flush(t)
			m.readAll(t)
			if size, err := m.base.Size(); size > int64(len(m.want)) || err != nil {
				t.Errorf("file of %d bytes, want at most %d", size, len(m.want))
			}
		})
	}
}

// tempSteps decodes a number of steps from data and takes them.
func tempSteps(tb testing.TB, m *tempModel, data []byte) {
	tb.Helper()
	for len(data) >= 8 {
		kind, word := data[0], binary.LittleEndian.Uint32(data[1:])
		off := int(word % (12 * tempBlock))
		if data[5]&1 == 0 {
			off = off / 512 * 512 // as most are
		}
		n := int(binary.LittleEndian.Uint16(data[6:]))
		switch kind % 8 {
		case 0:
			m.truncate(tb, off)
		case 1, 2, 3:
			m.read(tb, n, off)
		default:
			p := make([]byte, n%(3*tempBlock))
			fillNoise(p, uint64(word))
			m.write(tb, p, off)
		}
		data = data[8:]
	}
	m.readAll(tb)
}

func TestTempRandom(t *testing.T) {
	t.Parallel()
	for range 20 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			data := make([]byte, 8*300)
			fillNoise(data, seed)
			tempSteps(t, newTempModel(t), data)
		})
	}
}

func FuzzTemp(f *testing.F) {
	for seed := range uint64(8) {
		data := make([]byte, 8*100)
		fillNoise(data, seed)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cryptotest.SetGlobalRandom(t, 1) // the same coverage each time
		tempSteps(t, newTempModel(t), data)
	})
}

// TestTempUnreadable looks for content on disk, and for blocks that tell that
// they hold the same.
func TestTempUnreadable(t *testing.T) {
	t.Parallel()
	const marker = "this must not be readable on disk. "
	m := newTempModel(t)
	block := bytes.Repeat([]byte(marker), tempBlock/len(marker)+1)[:tempBlock]
	for i := range 10 {
		m.write(t, block, i*tempBlock)
		m.write(t, block[:100], 20*tempBlock+i*100)
	}
	m.flush(t)
	disk := m.base.Bytes()
	seen := map[string]bool{}
	look := func(disk []byte) {
		t.Helper()
		for i := 0; i+8 <= len(marker); i++ {
			if bytes.Contains(disk, []byte(marker[i:i+8])) {
				t.Fatal("content stands on disk")
			}
		}
		if allSame(disk[:tempBlock]) {
			t.Fatal("nothing stands on disk")
		}
		for i := range 10 {
			block := string(disk[i*tempBlock:][:16])
			if seen[block] {
				t.Fatal("equal blocks look the same on disk")
			}
			seen[block] = true
		}
	}
	look(disk)
	m.write(t, bytes.Repeat(block, 10), 0) // the same again
	m.flush(t)
	look(m.base.Bytes())
	other := newTempModel(t)
	other.write(t, bytes.Repeat(block, 10), 0)
	other.flush(t)
	look(other.base.Bytes())
	m.readAll(t)
}

func allSame(b []byte) bool { return bytes.Count(b, b[:1]) == len(b) }

// TestTempTampered changes the file below.
func TestTempTampered(t *testing.T) {
	t.Parallel()
	const size = 3*tempBlock + 100
	noise := make([]byte, size)
	fillNoise(noise, 9)
	flip := func(off int64) func(t *testing.T, base *vfstest.Mem) {
		return func(t *testing.T, base *vfstest.Mem) {
			b := make([]byte, 1)
			readFull(t, base, b, off)
			writeFull(t, base, []byte{b[0] ^ 0x40}, off)
		}
	}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, base *vfstest.Mem)
		off    int64 // of the block that no longer opens
		want   error
	}{
		{"first byte", flip(0), 0, compat.ErrDamaged},
		{"a byte in the middle", flip(tempBlock + 77), tempBlock, compat.ErrDamaged},
		{"last byte", flip(size - 1), 3 * tempBlock, compat.ErrDamaged},
		{"zeros", func(t *testing.T, base *vfstest.Mem) { writeFull(t, base, make([]byte, tempBlock), 0) }, 0, compat.ErrDamaged},
		{"swapped", func(t *testing.T, base *vfstest.Mem) {
			b := base.Bytes()
			writeFull(t, base, b[tempBlock:2*tempBlock], 0)
			writeFull(t, base, b[:tempBlock], tempBlock)
		}, tempBlock, compat.ErrDamaged},
		{"short", func(t *testing.T, base *vfstest.Mem) {
			if err := base.Truncate(size - 1); err != nil {
				t.Fatal(err)
			}
		}, 3 * tempBlock, compat.ErrShortFile},
		{"gone", func(t *testing.T, base *vfstest.Mem) {
			if err := base.Truncate(0); err != nil {
				t.Fatal(err)
			}
		}, tempBlock, compat.ErrShortFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newTempModel(t)
			m.write(t, noise, 0)
			m.read(t, 1, 2*tempBlock) // now the block at hand
			c.change(t, m.base)
			failRead(t, m.file, 100, c.off, c.want)
			if n, err := m.file.WriteAt([]byte("x"), c.off); n != 0 || !errors.Is(err, c.want) {
				t.Errorf("write: %d, %v", n, err)
			}
			failRead(t, m.file, 100, c.off, c.want)
		})
	}
	t.Run("older content", func(t *testing.T) {
		t.Parallel()
		m := newTempModel(t)
		m.write(t, noise, 0)
		m.flush(t)
		older := m.base.Bytes()
		m.write(t, noise[:100], 0)
		m.read(t, 1, tempBlock)
		writeFull(t, m.base, older, 0)
		failRead(t, m.file, 100, 0, compat.ErrDamaged)
	})
}

// TestTempFileBelowFails has the disk full for a while. What was written before
// is still there afterwards.
func TestTempFileBelowFails(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 5*tempBlock)
	fillNoise(noise, 4)
	full := func(op vfstest.Op) func(vfstest.Call) error {
		return func(c vfstest.Call) error {
			if c.Op == op {
				return vfs.CodeFull
			}
			return nil
		}
	}
	for _, c := range []struct {
		name string
		op   vfstest.Op
		do   func(m *tempModel) error
	}{
		{"write", vfstest.OpWrite, func(m *tempModel) error {
			n, err := m.file.WriteAt(noise, 3*tempBlock)
			m.grow(3*tempBlock + n)
			copy(m.want[3*tempBlock:], noise[:n])
			return err
		}},
		{"read", vfstest.OpWrite, func(m *tempModel) error { _, err := m.file.ReadAt(make([]byte, 1), 0); return err }},
		{"cut", vfstest.OpWrite, func(m *tempModel) error { return m.file.Truncate(100) }},
		{"reading fails", vfstest.OpRead, func(m *tempModel) error { _, err := m.file.ReadAt(make([]byte, 1), 0); return err }},
		{"reading for a write fails", vfstest.OpRead, func(m *tempModel) error { _, err := m.file.WriteAt(noise[:1], 0); return err }},
		{"reading for a cut fails", vfstest.OpRead, func(m *tempModel) error { return m.file.Truncate(100) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newTempModel(t)
			m.write(t, noise[:3*tempBlock], 0)
			m.write(t, noise[:10], 2*tempBlock+500)
			m.base.Hook = full(c.op)
			for range 3 {
				err := c.do(m)
				if !errors.Is(err, vfs.CodeFull) || vfs.CodeOf(err, vfs.CodeIOErrWrite) != vfs.CodeFull {
					t.Errorf("error %v", err)
				}
			}
			m.base.Hook = nil
			m.checkSize(t)
			m.readAll(t)
			m.truncate(t, 100)
			m.readAll(t)
		})
	}
	t.Run("cutting fails", func(t *testing.T) {
		t.Parallel()
		m := newTempModel(t)
		m.write(t, noise, 0)
		m.base.Hook = full(vfstest.OpTruncate)
		if err := m.file.Truncate(5000); !errors.Is(err, vfs.CodeFull) {
			t.Errorf("error %v", err)
		}
		m.base.Hook = nil
		m.truncate(t, 5000)
		m.write(t, noise[:1], 20000)
		m.readAll(t)
	})
}

// TestTempSync makes nothing durable, and Close closes.
func TestTempSync(t *testing.T) {
	t.Parallel()
	var calls []vfstest.Op
	base := &vfstest.Mem{Hook: func(c vfstest.Call) error {
		calls = append(calls, c.Op)
		return errBelow
	}}
	f := newTemp(t, base)
	if err := f.Sync(2); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != errBelow {
		t.Errorf("close: %v", err)
	}
	if fmt.Sprint(calls) != "[close]" {
		t.Errorf("calls %v", calls)
	}
}
