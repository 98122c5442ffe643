//go:build !purego

#include "textflag.h"

// SHA-512 of 4 messages side by side: FIPS 180-4, 6.4.2, with each register holding
// one word of every message. W(t) to W(t+15) lie in memory at R12; there are no more
// than 16 registers.
#define A Y0
#define B Y1
#define C Y2
#define D Y3
#define E Y4
#define F Y5
#define G Y6
#define H Y7
#define T0 Y8
#define T1 Y9
#define T2 Y10
#define T3 Y11
#define T4 Y12
#define AB0 Y13
#define AB1 Y14
#define RIGHT8 Y15

// The order of bytes that rotates words right by 8.
DATA right8<>+0(SB)/8, $0x0007060504030201
DATA right8<>+8(SB)/8, $0x080f0e0d0c0b0a09
GLOBL right8<>(SB), RODATA|NOPTR, $16

// ROTATE3 sets T1 to the sum of x rotated right by r1, r2 and r3.
#define ROTATE3(x, r1, r2, r3) \
	VPSRLQ $r1, x, T1;      \
	VPSLLQ $(64-r1), x, T2; \
	VPSRLQ $r2, x, T3;      \
	VPSLLQ $(64-r2), x, T4; \
	VPXOR  T1, T2, T1;      \
	VPSRLQ $r3, x, T2;      \
	VPXOR  T3, T4, T3;      \
	VPSLLQ $(64-r3), x, T4; \
	VPXOR  T1, T3, T1;      \
	VPXOR  T2, T4, T2;      \
	VPXOR  T1, T2, T1

// ROUND is step 3 for t = i, R8 pointing at the constants. Instead of renaming the
// variables the next one is called with its arguments shifted. bc is b ^ c, which
// was a ^ b in the round before and becomes Maj as b ^ (a^b & b^c).
#define ROUND(a, b, c, d, e, f, g, h, ab, bc, i) \
	VPBROADCASTQ (i*8)(R8), T0; \
	VPADDQ (i*32)(R12), T0, T0; \
	ROTATE3(e, 14, 18, 41);     \
	VPADDQ T0, h, h;            \
	VPXOR  f, g, T0;            \
	VPAND  e, T0, T0;           \
	VPXOR  g, T0, T0;           /* Ch: g ^ (e & (f^g)) */ \
	VPADDQ T0, h, h;            \
	VPADDQ T1, h, h;            \
	VPADDQ h, d, d;             \
	ROTATE3(a, 28, 34, 39);     \
	VPXOR  a, b, ab;            \
	VPAND  ab, bc, bc;          \
	VPXOR  b, bc, bc;           \
	VPADDQ T1, h, h;            \
	VPADDQ bc, h, h

// SCHEDULE is step 1 for t = i + 16.
#define SCHEDULE(i) \
	VMOVDQU (((i+1)&15)*32)(R12), T0;      \
	VMOVDQU (((i+14)&15)*32)(R12), T1;     \
	VPSRLQ  $1, T0, T2;                    \
	VPSLLQ  $63, T0, T3;                   \
	VPSHUFB RIGHT8, T0, T4;                \
	VPSRLQ  $7, T0, T0;                    \
	VPXOR   T2, T3, T2;                    \
	VPXOR   T4, T0, T0;                    \
	VPSRLQ  $19, T1, T3;                   \
	VPSLLQ  $45, T1, T4;                   \
	VPXOR   T2, T0, T0;                    \
	VPXOR   T3, T4, T3;                    \
	VPADDQ  (i*32)(R12), T0, T0;           \
	VPSRLQ  $61, T1, T2;                   \
	VPSLLQ  $3, T1, T4;                    \
	VPXOR   T2, T4, T2;                    \
	VPSRLQ  $6, T1, T1;                    \
	VPADDQ  (((i+9)&15)*32)(R12), T0, T0;  \
	VPXOR   T3, T1, T1;                    \
	VPXOR   T2, T1, T1;                    \
	VPADDQ  T1, T0, T0;                    \
	VMOVDQU T0, (i*32)(R12)

// LOAD sets two words of each message. Y15 is the order of bytes.
#define LOAD(offset, i) \
	VMOVDQU     (offset)(R8)(CX*1), X8;          \
	VMOVDQU     (offset)(R9)(CX*1), X9;          \
	VINSERTI128 $1, (offset)(R10)(CX*1), Y8, Y8; \
	VINSERTI128 $1, (offset)(R11)(CX*1), Y9, Y9; \
	VPSHUFB     Y15, Y8, Y8;                     \
	VPSHUFB     Y15, Y9, Y9;                     \
	VPUNPCKLQDQ Y9, Y8, Y10;                     \
	VPUNPCKHQDQ Y9, Y8, Y11;                     \
	VMOVDQU     Y10, (i*32)(R12);                \
	VMOVDQU     Y11, (i*32+32)(R12)

#define COPY(i) \
	VMOVDQU (i*32)(BX), Y8; \
	VMOVDQU Y8, (i*32)(R12)

// SUM is step 4 for one variable.
#define SUM(i, a) \
	VPADDQ  (i*32)(DI), a, a; \
	VMOVDQU a, (i*32)(DI)

// func sha512x4AVX2(state *[64]uint64, data *[16]*byte, blocks int, last *[128]uint64)
TEXT ·sha512x4AVX2(SB), 0, $544-32
	MOVQ state+0(FP), DI
	MOVQ data+8(FP), SI
	MOVQ blocks+16(FP), DX
	MOVQ last+24(FP), BX
	LEAQ 31(SP), R12
	ANDQ $~31, R12
	XORQ CX, CX

