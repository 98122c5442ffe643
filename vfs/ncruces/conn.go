package ncruces

import (
	"slices"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/pageseal/pageseal/vfs"
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

// listener is that of the databases that the connection attaches, or nil.
func (c *conn) listener() vfs.Listener {
	if len(c.files) == 0 {
		return nil
	}
	return c.files[0].db.Listener()
}
