// SHA-512 of one message: FIPS 180-4, 6.4.2. Step 1, the schedule, is done for
// several blocks at a time in the lanes of vectors, as blocks do not depend on each
// other for it, and runs between the rounds of the blocks before, which leave the
// vector units idle. The file that includes this one says how many LANES there are,
// what STEP1 to STEP4, ADDK and FILL are, and spreads the steps over SIXTEEN rounds.
//
// Two buffers of 80 rows take turns: SI walks over the one that is hashed, by words
// of one lane, and DI over the one that is scheduled. Row t is W(t) of all lanes, and
// K(t) is added to it in the step that has made row t+16 from it. BP walks over the
// constants. A row is a line of the cache, or half of one. Behind the rows stand the
// bytes of the last block, and then what finds no register: sixteens is how often
// SIXTEEN is still to be done, lanes how many blocks of the group are not hashed yet,
// todo how many whole ones of the message, next and left what LANE says.
#define ROW (LANES*8)
#define BUFFER (80*ROW)
#define LAST (2*BUFFER+64)

// ROUND is step 3 for row i behind SI. Instead of renaming the
// variables the next one is called with its arguments shifted. bc is b ^ c, which
// was a ^ b in the round before and becomes Maj as b ^ (a^b & b^c).
#define ROUND(a, b, c, d, e, f, g, h, ab, bc, i) \
	ADDQ  ((i)*ROW)(SI), h; \
	MOVQ  f, R13;        \
	RORXQ $41, e, R12;   \
	RORXQ $18, e, ab;    \
	XORQ  g, R13;        \
	ADDQ  h, d;          \
	XORQ  ab, R12;       \
	RORXQ $14, e, ab;    \
	ANDQ  e, R13;        \
	XORQ  ab, R12;       \
	XORQ  g, R13;        /* Ch: g ^ (e & (f^g)) */ \
	MOVQ  a, ab;         \
	ADDQ  R13, R12;      \
	XORQ  b, ab;         \
	ADDQ  R12, d;        \
	ADDQ  R12, h;        \
	RORXQ $39, a, R12;   \
	RORXQ $34, a, R13;   \
	ANDQ  ab, bc;        \
	XORQ  R13, R12;      \
	RORXQ $28, a, R13;   \
	XORQ  b, bc;         \
	XORQ  R13, R12;      \
	ADDQ  bc, h;         \
	ADDQ  R12, h

// ROUNDS4 is four rounds, with a step in between.
#define ROUNDS4(a, b, c, d, e, f, g, h, i, S1, S2, S3, S4) \
	S1; \
	ROUND(a, b, c, d, e, f, g, h, R14, R15, i);   \
	S2; \
	ROUND(h, a, b, c, d, e, f, g, R15, R14, i+1); \
	S3; \
	ROUND(g, h, a, b, c, d, e, f, R14, R15, i+2); \
	S4; \
	ROUND(f, g, h, a, b, c, d, e, R15, R14, i+3)

#define NOSTEP

// REST is the last 16 rounds of a block, without steps.
#define REST \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 0, NOSTEP, NOSTEP, NOSTEP, NOSTEP);  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 4, NOSTEP, NOSTEP, NOSTEP, NOSTEP);  \
	ROUNDS4(AX, BX, CX, DX, R8, R9, R10, R11, 8, NOSTEP, NOSTEP, NOSTEP, NOSTEP);  \
	ROUNDS4(R8, R9, R10, R11, AX, BX, CX, DX, 12, NOSTEP, NOSTEP, NOSTEP, NOSTEP)

#define STEP(row) STEP1(row); STEP2(row); STEP3(row); STEP4(row)

// NEXT moves on by so many steps.
#define NEXT(steps) \
	ADDQ $(steps*ROW), DI; \
	ADDQ $(steps*8), BP

// LANE sets p to the next block: of the message, at R12, while R13 says that whole
// ones are left, or else the last one.
#define LANE(p) \
	LEAQ    LAST(SP), p; \
	TESTQ   R13, R13;  \
	CMOVQGT R12, p;    \
	ADDQ    $128, R12; \
	DECQ    R13

// BIGENDIAN sets 32 of the bytes of the last block, from words at BX.
#define BIGENDIAN(offset) \
	VMOVDQU offset(BX), Y0;   \
	VPSHUFB Y15, Y0, Y0;      \
	VMOVDQU Y0, (LAST+offset)(SP)

