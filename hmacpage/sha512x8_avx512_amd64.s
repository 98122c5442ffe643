//go:build !purego

#include "textflag.h"

#define W0 Z0
#define W1 Z1
#define W2 Z2
#define W3 Z3
#define W4 Z4
#define W5 Z5
#define W6 Z6
#define W7 Z7
#define W8 Z8
#define W9 Z9
#define W10 Z10
#define W11 Z11
#define W12 Z12
#define W13 Z13
#define W14 Z14
#define W15 Z15
#define A Z16
#define B Z17
#define C Z18
#define D Z19
#define E Z20
#define F Z21
#define G Z22
#define H Z23
#define T0 Z24
#define T1 Z25
#define T2 Z26
#define T3 Z27

#include "avx512_amd64.h"
#include "sha512_avx512_amd64.h"

// ROW loads 32 bytes of message lo and of message hi into one register, as
// big-endian words. Z23 is the order of bytes.
#define ROW(lo, hi, offset, y, z) \
	MOVQ         (lo*8)(SI), AX;          \
	MOVQ         (hi*8)(SI), R10;         \
	VMOVDQU64    (offset)(AX)(CX*1), y;   \
	VINSERTI64X4 $1, (offset)(R10)(CX*1), z, z; \
	VPSHUFB      Z23, z, z

// QUARTER loads 4 words of 8 messages. The rows pair the messages so that the
// shuffles leave them in order.
#define QUARTER(offset, w0, w1, w2, w3) \
	ROW(0, 2, offset, Y24, Z24);    \
	ROW(1, 3, offset, Y25, Z25);    \
	ROW(4, 6, offset, Y26, Z26);    \
	ROW(5, 7, offset, Y27, Z27);    \
	VPUNPCKLQDQ Z25, Z24, Z28;      \
	VPUNPCKHQDQ Z25, Z24, Z29;      \
	VPUNPCKLQDQ Z27, Z26, Z30;      \
	VPUNPCKHQDQ Z27, Z26, Z31;      \
	VSHUFI64X2  $0x88, Z30, Z28, w0; \
	VSHUFI64X2  $0x88, Z31, Z29, w1; \
	VSHUFI64X2  $0xDD, Z30, Z28, w2; \
	VSHUFI64X2  $0xDD, Z31, Z29, w3

// func sha512x8AVX512(state *[64]uint64, data *[16]*byte, blocks int, last *[128]uint64)
TEXT ·sha512x8AVX512(SB), NOSPLIT, $0-32
	MOVQ state+0(FP), DI
	MOVQ data+8(FP), SI
	MOVQ blocks+16(FP), DX
	MOVQ last+24(FP), BX
	XORQ CX, CX

block:
	TESTQ DX, DX
	JEQ   words
	VBROADCASTI32X4 ·bigEndian(SB), Z23
	QUARTER(0, W0, W1, W2, W3)
	QUARTER(32, W4, W5, W6, W7)
	QUARTER(64, W8, W9, W10, W11)
	QUARTER(96, W12, W13, W14, W15)
	ADDQ  $128, CX
	JMP   hash

words:
	LOAD8(BX, 64, W0, W1, W2, W3, W4, W5, W6, W7)
	ADDQ $512, BX
	LOAD8(BX, 64, W8, W9, W10, W11, W12, W13, W14, W15)

hash:
	BLOCK(64)
	SUBQ $1, DX
	JGE  block
	FORGET
	VZEROUPPER
	RET
