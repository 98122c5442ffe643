// Package interop holds the tests that an adapter passes together with real
// SQLCipher builds: the same files in turn, and after a process was killed.
//
// The adapter under test runs as a process of its own, like the peers: its
// test binary executed again. It is imported by tests only.
package interop

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// Engine is an adapter under test.
type Engine struct {
	// Name of the adapter, for the names of tests.
	Name string
	// Connector opens a database without a key; PRAGMA key follows. The
	// parameters are those that SQLite reads in a URI.
	Connector func(path string, params url.Values) driver.Connector
	// NoFTS5 tells that the engine is built without it.
	NoFTS5 bool
	// NoEmptyValue tells that the engine cannot tell an empty value of a pragma
	// from none.
	NoEmptyValue bool
	// Unplayed are the scenes of TestSurface, as theme/name, that the engine does
	// not let us play. doc/compatibility.md says so.
	Unplayed []string
	// Code, if set, is the extended result code in an error of the engine,
	// for one whose errors have no method Code() int.
	Code func(error) int
}

// serveVariable makes a test binary answer requests instead of testing.
const serveVariable = "PAGESEAL_TEST_SERVE"

// Main is the TestMain of an adapter.
func (e Engine) Main(m *testing.M) {
	if os.Getenv(serveVariable) == "" {
		os.Exit(m.Run())
	}
	if err := peers.Serve(os.Stdin, os.Stdout, &handler{engine: e}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start runs the adapter as a process.
func (e Engine) start(t testing.TB) *peers.Proc {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return peers.Command(t, exe, nil, []string{serveVariable + "=1"})
}

// handler is one connection of the adapter.
type handler struct {
	engine Engine
	db     *sql.DB
	conn   *sql.Conn
}

func (h *handler) Open(name string, flags []string) (err error) {
	params := url.Values{}
	for _, flag := range flags {
		params.Set("mode", flag)
	}
	h.db = sql.OpenDB(h.engine.Connector(name, params))
	if h.conn, err = h.db.Conn(context.Background()); err != nil {
		return h.coded(err)
	}
	return nil
}

func (h *handler) Exec(text string) (results []peers.Result, err error) {
	if h.conn == nil {
		return nil, errors.New("no database is open")
	}
	for _, statement := range split(text) {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		r, err := h.query(statement)
		if err != nil {
			return results, h.coded(err)
		}
		if len(r.Columns) > 0 {
			results = append(results, r)
		}
	}
	return results, nil
}

// coded gives an error the method by which its result code is told.
func (h *handler) coded(err error) error {
	if h.engine.Code == nil {
		return err
	}
	return codedError{err, h.engine.Code(err)}
}

type codedError struct {
	error
	code int
}

func (e codedError) Code() int { return e.code }

func (h *handler) query(statement string) (r peers.Result, err error) {
	rows, err := h.conn.QueryContext(context.Background(), statement)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if r.Columns, err = rows.Columns(); err != nil {
		return r, err
	}
	values := make([]any, len(r.Columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return r, err
		}
		row := make([]peers.Value, len(values))
		for i, v := range values {
			row[i] = peers.ValueOf(v)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, rows.Err()
}

func (h *handler) Key(key []byte) error {
	_, err := h.conn.ExecContext(context.Background(), "PRAGMA key = "+quote(string(key)))
	return err
}

func (h *handler) Close() error {
	if h.conn == nil {
		return nil
	}
	err := errors.Join(h.conn.Close(), h.db.Close())
	h.conn, h.db = nil, nil
	return err
}

// split cuts SQL at the semicolons that end statements: those outside of
// quotes and of the bodies of triggers. What follows the last one is the last
// piece.
func split(text string) (statements []string) {
	from, quoted := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quoted = c
		case c == '[':
			quoted = ']'
		case c == ';' && !inTrigger(text[from:i]):
			statements = append(statements, text[from:i])
			from = i + 1
		}
	}
	return append(statements, text[from:])
}

var (
	createTrigger = regexp.MustCompile(`(?is)^\s*CREATE\s+(TEMP\s+|TEMPORARY\s+)?TRIGGER\b`)
	endTrigger    = regexp.MustCompile(`(?is);\s*END\s*$`)
)

func inTrigger(text string) bool {
	return createTrigger.MatchString(text) && !endTrigger.MatchString(text)
}
