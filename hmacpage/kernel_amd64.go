//go:build !purego

package hmacpage

import "golang.org/x/sys/cpu"

// sets are the instructions of these processors, the best first.
var sets = []instructions{
	{
		name: "avx512",
		fits: cpu.X86.HasAES && cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW &&
			cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VAES && cpu.X86.HasBMI2,
		encrypt: []cbcRoutine{{4, cbcEncrypt4AESNI}, {8, cbcEncrypt8VAES}, {16, cbcEncrypt16VAES}},
		decrypt: cbcDecryptVAES,
		hash:    []hashRoutine{{8, 5, sha512x8AVX512}, {4, 2, sha512x4AVX512}, {1, 1, sha512x1AVX512}},
	},
	{
		name:    "avx2",
		fits:    cpu.X86.HasAES && cpu.X86.HasAVX2 && cpu.X86.HasBMI2,
		encrypt: []cbcRoutine{{4, cbcEncrypt4AESNI}, {8, cbcEncrypt8AESNI}},
		decrypt: cbcDecryptAESNI,
		hash:    []hashRoutine{{4, 3, sha512x4AVX2}, {1, 1, sha512x1AVX2}},
	},
	{
		name:    "aesni",
		fits:    cpu.X86.HasAES,
		encrypt: []cbcRoutine{{4, cbcEncrypt4AESNI}, {8, cbcEncrypt8AESNI}},
		decrypt: cbcDecryptAESNI,
	},
}

//go:noescape
func subWord(w uint32) uint32

//go:noescape
func invMixColumns(dst, src *[blockSize]byte)

//go:noescape
func cbcEncrypt4AESNI(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)

//go:noescape
func cbcEncrypt8AESNI(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)

//go:noescape
func cbcEncrypt8VAES(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)

//go:noescape
func cbcEncrypt16VAES(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)

//go:noescape
func cbcDecryptAESNI(keys *roundKeys, dst, src *byte, blocks int)

//go:noescape
func cbcDecryptVAES(keys *roundKeys, dst, src *byte, blocks int)

//go:noescape
func sha512x8AVX512(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)

//go:noescape
func sha512x4AVX512(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)

//go:noescape
func sha512x4AVX2(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)

//go:noescape
func sha512x1AVX512(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)

//go:noescape
func sha512x1AVX2(state *[8 * hashLanes]uint64, data *[maxLanes]*byte, blocks int, last *[16 * hashLanes]uint64)
