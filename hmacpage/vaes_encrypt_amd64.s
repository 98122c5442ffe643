//go:build !purego

#include "textflag.h"
#include "avx512_amd64.h"

// TRANSPOSE swaps rows and columns of 4 by 4 blocks.
#define TRANSPOSE(r0, r1, r2, r3, t0, t1, t2, t3) \
	VSHUFI64X2 $0x44, r1, r0, t0; \
	VSHUFI64X2 $0xEE, r1, r0, t1; \
	VSHUFI64X2 $0x44, r3, r2, t2; \
	VSHUFI64X2 $0xEE, r3, r2, t3; \
	VSHUFI64X2 $0x88, t2, t0, r0; \
	VSHUFI64X2 $0xDD, t2, t0, r1; \
	VSHUFI64X2 $0x88, t3, t1, r2; \
	VSHUFI64X2 $0xDD, t3, t1, r3

#define READ(i, z) \
	MOVQ        ((i)*8)(SI), AX; \
	VMOVDQU64.Z (AX)(CX*1), K1, z

// READ4 loads 4 blocks each of 4 pages: a register for each block then.
#define READ4(i, r0, r1, r2, r3, t0, t1, t2, t3) \
	READ(i, r0);   \
	READ(i+1, r1); \
	READ(i+2, r2); \
	READ(i+3, r3); \
	TRANSPOSE(r0, r1, r2, r3, t0, t1, t2, t3)

#define WRITE(i, z) \
	MOVQ      ((i)*8)(DI), AX; \
	VMOVDQU64 z, K1, (AX)(CX*1)

#define WRITE4(i, r0, r1, r2, r3, t0, t1, t2, t3) \
	TRANSPOSE(r0, r1, r2, r3, t0, t1, t2, t3); \
	WRITE(i, r0);   \
	WRITE(i+1, r1); \
	WRITE(i+2, r2); \
	WRITE(i+3, r3)

// IV4 loads what stands behind the last block of 4 pages.
#define IV4(i, x, z) \
	MOVQ         (i*8)(DI), AX;        \
	VMOVDQU64    (AX)(DX*1), x;        \
	MOVQ         (i*8+8)(DI), AX;      \
	VINSERTI32X4 $1, (AX)(DX*1), z, z; \
	MOVQ         (i*8+16)(DI), AX;     \
	VINSERTI32X4 $2, (AX)(DX*1), z, z; \
	MOVQ         (i*8+24)(DI), AX;     \
	VINSERTI32X4 $3, (AX)(DX*1), z, z

#define ENC2(key, x, y) \
	VAESENC key, x, x; \
	VAESENC key, y, y

// STEP8 encrypts a block of 8 pages, px and py being the blocks before.
#define STEP8(x, y, px, py) \
	VPTERNLOGQ $0x96, Z16, px, x; \
	VPTERNLOGQ $0x96, Z16, py, y; \
	ENC2(Z17, x, y); \
	ENC2(Z18, x, y); \
	ENC2(Z19, x, y); \
	ENC2(Z20, x, y); \
	ENC2(Z21, x, y); \
	ENC2(Z22, x, y); \
	ENC2(Z23, x, y); \
	ENC2(Z24, x, y); \
	ENC2(Z25, x, y); \
	ENC2(Z26, x, y); \
	ENC2(Z27, x, y); \
	ENC2(Z28, x, y); \
	ENC2(Z29, x, y); \
	VAESENCLAST Z30, x, x; \
	VAESENCLAST Z30, y, y

// func cbcEncrypt8VAES(keys *roundKeys, dst, src *[16]*byte, blocks int)
TEXT ·cbcEncrypt8VAES(SB), NOSPLIT, $0-32
	MOVQ keys+0(FP), BX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ blocks+24(FP), R9
	KEYS(BX)
	MOVQ R9, DX
	SHLQ $4, DX
	IV4(0, X12, Z12)
	IV4(4, X13, Z13)
	XORQ CX, CX

