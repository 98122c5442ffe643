package work_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/cli/work"
)

func write(text string) func(string) error {
	return func(path string) error { return os.WriteFile(path, []byte(text), 0o600) }
}

// only wants a folder to hold these files, by their content.
func only(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if text, ok := want[e.Name()]; !ok || string(got) != text || err != nil {
			t.Errorf("%s holds %q, %v", e.Name(), got, err)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := work.Target{Path: filepath.Join(dir, "a"), Mode: 0o640, Need: 3}
	if err := target.Make(write("one")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, map[string]string{"a": "one"})
	if info, err := os.Stat(target.Path); err != nil || os.PathSeparator == '/' && info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := target.Make(write("two")); !errors.Is(err, work.ErrExists) {
		t.Errorf("over a file: %v", err)
	}
	target.Replace = true
	failed := errors.New("failed")
	err := target.Make(func(path string) error {
		for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
			if err := write("half")(path + suffix); err != nil {
				t.Fatal(err)
			}
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("a failure is %v", err)
	}
	only(t, dir, map[string]string{"a": "one"})
	if err := target.Make(write("two")); err != nil {
		t.Fatal(err)
	}
	only(t, dir, map[string]string{"a": "two"})
}

// TestTargetMeanwhile has the file come from somebody else while it is made.
func TestTargetMeanwhile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := work.Target{Path: filepath.Join(dir, "a")}
	err := target.Make(func(path string) error {
		return errors.Join(write("theirs")(target.Path), write("ours")(path))
	})
	if !errors.Is(err, work.ErrExists) {
		t.Errorf("over a file: %v", err)
	}
	only(t, dir, map[string]string{"a": "theirs"})
}

func TestTargetRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fail := func(string) error { t.Error("it is made"); return nil }
	if err := (work.Target{Path: dir, Replace: true}).Make(fail); err == nil {
		t.Error("over a folder")
	}
	if err := (work.Target{Path: filepath.Join(dir, "a"), Need: 1 << 60}).Make(fail); err == nil {
		t.Error("without the space")
	}
	for _, suffix := range []string{"-journal", "-wal"} {
		target := work.Target{Path: filepath.Join(dir, "a"), Replace: true}
		if err := write("hot")(target.Path + suffix); err != nil {
			t.Fatal(err)
		}
		if err := target.Make(fail); err == nil {
			t.Errorf("beside a %s", suffix)
		}
		if err := os.Remove(target.Path + suffix); err != nil {
			t.Fatal(err)
		}
	}
	only(t, dir, map[string]string{})
}
