// SHA-512 of several messages side by side by AVX-512: FIPS 180-4, 6.4.2, with each
// register holding one word of every message. The file that includes this one says
// what W0 to W15, the working variables and T0 to T3 are: ZMM for 8 messages, YMM for 4.

// ROUND is step 3 for t = i, R8 pointing at the constants. Instead of renaming the
// variables the next one is called with its arguments shifted.
#define ROUND(a, b, c, d, e, f, g, h, w, i) \
	VPADDQ.BCST (i*8)(R8), w, T0; \
	VPRORQ      $14, e, T1;       \
	VPRORQ      $18, e, T2;       \
	VPRORQ      $41, e, T3;       \
	VPADDQ      T0, h, h;         \
	VPTERNLOGQ  $0x96, T1, T2, T3; /* T1 ^ T2 ^ T3 */ \
	VMOVDQA64   e, T0;            \
	VPTERNLOGQ  $0xCA, g, f, T0;  /* Ch: e ? f : g */ \
	VPADDQ      T0, h, h;         \
	VPRORQ      $28, a, T1;       \
	VPRORQ      $34, a, T2;       \
	VPADDQ      T3, h, h;         \
	VPRORQ      $39, a, T3;       \
	VPADDQ      h, d, d;          \
	VPTERNLOGQ  $0x96, T1, T2, T3; \
	VMOVDQA64   a, T0;            \
	VPTERNLOGQ  $0xE8, b, c, T0;  /* Maj */ \
	VPADDQ      T3, h, h;         \
	VPADDQ      T0, h, h

// SCHEDULE is step 1 for 16 rounds later: w0 is W(t-16) and becomes W(t).
#define SCHEDULE(w0, w1, w9, w14) \
	VPRORQ     $1, w1, T0;       \
	VPRORQ     $8, w1, T1;       \
	VPSRLQ     $7, w1, T2;       \
	VPADDQ     w9, w0, w0;       \
	VPTERNLOGQ $0x96, T0, T1, T2; \
	VPRORQ     $19, w14, T0;     \
	VPRORQ     $61, w14, T1;     \
	VPSRLQ     $6, w14, T3;      \
	VPADDQ     T2, w0, w0;       \
	VPTERNLOGQ $0x96, T0, T1, T3; \
	VPADDQ     T3, w0, w0

#define SCHEDULE16 \
	ROUND(A, B, C, D, E, F, G, H, W0, 0); SCHEDULE(W0, W1, W9, W14);     \
	ROUND(H, A, B, C, D, E, F, G, W1, 1); SCHEDULE(W1, W2, W10, W15);    \
	ROUND(G, H, A, B, C, D, E, F, W2, 2); SCHEDULE(W2, W3, W11, W0);     \
	ROUND(F, G, H, A, B, C, D, E, W3, 3); SCHEDULE(W3, W4, W12, W1);     \
	ROUND(E, F, G, H, A, B, C, D, W4, 4); SCHEDULE(W4, W5, W13, W2);     \
	ROUND(D, E, F, G, H, A, B, C, W5, 5); SCHEDULE(W5, W6, W14, W3);     \
	ROUND(C, D, E, F, G, H, A, B, W6, 6); SCHEDULE(W6, W7, W15, W4);     \
	ROUND(B, C, D, E, F, G, H, A, W7, 7); SCHEDULE(W7, W8, W0, W5);      \
	ROUND(A, B, C, D, E, F, G, H, W8, 8); SCHEDULE(W8, W9, W1, W6);      \
	ROUND(H, A, B, C, D, E, F, G, W9, 9); SCHEDULE(W9, W10, W2, W7);     \
	ROUND(G, H, A, B, C, D, E, F, W10, 10); SCHEDULE(W10, W11, W3, W8);  \
	ROUND(F, G, H, A, B, C, D, E, W11, 11); SCHEDULE(W11, W12, W4, W9);  \
	ROUND(E, F, G, H, A, B, C, D, W12, 12); SCHEDULE(W12, W13, W5, W10); \
	ROUND(D, E, F, G, H, A, B, C, W13, 13); SCHEDULE(W13, W14, W6, W11); \
	ROUND(C, D, E, F, G, H, A, B, W14, 14); SCHEDULE(W14, W15, W7, W12); \
	ROUND(B, C, D, E, F, G, H, A, W15, 15); SCHEDULE(W15, W0, W8, W13)

#define ROUNDS16 \
	ROUND(A, B, C, D, E, F, G, H, W0, 0);   \
	ROUND(H, A, B, C, D, E, F, G, W1, 1);   \
	ROUND(G, H, A, B, C, D, E, F, W2, 2);   \
	ROUND(F, G, H, A, B, C, D, E, W3, 3);   \
	ROUND(E, F, G, H, A, B, C, D, W4, 4);   \
	ROUND(D, E, F, G, H, A, B, C, W5, 5);   \
	ROUND(C, D, E, F, G, H, A, B, W6, 6);   \
	ROUND(B, C, D, E, F, G, H, A, W7, 7);   \
	ROUND(A, B, C, D, E, F, G, H, W8, 8);   \
	ROUND(H, A, B, C, D, E, F, G, W9, 9);   \
	ROUND(G, H, A, B, C, D, E, F, W10, 10); \
	ROUND(F, G, H, A, B, C, D, E, W11, 11); \
	ROUND(E, F, G, H, A, B, C, D, W12, 12); \
	ROUND(D, E, F, G, H, A, B, C, W13, 13); \
	ROUND(C, D, E, F, G, H, A, B, W14, 14); \
	ROUND(B, C, D, E, F, G, H, A, W15, 15)

// LOAD8 loads 8 registers from p.
#define LOAD8(p, stride, a, b, c, d, e, f, g, h) \
	VMOVDQU64 (0*stride)(p), a; \
	VMOVDQU64 (1*stride)(p), b; \
	VMOVDQU64 (2*stride)(p), c; \
	VMOVDQU64 (3*stride)(p), d; \
	VMOVDQU64 (4*stride)(p), e; \
	VMOVDQU64 (5*stride)(p), f; \
	VMOVDQU64 (6*stride)(p), g; \
	VMOVDQU64 (7*stride)(p), h

// SUM is step 4 for one variable.
#define SUM(p, offset, a) \
	VPADDQ    (offset)(p), a, a; \
	VMOVDQU64 a, (offset)(p)

// BLOCK hashes W0 to W15 into the state at DI.
#define BLOCK(stride) \
	LOAD8(DI, stride, A, B, C, D, E, F, G, H); \
	LEAQ ·k512(SB), R8; \
	MOVQ $4, R9;        \
sixteen: \
	SCHEDULE16;         \
	ADDQ $128, R8;      \
	DECQ R9;            \
	JNZ  sixteen;       \
	ROUNDS16;           \
	SUM(DI, 0*stride, A); \
	SUM(DI, 1*stride, B); \
	SUM(DI, 2*stride, C); \
	SUM(DI, 3*stride, D); \
	SUM(DI, 4*stride, E); \
	SUM(DI, 5*stride, F); \
	SUM(DI, 6*stride, G); \
	SUM(DI, 7*stride, H)
