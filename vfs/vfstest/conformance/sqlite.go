package conformance

// Result codes, see https://sqlite.org/rescode.html.
const (
	codeOK          = 0
	codeError       = 1
	codeBusy        = 5
	codeCorrupt     = 11
	codeNotFound    = 12
	codeFull        = 13
	codeCantOpen    = 14
	codeNotADB      = 26
	codeIOErrRead   = 10 | 1<<8
	codeShortRead   = 10 | 2<<8
	codeIOErrWrite  = 10 | 3<<8
	codeIOErrFsync  = 10 | 4<<8
	codeIOErrTrunc  = 10 | 6<<8
	codeIOErrFstat  = 10 | 7<<8
	codeIOErrDelete = 10 | 10<<8
	codeIOErrLock   = 10 | 15<<8
	codeDeleteNoEnt = 10 | 23<<8
	codeIOErrData   = 10 | 32<<8
	codeCorruptFS   = 10 | 33<<8
	codeCantOpenDir = 14 | 2<<8
)

// Flags of xOpen, see https://sqlite.org/c3ref/c_open_autoproxy.html.
const (
	openReadWrite     = 0x2
	openCreate        = 0x4
	openDeleteOnClose = 0x8
	openExclusive     = 0x10
	openMainDB        = 0x100
	openTempDB        = 0x200
	openTransientDB   = 0x400
	openMainJournal   = 0x800
	openTempJournal   = 0x1000
	openSubJournal    = 0x2000
	openSuperJournal  = 0x4000
	openWAL           = 0x80000
)

// accessExists is the flag of xAccess that SQLite uses.
const accessExists = 0

const syncNormal = 2

// Levels of a lock, see https://sqlite.org/c3ref/c_lock_exclusive.html.
const (
	lockNone = iota
	lockShared
	lockReserved
	lockPending // never asked for
	lockExclusive
)

// Flags of xShmLock, see https://sqlite.org/c3ref/c_shm_exclusive.html.
const (
	shmUnlock    = 1
	shmLock      = 2
	shmShared    = 4
	shmExclusive = 8
)

const (
	shmSlots  = 8     // locks of the shared memory
	shmRegion = 32768 // bytes
)

// File controls, see https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html.
const (
	fcntlLockState      = 1
	fcntlSizeHint       = 5
	fcntlChunkSize      = 6
	fcntlPersistWAL     = 10
	fcntlOverwrite      = 11
	fcntlPowersafe      = 13
	fcntlMmapSize       = 18
	fcntlHasMoved       = 20
	fcntlSync           = 21
	fcntlCommitPhaseTwo = 22
	fcntlZipVFS         = 25
	fcntlRBU            = 26
	fcntlBeginAtomic    = 31
	fcntlCommitAtomic   = 32
	fcntlRollbackAtomic = 33
	fcntlUnknown        = 99999
)

// Device characteristics, see https://sqlite.org/c3ref/c_iocap_atomic.html.
const (
	iocapAtomic      = 0x1ff // of any size
	iocapPowersafe   = 0x1000
	iocapBatchAtomic = 0x4000
	iocapSubpageRead = 0x8000
)
