package modernc

import (
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/pageseal/pageseal/vfs"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// conn is a connection of SQLite.
type conn struct {
	db     uintptr // sqlite3
	tls    *libc.TLS
	opener *file // what it is being opened with, until it is open
	sizing bool  // SetGeometry runs a pragma that is not for us

	answer vfs.Reply // to the last pragma, until it is asked for
}

// conns finds the connection under which a file is opened. SQLite does not
// tell xOpen, but each connection makes all its calls under one thread state.
var conns struct {
	sync.Mutex
	byDB map[uintptr]*conn
}

// join makes f part of the connection that SQLite notes at pdb. A connection
// that was not known yet is being opened. With a shared cache another one may
// stand there later, so the file keeps the place and not what is there.
func (f *file) join(tls *libc.TLS, pdb uintptr) {
	f.pdb = pdb
	connect(tls, *at[uintptr](pdb), f)
	f.db.Attach(sqlOf{f})
}

// connection is the one that f is used by just now, or nil.
func (f *file) connection() *conn {
	if f.pdb == 0 {
		return nil
	}
	conns.Lock()
	defer conns.Unlock()
	return conns.byDB[*at[uintptr](f.pdb)]
}

// connect makes a connection known.
func connect(tls *libc.TLS, db uintptr, opener *file) {
	conns.Lock()
	defer conns.Unlock()
	c := conns.byDB[db]
	if c == nil {
		c = &conn{db: db, tls: tls}
		if conns.byDB == nil {
			conns.byDB = map[uintptr]*conn{}
		}
		conns.byDB[db] = c
		c.opener = opener
	}
	if opener == nil {
		c.opener = nil // it is open, and will say when it is closed
	}
}

// Answered is the reply to the pragma that a connection, a sqlite3, has compiled
// last, and forgets it. It is for a program that drives the engine by its C
// interface: SQLite hands on the rows of the reply in one.
func Answered(db uintptr) (r vfs.Reply) {
	conns.Lock()
	defer conns.Unlock()
	if c := conns.byDB[db]; c != nil {
		r, c.answer = c.answer, vfs.Reply{}
	}
	return r
}

func disconnect(db uintptr) {
	conns.Lock()
	defer conns.Unlock()
	delete(conns.byDB, db)
}

// SQLite calls these for every connection of the process, also for those whose
// main database is none of ours: they may attach one that is.
var (
	fOpened = func(tls *libc.TLS, db, _, _ uintptr) int32 {
		connect(tls, db, nil)
		if rc := addExport(tls, db); rc != sqlite3.SQLITE_OK {
			return rc
		}
		return sqlite3.Xsqlite3_set_clientdata(tls, db, clientName, db, code(&fClosed))
	}
	fClosed = func(_ *libc.TLS, db uintptr) { disconnect(db) }

	clientName = mustCString("pageseal")
)

func mustCString(s string) uintptr {
	z, err := libc.CString(s)
	if err != nil {
		panic("modernc: out of memory")
	}
	return z
}

// leave forgets a connection that has failed to open f.
func (f *file) leave() {
	if c := f.connection(); c != nil && c.opener == f {
		disconnect(c.db)
	}
}

// connOf is the connection that is at work under a thread state, or nil. Where
// several share one, it is the one that is attaching a file.
func connOf(tls *libc.TLS) *conn {
	conns.Lock()
	var candidates []*conn
	for _, c := range conns.byDB {
		if c.tls == tls {
			candidates = append(candidates, c)
		}
	}
	conns.Unlock()
	i := slices.IndexFunc(candidates, func(c *conn) bool { return c.attaching() != nil })
	if i < 0 {
		return nil
	}
	return candidates[i]
}

// listener is that of the databases that the connection attaches, or nil.
func (c *conn) listener() vfs.Listener {
	if c == nil {
		return nil
	}
	main := c.fileOf("main")
	if main == nil {
		return nil
	}
	return main.db.Listener()
}

// keepPageSize drops a pending PRAGMA page_size when a write to an encrypted
// database begins. VACUUM would follow it and pack pages of the new size into
// writes of the old one.
func (f *file) keepPageSize() {
	if f.pdb != 0 && f.db.Encrypted() {
		at[sqlite3.Tsqlite3](*at[uintptr](f.pdb)).FnextPagesize = 0
	}
}

// databases calls f with the index of each database of the connection.
func (c *conn) databases(f func(i int, db *sqlite3.TDb) bool) {
	s := at[sqlite3.Tsqlite3](c.db)
	for i := range int(s.FnDb) {
		if !f(i, at[sqlite3.TDb](s.FaDb+uintptr(i)*unsafe.Sizeof(sqlite3.TDb{}))) {
			return
		}
	}
}

// fileOf is our main database file of a schema, or nil.
func (c *conn) fileOf(schema string) (found *file) {
	c.databases(func(i int, db *sqlite3.TDb) bool {
		name := libc.GoString(sqlite3.Xsqlite3_db_name(c.tls, c.db, int32(i)))
		if db.FpBt == 0 || !strings.EqualFold(name, schema) {
			return true
		}
		bt := at[sqlite3.TBtree](db.FpBt).FpBt
		if addr := at[sqlite3.TPager](at[sqlite3.TBtShared](bt).FpPager).Ffd; ours(addr) {
			found = lookup(c.tls, addr)
		}
		return false
	})
	return found
}

// btreeOf is the b-tree over the sqlite3_file at addr, or 0.
func (c *conn) btreeOf(tls *libc.TLS, addr uintptr) (btree uintptr) {
	c.databases(func(_ int, db *sqlite3.TDb) bool {
		if db.FpBt == 0 {
			return true
		}
		bt := at[sqlite3.TBtree](db.FpBt).FpBt
		pager := at[sqlite3.TBtShared](bt).FpPager
		if at[sqlite3.TPager](pager).Ffd == addr {
			btree = db.FpBt
		}
		return btree == 0
	})
	return btree
}

// schemaOf is the name of the schema whose file is at addr, or 0.
func (c *conn) schemaOf(tls *libc.TLS, addr uintptr) (name uintptr) {
	btree := c.btreeOf(tls, addr)
	c.databases(func(i int, db *sqlite3.TDb) bool {
		if btree != 0 && db.FpBt == btree {
			name = sqlite3.Xsqlite3_db_name(tls, c.db, int32(i))
		}
		return name == 0
	})
	return name
}
