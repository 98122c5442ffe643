//go:build !purego

package hmacpage

import "golang.org/x/sys/cpu"

// sets are the instructions of these processors. The standard library has SHA-512 by
// instructions that are as fast for one page as for many.
var sets = []instructions{{
	name:    "arm64",
	fits:    cpu.ARM64.HasAES,
	encrypt: []cbcRoutine{{4, cbcEncrypt4ARM64}},
	decrypt: cbcDecryptARM64,
}}

//go:noescape
func subWord(w uint32) uint32

//go:noescape
func invMixColumns(dst, src *[blockSize]byte)

//go:noescape
func cbcEncrypt4ARM64(keys *roundKeys, dst, src *[maxLanes]*byte, blocks int)

//go:noescape
func cbcDecryptARM64(keys *roundKeys, dst, src *byte, blocks int)
