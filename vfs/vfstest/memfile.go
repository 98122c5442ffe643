// Package vfstest holds what tests of the file layer share. Only tests import
// it.
package vfstest

import (
	"errors"
	"io"
	"sync"

	"github.com/pageseal/pageseal/vfs"
)

// Op is what a call does to a file.
type Op string

// The calls of a file.
const (
	OpRead     Op = "read"
	OpWrite    Op = "write"
	OpTruncate Op = "truncate"
	OpSize     Op = "size"
	OpSync     Op = "sync"
	OpClose    Op = "close"
)

// Call is one call as a Hook sees it.
type Call struct {
	Op   Op
	P    []byte // of a read or write: the caller's own memory
	Off  int64  // of a read or write; of a truncation the size in bytes
	Sync int    // flags of a sync
}

// Mem is a file in memory. Several wrappers may share one: Close leaves the
// content as it is. What was never written takes no memory, so that a file may
// end beyond the lock-byte page. It is safe for concurrent use.
type Mem struct {
	// Hook, if set, is asked before each call. Its error is that of the call,
	// which then does nothing. Set it while no call is under way.
	Hook func(Call) error

	mu     sync.Mutex
	chunks map[int64]*[chunkSize]byte // by offset divided by chunkSize
	size   int64
}

const chunkSize = 4096 // bytes

// errNegative is for offsets and sizes that no caller can mean.
var errNegative = errors.New("vfstest: negative offset or size")

var _ vfs.Base = (*Mem)(nil)

// NewMem returns a file with a copy of the content.
func NewMem(content []byte) *Mem {
	m := &Mem{}
	_, _ = m.WriteAt(content, 0) // cannot fail without a hook
	return m
}

// Bytes returns a copy of the whole content.
func (m *Mem) Bytes() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := make([]byte, m.size)
	m.read(b, 0)
	return b
}

func (m *Mem) ask(c Call) error {
	if c.Off < 0 {
		return errNegative
	}
	if m.Hook == nil {
		return nil
	}
	return m.Hook(c)
}

// ReadAt reads as vfs.File says.
func (m *Mem) ReadAt(p []byte, off int64) (int, error) {
	if err := m.ask(Call{Op: OpRead, P: p, Off: off}); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := int(min(int64(len(p)), max(0, m.size-off)))
	m.read(p[:n], off)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m *Mem) read(p []byte, off int64) {
	for len(p) > 0 {
		start := off % chunkSize
		n := min(len(p), int(chunkSize-start))
		if c := m.chunks[off/chunkSize]; c != nil {
			copy(p[:n], c[start:])
		} else {
			clear(p[:n])
		}
		p, off = p[n:], off+int64(n)
	}
}

// WriteAt writes all of p.
func (m *Mem) WriteAt(p []byte, off int64) (int, error) {
	if err := m.ask(Call{Op: OpWrite, P: p, Off: off}); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.chunks == nil {
		m.chunks = map[int64]*[chunkSize]byte{}
	}
	written := len(p)
	for len(p) > 0 {
		c := m.chunks[off/chunkSize]
		if c == nil {
			c = new([chunkSize]byte)
			m.chunks[off/chunkSize] = c
		}
		n := copy(c[off%chunkSize:], p)
		p, off = p[n:], off+int64(n)
	}
	if written > 0 {
		m.size = max(m.size, off)
	}
	return written, nil
}

// Truncate sets the size. A file that grows ends in zeros, as on POSIX systems.
func (m *Mem) Truncate(size int64) error {
	if err := m.ask(Call{Op: OpTruncate, Off: size}); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, c := range m.chunks {
		switch keep := size - i*chunkSize; {
		case keep <= 0:
			delete(m.chunks, i)
		case keep < chunkSize:
			clear(c[keep:])
		}
	}
	m.size = size
	return nil
}

// Size is the size in bytes.
func (m *Mem) Size() (int64, error) {
	if err := m.ask(Call{Op: OpSize}); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.size, nil
}

// Sync does nothing but ask the hook.
func (m *Mem) Sync(flags int) error { return m.ask(Call{Op: OpSync, Sync: flags}) }

// Close does nothing but ask the hook.
func (m *Mem) Close() error { return m.ask(Call{Op: OpClose}) }

// Buffer is ordinary memory.
func (m *Mem) Buffer(n int) []byte { return make([]byte, n) }
