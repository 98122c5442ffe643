package vfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pageseal/pageseal/vfs"
)

// claim wants a claim to be granted.
func claim(t *testing.T, path, engine string) (release func()) {
	t.Helper()
	release, err := vfs.Claim(path, engine)
	if err != nil {
		t.Fatalf("%s for %s: %v", path, engine, err)
	}
	return release
}

func refused(t *testing.T, path, engine string) {
	t.Helper()
	if _, err := vfs.Claim(path, engine); !errors.Is(err, vfs.ErrOtherEngine) {
		t.Errorf("%s for %s: %v, want it refused", path, engine, err)
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	for _, p := range []string{path, other} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, second := claim(t, path, "one"), claim(t, path, "one")
	refused(t, path, "two")
	claim(t, other, "two")()
	first()
	first() // counts once
	refused(t, path, "two")
	second()
	claim(t, path, "two")()
	claim(t, path, "one")()
}

// TestClaimOtherName asks for a file under another name: a link, the name that
// it was given meanwhile. Nothing else runs then: any other claim would look at
// the file in time.
func TestClaimOtherName(t *testing.T) {
	t.Run("link", func(t *testing.T) { claimOtherName(t, os.Link) })
	t.Run("renamed", func(t *testing.T) { claimOtherName(t, os.Rename) })
}

func claimOtherName(t *testing.T, make func(path, other string) error) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	release := claim(t, path, "one")
	if err := make(path, other); err != nil {
		t.Fatal(err)
	}
	refused(t, other, "two")
	release()
	claim(t, other, "two")()
}

// TestClaimNewFile claims a file before it is there.
func TestClaimNewFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	release := claim(t, path, "one")
	refused(t, path, "two")
	claim(t, other, "two")()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "two")
	if err := os.Link(path, other); err != nil {
		t.Fatal(err)
	}
	refused(t, other, "two")
	release()
	claim(t, other, "two")()
}

// TestClaimReplaced lets another engine open the file that has taken the place
// of one in use. It runs alone, as above.
func TestClaimReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	for _, p := range []string{path, path + ".new"} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := claim(t, path, "one")
	for _, names := range [][2]string{{path, path + ".old"}, {path + ".new", path}} {
		if err := os.Rename(names[0], names[1]); err != nil {
			t.Fatal(err)
		}
	}
	replaced := claim(t, path, "two")
	refused(t, path, "one")
	old()
	refused(t, path, "one")
	replaced()
}

// TestClaimConcurrently lets one engine alone into a file at a time.
func TestClaimConcurrently(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	var mu sync.Mutex
	inside := map[string]int{}
	var workers sync.WaitGroup
	for _, engine := range []string{"one", "two", "one", "two"} {
		workers.Go(func() {
			for range 500 {
				release, err := vfs.Claim(path, engine)
				if err != nil {
					continue
				}
				mu.Lock()
				inside[engine]++
				if inside["one"] > 0 && inside["two"] > 0 {
					t.Error("both engines have the file")
				}
				inside[engine]--
				mu.Unlock()
				release()
			}
		})
	}
	workers.Wait()
}
