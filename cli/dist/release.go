package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sums is the file of the checksums of all others, for sha256sum -c.
const sums = "SHA256SUMS"

// release is what is packed.
type release struct {
	version string
	epoch   time.Time
	sqlite  string // the version of SQLite that is built in
	texts   texts
	built   []*binary
	notices map[*binary][]byte // the licenses of what is built in
}

// texts are the files beside the program.
type texts struct {
	readme, license, changelog []byte
	manual                     []byte
	bash, zsh, fish, power     []byte
}

// release builds all that is packed.
func (s *source) release(ctx context.Context, targets []target, work string) (*release, error) {
	built, here, err := s.buildAll(ctx, targets, work, releaseFlags...)
	if err != nil {
		return nil, err
	}
	return s.releaseOf(ctx, built, here)
}

// releaseOf brings together what goes with the programs. One of them runs here,
// and is asked for its texts.
func (s *source) releaseOf(ctx context.Context, built []*binary, here *binary) (*release, error) {
	r := &release{epoch: s.epoch, built: built, notices: map[*binary][]byte{}}
	var err error
	if r.version, err = here.version(); err != nil {
		return nil, err
	}
	for _, t := range []struct {
		to   *[]byte
		args []string
	}{
		{&r.texts.manual, []string{"man"}},
		{&r.texts.bash, []string{"completion", "bash"}},
		{&r.texts.zsh, []string{"completion", "zsh"}},
		{&r.texts.fish, []string{"completion", "fish"}},
		{&r.texts.power, []string{"completion", "powershell"}},
	} {
		if *t.to, err = here.words(ctx, t.args...); err != nil {
			return nil, err
		}
	}
	for name, to := range map[string]*[]byte{"README.md": &r.texts.readme, "LICENSE": &r.texts.license, "CHANGELOG.md": &r.texts.changelog} {
		if *to, err = os.ReadFile(filepath.Join(s.root, name)); err != nil {
			return nil, err
		}
	}
	for _, b := range built {
		if r.notices[b], err = s.notices(ctx, b); err != nil {
			return nil, err
		}
	}
	said, err := here.words(ctx, "-version")
	if err != nil {
		return nil, err
	}
	r.sqlite, _, _ = strings.Cut(string(said), " ")
	return r, nil
}

// write makes the files of the release in a folder.
func (r *release) write(ctx context.Context, dir string, log io.Writer) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, b := range r.built {
		name := filepath.Join(dir, fmt.Sprintf("pageseal-%s-%s", r.version, b.target))
		if err := r.archive(b, name); err != nil {
			return err
		}
		if err := r.writeSBOM(b, name+".cdx.json"); err != nil {
			return err
		}
	}
	if err := r.writeDebian(ctx, dir, log); err != nil {
		return err
	}
	return writeSums(dir, log)
}

// writeSums writes the checksums of the files of a folder, by their names.
func writeSums(dir string, log io.Writer) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(b), f.Name())
		fmt.Fprintf(log, "%10d  %s\n", len(b), f.Name())
	}
	return os.WriteFile(filepath.Join(dir, sums), text.Bytes(), 0o644)
}

// same wants two folders to hold the same files, and says how many.
func same(a, b string) (int, error) {
	names := map[string]bool{}
	for _, dir := range []string{a, b} {
		files, err := os.ReadDir(dir)
		if err != nil {
			return 0, err
		}
		for _, f := range files {
			names[f.Name()] = true
		}
	}
	var differ []error
	for name := range names {
		x, errX := os.ReadFile(filepath.Join(a, name))
		y, errY := os.ReadFile(filepath.Join(b, name))
		if err := errors.Join(errX, errY); err != nil {
			differ = append(differ, err)
		} else if !bytes.Equal(x, y) {
			differ = append(differ, fmt.Errorf("%s is not the same in the second build", name))
		}
	}
	return len(names), errors.Join(differ...)
}
