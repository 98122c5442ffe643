//go:build !purego

#include "textflag.h"

// Four messages at a time for batches that leave half of sha512x8AVX512 idle: three
// units work on 256 bits, and two on 512.
#define W0 Y0
#define W1 Y1
#define W2 Y2
#define W3 Y3
#define W4 Y4
#define W5 Y5
#define W6 Y6
#define W7 Y7
#define W8 Y8
#define W9 Y9
#define W10 Y10
#define W11 Y11
#define W12 Y12
#define W13 Y13
#define W14 Y14
#define W15 Y15
#define A Y16
#define B Y17
#define C Y18
#define D Y19
#define E Y20
#define F Y21
#define G Y22
#define H Y23
#define T0 Y24
#define T1 Y25
#define T2 Y26
#define T3 Y27

#include "avx512_amd64.h"
#include "sha512_avx512_amd64.h"

// ROW loads 32 bytes of a message as big-endian words. Y23 is the order of bytes.
#define ROW(i, offset, y) \
	MOVQ      (i*8)(SI), AX;        \
	VMOVDQU64 (offset)(AX)(CX*1), y; \
	VPSHUFB   Y23, y, y

// QUARTER loads 4 words of 4 messages.
#define QUARTER(offset, w0, w1, w2, w3) \
	ROW(0, offset, Y24);           \
	ROW(1, offset, Y25);           \
	ROW(2, offset, Y26);           \
	ROW(3, offset, Y27);           \
	VPUNPCKLQDQ Y25, Y24, Y28;     \
	VPUNPCKHQDQ Y25, Y24, Y29;     \
	VPUNPCKLQDQ Y27, Y26, Y30;     \
	VPUNPCKHQDQ Y27, Y26, Y31;     \
	VSHUFI64X2  $0, Y30, Y28, w0;  \
	VSHUFI64X2  $0, Y31, Y29, w1;  \
	VSHUFI64X2  $3, Y30, Y28, w2;  \
	VSHUFI64X2  $3, Y31, Y29, w3

// func sha512x4AVX512(state *[64]uint64, data *[16]*byte, blocks int, last *[128]uint64)
TEXT ·sha512x4AVX512(SB), NOSPLIT, $0-32
	MOVQ state+0(FP), DI
	MOVQ data+8(FP), SI
	MOVQ blocks+16(FP), DX
	MOVQ last+24(FP), BX
	XORQ CX, CX

block:
	TESTQ DX, DX
	JEQ   words
	VBROADCASTI32X4 ·bigEndian(SB), Y23
	QUARTER(0, W0, W1, W2, W3)
	QUARTER(32, W4, W5, W6, W7)
	QUARTER(64, W8, W9, W10, W11)
	QUARTER(96, W12, W13, W14, W15)
	ADDQ  $128, CX
	JMP   hash

words:
	LOAD8(BX, 32, W0, W1, W2, W3, W4, W5, W6, W7)
	ADDQ $256, BX
	LOAD8(BX, 32, W8, W9, W10, W11, W12, W13, W14, W15)

hash:
	BLOCK(32)
	SUBQ $1, DX
	JGE  block
	FORGET
	VZEROUPPER
	RET
