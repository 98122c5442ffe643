package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	_ "github.com/pageseal/pageseal/vfs/modernc" // the VFS
	"github.com/pageseal/pageseal/vfs/modernc/capi"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// serveEnv makes a process of this test serve the engine on the VFS it names.
const serveEnv = "PAGESEAL_BENCH_SERVE"

func TestMain(m *testing.M) {
	if vfs, ok := os.LookupEnv(serveEnv); ok {
		if err := peers.Serve(os.Stdin, os.Stdout, &engine{vfs: vfs}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// engine does what the C of the peers does, by the same calls: all contestants
// get their work in the same way.
type engine struct {
	vfs string
	db  *capi.DB
}

func (e *engine) Open(name string, _ []string) (err error) {
	if e.db, err = capi.Open(name, e.vfs, capi.OpenReadWrite|capi.OpenCreate); err != nil {
		return err
	}
	return e.db.CreateFunction("kernel", 0, 0, func([]capi.Value) (any, error) { return hmacpage.Kernel(), nil })
}

func (e *engine) Key(key []byte) error { return e.db.Key("main", string(key)) }

func (e *engine) Close() error { return e.db.Close() }

func (e *engine) Exec(sql string) (results []peers.Result, err error) {
	script := e.db.NewScript(sql)
	defer script.Close()
	for {
		s, err := script.Next()
		if errors.Is(err, io.EOF) {
			return results, nil
		}
		if err != nil {
			return results, err
		}
		r, err := rowsOf(s)
		if r.Columns != nil {
			results = append(results, r)
		}
		if err := errors.Join(err, s.Finalize()); err != nil {
			return results, err
		}
	}
}

func rowsOf(s *capi.Stmt) (r peers.Result, err error) {
	for i := range s.ColumnCount() {
		r.Columns = append(r.Columns, s.ColumnName(i))
	}
	for {
		more, err := s.Step()
		if err != nil || !more {
			return r, err
		}
		row := make([]peers.Value, len(r.Columns))
		for i := range row {
			row[i] = valueOf(s, i)
		}
		r.Rows = append(r.Rows, row)
	}
}

func valueOf(s *capi.Stmt, i int) peers.Value {
	switch s.ColumnType(i) {
	case capi.Null:
		return peers.Value{}
	case capi.Integer:
		return peers.ValueOf(s.ColumnInt64(i))
	case capi.Float:
		return peers.ValueOf(s.ColumnDouble(i))
	case capi.Blob:
		return peers.ValueOf(append([]byte{}, s.ColumnBlob(i)...))
	}
	text, _ := s.ColumnText(i)
	return peers.ValueOf(text)
}

// pragmas are what all contestants have in common, wherever an engine was built
// with another default. Checkpoints are a step of their own.
const pragmas = `PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000; PRAGMA mmap_size = 0; PRAGMA secure_delete = OFF;
	PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0`

// process is a contestant that is a process.
type process struct {
	name string
	proc *peers.Proc
	key  string   // empty for a database in clear
	said []string // what its queries gave
}

func (p *process) Name() string { return p.name }

func (p *process) Open(path string) (Pool, error) {
	if _, err := p.do("open", path); err != nil {
		return nil, err
	}
	if p.key != "" {
		if _, err := p.do("key", p.key); err != nil {
			return nil, err
		}
	}
	_, err := p.do("exec", pragmas)
	return processPool{p}, err
}

func (p *process) do(verb, payload string) (peers.Reply, error) {
	r, err := p.proc.Do(verb, []byte(payload))
	if err == nil && r.Code != 0 {
		err = errors.New(r.Message)
	}
	return r, err
}

type processPool struct{ *process }

func (p processPool) Conn(context.Context) (Conn, error) { return processConn(p), nil }

func (p processPool) Close() error {
	_, err := p.do("close", "")
	return err
}

type processConn struct{ *process }

// Run runs a text of any number of statements in one request.
func (c processConn) Run(_ context.Context, text string) (rows int, err error) {
	r, err := c.do("exec", text)
	for _, result := range r.Results {
		rows += len(result.Rows)
	}
	if !strings.HasPrefix(text, "PRAGMA") {
		c.said = append(c.said, r.Text())
	}
	return rows, err
}

func (processConn) Close() error { return nil }

// ask is what a query gives, on no database.
func (p *process) ask(query string) (string, error) {
	if _, err := p.do("open", ":memory:"); err != nil {
		return "", err
	}
	r, err := p.do("exec", query)
	_, closing := p.do("close", "")
	return r.Text(), errors.Join(err, closing)
}
