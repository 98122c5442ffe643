//go:build !purego

#include "textflag.h"

// func subWord(w uint32) uint32
//
// All columns are the same, so that ShiftRows changes nothing.
TEXT ·subWord(SB), NOSPLIT, $0-12
	MOVL   w+0(FP), X0
	PSHUFD $0, X0, X0
	PXOR   X1, X1
	AESENCLAST X1, X0
	MOVL   X0, ret+8(FP)
	RET

// func invMixColumns(dst, src *[16]byte)
TEXT ·invMixColumns(SB), NOSPLIT, $0-16
	MOVQ   dst+0(FP), DI
	MOVQ   src+8(FP), SI
	MOVOU  (SI), X0
	AESIMC X0, X0
	MOVOU  X0, (DI)
	RET

// IV loads what stands behind the last block of a message.
#define IV(i, x) \
	MOVQ  (i*8)(DI), AX; \
	MOVOU (AX)(DX*1), x

// NEXT combines the state, the next block of a message and the first round key.
#define NEXT(i, x) \
	MOVQ  (i*8)(SI), AX;    \
	MOVOU (AX)(CX*1), X9;   \
	PXOR  X15, X9;          \
	PXOR  X9, x

#define WRITE(i, x) \
	MOVQ  (i*8)(DI), AX; \
	MOVOU x, (AX)(CX*1)

#define ENC4(key) \
	MOVOU  key(BX), X8; \
	AESENC X8, X0; \
	AESENC X8, X1; \
	AESENC X8, X2; \
	AESENC X8, X3

#define ENC8(key) \
	ENC4(key);     \
	AESENC X8, X4; \
	AESENC X8, X5; \
	AESENC X8, X6; \
	AESENC X8, X7

// func cbcEncrypt4AESNI(keys *roundKeys, dst, src *[16]*byte, blocks int)
TEXT ·cbcEncrypt4AESNI(SB), NOSPLIT, $0-32
	MOVQ  keys+0(FP), BX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  blocks+24(FP), DX
	SHLQ  $4, DX
	MOVOU 0(BX), X15
	IV(0, X0)
	IV(1, X1)
	IV(2, X2)
	IV(3, X3)
	XORQ  CX, CX

block4:
	NEXT(0, X0)
	NEXT(1, X1)
	NEXT(2, X2)
	NEXT(3, X3)
	ENC4(16)
	ENC4(32)
	ENC4(48)
	ENC4(64)
	ENC4(80)
	ENC4(96)
	ENC4(112)
	ENC4(128)
	ENC4(144)
	ENC4(160)
	ENC4(176)
	ENC4(192)
	ENC4(208)
	MOVOU 224(BX), X8
	AESENCLAST X8, X0
	AESENCLAST X8, X1
	AESENCLAST X8, X2
	AESENCLAST X8, X3
	WRITE(0, X0)
	WRITE(1, X1)
	WRITE(2, X2)
	WRITE(3, X3)
	ADDQ  $16, CX
	CMPQ  CX, DX
	JLT   block4
	RET

// func cbcEncrypt8AESNI(keys *roundKeys, dst, src *[16]*byte, blocks int)
TEXT ·cbcEncrypt8AESNI(SB), NOSPLIT, $0-32
	MOVQ  keys+0(FP), BX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  blocks+24(FP), DX
	SHLQ  $4, DX
	MOVOU 0(BX), X15
	IV(0, X0)
	IV(1, X1)
	IV(2, X2)
	IV(3, X3)
	IV(4, X4)
	IV(5, X5)
	IV(6, X6)
	IV(7, X7)
	XORQ  CX, CX

block8:
	NEXT(0, X0)
	NEXT(1, X1)
	NEXT(2, X2)
	NEXT(3, X3)
	NEXT(4, X4)
	NEXT(5, X5)
	NEXT(6, X6)
	NEXT(7, X7)
	ENC8(16)
	ENC8(32)
	ENC8(48)
	ENC8(64)
	ENC8(80)
	ENC8(96)
	ENC8(112)
	ENC8(128)
	ENC8(144)
	ENC8(160)
	ENC8(176)
	ENC8(192)
	ENC8(208)
	MOVOU 224(BX), X8
	AESENCLAST X8, X0
	AESENCLAST X8, X1
	AESENCLAST X8, X2
	AESENCLAST X8, X3
	AESENCLAST X8, X4
	AESENCLAST X8, X5
	AESENCLAST X8, X6
	AESENCLAST X8, X7
	WRITE(0, X0)
	WRITE(1, X1)
	WRITE(2, X2)
	WRITE(3, X3)
	WRITE(4, X4)
	WRITE(5, X5)
	WRITE(6, X6)
	WRITE(7, X7)
	ADDQ  $16, CX
	CMPQ  CX, DX
	JLT   block8
	RET

