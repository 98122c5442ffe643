// Package peers drives other implementations of SQLite and SQLCipher, each as a
// child process, so that tests can compare with them and exchange files and
// locks with them. It is test support: only tests import it.
//
// The implementations are installed by testdata/peers/install.sh. They share
// one protocol on stdin and stdout, which [Serve] lets a Go program speak too:
//
//	request  VERB LEN\n followed by LEN bytes
//	answer   one line of JSON, see [Reply]
//
// The verbs are open (a file name or URI, optionally a second line with the
// flags ro or rw), exec (any number of SQL statements, up to the first error),
// key (the bytes for sqlite3_key), close and quit. The busy timeout is 0 until
// a test sets it by PRAGMA busy_timeout.
package peers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The names of the peers.
const (
	// SQLCipher414 is SQLCipher 4.14.0 on SQLite 3.51.3.
	SQLCipher414 = "sqlcipher-4.14"
	// SQLCipher455 is SQLCipher 4.5.5 on SQLite 3.42.0.
	SQLCipher455 = "sqlcipher-4.5.5"
	// SQLCipher341 is SQLCipher 3.4.1 on SQLite 3.15.2, as Debian has it.
	SQLCipher341 = "sqlcipher-3.4.1"
	// Signal418 is SQLCipher 4.18.0 with Signal's own crypto provider. It opens
	// plain file names only, without flags, has no key verb, and gives no
	// [Result] for a statement that returned no row.
	Signal418 = "signal-4.18"
	// SQLite3MC is SQLite3 Multiple Ciphers 2.4.0, an independent
	// implementation of the format. It needs [Peer.Prelude].
	SQLite3MC = "sqlite3mc"
	// SQLitePlain is the SQLite 3.51.3 of SQLCipher414 without encryption.
	SQLitePlain = "sqlite-plain"
)

// Names returns the names of all peers.
func Names() []string {
	return []string{SQLCipher414, SQLCipher455, SQLCipher341, Signal418, SQLite3MC, SQLitePlain}
}

// Peer is an installed peer.
type Peer struct {
	Name string
	// Path is the executable that speaks the protocol.
	Path string
	// Prelude is the SQL to run after open and before PRAGMA key (or the key
	// verb) that makes the peer use the format of SQLCipher 4. It is empty
	// where that is the default.
	Prelude string
}

// Require returns an installed peer. Without it the test cannot run: it fails
// under CI (the environment variable CI is set and not "false"), where the
// peers must be there, and is skipped elsewhere.
func Require(t testing.TB, name string) Peer {
	t.Helper()
	path, err := find(name)
	if err == nil {
		return Peer{Name: name, Path: path, Prelude: preludes[name]}
	}
	if ci := os.Getenv("CI"); ci != "" && ci != "false" {
		t.Fatalf("%v", err)
	}
	t.Skipf("\n\n*** NOT COMPARED WITH %s: %v\n*** Run `make peers` to install it.\n", name, err)
	return Peer{}
}

// Start starts the peer as a process of its own, which is killed when the test
// ends. A peer can be started any number of times.
func (p Peer) Start(t testing.TB) *Proc {
	t.Helper()
	return start(t, p.Name, p.Path, nil, nil)
}

var preludes = map[string]string{
	SQLite3MC: "PRAGMA cipher='sqlcipher'; PRAGMA legacy=4;",
}

func find(name string) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", fmt.Errorf("peers: %s: %w", name, err)
	}
	path := filepath.Join(dir, name, "peer")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("peers: %s is not installed: %w", name, err)
	}
	return path, nil
}

// cacheDir is the folder that install.sh installs into.
func cacheDir() (string, error) {
	if dir := os.Getenv("PAGESEAL_PEERS"); dir != "" {
		if !filepath.IsAbs(dir) {
			return "", errors.New("PAGESEAL_PEERS is not an absolute path")
		}
		return dir, nil
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(home, ".cache")
	}
	return filepath.Join(cache, "pageseal", "peers"), nil
}
