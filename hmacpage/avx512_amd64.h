// What the routines with AVX-512 have in common.

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

// FORGET clears the registers that VZEROUPPER does not reach. What they hold would
// be saved whenever the thread is switched.
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
	VPXORQ X30, X30, X30; \
	VPXORQ X31, X31, X31

// MASK sets K1 to the words of the next n blocks of 16 bytes, 4 at most.
#define MASK(n) \
	MOVQ    $0xFF, AX;  \
	MOVQ    $0xFF, R10; \
	LEAQ    (n)(n*1), R11; \
	BZHIQ   R11, R10, R10; \
	CMPQ    n, $4;      \
	CMOVQLT R10, AX;    \
	KMOVQ   AX, K1
