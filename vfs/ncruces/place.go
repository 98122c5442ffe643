package ncruces

import (
	"fmt"

	"github.com/pageseal/pageseal/compat"
)

// The structures of SQLite between a file and its connection, in the 32-bit
// build that the engine is made of. Each step is checked by the pointer back.
const (
	pagerBeforePath = 8   // Pager*, before the name of a main database
	pagerSize       = 256 // bytes at least looked through

	sharedPager    = 0  // BtShared.pPager
	sharedDB       = 4  // BtShared.db
	sharedPage1    = 12 // BtShared.pPage1
	sharedTrans    = 20 // BtShared.inTransaction, a byte
	sharedFlags    = 24 // BtShared.btsFlags, 2 bytes
	sharedPageSize = 36 // BtShared.pageSize
	sharedUsable   = 40 // BtShared.usableSize
	pageSizeFixed  = 2  // BTS_PAGESIZE_FIXED

	btreeDB     = 0 // Btree.db
	btreeShared = 4 // Btree.pBt

	dbFirstStmt    = 4  // sqlite3.pVdbe
	dbDatabases    = 16 // sqlite3.aDb
	dbCount        = 20 // sqlite3.nDb
	dbNextPageSize = 100
	dbChanges      = 104 // sqlite3.nChange and nTotalChange, 8 bytes each
	databaseSize   = 16  // sizeof(Db)
	databaseName   = 0   // Db.zDbSName
	databaseBtree  = 4   // Db.pBt

	stmtDB       = 0   // Vdbe.db
	stmtPrevious = 4   // Vdbe.ppVPrev
	stmtNext     = 8   // Vdbe.pVNext
	stmtOps      = 104 // Vdbe.aOp
	stmtOpCount  = 108 // Vdbe.nOp

	opP4   = 16 // Op.p4, of a function call its sqlite3_context
	opSize = 20 // sizeof(Op)

	callFunction  = 4  // sqlite3_context.pFunc
	callStmt      = 12 // sqlite3_context.pVdbe
	callArguments = 28 // sqlite3_context.argv
	functionName  = 32 // FuncDef.zName
	valueDB       = 20 // Mem.db
)

// place is where SQLite keeps an open database.
type place struct {
	db     pointer // sqlite3
	shared pointer // BtShared
	number int     // of the database: 0 is main
	name   pointer // of the schema
}

// place finds the structures over the file. It fails until SQLite has put the
// database into its connection.
func (f *mainDB) place() (place, error) {
	c, shared := f.conn, f.shared()
	db := word(c, shared+sharedDB)
	for i := range int(min(word(c, db+dbCount), 255)) {
		if p, ok := c.database(db, i); shared != 0 && ok && p.shared == shared {
			return p, nil
		}
	}
	return place{}, fmt.Errorf("ncruces: %w: the connection does not know the file", compat.ErrUnsupported)
}

// shared is the BtShared over the file, or 0.
func (f *mainDB) shared() pointer {
	pager := word(f.conn, f.path-pagerBeforePath)
	for at := pager; at != 0 && at < pager+pagerSize; at += 4 {
		shared := word(f.conn, at) // Pager.pBusyHandlerArg
		if shared != 0 && word(f.conn, shared+sharedPager) == pager {
			return shared
		}
	}
	return 0
}

// database is the open database with that number.
func (c *conn) database(db pointer, number int) (p place, ok bool) {
	entry := word(c, db+dbDatabases) + pointer(number)*databaseSize
	btree := word(c, entry+databaseBtree)
	shared := word(c, btree+btreeShared)
	if btree == 0 || shared == 0 || word(c, btree+btreeDB) != db || word(c, shared+sharedDB) != db {
		return place{}, false
	}
	return place{db, shared, number, word(c, entry+databaseName)}, true
}

// layout is how SQLite cuts a database into pages.
type layout struct {
	pageSize, reserve int // bytes
}

func (c *conn) layout(shared pointer) layout {
	size, usable := word(c, shared+sharedPageSize), word(c, shared+sharedUsable)
	return layout{int(size), int(size - usable)}
}
