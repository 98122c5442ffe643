package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// mainFile is the database that a scene is opened on.
const mainFile = "main.db"

// actor is a side that plays scenes, one process for each connection. It keeps
// the processes for the next scene.
type actor struct {
	side
	procs map[string]*peers.Proc // by connection
	open  map[string]bool
	conn  string // the connection that the next statement is for
	dir   string
}

func newActor(s side) *actor {
	return &actor{side: s, procs: map[string]*peers.Proc{}, open: map[string]bool{}}
}

// enter starts a scene.
func (a *actor) enter(dir string) { a.dir, a.conn = dir, "" }

// perform carries out a step. The error is that of a process that is gone, or
// of a file that cannot be changed.
func (a *actor) perform(t testing.TB, s step) (answer, error) {
	text := a.expand(s.text)
	switch s.verb {
	case "":
		if !a.open[a.conn] {
			if said, err := a.openFile(t, mainFile, ""); err != nil || said.code != 0 {
				return said, err
			}
		}
		return a.do(t, "exec", text, s.random)
	case "connection:":
		a.conn = text
		return answer{}, nil
	case "reopen":
		if err := a.close(a.conn); err != nil {
			return answer{}, err
		}
		return a.openFile(t, mainFile, text)
	}
	return answer{}, a.damage(s.verb, strings.Fields(text))
}

// expand puts in what stands in the scripts under a name.
func (a *actor) expand(text string) string {
	return strings.NewReplacer("$DIR", a.dir, "$RAW160", rawKey160, "$RAW96", rawKey96, "$RAW", rawKey64,
		"$OTHER96", strings.TrimSuffix(logicKey, "'")+rawKey96[len("x'")+64:], "$OTHER", logicKey).Replace(text)
}

func isPragma(text string) bool {
	return len(text) > 7 && strings.EqualFold(text[:7], "pragma ")
}

// openFile opens a file for the current connection.
func (a *actor) openFile(t testing.TB, name, flags string) (answer, error) {
	said, err := a.do(t, "open", filepath.Join(a.dir, name)+"\n"+flags, false)
	a.open[a.conn] = err == nil && said.code == 0
	return said, err
}

func (a *actor) do(t testing.TB, verb, text string, random bool) (answer, error) {
	p := a.procs[a.conn]
	if p == nil {
		p = a.start(t)
		a.procs[a.conn] = p
	}
	reply, err := p.Do(verb, []byte(text))
	if err != nil {
		delete(a.procs, a.conn)
		delete(a.open, a.conn)
		return answer{}, err
	}
	return answerOf(reply, a.dir, isPragma(text), random), nil
}

func (a *actor) close(conn string) error {
	if !a.open[conn] {
		return nil
	}
	delete(a.open, conn)
	reply, err := a.procs[conn].Do("close", nil)
	if err == nil && reply.Code != 0 {
		err = fmt.Errorf("close: %s", reply.Message)
	}
	if err != nil {
		a.procs[conn].Kill()
		delete(a.procs, conn)
	}
	return err
}

// leave closes all connections.
func (a *actor) leave() error {
	for conn := range a.procs {
		if err := a.close(conn); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	a.conn = ""
	return nil
}

// forget ends the processes, so that nothing of a scene is left in them.
func (a *actor) forget() {
	for conn, p := range a.procs {
		p.Kill()
		delete(a.procs, conn)
		delete(a.open, conn)
	}
}

// damage changes a file from outside.
func (a *actor) damage(verb string, arguments []string) error {
	var n int64
	if len(arguments) != 2 {
		return fmt.Errorf("%s takes a file and a number", verb)
	}
	if _, err := fmt.Sscan(arguments[1], &n); err != nil {
		return err
	}
	name := filepath.Join(a.dir, arguments[0])
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	switch verb {
	case "flip:":
		data[n] ^= 0x40
	case "truncate:":
		data = data[:n]
	case "append:":
		data = append(data, make([]byte, n)...)
	}
	return os.WriteFile(name, data, 0o600)
}

// files lists the directory: names, sizes and which of them are in clear.
func (a *actor) files() (string, error) {
	entries, err := os.ReadDir(a.dir)
	if err != nil {
		return "", err
	}
	var list []string
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(a.dir, e.Name()))
		if err != nil {
			return "", err
		}
		if len(data) == 0 && strings.HasSuffix(e.Name(), ".db") {
			continue // whether the file is made early or late is of no matter
		}
		line := fmt.Sprintf("%s of %d bytes", e.Name(), len(data))
		if strings.HasPrefix(string(data), "SQLite format 3\x00") {
			line += " in clear"
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return strings.Join(list, ", "), nil
}
