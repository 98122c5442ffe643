//go:build !purego

#include "textflag.h"

// AESE and AESD add the round key first, so that the last one is left to VEOR. Pairs
// with AESMC and AESIMC stand together: processors run them as one.

// KEYS loads the round keys at p, which moves on.
#define KEYS(p) \
	VLD1.P 64(p), [V16.B16, V17.B16, V18.B16, V19.B16]; \
	VLD1.P 64(p), [V20.B16, V21.B16, V22.B16, V23.B16]; \
	VLD1.P 64(p), [V24.B16, V25.B16, V26.B16, V27.B16]; \
	VLD1   (p), [V28.B16, V29.B16, V30.B16]

// func subWord(w uint32) uint32
//
// All columns are the same, so that ShiftRows changes nothing.
TEXT ·subWord(SB), NOSPLIT, $0-12
	MOVWU w+0(FP), R0
	VDUP  R0, V0.S4
	VEOR  V1.B16, V1.B16, V1.B16
	AESE  V1.B16, V0.B16
	VMOV  V0.S[0], R0
	MOVW  R0, ret+8(FP)
	RET

// func invMixColumns(dst, src *[16]byte)
TEXT ·invMixColumns(SB), NOSPLIT, $0-16
	MOVD   dst+0(FP), R0
	MOVD   src+8(FP), R1
	VLD1   (R1), [V0.B16]
	AESIMC V0.B16, V0.B16
	VST1   [V0.B16], (R0)
	RET

#define ENC(key, x) \
	AESE  key.B16, x.B16; \
	AESMC x.B16, x.B16

#define ENC4(key) \
	ENC(key, V0); \
	ENC(key, V1); \
	ENC(key, V2); \
	ENC(key, V3)

// IV loads what stands behind the last block of a page.
#define IV(p, x) \
	ADD  R3<<4, p, R12; \
	VLD1 (R12), [x.B16]

// func cbcEncrypt4ARM64(keys *roundKeys, dst, src *[16]*byte, blocks int)
TEXT ·cbcEncrypt4ARM64(SB), NOSPLIT, $0-32
	MOVD keys+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD blocks+24(FP), R3
	KEYS(R0)
	LDP  0(R1), (R4, R5)
	LDP  16(R1), (R6, R7)
	LDP  0(R2), (R8, R9)
	LDP  16(R2), (R10, R11)
	IV(R4, V0)
	IV(R5, V1)
	IV(R6, V2)
	IV(R7, V3)

block:
	VLD1.P 16(R8), [V4.B16]
	VLD1.P 16(R9), [V5.B16]
	VLD1.P 16(R10), [V6.B16]
	VLD1.P 16(R11), [V7.B16]
	VEOR   V4.B16, V0.B16, V0.B16
	VEOR   V5.B16, V1.B16, V1.B16
	VEOR   V6.B16, V2.B16, V2.B16
	VEOR   V7.B16, V3.B16, V3.B16
	ENC4(V16)
	ENC4(V17)
	ENC4(V18)
	ENC4(V19)
	ENC4(V20)
	ENC4(V21)
	ENC4(V22)
	ENC4(V23)
	ENC4(V24)
	ENC4(V25)
	ENC4(V26)
	ENC4(V27)
	ENC4(V28)
	AESE   V29.B16, V0.B16
	AESE   V29.B16, V1.B16
	AESE   V29.B16, V2.B16
	AESE   V29.B16, V3.B16
	VEOR   V30.B16, V0.B16, V0.B16
	VEOR   V30.B16, V1.B16, V1.B16
	VEOR   V30.B16, V2.B16, V2.B16
	VEOR   V30.B16, V3.B16, V3.B16
	VST1.P [V0.B16], 16(R4)
	VST1.P [V1.B16], 16(R5)
	VST1.P [V2.B16], 16(R6)
	VST1.P [V3.B16], 16(R7)
	SUBS   $1, R3
	BNE    block
	RET

#define DEC(key, x) \
	AESD   key.B16, x.B16; \
	AESIMC x.B16, x.B16