// SUM is step 4 for one variable. R12 points at the state.
#define SUM(i, a) \
	ADDQ (i*8)(R12), a; \
	MOVQ a, (i*8)(R12)

// ENDSCHEDULE adds the constants to the last 16 rows, and goes back to the first.
#define ENDSCHEDULE \
	ADDK(0); ADDK(1); ADDK(2); ADDK(3); ADDK(4); ADDK(5); ADDK(6); ADDK(7); \
	ADDK(8); ADDK(9); ADDK(10); ADDK(11); ADDK(12); ADDK(13); ADDK(14); ADDK(15); \
	SUBQ $(64*ROW), DI

// FILLNEXT begins a schedule.
#define FILLNEXT \
	MOVQ next-24(SP), R12; \
	MOVQ left-32(SP), R13; \
	FILL;                  \
	MOVQ R12, next-24(SP); \
	MOVQ R13, left-32(SP)

// HASH is a function sha512x1. AX to R11 are a to h from one block of a group to the
// next. Where no group follows, the steps work on rows of no meaning.
#define HASH \
	MOVQ blocks+16(FP), R13; \
	MOVQ last+24(FP), BX;    \
	MOVQ R13, todo-16(SP);   \
	MOVQ R13, left-32(SP);   \
	XORQ R12, R12;           \
	TESTQ R13, R13;          \
	JEQ  none;               \
	MOVQ data+8(FP), R12;    \
	MOVQ (R12), R12;         \
none: \
	MOVQ R12, next-24(SP);   \
	VBROADCASTI128 ·bigEndian(SB), Y15; \
	BIGENDIAN(0);            \
	BIGENDIAN(32);           \
	BIGENDIAN(64);           \
	BIGENDIAN(96);           \
	LEAQ 63(SP), DI;         \
	ANDQ $~63, DI;           \
	FILLNEXT;                \
	LEAQ ·k512(SB), BP;      \
	MOVQ $16, CX;            \
first: \
	STEP(0);                 \
	STEP(1);                 \
	STEP(2);                 \
	STEP(3);                 \
	NEXT(4);                 \
	DECQ CX;                 \
	JNZ  first;              \
	ENDSCHEDULE;             \
	MOVQ DI, SI;             \
	ADDQ $BUFFER, DI;        \
group: \
	CMPQ todo-16(SP), $LANES; \
	JLT  only;               \
	FILLNEXT;                \
only: \
	MOVQ $LANES, lanes-40(SP); \
	LEAQ ·k512(SB), BP;      \
	MOVQ state+0(FP), R12;   \
	MOVQ 0(R12), AX;         \
	MOVQ 8(R12), BX;         \
	MOVQ 16(R12), CX;        \
	MOVQ 24(R12), DX;        \
	MOVQ 32(R12), R8;        \
	MOVQ 40(R12), R9;        \
	MOVQ 48(R12), R10;       \
	MOVQ 56(R12), R11;       \
block: \
	MOVQ BX, R15;            \
	XORQ CX, R15;            \
	MOVQ $4, sixteens-8(SP); \
sixteen: \
	SIXTEEN;                 \
	ADDQ $(16*ROW), SI;      \
	DECQ sixteens-8(SP);     \
	JNZ  sixteen;            \
	REST;                    \
	MOVQ state+0(FP), R12;   \
	SUM(0, AX);              \
	SUM(1, BX);              \
	SUM(2, CX);              \
	SUM(3, DX);              \
	SUM(4, R8);              \
	SUM(5, R9);              \
	SUM(6, R10);             \
	SUM(7, R11);             \
	SUBQ $1, todo-16(SP);    \
	JLT  done;               \
	SUBQ $(64*ROW-8), SI;    \
	DECQ lanes-40(SP);       \
	JNZ  block;              \
	ENDSCHEDULE;             \
	SUBQ $ROW, SI;           \
	XCHGQ SI, DI;            \
	JMP  group;              \
done: \
	CMPQ blocks+16(FP), $0;  \
	JNE  public;             \
	LEAQ (SP), DI;           /* the schedule tells of an inner hash or a key */ \
	MOVQ $((LAST+128)/8), CX; \
	XORL AX, AX;             \
	REP;                     \
	STOSQ;                   \
public: \
	VZEROUPPER;              \
	RET
