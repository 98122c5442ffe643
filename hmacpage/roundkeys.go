//go:build (amd64 || arm64) && !purego

package hmacpage

import (
	"encoding/binary"
	"math/bits"
)

const rounds = 14 // of AES-256

// roundKeys is the key schedule of AES-256: FIPS 197, 5.2.
type roundKeys [rounds + 1][blockSize]byte

// encryption expands the key. The S-box is an instruction, as everything here: a
// table would tell the key by what it leaves in the cache.
func (k *roundKeys) encryption(key []byte) {
	var w [4 * len(k)]uint32
	for i := range w {
		switch {
		case i < 8:
			w[i] = binary.LittleEndian.Uint32(key[4*i:])
		case i%8 == 0:
			w[i] = w[i-8] ^ subWord(bits.RotateLeft32(w[i-1], -8)) ^ 1<<(i/8-1)
		case i%8 == 4:
			w[i] = w[i-8] ^ subWord(w[i-1])
		default:
			w[i] = w[i-8] ^ w[i-1]
		}
		binary.LittleEndian.PutUint32(k[i/4][i%4*4:], w[i])
	}
	clear(w[:])
}

// decryption makes the schedule of the equivalent inverse cipher of another: FIPS
// 197, 5.3.5.
func (k *roundKeys) decryption(enc *roundKeys) {
	k[0], k[rounds] = enc[rounds], enc[0]
	for i := 1; i < rounds; i++ {
		invMixColumns(&k[i], &enc[rounds-i])
	}
}
