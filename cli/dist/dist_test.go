package main

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// epoch is a time that nothing else has.
var epoch = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

var workDir string

func TestMain(m *testing.M) {
	var err error
	if workDir, err = os.MkdirTemp("", "pageseal-dist-test-"); err != nil {
		panic(err)
	}
	status := m.Run()
	if err := os.RemoveAll(workDir); err != nil {
		panic(err)
	}
	os.Exit(status)
}

// built is a release for linux/amd64 alone, built once for all tests. Paths are
// not trimmed: the packages are compiled already then, for other tests.
var built = sync.OnceValues(func() (*release, error) {
	ctx := context.Background()
	root, err := output(ctx, ".", nil, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	s := &source{root: root, epoch: epoch}
	all, here, err := s.buildAll(ctx, []target{{"linux", "amd64"}}, workDir)
	if err != nil {
		return nil, err
	}
	return s.releaseOf(ctx, all, here)
})

func builtRelease(t *testing.T) *release {
	t.Helper()
	r, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// packed is a folder with the files of the release.
var packed = sync.OnceValues(func() (string, error) {
	r, err := built()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(workDir, "dist")
	return dir, r.write(context.Background(), dir, io.Discard)
})

func written(t *testing.T) string {
	t.Helper()
	dir, err := packed()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStatic(t *testing.T) {
	f, err := elf.Open(builtRelease(t).built[0].path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program wants an interpreter")
		}
	}
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program wants %v, %v", libraries, err)
	}
	if s := f.Section(".symtab"); s != nil {
		t.Error("the program has symbols")
	}
}

var wantFiles = []string{"CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-LICENSES",
	"completions/_pageseal", "completions/pageseal.bash", "completions/pageseal.fish", "completions/pageseal.ps1",
	"man/pageseal.1", "pageseal"}

func TestArchive(t *testing.T) {
	r := builtRelease(t)
	folder := "pageseal-" + r.version + "-linux-amd64"
	file, err := os.Open(filepath.Join(written(t), folder+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("the archive has the time %v and the name %q", z.ModTime, z.Name)
	}
	texts := map[string][]byte{}
	var names []string
	for unpack := tar.NewReader(z); ; {
		h, err := unpack.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(h.Name, folder+"/")
		names = append(names, name)
		mode := int64(0o644)
		if name == "pageseal" {
			mode = 0o755
		}
		if !h.ModTime.Equal(epoch) || h.Uid != 0 || h.Gid != 0 || h.Uname != "root" || h.Gname != "root" || h.Mode != mode {
			t.Errorf("%s is of %v, %s:%s (%d:%d), mode %o", h.Name, h.ModTime, h.Uname, h.Gname, h.Uid, h.Gid, h.Mode)
		}
		if texts[name], err = io.ReadAll(unpack); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(names, wantFiles) {
		t.Errorf("the archive holds %q", names)
	}
	program, err := r.built[0].read()
	if err != nil || !bytes.Equal(texts["pageseal"], program) {
		t.Errorf("the program is another one, %v", err)
	}
	for name, part := range map[string]string{
		"man/pageseal.1":            ".TH pageseal 1",
		"completions/pageseal.bash": "complete ",
		"completions/_pageseal":     "#compdef pageseal",
		"completions/pageseal.fish": "complete -c pageseal",
		"completions/pageseal.ps1":  "Register-ArgumentCompleter",
		"README.md":                 "# pageseal",
		"LICENSE":                   "BSD 3-Clause",
		"CHANGELOG.md":              "# Changelog",
		"THIRD-PARTY-LICENSES":      "\nmodernc.org/sqlite v",
	} {
		if !bytes.Contains(texts[name], []byte(part)) {
			t.Errorf("%s does not contain %q", name, part)
		}
	}
}

func TestZip(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	entries := []entry{{name: "d/b", data: []byte("text")}, {name: "d/pageseal.exe", data: make([]byte, 1000), exec: true}}
	if err := writeZip(&packed, epoch, entries); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		if f.Name != entries[i].name || !f.Modified.Equal(epoch) || f.Mode() != os.FileMode(entries[i].mode()) {
			t.Errorf("%s is of %v, mode %v", f.Name, f.Modified, f.Mode())
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, entries[i].data) {
			t.Errorf("%s is %d bytes, %v", f.Name, len(data), err)
		}
	}
}

func TestChecksums(t *testing.T) {
	dir := written(t)
	list, err := os.Open(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	summed := map[string]bool{"SHA256SUMS": true}
	for lines := bufio.NewScanner(list); lines.Scan(); {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has the sum %x", name, got)
		}
		summed[name] = true
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if !summed[f.Name()] {
			t.Errorf("%s has no sum", f.Name())
		}
	}
}

// TestRefuses builds nothing where it might do harm, or something else than what
// is committed.
func TestRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{{"init", "--quiet"}, {"-c", "user.name=x", "-c", "commit.gpgsign=false", "-c", "user.email=x@example.com", "commit", "--quiet", "--allow-empty", "-m", "x"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	s := &source{root: dir, epoch: epoch}
	if err := s.checkClean(t.Context()); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new.go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.checkClean(t.Context()); err == nil || !strings.Contains(err.Error(), "new.go") {
		t.Errorf("a file that is not committed: %v", err)
	}
	if err := clearFolder(dir); err == nil {
		t.Error("it would have removed a folder that holds something else")
	}
	if _, err := os.Stat(filepath.Join(dir, "new.go")); err != nil {
		t.Error(err)
	}
	if err := run(t.Context(), []string{"-once", "-targets", "plan9/386"}, io.Discard); err == nil {
		t.Error("it builds for an unknown system")
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), t.TempDir()
	for i, dir := range []string{a, b} {
		for name, text := range map[string]string{"same": "x", "other": fmt.Sprint(i), fmt.Sprint("only", i): "x"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, err := same(a, b)
	for _, name := range []string{"other", "only0", "only1"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not noticed: %v", name, err)
		}
	}
	if n, err := same(a, a); n != 3 || err != nil {
		t.Errorf("the same folder: %d files, %v", n, err)
	}
}
