//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"crypto/sha512"
	"encoding/binary"
)

const hashBlock = sha512.BlockSize

// hmac512 is HMAC-SHA512 of pages side by side: RFC 2104, FIPS 180-4. A page and its
// number end in the middle of a block of the hash: all page sizes are multiples of
// the block, and the page ends with a tag of half a block that is not covered.
type hmac512 struct {
	inner, outer [8]uint64 // states after the block of the key
	state        [8 * hashLanes]uint64
	last         [16 * hashLanes]uint64
}

// start512 is the initial state of SHA-512: FIPS 180-4, 5.3.5.
var start512 = [8]uint64{
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
}

func (h *hmac512) init(by hashRoutine, key []byte) {
	h.keyed(by, key, 0x3636363636363636, &h.inner)
	h.keyed(by, key, 0x5c5c5c5c5c5c5c5c, &h.outer)
	clear(h.last[:])
	clear(h.state[:])
}

// keyed sets state to the one after the key combined with a pad.
func (h *hmac512) keyed(by hashRoutine, key []byte, pad uint64, state *[8]uint64) {
	h.restore(by, &start512)
	for i := range 16 {
		word := pad
		if 8*i < len(key) {
			word ^= binary.BigEndian.Uint64(key[8*i:])
		}
		h.last[i*by.lanes] = word
	}
	by.do(&h.state, nil, 0, &h.last)
	for i := range state {
		state[i] = h.state[i*by.lanes]
	}
}

// restore sets all lanes to a state.
func (h *hmac512) restore(by hashRoutine, state *[8]uint64) {
	for i, word := range state {
		row := h.state[i*by.lanes:][:by.lanes]
		for lane := range row {
			row[lane] = word
		}
	}
}

// end makes the last block of a message: what its whole blocks leave over of the
// page, half a block or less in multiples of 8 bytes, and the page number.
func (h *hmac512) end(by hashRoutine, lane int, rest []byte, whole int, pgno [4]byte) {
	size := hashBlock + whole + len(rest) + len(pgno)
	i := 0
	for ; len(rest) > 0; rest = rest[8:] {
		h.last[i*by.lanes+lane] = binary.BigEndian.Uint64(rest)
		i++
	}
	h.last[i*by.lanes+lane] = uint64(binary.BigEndian.Uint32(pgno[:]))<<32 | 0x80000000
	h.pad(by, lane, i+1, size)
}

// pad sets the words of a last block from i on, for a message of so many bytes.
func (h *hmac512) pad(by hashRoutine, lane, i, size int) {
	for ; i < 15; i++ {
		h.last[i*by.lanes+lane] = 0
	}
	h.last[15*by.lanes+lane] = 8 * uint64(size)
}

// sum computes the tags of pages that begin with so many blocks at data and have
// their last block from end.
func (h *hmac512) sum(by hashRoutine, data *[maxLanes]*byte, blocks int) {
	h.restore(by, &h.inner)
	by.do(&h.state, data, blocks, &h.last)

	copy(h.last[:], h.state[:8*by.lanes])
	for lane := range by.lanes {
		h.last[8*by.lanes+lane] = 1 << 63
		h.pad(by, lane, 9, hashBlock+sha512.Size)
	}
	h.restore(by, &h.outer)
	by.do(&h.state, data, 0, &h.last)
}

// tag returns the tag of a lane.
func (h *hmac512) tag(by hashRoutine, lane int, tag *[sha512.Size]byte) {
	for i := range 8 {
		binary.BigEndian.PutUint64(tag[8*i:], h.state[i*by.lanes+lane])
	}
}
