//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"math/bits"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// below is how many bytes of the stack are looked at, more than any routine takes.
const below = 24 << 10

// deepen makes the stack have room for that.
//
//go:noinline
func deepen(n int) byte {
	var b [1 << 10]byte
	b[n] = byte(n)
	if n > 0 {
		b[0] = deepen(n - 1)
	}
	return b[0] + b[n]
}

// leftOver counts the words on the stack below its own frame that are in the set.
//
//go:noinline
func leftOver(words map[uint64]bool) (n int) {
	var here uint64
	for i := 8; i < below; i += 8 {
		if words[*(*uint64)(unsafe.Add(unsafe.Pointer(&here), -i))] {
			n++
		}
	}
	return n
}

// TestKernelStack wants nothing of a message without whole blocks, an inner hash or
// a key, to be left on the stack, as words or with constants added.
func TestKernelStack(t *testing.T) {
	everyKernel(t, func(t *testing.T, by *instructions) {
		for _, hash := range by.hash {
			var state [8 * hashLanes]uint64
			last := new([16 * hashLanes]uint64)
			words := map[uint64]bool{}
			for i := range 16 {
				word := rand.Uint64()
				for lane := range hash.lanes {
					last[i*hash.lanes+lane] = word
				}
				words[word], words[bits.ReverseBytes64(word)] = true, true
			}
			words[last[0]+0x428a2f98d728ae22] = true // the first constant of SHA-512
			deepen(below >> 10)
			hash.do(&state, nil, 0, last)
			if n := leftOver(words); n > 0 {
				t.Errorf("%d lanes: %d words are left", hash.lanes, n)
			}
		}
	})
}
