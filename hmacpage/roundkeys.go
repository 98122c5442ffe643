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
	copy(k[0][:], key)
	copy(k[1][:], key[blockSize:])
	for i := 8; i < 4*len(k); i++ {
		w := binary.LittleEndian.Uint32(k.word(i - 1))
		switch i % 8 {
		case 0:
			w = subWord(bits.RotateLeft32(w, -8)) ^ 1<<(i/8-1)
		case 4:
			w = subWord(w)
		}
		binary.LittleEndian.PutUint32(k.word(i), w^binary.LittleEndian.Uint32(k.word(i-8)))
	}
}

func (k *roundKeys) word(i int) []byte { return k[i/4][i%4*4:][:4] }

// decryption makes the schedule of the equivalent inverse cipher of another: FIPS
// 197, 5.3.5.
func (k *roundKeys) decryption(enc *roundKeys) {
	k[0], k[rounds] = enc[rounds], enc[0]
	for i := 1; i < rounds; i++ {
		invMixColumns(&k[i], &enc[rounds-i])
	}
}