row:
	MASK(R9)
	READ4(0, Z0, Z1, Z2, Z3, Z8, Z9, Z10, Z11)
	READ4(4, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	STEP8(Z0, Z4, Z12, Z13)
	STEP8(Z1, Z5, Z0, Z4)
	STEP8(Z2, Z6, Z1, Z5)
	STEP8(Z3, Z7, Z2, Z6)
	VMOVDQA64 Z3, Z12
	VMOVDQA64 Z7, Z13
	WRITE4(0, Z0, Z1, Z2, Z3, Z8, Z9, Z10, Z11)
	WRITE4(4, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	ADDQ $64, CX
	SUBQ $4, R9
	JGT  row
	FORGET
	VZEROUPPER
	RET

// With twice the pages the round keys find no room in registers.
#define ENC4(i, w, x, y, z) \
	VBROADCASTI32X4 (i*16)(BX), Z31; \
	VAESENC Z31, w, w; \
	VAESENC Z31, x, x; \
	VAESENC Z31, y, y; \
	VAESENC Z31, z, z

#define STEP16(w, x, y, z, pw, px, py, pz) \
	VBROADCASTI32X4 (BX), Z31;   \
	VPTERNLOGQ $0x96, Z31, pw, w; \
	VPTERNLOGQ $0x96, Z31, px, x; \
	VPTERNLOGQ $0x96, Z31, py, y; \
	VPTERNLOGQ $0x96, Z31, pz, z; \
	ENC4(1, w, x, y, z); \
	ENC4(2, w, x, y, z); \
	ENC4(3, w, x, y, z); \
	ENC4(4, w, x, y, z); \
	ENC4(5, w, x, y, z); \
	ENC4(6, w, x, y, z); \
	ENC4(7, w, x, y, z); \
	ENC4(8, w, x, y, z); \
	ENC4(9, w, x, y, z); \
	ENC4(10, w, x, y, z); \
	ENC4(11, w, x, y, z); \
	ENC4(12, w, x, y, z); \
	ENC4(13, w, x, y, z); \
	VBROADCASTI32X4 224(BX), Z31; \
	VAESENCLAST Z31, w, w; \
	VAESENCLAST Z31, x, x; \
	VAESENCLAST Z31, y, y; \
	VAESENCLAST Z31, z, z

// func cbcEncrypt16VAES(keys *roundKeys, dst, src *[16]*byte, blocks int)
TEXT ·cbcEncrypt16VAES(SB), NOSPLIT, $0-32
	MOVQ keys+0(FP), BX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ blocks+24(FP), R9
	MOVQ R9, DX
	SHLQ $4, DX
	IV4(0, X16, Z16)
	IV4(4, X17, Z17)
	IV4(8, X18, Z18)
	IV4(12, X19, Z19)
	XORQ CX, CX

row:
	MASK(R9)
	READ4(0, Z0, Z1, Z2, Z3, Z20, Z21, Z22, Z23)
	READ4(4, Z4, Z5, Z6, Z7, Z24, Z25, Z26, Z27)
	READ4(8, Z8, Z9, Z10, Z11, Z20, Z21, Z22, Z23)
	READ4(12, Z12, Z13, Z14, Z15, Z24, Z25, Z26, Z27)
	STEP16(Z0, Z4, Z8, Z12, Z16, Z17, Z18, Z19)
	STEP16(Z1, Z5, Z9, Z13, Z0, Z4, Z8, Z12)
	STEP16(Z2, Z6, Z10, Z14, Z1, Z5, Z9, Z13)
	STEP16(Z3, Z7, Z11, Z15, Z2, Z6, Z10, Z14)
	VMOVDQA64 Z3, Z16
	VMOVDQA64 Z7, Z17
	VMOVDQA64 Z11, Z18
	VMOVDQA64 Z15, Z19
	WRITE4(0, Z0, Z1, Z2, Z3, Z20, Z21, Z22, Z23)
	WRITE4(4, Z4, Z5, Z6, Z7, Z24, Z25, Z26, Z27)
	WRITE4(8, Z8, Z9, Z10, Z11, Z20, Z21, Z22, Z23)
	WRITE4(12, Z12, Z13, Z14, Z15, Z24, Z25, Z26, Z27)
	ADDQ $64, CX
	SUBQ $4, R9
	JGT  row
	FORGET
	VZEROUPPER
	RET
