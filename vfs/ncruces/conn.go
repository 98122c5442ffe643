package ncruces

import (
	"fmt"
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/compat"
)

// conn is a connection of the engine that has opened a database of ours. It is
// used by one goroutine at a time, as SQLite is.
type conn struct {
	engine
	db    *sqlite3.Conn
	files []*mainDB // open, the earliest first
}

// conns are the connections with an open database of ours.
var conns struct {
	sync.Mutex
	byEngine map[engine]*conn
}

// connOf is the connection of an engine, made if there is none yet.
func connOf(e engine, db *sqlite3.Conn) *conn {
	conns.Lock()
	defer conns.Unlock()
	if c := conns.byEngine[e]; c != nil {
		return c
	}
	return &conn{engine: e, db: db}
}

// join adds an open database to its connection.
func (f *mainDB) join() {
	conns.Lock()
	defer conns.Unlock()
	f.conn.files = append(f.conn.files, f)
	if conns.byEngine == nil {
		conns.byEngine = map[engine]*conn{}
	}
	conns.byEngine[f.conn.engine] = f.conn
}

// leave takes a database out of its connection.
func (f *mainDB) leave() {
	conns.Lock()
	defer conns.Unlock()
	c := f.conn
	c.files = slices.DeleteFunc(c.files, func(other *mainDB) bool { return other == f })
	if len(c.files) == 0 {
		delete(conns.byEngine, c.engine)
	}
}

// handles are the sqlite3 structures of the connection: its own once it is
// open, and those that databases of ours belong to.
func (c *conn) handles() ([]pointer, error) {
	var all []pointer
	h, err := handleOf(c.db)
	if err != nil {
		return nil, err
	}
	if h != 0 {
		all = append(all, h)
	}
	for _, f := range c.files {
		p, err := f.place()
		if err != nil {
			return nil, err
		}
		if !slices.Contains(all, p.db) {
			all = append(all, p.db)
		}
	}
	return all, nil
}

// schema is the database of ours with that number in a sqlite3, or nil.
func (c *conn) schema(db pointer, number int) *mainDB {
	for _, f := range c.files {
		if p, err := f.place(); err == nil && p.db == db && p.number == number {
			return f
		}
	}
	return nil
}

// reporter is where the connection wants errors told, or nil.
func (c *conn) reporter() func(error) {
	if len(c.files) == 0 {
		return nil
	}
	return c.files[0].db.Reporter()
}

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
	databaseSize   = 16 // sizeof(Db)
	databaseName   = 0  // Db.zDbSName
	databaseBtree  = 4  // Db.pBt

	stmtDB       = 0 // Vdbe.db
	stmtPrevious = 4 // Vdbe.ppVPrev
	stmtNext     = 8 // Vdbe.pVNext
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
	c := f.conn
	pager := word(c, f.path-pagerBeforePath)
	for at := pager; at != 0 && at < pager+pagerSize; at += 4 {
		shared := word(c, at) // Pager.pBusyHandlerArg
		if shared == 0 || word(c, shared+sharedPager) != pager {
			continue
		}
		db := word(c, shared+sharedDB)
		databases, count := word(c, db+dbDatabases), word(c, db+dbCount)
		for i := range min(count, 255) {
			entry := databases + i*databaseSize
			btree := word(c, entry+databaseBtree)
			if btree != 0 && word(c, btree+btreeDB) == db && word(c, btree+btreeShared) == shared {
				return place{db, shared, int(i), word(c, entry+databaseName)}, nil
			}
		}
	}
	return place{}, fmt.Errorf("ncruces: %w: the connection does not know the file", compat.ErrUnsupported)
}
