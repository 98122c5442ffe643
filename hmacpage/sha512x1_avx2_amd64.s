//go:build !purego

#include "textflag.h"
#define LANES 4
#include "sha512x1_amd64.h"

// STEP1 to STEP4 make row+16 from row, row+1, row+9 and row+14, and are done with row.
#define STEP1(row) \
	VMOVDQU ((row+1)*ROW)(DI), Y0; \
	VMOVDQU (row*ROW)(DI), Y5;    \
	VPSRLQ  $1, Y0, Y1;          \
	VPSLLQ  $63, Y0, Y2;         \
	VPSRLQ  $8, Y0, Y3;          \
	VPSLLQ  $56, Y0, Y4;         \
	VPSRLQ  $7, Y0, Y0

#define STEP2(row) \
	VPBROADCASTQ (row*8)(BP), Y6;         \
	VPXOR  Y1, Y2, Y1;                    \
	VPXOR  Y3, Y4, Y3;                    \
	VPADDQ Y6, Y5, Y6;                    \
	VPXOR  Y1, Y0, Y0;                    \
	VPADDQ ((row+9)*ROW)(DI), Y5, Y5;     \
	VPXOR  Y3, Y0, Y0

#define STEP3(row) \
	VMOVDQU ((row+14)*ROW)(DI), Y1; \
	VMOVDQU Y6, (row*ROW)(DI);       \
	VPADDQ  Y0, Y5, Y5;             \
	VPSRLQ  $19, Y1, Y2;            \
	VPSLLQ  $45, Y1, Y3;            \
	VPSRLQ  $61, Y1, Y4;            \
	VPSLLQ  $3, Y1, Y0;             \
	VPSRLQ  $6, Y1, Y1

#define STEP4(row) \
	VPXOR   Y2, Y3, Y2; \
	VPXOR   Y4, Y0, Y4; \
	VPXOR   Y2, Y1, Y1; \
	VPXOR   Y4, Y1, Y1; \
	VPADDQ  Y1, Y5, Y5; \
	VMOVDQU Y5, ((row+16)*ROW)(DI)

#define ADDK(row) \
	VPBROADCASTQ (row*8)(BP), Y6;       \
	VPADDQ       (row*ROW)(DI), Y6, Y6; \
	VMOVDQU      Y6, (row*ROW)(DI)

#define SIXTEEN \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 0, STEP1(0), STEP2(0), STEP3(0), STEP4(0));  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 4, STEP1(1), STEP2(1), STEP3(1), STEP4(1));  \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 8, STEP1(2), STEP2(2), STEP3(2), STEP4(2));  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 12, STEP1(3), STEP2(3), STEP3(3), STEP4(3)); \
	NEXT(4)

// WORDS sets two rows to words of all blocks. Y6 is the order of bytes.
#define WORDS(i) \
	VMOVDQU     (i*8)(AX), X0;         \
	VMOVDQU     (i*8)(BX), X1;         \
	VINSERTI128 $1, (i*8)(CX), Y0, Y0; \
	VINSERTI128 $1, (i*8)(DX), Y1, Y1; \
	VPSHUFB     Y6, Y0, Y0;            \
	VPSHUFB     Y6, Y1, Y1;            \
	VPUNPCKLQDQ Y1, Y0, Y2;            \
	VPUNPCKHQDQ Y1, Y0, Y3;            \
	VMOVDQU     Y2, (i*ROW)(DI);       \
	VMOVDQU     Y3, ((i+1)*ROW)(DI)

// FILL sets the first rows to the words of the next four blocks.
#define FILL \
	VBROADCASTI128 ·bigEndian(SB), Y6; \
	LANE(AX); \
	LANE(BX); \
	LANE(CX); \
	LANE(DX); \
	WORDS(0);  \
	WORDS(2);  \
	WORDS(4);  \
	WORDS(6);  \
	WORDS(8);  \
	WORDS(10); \
	WORDS(12); \
	WORDS(14)

// func sha512x1AVX2(state *[64]uint64, data *[16]*byte, blocks int, last *[128]uint64)
TEXT ·sha512x1AVX2(SB), 0, $5376-32
	HASH
