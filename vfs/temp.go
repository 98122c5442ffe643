package vfs

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/kdf"
)

// Temp is a file that only the process that made it reads: temp tables,
// sorter runs, the copy that VACUUM makes, statement journals. It is encrypted
// with AES-256-GCM under a random key that lives as long as the open file.
//
// The file below has the size that SQLite sees. Each block of it is encrypted
// with a nonce of its own at every write; nonces and tags stay in memory (32
// bytes a block), as nobody else ever needs them. A block that comes back
// changed is an error.
type Temp struct {
	base   Base
	aead   cipher.AEAD
	blocks []tempBlock
	size   int64

	block  []byte // the block at hand, in clear
	index  int    // its number, or none
	dirty  bool   // it is newer than the file
	cipher []byte // scratch, one block and its tag
}

// tempBlock is what it takes to open a block.
type tempBlock struct {
	writes uint64 // ever, so that no nonce comes twice
	length int    // bytes in the file, 0 for a hole
	tag    [tempTagSize]byte
}

const (
	tempBlockSize = 4096 // bytes
	tempTagSize   = 16   // bytes
	noBlock       = -1
)

// NewTemp wraps an empty file. The only error is memory that is not to be had.
func NewTemp(base Base) (*Temp, error) {
	key := make([]byte, kdf.KeySize)
	defer kdf.Wipe(key)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Temp{
		base: base, aead: aead, index: noBlock,
		block: make([]byte, tempBlockSize), cipher: base.Buffer(tempBlockSize + tempTagSize),
	}, nil
}

// ReadAt reads any range.
func (t *Temp) ReadAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		at := off + int64(done)
		if at >= t.size {
			return done, io.EOF
		}
		if err := t.load(int(at / tempBlockSize)); err != nil {
			return done, err
		}
		start := at % tempBlockSize
		end := min(tempBlockSize, start+t.size-at)
		done += copy(p[done:], t.block[start:end])
	}
	return done, nil
}

// WriteAt writes any range.
func (t *Temp) WriteAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		at := off + int64(done)
		if err := t.load(int(at / tempBlockSize)); err != nil {
			return done, err
		}
		n := copy(t.block[at%tempBlockSize:], p[done:])
		t.dirty = true
		t.size = max(t.size, at+int64(n))
		done += n
	}
	return done, nil
}

// load makes a block the one at hand.
func (t *Temp) load(index int) error {
	if index == t.index {
		return nil
	}
	if err := t.store(); err != nil {
		return err
	}
	t.index = noBlock
	clear(t.block)
	if index < len(t.blocks) && t.blocks[index].length > 0 {
		if err := t.open(index); err != nil {
			return err
		}
	}
	t.index = index
	return nil
}

func (t *Temp) open(index int) error {
	b := &t.blocks[index]
	n := b.length
	if got, err := t.base.ReadAt(t.cipher[:n], int64(index)*tempBlockSize); got < n {
		if err == nil || err == io.EOF {
			err = fmt.Errorf("%w in a temporary file", compat.ErrShortFile)
		}
		return err
	}
	copy(t.cipher[n:], b.tag[:])
	_, err := t.aead.Open(t.block[:0], nonce(index, b.writes), t.cipher[:n+tempTagSize], nil)
	if err != nil {
		return fmt.Errorf("%w in a temporary file", compat.ErrDamaged)
	}
	return nil
}

// store writes the block at hand to the file if it is newer.
func (t *Temp) store() error {
	if !t.dirty {
		return nil
	}
	for len(t.blocks) <= t.index {
		t.blocks = append(t.blocks, tempBlock{})
	}
	b := &t.blocks[t.index]
	n := int(min(tempBlockSize, t.size-int64(t.index)*tempBlockSize))
	b.writes++
	b.length = n
	t.aead.Seal(t.cipher[:0], nonce(t.index, b.writes), t.block[:n], nil)
	copy(b.tag[:], t.cipher[n:n+tempTagSize])
	if _, err := t.base.WriteAt(t.cipher[:n], int64(t.index)*tempBlockSize); err != nil {
		return err
	}
	t.dirty = false
	return nil
}

// nonce never repeats under one key: no block is written twice with one count.
func nonce(index int, writes uint64) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint32(n, uint32(index))
	binary.BigEndian.PutUint64(n[4:], writes)
	return n
}

// Truncate cuts the file to size bytes.
func (t *Temp) Truncate(size int64) error {
	if size >= t.size {
		return nil
	}
	last := int((size + tempBlockSize - 1) / tempBlockSize) // the first block to go
	if size%tempBlockSize != 0 {
		if err := t.load(last - 1); err != nil {
			return err
		}
		clear(t.block[size%tempBlockSize:])
		t.dirty = true
	} else if t.index >= last {
		t.index, t.dirty = noBlock, false
	}
	t.size = size
	for i := last; i < len(t.blocks); i++ {
		t.blocks[i].length = 0
	}
	return t.base.Truncate(size)
}

// Size is the size in bytes that SQLite sees.
func (t *Temp) Size() (int64, error) { return t.size, nil }

// Sync does nothing: what is lost in a crash is of no use after it.
func (t *Temp) Sync(int) error { return nil }

// Close wipes the block at hand and closes the file.
func (t *Temp) Close() error {
	kdf.Wipe(t.block)
	return t.base.Close()
}
