//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"crypto/fips140"
	"os"
	"sync"
)

// kernel does what is said at generic, by the instructions that suit this processor.
type kernel struct {
	// One of the two. An interface would move the batches of all callers to the heap.
	lanes   *lanes
	generic *generic
}

func newKernel(g Geometry, keys Keys) *kernel { return kernelBy(chosen(), g, keys) }

// kernelBy is newKernel with the instructions to use, none for the standard library.
func kernelBy(by *instructions, g Geometry, keys Keys) *kernel {
	if by == nil {
		return &kernel{generic: newGeneric(g, keys)}
	}
	return &kernel{lanes: newLanes(by, g, keys)}
}

func (k *kernel) encrypt(pages []Page) {
	if k.lanes != nil {
		k.lanes.encrypt(pages)
	} else {
		k.generic.encrypt(pages)
	}
}

func (k *kernel) decrypt(pages []Page) {
	if k.lanes != nil {
		k.lanes.decrypt(pages)
	} else {
		k.generic.decrypt(pages)
	}
}

func (k *kernel) wipe() {
	if k.lanes != nil {
		k.lanes.wipe()
	} else {
		k.generic.wipe()
	}
	*k = kernel{}
}

// instructions are the routines for one family of processors. The IV of a page
// stands right behind its last block in all of them, see [Geometry].
type instructions struct {
	name string // as PAGESEAL_KERNEL has it
	fits bool   // this processor has them

	encrypt []cbcRoutine // narrow ones first
	decrypt func(keys *roundKeys, dst, src *byte, blocks int)
	hash    []hashRoutine // wide ones first; none to leave the MAC to the standard library
}

const (
	maxLanes  = 16 // most pages that a routine works on at once
	hashLanes = 8  // most of those that one hashes at once
)

// cbcRoutine encrypts pages side by side, since the blocks of one page wait for each
// other. It reads a block of all pages before it writes one, so that idle lanes may
// repeat the page of another.
type cbcRoutine struct {
	lanes int
	do    func(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)
}

// hashRoutine is SHA-512 of messages side by side: of blocks of 128 bytes at data,
// and then one more given as words. Word i of lane l is number i*lanes+l, in state
// and in last.
type hashRoutine struct {
	lanes int
	least int // of fewer pages, one after the other is faster
	do    func(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)
}

var chosen = sync.OnceValue(func() *instructions { return choose(os.Getenv("PAGESEAL_KERNEL"), sets) })

// Kernel names the instructions that codecs take here, as PAGESEAL_KERNEL has it.
func Kernel() string {
	if by := chosen(); by != nil {
		return by.name
	}
	return "purego"
}

// choose returns the instructions of that name, or the first that fit this processor
// if they do not or there are none. It returns nil for the standard library, which
// is all that FIPS mode allows.
func choose(name string, sets []instructions) *instructions {
	if name == "purego" || fips140.Enabled() {
		return nil
	}
	var best *instructions
	for i := range sets {
		by := &sets[i]
		if by.fits && by.name == name {
			return by
		}
		if by.fits && best == nil {
			best = by
		}
	}
	return best
}
