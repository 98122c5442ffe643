package ncruces

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// session is a connection of a Connector: it brings the key to the VFS without
// a data source name, and typed errors back.
type session struct {
	token    string
	key      compat.Keyspec
	settings compat.Settings

	mu   sync.Mutex
	errs []error // told by the VFS since the last call of the driver
}

// sessionParam is the URI parameter that names a session.
const sessionParam = "pageseal_session"

// sessions are the open sessions of the process by token.
var sessions sync.Map

func newSession(key compat.Keyspec, s compat.Settings) *session {
	n := &session{token: rand.Text(), key: key, settings: s}
	sessions.Store(n.token, n)
	return n
}

func (s *session) close() {
	sessions.Delete(s.token)
	s.key.Wipe()
}

// sessionOf is the session that the parameters of a URI name, or nil.
func sessionOf(params url.Values) *session {
	if s, ok := sessions.Load(params.Get(sessionParam)); ok {
		return s.(*session)
	}
	return nil
}

// connect opens a connection of the engine's driver and wraps it.
func (s *session) connect(ctx context.Context, dsn string) (*sessionConn, error) {
	inner, err := (&sqlite.SQLite{}).OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	conn, err := inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &sessionConn{engineConn: conn.(engineConn), session: s}, nil
}

func (s *session) options() vfs.Options {
	return vfs.Options{Key: s.key.Clone(), Settings: s.settings, Report: s.report}
}

// report is told by the VFS why it fails.
func (s *session) report(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = append(s.errs, err)
}

// begin forgets what earlier calls have met.
func (s *session) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = nil
}

// explain joins the error of the engine with the cause that the VFS told: the
// first that SQLite may have been given the same result code for.
func (s *session) explain(err error) error {
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cause := range s.errs {
		told := vfs.CodeOf(cause, vfs.Code(code)) & 0xff
		if sqlite3.ErrorCode(told) == code && !errors.Is(err, cause) {
			return fmt.Errorf("%w: %w", cause, err)
		}
	}
	return err
}