block:
	TESTQ DX, DX
	JEQ   words
	VBROADCASTI128 ·bigEndian(SB), Y15
	MOVQ  0(SI), R8
	MOVQ  8(SI), R9
	MOVQ  16(SI), R10
	MOVQ  24(SI), R11
	LOAD(0, 0)
	LOAD(16, 2)
	LOAD(32, 4)
	LOAD(48, 6)
	LOAD(64, 8)
	LOAD(80, 10)
	LOAD(96, 12)
	LOAD(112, 14)
	ADDQ  $128, CX
	JMP   hash

words:
	COPY(0)
	COPY(1)
	COPY(2)
	COPY(3)
	COPY(4)
	COPY(5)
	COPY(6)
	COPY(7)
	COPY(8)
	COPY(9)
	COPY(10)
	COPY(11)
	COPY(12)
	COPY(13)
	COPY(14)
	COPY(15)

hash:
	VBROADCASTI128 right8<>(SB), RIGHT8
	VMOVDQU 0(DI), A
	VMOVDQU 32(DI), B
	VMOVDQU 64(DI), C
	VMOVDQU 96(DI), D
	VMOVDQU 128(DI), E
	VMOVDQU 160(DI), F
	VMOVDQU 192(DI), G
	VMOVDQU 224(DI), H
	VPXOR   B, C, AB1
	LEAQ    ·k512(SB), R8
	MOVQ    $4, R9

sixteen:
	ROUND(A, B, C, D, E, F, G, H, AB0, AB1, 0)
	SCHEDULE(0)
	ROUND(H, A, B, C, D, E, F, G, AB1, AB0, 1)
	SCHEDULE(1)
	ROUND(G, H, A, B, C, D, E, F, AB0, AB1, 2)
	SCHEDULE(2)
	ROUND(F, G, H, A, B, C, D, E, AB1, AB0, 3)
	SCHEDULE(3)
	ROUND(E, F, G, H, A, B, C, D, AB0, AB1, 4)
	SCHEDULE(4)
	ROUND(D, E, F, G, H, A, B, C, AB1, AB0, 5)
	SCHEDULE(5)
	ROUND(C, D, E, F, G, H, A, B, AB0, AB1, 6)
	SCHEDULE(6)
	ROUND(B, C, D, E, F, G, H, A, AB1, AB0, 7)
	SCHEDULE(7)
	ROUND(A, B, C, D, E, F, G, H, AB0, AB1, 8)
	SCHEDULE(8)
	ROUND(H, A, B, C, D, E, F, G, AB1, AB0, 9)
	SCHEDULE(9)
	ROUND(G, H, A, B, C, D, E, F, AB0, AB1, 10)
	SCHEDULE(10)
	ROUND(F, G, H, A, B, C, D, E, AB1, AB0, 11)
	SCHEDULE(11)
	ROUND(E, F, G, H, A, B, C, D, AB0, AB1, 12)
	SCHEDULE(12)
	ROUND(D, E, F, G, H, A, B, C, AB1, AB0, 13)
	SCHEDULE(13)
	ROUND(C, D, E, F, G, H, A, B, AB0, AB1, 14)
	SCHEDULE(14)
	ROUND(B, C, D, E, F, G, H, A, AB1, AB0, 15)
	SCHEDULE(15)
	ADDQ $128, R8
	DECQ R9
	JNZ  sixteen
	ROUND(A, B, C, D, E, F, G, H, AB0, AB1, 0)
	ROUND(H, A, B, C, D, E, F, G, AB1, AB0, 1)
	ROUND(G, H, A, B, C, D, E, F, AB0, AB1, 2)
	ROUND(F, G, H, A, B, C, D, E, AB1, AB0, 3)
	ROUND(E, F, G, H, A, B, C, D, AB0, AB1, 4)
	ROUND(D, E, F, G, H, A, B, C, AB1, AB0, 5)
	ROUND(C, D, E, F, G, H, A, B, AB0, AB1, 6)
	ROUND(B, C, D, E, F, G, H, A, AB1, AB0, 7)
	ROUND(A, B, C, D, E, F, G, H, AB0, AB1, 8)
	ROUND(H, A, B, C, D, E, F, G, AB1, AB0, 9)
	ROUND(G, H, A, B, C, D, E, F, AB0, AB1, 10)
	ROUND(F, G, H, A, B, C, D, E, AB1, AB0, 11)
	ROUND(E, F, G, H, A, B, C, D, AB0, AB1, 12)
	ROUND(D, E, F, G, H, A, B, C, AB1, AB0, 13)
	ROUND(C, D, E, F, G, H, A, B, AB0, AB1, 14)
	ROUND(B, C, D, E, F, G, H, A, AB1, AB0, 15)
	SUM(0, A)
	SUM(1, B)
	SUM(2, C)
	SUM(3, D)
	SUM(4, E)
	SUM(5, F)
	SUM(6, G)
	SUM(7, H)
	SUBQ $1, DX
	JGE  block

	// The schedule tells of the inner hash.
	VPXOR Y0, Y0, Y0
	VMOVDQU Y0, 0(R12)
	VMOVDQU Y0, 32(R12)
	VMOVDQU Y0, 64(R12)
	VMOVDQU Y0, 96(R12)
	VMOVDQU Y0, 128(R12)
	VMOVDQU Y0, 160(R12)
	VMOVDQU Y0, 192(R12)
	VMOVDQU Y0, 224(R12)
	VMOVDQU Y0, 256(R12)
	VMOVDQU Y0, 288(R12)
	VMOVDQU Y0, 320(R12)
	VMOVDQU Y0, 352(R12)
	VMOVDQU Y0, 384(R12)
	VMOVDQU Y0, 416(R12)
	VMOVDQU Y0, 448(R12)
	VMOVDQU Y0, 480(R12)
	VZEROUPPER
	RET
