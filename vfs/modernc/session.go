package modernc

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"modernc.org/sqlite"
)

// session is a connection of our driver: it brings the key to the VFS without
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
func sessionOf(params []compat.Param) *session {
	for _, p := range params {
		if p.Name != sessionParam {
			continue
		}
		if s, ok := sessions.Load(p.Value); ok {
			return s.(*session)
		}
	}
	return nil
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
// first that SQLite was given the same result code for.
func (s *session) explain(err error) error {
	var engine *sqlite.Error
	if !errors.As(err, &engine) {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cause := range s.errs {
		// An error without a code of its own got that of the call.
		code := int(vfs.CodeOf(cause, 0))
		if code == 0 || code&0xff == engine.Code()&0xff {
			return fmt.Errorf("%w: %w", cause, err)
		}
	}
	return err
}
