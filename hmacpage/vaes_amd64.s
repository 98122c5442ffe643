//go:build !purego

#include "textflag.h"

// KEYS loads the round keys at p, each four times over.
#define KEYS(p) \
	VBROADCASTI32X4 0(p), Z16;   \
	VBROADCASTI32X4 16(p), Z17;  \
	VBROADCASTI32X4 32(p), Z18;  \
	VBROADCASTI32X4 48(p), Z19;  \
	VBROADCASTI32X4 64(p), Z20;  \
	VBROADCASTI32X4 80(p), Z21;  \
	VBROADCASTI32X4 96(p), Z22;  \
	VBROADCASTI32X4 112(p), Z23; \
	VBROADCASTI32X4 128(p), Z24; \
	VBROADCASTI32X4 144(p), Z25; \
	VBROADCASTI32X4 160(p), Z26; \
	VBROADCASTI32X4 176(p), Z27; \
	VBROADCASTI32X4 192(p), Z28; \
	VBROADCASTI32X4 208(p), Z29; \
	VBROADCASTI32X4 224(p), Z30

// FORGET clears the round keys; VZEROUPPER does not reach them.
#define FORGET \
	VPXORQ X16, X16, X16; \
	VPXORQ X17, X17, X17; \
	VPXORQ X18, X18, X18; \
	VPXORQ X19, X19, X19; \
	VPXORQ X20, X20, X20; \
	VPXORQ X21, X21, X21; \
	VPXORQ X22, X22, X22; \
	VPXORQ X23, X23, X23; \
	VPXORQ X24, X24, X24; \
	VPXORQ X25, X25, X25; \
	VPXORQ X26, X26, X26; \
	VPXORQ X27, X27, X27; \
	VPXORQ X28, X28, X28; \
	VPXORQ X29, X29, X29; \
	VPXORQ X30, X30, X30

// MASK sets K1 to the words of the next n blocks of 16 bytes, 4 at most.
#define MASK(n) \
	MOVQ    $0xFF, AX;  \
	MOVQ    $0xFF, R10; \
	LEAQ    (n)(n*1), R11; \
	BZHIQ   R11, R10, R10; \
	CMPQ    n, $4;      \
	CMOVQLT R10, AX;    \
	KMOVQ   AX, K1

#define ENC2(key, x, y) \
	VAESENC key, x, x; \
	VAESENC key, y, y

// STEP encrypts a block of 8 messages, px and py being the blocks before.
#define STEP(x, y, px, py) \
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

// TRANSPOSE swaps rows and columns of 4 by 4 blocks.
#define TRANSPOSE(r0, r1, r2, r3) \
	VSHUFI64X2 $0x44, r1, r0, Z8;  \
	VSHUFI64X2 $0xEE, r1, r0, Z9;  \
	VSHUFI64X2 $0x44, r3, r2, Z10; \
	VSHUFI64X2 $0xEE, r3, r2, Z11; \
	VSHUFI64X2 $0x88, Z10, Z8, r0; \
	VSHUFI64X2 $0xDD, Z10, Z8, r1; \
	VSHUFI64X2 $0x88, Z11, Z9, r2; \
	VSHUFI64X2 $0xDD, Z11, Z9, r3

#define READ(i, z) \
	MOVQ        (i*8)(SI), AX; \
	VMOVDQU64.Z (AX)(CX*1), K1, z

#define WRITE(i, z) \
	MOVQ      (i*8)(DI), AX; \
	VMOVDQU64 z, K1, (AX)(CX*1)

// IV loads what stands behind the last block of 4 messages.
#define IV(i, x, z) \
	MOVQ         (i*8)(DI), AX;     \
	VMOVDQU      (AX)(DX*1), x;     \
	MOVQ         (i*8+8)(DI), AX;   \
	VINSERTI32X4 $1, (AX)(DX*1), z, z; \
	MOVQ         (i*8+16)(DI), AX;  \
	VINSERTI32X4 $2, (AX)(DX*1), z, z; \
	MOVQ         (i*8+24)(DI), AX;  \
	VINSERTI32X4 $3, (AX)(DX*1), z, z

// func cbcEncrypt8VAES(keys *roundKeys, dst, src *[8]*byte, blocks int)
TEXT ·cbcEncrypt8VAES(SB), NOSPLIT, $0-32
	MOVQ keys+0(FP), BX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ blocks+24(FP), R9
	KEYS(BX)
	MOVQ R9, DX
	SHLQ $4, DX
	IV(0, X12, Z12)
	IV(4, X13, Z13)
	XORQ CX, CX