#define DEC8(key) \
	MOVOU  key(BX), X8; \
	AESDEC X8, X0; \
	AESDEC X8, X1; \
	AESDEC X8, X2; \
	AESDEC X8, X3; \
	AESDEC X8, X4; \
	AESDEC X8, X5; \
	AESDEC X8, X6; \
	AESDEC X8, X7

// CHAIN adds the block before, from memory: it must not be overwritten yet.
#define CHAIN(offset, x) \
	MOVOU (offset)(SI)(CX*1), X9; \
	PXOR  X9, x

#define DEC1(key) \
	MOVOU  key(BX), X8; \
	AESDEC X8, X0

// func cbcDecryptAESNI(keys *roundKeys, dst, src *byte, blocks int)
TEXT ·cbcDecryptAESNI(SB), NOSPLIT, $0-32
	MOVQ  keys+0(FP), BX
	MOVQ  dst+8(FP), DI
	MOVQ  src+16(FP), SI
	MOVQ  blocks+24(FP), DX
	SHLQ  $4, DX
	MOVOU 0(BX), X15
	MOVOU (SI)(DX*1), X14 // the IV, then the block before
	XORQ  CX, CX
	SUBQ  $128, DX
	JLT   rest

eight:
	MOVOU 0(SI)(CX*1), X0
	MOVOU 16(SI)(CX*1), X1
	MOVOU 32(SI)(CX*1), X2
	MOVOU 48(SI)(CX*1), X3
	MOVOU 64(SI)(CX*1), X4
	MOVOU 80(SI)(CX*1), X5
	MOVOU 96(SI)(CX*1), X6
	MOVOU 112(SI)(CX*1), X7
	MOVO  X7, X13
	PXOR  X15, X0
	PXOR  X15, X1
	PXOR  X15, X2
	PXOR  X15, X3
	PXOR  X15, X4
	PXOR  X15, X5
	PXOR  X15, X6
	PXOR  X15, X7
	DEC8(16)
	DEC8(32)
	DEC8(48)
	DEC8(64)
	DEC8(80)
	DEC8(96)
	DEC8(112)
	DEC8(128)
	DEC8(144)
	DEC8(160)
	DEC8(176)
	DEC8(192)
	DEC8(208)
	MOVOU 224(BX), X8
	AESDECLAST X8, X0
	AESDECLAST X8, X1
	AESDECLAST X8, X2
	AESDECLAST X8, X3
	AESDECLAST X8, X4
	AESDECLAST X8, X5
	AESDECLAST X8, X6
	AESDECLAST X8, X7
	PXOR  X14, X0
	CHAIN(0, X1)
	CHAIN(16, X2)
	CHAIN(32, X3)
	CHAIN(48, X4)
	CHAIN(64, X5)
	CHAIN(80, X6)
	CHAIN(96, X7)
	MOVO  X13, X14
	MOVOU X0, 0(DI)(CX*1)
	MOVOU X1, 16(DI)(CX*1)
	MOVOU X2, 32(DI)(CX*1)
	MOVOU X3, 48(DI)(CX*1)
	MOVOU X4, 64(DI)(CX*1)
	MOVOU X5, 80(DI)(CX*1)
	MOVOU X6, 96(DI)(CX*1)
	MOVOU X7, 112(DI)(CX*1)
	ADDQ  $128, CX
	CMPQ  CX, DX
	JLE   eight

rest:
	ADDQ  $128, DX
	CMPQ  CX, DX
	JGE   done

one:
	MOVOU (SI)(CX*1), X0
	MOVO  X0, X13
	PXOR  X15, X0
	DEC1(16)
	DEC1(32)
	DEC1(48)
	DEC1(64)
	DEC1(80)
	DEC1(96)
	DEC1(112)
	DEC1(128)
	DEC1(144)
	DEC1(160)
	DEC1(176)
	DEC1(192)
	DEC1(208)
	MOVOU 224(BX), X8
	AESDECLAST X8, X0
	PXOR  X14, X0
	MOVO  X13, X14
	MOVOU X0, (DI)(CX*1)
	ADDQ  $16, CX
	CMPQ  CX, DX
	JLT   one

done:
	RET
