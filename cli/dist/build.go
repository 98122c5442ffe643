package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// program is the package that is built.
const program = "./cli/pageseal"

const allTargets = "linux/amd64,linux/arm64,windows/amd64,windows/arm64,darwin/amd64,darwin/arm64"

// target is a system to build for.
type target struct{ os, arch string }

func parseTargets(names string) (targets []target, err error) {
	all := strings.Split(allTargets, ",")
	for _, name := range strings.Split(names, ",") {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("%q is none of %s", name, allTargets)
		}
		system, arch, _ := strings.Cut(name, "/")
		targets = append(targets, target{system, arch})
	}
	return targets, nil
}

func (t target) String() string { return t.os + "-" + t.arch }

// file is the name of the program there.
func (t target) file() string {
	if t.os == "windows" {
		return "pageseal.exe"
	}
	return "pageseal"
}

// binary is a built program.
type binary struct {
	target
	path string
	info *buildinfo.BuildInfo
}

func (b *binary) read() ([]byte, error) { return os.ReadFile(b.path) }

// releaseFlags keep the paths of the machine out.
var releaseFlags = []string{"-trimpath"}

// build builds the program. What the environment could change is set, so that
// all machines build the same.
func (s *source) build(ctx context.Context, t target, dir string, flags ...string) (*binary, error) {
	b := &binary{target: t, path: filepath.Join(dir, t.String(), t.file())}
	link := "-s -w -buildid="
	if t.os == "darwin" {
		// The UUID of a Mach-O file is a hash of the build ID: none without the
		// other, and macOS does not start programs that have no UUID.
		link = "-s -w"
	}
	args := slices.Concat([]string{"go", "build", "-buildvcs=auto", "-ldflags", link, "-o", b.path}, flags, []string{program})
	env := []string{"CGO_ENABLED=0", "GOOS=" + t.os, "GOARCH=" + t.arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOEXPERIMENT=", "GOFIPS140=off", "GOFLAGS=", "GOWORK=off"}
	if _, err := output(ctx, s.root, env, args...); err != nil {
		return nil, err
	}
	var err error
	b.info, err = buildinfo.ReadFile(b.path)
	return b, err
}

// buildAll builds for the targets, and tells which of the programs runs here.
func (s *source) buildAll(ctx context.Context, targets []target, dir string, flags ...string) (all []*binary, here *binary, err error) {
	host := target{runtime.GOOS, runtime.GOARCH}
	for _, t := range targets {
		b, err := s.build(ctx, t, dir, flags...)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, b)
		if t == host {
			here = b
		}
	}
	if here == nil {
		here, err = s.build(ctx, host, dir, flags...)
	}
	return all, here, err
}

// version is that of the commit, as the toolchain tells it.
func (b *binary) version() (string, error) {
	v := strings.TrimPrefix(b.info.Main.Version, "v")
	switch {
	case v == "" || v == "(devel)": // there is no git
		return compat.PagesealVersion, nil
	case !strings.ContainsAny(v, "-+") && v != compat.PagesealVersion:
		return "", fmt.Errorf("the tag says %s, and compat.PagesealVersion %s", v, compat.PagesealVersion)
	}
	return v, nil
}

// words is what the program prints.
func (b *binary) words(ctx context.Context, args ...string) ([]byte, error) {
	out, err := output(ctx, os.TempDir(), nil, append([]string{b.path}, args...)...)
	return append([]byte(out), '\n'), err
}
