package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// noticesName is the file of the licenses of what is built in: most of them want
// to come along with a binary.
const noticesName = "THIRD-PARTY-LICENSES"

// notices are the licenses of the modules that a binary is built of, and of Go.
func (s *source) notices(ctx context.Context, b *binary) ([]byte, error) {
	goroot, err := output(ctx, s.root, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := appendLicenses(&text, "Go "+b.info.GoVersion, goroot); err != nil {
		return nil, err
	}
	args := []string{"go", "list", "-m", "-f", "{{.Dir}}"}
	for _, dep := range b.info.Deps {
		args = append(args, dep.Path)
	}
	dirs, err := output(ctx, s.root, nil, args...)
	if err != nil {
		return nil, err
	}
	for i, dir := range strings.Split(dirs, "\n") {
		if err := appendLicenses(&text, moduleName(b.info.Deps[i]), dir); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

// appendLicenses appends the licenses in a folder. There has to be one.
func appendLicenses(text *bytes.Buffer, name, dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, f := range files {
		if !f.Type().IsRegular() || !isLicense(f.Name()) {
			continue
		}
		license, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		found = true
		title := name + ", " + f.Name()
		fmt.Fprintf(text, "%s\n%s\n\n%s\n\n", title, strings.Repeat("=", len(title)), bytes.TrimSpace(license))
	}
	if !found {
		return fmt.Errorf("%s has no license that could come along", name)
	}
	return nil
}

func isLicense(name string) bool {
	name = strings.ToUpper(name)
	return slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE"}, func(s string) bool {
		return strings.HasPrefix(name, s)
	}) && !strings.HasSuffix(name, ".GO")
}

// moduleName is a module with its version.
func moduleName(m *debug.Module) string { return m.Path + " " + m.Version }
