//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// batch is a batch to compare two kernels by. Its pages lie in one buffer with gaps
// in between that no kernel may touch.
type batch struct {
	by      *instructions
	g       Geometry
	first   uint32 // page number
	ones    uint64 // bits of the pages that have the number 1 instead
	n       int
	inPlace bool
	at      func(i int) (plain, cipher int) // offsets of the buffers, 0 to 63
	seed    uint64

	memory []byte
}

const gap = 128

func (b batch) String() string {
	return fmt.Sprintf("%v, %+v, %d pages from %d, ones %b, in place %v, seed %d", b.by, b.g, b.n, b.first, b.ones, b.inPlace, b.seed)
}

// pages fills memory with bytes that follow from the seed and lays the pages out.
func (b *batch) pages() []Page {
	stride := b.g.PageSize + gap
	b.memory = aligned(2*b.n*stride + gap)
	rand.NewChaCha8([32]byte{byte(b.seed), byte(b.seed >> 8), byte(b.seed >> 16)}).Read(b.memory)
	pages := make([]Page, b.n)
	for i := range pages {
		plain, cipher := b.at(i)
		p := Page{Pgno: b.first + uint32(i), Bad: b.seed>>i&1 == 1}
		if b.ones>>i&1 == 1 {
			p.Pgno = 1
		}
		p.Plain = b.memory[2*i*stride+plain:][:b.g.PageSize]
		p.Cipher = b.memory[(2*i+1)*stride+cipher:][:b.g.PageSize]
		if b.inPlace {
			p.Plain = p.Cipher
		}
		pages[i] = p
	}
	return pages
}

// compare encrypts the batch, damages the pages whose bit is set in bad, and decrypts
// it, all that on the kernel and on the standard library. Each step must leave the
// same bytes in all of the memory.
func (b batch) compare(t *testing.T, bad uint64) {
	t.Helper()
	keys := randomKeys(b.g.MAC, b.seed)
	std := b
	x, y := b.pages(), std.pages()
	same := func(step string) {
		t.Helper()
		if bytes.Equal(b.memory, std.memory) {
			return
		}
		i := 0
		for b.memory[i] == std.memory[i] {
			i++
		}
		t.Fatalf("%v, bad %b: %s differs from the standard library at %d of %d", b, bad, step, i, len(b.memory))
	}
	kernel, generic := kernelBy(b.by, b.g, keys), kernelBy(nil, b.g, keys)
	kernel.encrypt(x)
	generic.encrypt(y)
	same("encryption")
	for i := range x {
		if bad>>i&1 == 1 {
			from := b.g.EncryptedFrom(x[i].Pgno)
			at := from + int((b.seed+uint64(i)*977)%uint64(b.g.TagOffset()+b.g.MAC.Size()-from))
			x[i].Cipher[at] ^= 1 << (b.seed % 8)
			y[i].Cipher[at] ^= 1 << (b.seed % 8)
		}
	}
	kernel.decrypt(x)
	generic.decrypt(y)
	same("decryption")
	for i := range x {
		want := bad>>i&1 == 1 && b.g.MAC != NoMAC && !b.g.isClear(x[i].Pgno)
		if x[i].Bad != want || y[i].Bad != want {
			t.Fatalf("%v, bad %b: Bad of page %d is %v, with the standard library %v", b, bad, i, x[i].Bad, y[i].Bad)
		}
	}
}

// aligned returns memory that starts at a line of the cache.
func aligned(n int) []byte {
	b := make([]byte, n+63)
	return b[-uintptr(unsafe.Pointer(&b[0]))%64:][:n]
}