row:
	MASK(R9)
	READ(0, Z0)
	READ(1, Z1)
	READ(2, Z2)
	READ(3, Z3)
	READ(4, Z4)
	READ(5, Z5)
	READ(6, Z6)
	READ(7, Z7)
	TRANSPOSE(Z0, Z1, Z2, Z3)
	TRANSPOSE(Z4, Z5, Z6, Z7)
	STEP(Z0, Z4, Z12, Z13)
	STEP(Z1, Z5, Z0, Z4)
	STEP(Z2, Z6, Z1, Z5)
	STEP(Z3, Z7, Z2, Z6)
	VMOVDQA64 Z3, Z12
	VMOVDQA64 Z7, Z13
	TRANSPOSE(Z0, Z1, Z2, Z3)
	TRANSPOSE(Z4, Z5, Z6, Z7)
	WRITE(0, Z0)
	WRITE(1, Z1)
	WRITE(2, Z2)
	WRITE(3, Z3)
	WRITE(4, Z4)
	WRITE(5, Z5)
	WRITE(6, Z6)
	WRITE(7, Z7)
	ADDQ $64, CX
	SUBQ $4, R9
	JGT  row
	FORGET
	VZEROUPPER
	RET

#define DEC4(key) \
	VAESDEC key, Z4, Z4; \
	VAESDEC key, Z5, Z5; \
	VAESDEC key, Z6, Z6; \
	VAESDEC key, Z7, Z7

// func cbcDecryptVAES(keys *roundKeys, dst, src *byte, blocks int)
TEXT ·cbcDecryptVAES(SB), NOSPLIT, $0-32
	MOVQ keys+0(FP), BX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	MOVQ blocks+24(FP), R9
	KEYS(BX)
	MOVQ R9, DX
	SHLQ $4, DX
	VBROADCASTI32X4 (SI)(DX*1), Z12 // the IV; of each register before only the last block counts
	XORQ CX, CX
	SUBQ $16, R9
	JLT  rest

sixteen:
	VMOVDQU64 0(SI)(CX*1), Z0
	VMOVDQU64 64(SI)(CX*1), Z1
	VMOVDQU64 128(SI)(CX*1), Z2
	VMOVDQU64 192(SI)(CX*1), Z3
	VPXORQ Z16, Z0, Z4
	VPXORQ Z16, Z1, Z5
	VPXORQ Z16, Z2, Z6
	VPXORQ Z16, Z3, Z7
	VALIGNQ $6, Z12, Z0, Z8
	VALIGNQ $6, Z0, Z1, Z9
	VALIGNQ $6, Z1, Z2, Z10
	VALIGNQ $6, Z2, Z3, Z11
	VMOVDQA64 Z3, Z12
	DEC4(Z17)
	DEC4(Z18)
	DEC4(Z19)
	DEC4(Z20)
	DEC4(Z21)
	DEC4(Z22)
	DEC4(Z23)
	DEC4(Z24)
	DEC4(Z25)
	DEC4(Z26)
	DEC4(Z27)
	DEC4(Z28)
	DEC4(Z29)
	VAESDECLAST Z30, Z4, Z4
	VAESDECLAST Z30, Z5, Z5
	VAESDECLAST Z30, Z6, Z6
	VAESDECLAST Z30, Z7, Z7
	VPXORQ Z8, Z4, Z4
	VPXORQ Z9, Z5, Z5
	VPXORQ Z10, Z6, Z6
	VPXORQ Z11, Z7, Z7
	VMOVDQU64 Z4, 0(DI)(CX*1)
	VMOVDQU64 Z5, 64(DI)(CX*1)
	VMOVDQU64 Z6, 128(DI)(CX*1)
	VMOVDQU64 Z7, 192(DI)(CX*1)
	ADDQ $256, CX
	SUBQ $16, R9
	JGE  sixteen

rest:
	ADDQ $16, R9
	JEQ  done

four:
	MASK(R9)
	VMOVDQU64.Z (SI)(CX*1), K1, Z0
	VPXORQ Z16, Z0, Z4
	VALIGNQ $6, Z12, Z0, Z8
	VMOVDQA64 Z0, Z12
	VAESDEC Z17, Z4, Z4
	VAESDEC Z18, Z4, Z4
	VAESDEC Z19, Z4, Z4
	VAESDEC Z20, Z4, Z4
	VAESDEC Z21, Z4, Z4
	VAESDEC Z22, Z4, Z4
	VAESDEC Z23, Z4, Z4
	VAESDEC Z24, Z4, Z4
	VAESDEC Z25, Z4, Z4
	VAESDEC Z26, Z4, Z4
	VAESDEC Z27, Z4, Z4
	VAESDEC Z28, Z4, Z4
	VAESDEC Z29, Z4, Z4
	VAESDECLAST Z30, Z4, Z4
	VPXORQ Z8, Z4, Z4
	VMOVDQU64 Z4, K1, (DI)(CX*1)
	ADDQ $64, CX
	SUBQ $4, R9
	JGT  four

done:
	FORGET
	VZEROUPPER
	RET
