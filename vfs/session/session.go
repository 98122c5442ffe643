// Package session is what the drivers of all engines have in common: the key
// reaches the file layer without a data source name, and what the file layer
// has to say reaches the caller past the result codes of SQLite.
package session

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// Session is a connection of a driver. It is the listener of its databases.
type Session struct {
	token    string
	key      compat.Keyspec
	settings compat.Settings
	keyring  *Keyring
	changes  int // of the keyring when the connection was opened

	progress func(done, total uint64) error // nil where nobody wants to know
	main     *vfs.MainDB                    // nil before it is open

	mu      sync.Mutex
	lent    compat.Keyspec // that the token stands for in a pragma
	errs    []error        // told since the last call of the driver
	answers []vfs.Reply    // of the same time
}

var _ vfs.Listener = (*Session)(nil)

// Param is the URI parameter that names a session.
const Param = "pageseal_session"

// sessions are the open sessions of the process by token.
var sessions sync.Map

// New opens a session with what a keyring holds now.
func New(k *Keyring) *Session {
	key, settings, changes := k.now()
	s := &Session{token: rand.Text(), key: key, settings: settings, keyring: k, changes: changes}
	sessions.Store(s.token, s)
	return s
}

// Of is the session with that token, or nil.
func Of(token string) *Session {
	if s, ok := sessions.Load(token); ok {
		return s.(*Session)
	}
	return nil
}

// Token is the value of Param.
func (s *Session) Token() string { return s.token }

// Close forgets the session and wipes its key.
func (s *Session) Close() {
	sessions.Delete(s.token)
	s.key.Wipe()
}

// Keyed tells whether the session has a key.
func (s *Session) Keyed() bool { return !s.key.IsZero() }

// Options are those that the main database is opened with.
func (s *Session) Options() vfs.Options {
	return vfs.Options{Key: s.key.Clone(), Settings: s.settings, Listener: s, Opened: func(m *vfs.MainDB) { s.main = m }}
}

// Pages reads the file of the main database, see [vfs.MainDB.Pages].
func (s *Session) Pages(size int) (*vfs.Pages, error) {
	if s.main == nil {
		return nil, fmt.Errorf("%w: a database that is not open", compat.ErrUnsupported)
	}
	return s.main.Pages(size)
}

// Report is of vfs.Listener.
func (s *Session) Report(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = append(s.errs, err)
}

// Answer is of vfs.Listener.
func (s *Session) Answer(r vfs.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, r)
}

// Rekeyed is of vfs.Listener.
func (s *Session) Rekeyed(key compat.Keyspec) { s.changes = s.keyring.setKey(key) }

// Migrated is of vfs.Listener.
func (s *Session) Migrated(settings compat.Settings) { s.changes = s.keyring.setSettings(settings) }

// OnProgress has f told of the progress of long work, within the call of the
// driver that does it: how many pages are done, and of how many. An error of f
// ends the work.
func (s *Session) OnProgress(f func(done, total uint64) error) { s.progress = f }

// Progress is of vfs.Listener.
func (s *Session) Progress(done, total uint64) error {
	if s.progress == nil {
		return nil
	}
	return s.progress(done, total)
}

// Stale tells that the key or the settings were changed on another connection:
// this one can read the database no more.
func (s *Session) Stale() bool { return s.keyring.latest() != s.changes }

// Begin forgets what earlier calls have met. A driver calls it first in each of
// its methods that reach SQLite.
func (s *Session) Begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs, s.answers = nil, nil
}

// Explain joins an error of the engine, which has that result code, with the
// cause that the file layer told: the first that SQLite may have been given the
// same code for.
func (s *Session) Explain(err error, code vfs.Code) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cause := range s.errs {
		// An error without a code of its own got that of the call.
		if vfs.CodeOf(cause, code)&0xff == code&0xff && !errors.Is(err, cause) {
			return &explained{cause, err}
		}
	}
	return err
}