#define DEC8(key) \
	DEC(key, V0); \
	DEC(key, V1); \
	DEC(key, V2); \
	DEC(key, V3); \
	DEC(key, V4); \
	DEC(key, V5); \
	DEC(key, V6); \
	DEC(key, V7)

// func cbcDecryptARM64(keys *roundKeys, dst, src *byte, blocks int)
TEXT ·cbcDecryptARM64(SB), NOSPLIT, $0-32
	MOVD keys+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD src+16(FP), R2
	MOVD blocks+24(FP), R3
	KEYS(R0)
	ADD  R3<<4, R2, R4
	VLD1 (R4), [V31.B16] // the IV, then the block before
	SUBS $8, R3
	BLT  rest

eight:
	VLD1.P 64(R2), [V8.B16, V9.B16, V10.B16, V11.B16]
	VLD1.P 64(R2), [V12.B16, V13.B16, V14.B16, V15.B16]
	VMOV   V8.B16, V0.B16
	VMOV   V9.B16, V1.B16
	VMOV   V10.B16, V2.B16
	VMOV   V11.B16, V3.B16
	VMOV   V12.B16, V4.B16
	VMOV   V13.B16, V5.B16
	VMOV   V14.B16, V6.B16
	VMOV   V15.B16, V7.B16
	DEC8(V16)
	DEC8(V17)
	DEC8(V18)
	DEC8(V19)
	DEC8(V20)
	DEC8(V21)
	DEC8(V22)
	DEC8(V23)
	DEC8(V24)
	DEC8(V25)
	DEC8(V26)
	DEC8(V27)
	DEC8(V28)
	AESD   V29.B16, V0.B16
	AESD   V29.B16, V1.B16
	AESD   V29.B16, V2.B16
	AESD   V29.B16, V3.B16
	AESD   V29.B16, V4.B16
	AESD   V29.B16, V5.B16
	AESD   V29.B16, V6.B16
	AESD   V29.B16, V7.B16
	VEOR   V30.B16, V0.B16, V0.B16
	VEOR   V30.B16, V1.B16, V1.B16
	VEOR   V30.B16, V2.B16, V2.B16
	VEOR   V30.B16, V3.B16, V3.B16
	VEOR   V30.B16, V4.B16, V4.B16
	VEOR   V30.B16, V5.B16, V5.B16
	VEOR   V30.B16, V6.B16, V6.B16
	VEOR   V30.B16, V7.B16, V7.B16
	VEOR   V31.B16, V0.B16, V0.B16
	VEOR   V8.B16, V1.B16, V1.B16
	VEOR   V9.B16, V2.B16, V2.B16
	VEOR   V10.B16, V3.B16, V3.B16
	VEOR   V11.B16, V4.B16, V4.B16
	VEOR   V12.B16, V5.B16, V5.B16
	VEOR   V13.B16, V6.B16, V6.B16
	VEOR   V14.B16, V7.B16, V7.B16
	VMOV   V15.B16, V31.B16
	VST1.P [V0.B16, V1.B16, V2.B16, V3.B16], 64(R1)
	VST1.P [V4.B16, V5.B16, V6.B16, V7.B16], 64(R1)
	SUBS   $8, R3
	BGE    eight

rest:
	ADDS   $8, R3
	BEQ    done

one:
	VLD1.P 16(R2), [V8.B16]
	VMOV   V8.B16, V0.B16
	DEC(V16, V0)
	DEC(V17, V0)
	DEC(V18, V0)
	DEC(V19, V0)
	DEC(V20, V0)
	DEC(V21, V0)
	DEC(V22, V0)
	DEC(V23, V0)
	DEC(V24, V0)
	DEC(V25, V0)
	DEC(V26, V0)
	DEC(V27, V0)
	DEC(V28, V0)
	AESD   V29.B16, V0.B16
	VEOR   V30.B16, V0.B16, V0.B16
	VEOR   V31.B16, V0.B16, V0.B16
	VMOV   V8.B16, V31.B16
	VST1.P [V0.B16], 16(R1)
	SUBS   $1, R3
	BNE    one

done:
	RET
