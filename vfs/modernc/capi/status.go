package capi

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Counter is a number that SQLite keeps about itself.
type Counter int32

// Counters of the whole process.
const (
	MemoryUsed        Counter = sqlite3.SQLITE_STATUS_MEMORY_USED
	MallocCount       Counter = sqlite3.SQLITE_STATUS_MALLOC_COUNT
	PagecacheOverflow Counter = sqlite3.SQLITE_STATUS_PAGECACHE_OVERFLOW
	MallocSize        Counter = sqlite3.SQLITE_STATUS_MALLOC_SIZE
	PagecacheSize     Counter = sqlite3.SQLITE_STATUS_PAGECACHE_SIZE
)

// Counters of a connection.
const (
	LookasideUsed     Counter = sqlite3.SQLITE_DBSTATUS_LOOKASIDE_USED
	LookasideHit      Counter = sqlite3.SQLITE_DBSTATUS_LOOKASIDE_HIT
	LookasideMissSize Counter = sqlite3.SQLITE_DBSTATUS_LOOKASIDE_MISS_SIZE
	LookasideMissFull Counter = sqlite3.SQLITE_DBSTATUS_LOOKASIDE_MISS_FULL
	CacheUsed         Counter = sqlite3.SQLITE_DBSTATUS_CACHE_USED
	CacheHit          Counter = sqlite3.SQLITE_DBSTATUS_CACHE_HIT
	CacheMiss         Counter = sqlite3.SQLITE_DBSTATUS_CACHE_MISS
	CacheWrite        Counter = sqlite3.SQLITE_DBSTATUS_CACHE_WRITE
	CacheSpill        Counter = sqlite3.SQLITE_DBSTATUS_CACHE_SPILL
	SchemaUsed        Counter = sqlite3.SQLITE_DBSTATUS_SCHEMA_USED
	StmtUsed          Counter = sqlite3.SQLITE_DBSTATUS_STMT_USED
)

// Counters of a statement.
const (
	FullscanStep Counter = sqlite3.SQLITE_STMTSTATUS_FULLSCAN_STEP
	Sort         Counter = sqlite3.SQLITE_STMTSTATUS_SORT
	Autoindex    Counter = sqlite3.SQLITE_STMTSTATUS_AUTOINDEX
	VMStep       Counter = sqlite3.SQLITE_STMTSTATUS_VM_STEP
	Reprepare    Counter = sqlite3.SQLITE_STMTSTATUS_REPREPARE
	Runs         Counter = sqlite3.SQLITE_STMTSTATUS_RUN
	FilterHit    Counter = sqlite3.SQLITE_STMTSTATUS_FILTER_HIT
	FilterMiss   Counter = sqlite3.SQLITE_STMTSTATUS_FILTER_MISS
	MemUsed      Counter = sqlite3.SQLITE_STMTSTATUS_MEMUSED
)

// Status returns a counter of the process and its highest value.
func Status(c Counter) (current, highest int64) {
	tls := libc.NewTLS()
	defer tls.Close()
	out := mustMalloc(tls, 16)
	defer libc.Xfree(tls, out)
	sqlite3.Xsqlite3_status64(tls, int32(c), out, out+8, 0)
	return *(*int64)(pointer(out)), *(*int64)(pointer(out + 8))
}

// Status returns a counter of the connection and its highest value. Reset sets
// the counter back.
func (d *DB) Status(c Counter, reset bool) (current, highest int) {
	out := mustMalloc(d.tls, 8)
	defer libc.Xfree(d.tls, out)
	again := int32(0)
	if reset {
		again = 1
	}
	sqlite3.Xsqlite3_db_status(d.tls, d.db, int32(c), out, out+4, again)
	return int(*(*int32)(pointer(out))), int(*(*int32)(pointer(out + 4)))
}

// Status returns a counter of the statement.
func (s *Stmt) Status(c Counter) int {
	return int(sqlite3.Xsqlite3_stmt_status(s.db.tls, s.stmt, int32(c), 0))
}

// ColumnDecltype returns the type that column i was declared with, and nothing
// for an expression.
func (s *Stmt) ColumnDecltype(i int) string {
	p := sqlite3.Xsqlite3_column_decltype(s.db.tls, s.stmt, int32(i))
	if p == 0 {
		return ""
	}
	return libc.GoString(p)
}
