package vfs

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// ErrOtherEngine is for a database that this process has open through another
// engine. Each of them knows its own locks only, and where they are those of
// POSIX, which belong to the process, either engine drops the other's when it
// closes the file.
var ErrOtherEngine = errors.New("the database is open through another engine in this process")

// claim is a database file in use.
type claim struct {
	path   string
	info   os.FileInfo // nil until the file exists
	engine string
	users  int // open files
}

// claims are the database files that this process has open.
var claims struct {
	sync.Mutex
	all []*claim
}

// Claim notes that an engine opens the database file at a path, and fails with
// ErrOtherEngine while another engine has it open, by whatever path. Call it
// before the file is opened, and release after it was closed. The file is
// looked at, but never opened here. Safe for concurrent use.
func Claim(path, engine string) (release func(), err error) {
	claims.Lock()
	defer claims.Unlock()
	info := look(path)
	for _, c := range claims.all {
		if !c.is(path, info) {
			continue
		}
		if c.engine != engine {
			return nil, fmt.Errorf("%w: %s", ErrOtherEngine, c.engine)
		}
		c.users++
		return c.release(), nil
	}
	c := &claim{path: path, info: info, engine: engine, users: 1}
	claims.all = append(claims.all, c)
	return c.release(), nil
}

// look finds out which file is at a path: nil where it is to be created, or the
// engine will tell why it cannot be opened.
func look(path string) os.FileInfo {
	info, err := os.Stat(path)
	// On Windows the identity of a file is looked up when it is compared, by
	// the path: another one may be there by then.
	if err != nil || !os.SameFile(info, info) {
		return nil
	}
	return info
}

// is tells whether the claim is for the file at a path.
func (c *claim) is(path string, info os.FileInfo) bool {
	if c.info == nil {
		c.info = look(c.path) // it may have been created since
	}
	if c.info != nil && info != nil {
		return os.SameFile(c.info, info)
	}
	return c.path == path
}

// release gives up one use, once.
func (c *claim) release() func() {
	return sync.OnceFunc(func() {
		claims.Lock()
		defer claims.Unlock()
		c.users--
		if c.users > 0 {
			return
		}
		for i, other := range claims.all {
			if other == c {
				claims.all = append(claims.all[:i], claims.all[i+1:]...)
				return
			}
		}
	})
}
