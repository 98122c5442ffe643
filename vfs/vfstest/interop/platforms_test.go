//go:build platforms

package interop

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// platforms are the other systems that testdata/platforms/run.sh runs programs
// for, as GOOS/GOARCH. linux/s390x is big-endian.
var platforms = []string{"windows/amd64", "linux/arm64", "linux/s390x"}

// engines are the packages of the adapters.
var engines = []string{"modernc", "ncruces"}

// root is the folder of the module.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// here is the platform of the test itself.
func here() string { return runtime.GOOS + "/" + runtime.GOARCH }

// build runs the go command for a platform.
func build(t testing.TB, platform string, args ...string) {
	t.Helper()
	system, arch, _ := strings.Cut(platform, "/")
	cmd := exec.Command("go", args...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %q for %s: %v\n%s", args, platform, err, out)
	}
}

// on is the command line that runs a program of a platform.
func on(t testing.TB, platform, program string, args ...string) []string {
	t.Helper()
	line := append([]string{program}, args...)
	if platform == here() {
		return line
	}
	return append([]string{filepath.Join(root(t), "testdata", "platforms", "run.sh"), platform}, line...)
}

// suffix ends the name of a program.
func suffix(platform string) string {
	if strings.HasPrefix(platform, "windows/") {
		return ".exe"
	}
	return ""
}

// everybody are the adapters as they run on each platform, and SQLCipher: the
// test binary of an adapter is a program that serves.
func everybody(t *testing.T) []side {
	all := []side{peerSide(peers.SQLCipher414)}
	for _, platform := range append([]string{here()}, platforms...) {
		dir := t.TempDir()
		build(t, platform, "test", "-c", "-o", dir+"/", "./vfs/modernc", "./vfs/ncruces")
		for _, engine := range engines {
			line := on(t, platform, filepath.Join(dir, engine+".test"+suffix(platform)))
			all = append(all, side{path.Join(platform, engine), func(t testing.TB) *peers.Proc {
				return peers.Command(t, line[0], line[1:], []string{serveVariable + "=1"})
			}})
		}
	}
	return all
}
