package session_test

import (
	"errors"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/session"
)

func keyspec(t *testing.T, passphrase string) compat.Keyspec {
	t.Helper()
	key, err := compat.Passphrase([]byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestStale changes the key and the settings on one of two connections: the other
// is stale, and those to come have what is new.
func TestStale(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*session.Session){
		"rekeyed":  func(s *session.Session) { s.Rekeyed(keyspec(t, "new")) },
		"migrated": func(s *session.Session) { s.Migrated(compat.V3.Settings()) },
	} {
		k := session.NewKeyring(keyspec(t, "old"), compat.V4.Settings())
		one, two := session.New(k), session.New(k)
		change(one)
		three := session.New(k)
		if one.Stale() || !two.Stale() || three.Stale() {
			t.Errorf("%s: %v, %v, %v", name, one.Stale(), two.Stale(), three.Stale())
		}
		if is := three.Options().Settings == compat.V3.Settings(); is != (name == "migrated") {
			t.Errorf("%s: settings %+v", name, three.Options().Settings)
		}
	}
}

// TestMigrateOnce migrates with the first connection that can, and no other.
func TestMigrateOnce(t *testing.T) {
	t.Parallel()
	k := session.NewKeyring(keyspec(t, "old"), compat.V2.Settings())
	failure, calls := errors.New("busy"), 0
	for i := range 4 {
		err := k.Migrate(func(key compat.Keyspec, set compat.Settings) (compat.Settings, error) {
			calls++
			if key.IsZero() || set != compat.V2.Settings() {
				t.Errorf("key %v, settings %+v", key, set)
			}
			if i == 0 {
				return set, failure
			}
			return compat.V4.Settings(), nil
		})
		if (i == 0) != errors.Is(err, failure) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if set := session.New(k).Options().Settings; calls != 2 || set != compat.V4.Settings() {
		t.Errorf("%d calls, settings %+v", calls, set)
	}
}

func TestWithCode(t *testing.T) {
	t.Parallel()
	err := session.WithCode(compat.ErrNoKey, 5)
	var code vfs.Code
	if !errors.Is(err, compat.ErrNoKey) || !errors.As(err, &code) || code != 5 || err.Error() != compat.ErrNoKey.Error() {
		t.Errorf("%v, code %d", err, code)
	}
}
