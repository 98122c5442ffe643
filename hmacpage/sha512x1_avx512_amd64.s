//go:build !purego

#include "textflag.h"

#define LANES 8
#include "sha512x1_amd64.h"

// STEP1 to STEP4 make row+16 from row, row+1, row+9 and row+14, and are done with row.
#define STEP1(row) \
	VPRORQ    $1, ((row+1)*ROW)(DI), Z0; \
	VPRORQ    $8, ((row+1)*ROW)(DI), Z1; \
	VPSRLQ    $7, ((row+1)*ROW)(DI), Z2; \
	VMOVDQU64 (row*ROW)(DI), Z4

#define STEP2(row) \
	VPTERNLOGQ  $0x96, Z0, Z1, Z2;           \
	VPADDQ      ((row+9)*ROW)(DI), Z4, Z5;   \
	VPADDQ.BCST (row*8)(BP), Z4, Z4;         \
	VPRORQ      $19, ((row+14)*ROW)(DI), Z0

#define STEP3(row) \
	VPRORQ    $61, ((row+14)*ROW)(DI), Z1; \
	VPSRLQ    $6, ((row+14)*ROW)(DI), Z3;  \
	VPADDQ    Z2, Z5, Z5;                  \
	VMOVDQU64 Z4, (row*ROW)(DI)

#define STEP4(row) \
	VPTERNLOGQ $0x96, Z0, Z1, Z3;  \
	VPADDQ     Z3, Z5, Z5;         \
	VMOVDQU64  Z5, ((row+16)*ROW)(DI)

#define ADDK(row) \
	VMOVDQU64   (row*ROW)(DI), Z4;   \
	VPADDQ.BCST (row*8)(BP), Z4, Z4; \
	VMOVDQU64   Z4, (row*ROW)(DI)

#define SIXTEEN \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 0, STEP1(0), NOSTEP, STEP2(0), NOSTEP);  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 4, STEP3(0), NOSTEP, STEP4(0), NOSTEP);  \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 8, STEP1(1), NOSTEP, STEP2(1), NOSTEP);  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 12, STEP3(1), NOSTEP, STEP4(1), NOSTEP); \
	NEXT(2)

// PAIR loads 32 bytes of two blocks into one register, as big-endian words. Z6 is the
// order of bytes.
#define PAIR(lo, hi, offset, y, z) \
	VMOVDQU      (offset)(lo), y;           \
	VINSERTI64X4 $1, (offset)(hi), z, z;    \
	VPSHUFB      Z6, z, z

// WORDS sets four rows to words of all blocks. The pairs let the shuffles leave the
// blocks in order.
#define WORDS(i) \
	PAIR(AX, CX, i*8, Y0, Z0);      \
	PAIR(BX, DX, i*8, Y1, Z1);      \
	PAIR(R8, R10, i*8, Y2, Z2);     \
	PAIR(R9, R11, i*8, Y3, Z3);     \
	VPUNPCKLQDQ Z1, Z0, Z4;         \
	VPUNPCKHQDQ Z1, Z0, Z5;         \
	VPUNPCKLQDQ Z3, Z2, Z0;         \
	VPUNPCKHQDQ Z3, Z2, Z1;         \
	VSHUFI64X2  $0x88, Z0, Z4, Z2;  \
	VSHUFI64X2  $0x88, Z1, Z5, Z3;  \
	VSHUFI64X2  $0xDD, Z0, Z4, Z0;  \
	VSHUFI64X2  $0xDD, Z1, Z5, Z1;  \
	VMOVDQU64   Z2, (i*ROW)(DI);     \
	VMOVDQU64   Z3, ((i+1)*ROW)(DI); \
	VMOVDQU64   Z0, ((i+2)*ROW)(DI); \
	VMOVDQU64   Z1, ((i+3)*ROW)(DI)

// FILL sets the first rows to the words of the next eight blocks.
#define FILL \
	VBROADCASTI32X4 ·bigEndian(SB), Z6; \
	LANE(AX);  \
	LANE(BX);  \
	LANE(CX);  \
	LANE(DX);  \
	LANE(R8);  \
	LANE(R9);  \
	LANE(R10); \
	LANE(R11); \
	WORDS(0);  \
	WORDS(4);  \
	WORDS(8);  \
	WORDS(12)

// func sha512x1AVX512(state *[64]uint64, data *[16]*byte, blocks int, last *[128]uint64)
TEXT ·sha512x1AVX512(SB), 0, $10496-32
	HASH
