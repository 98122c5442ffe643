//go:build platforms

package interop

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// TestCommand runs the program that ships on each platform: its version, a
// session, what it tells of a file. SQLCipher reads the database.
func TestCommand(t *testing.T) {
	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			program, path := filepath.Join(dir, "pageseal"+suffix(platform)), filepath.Join(dir, "clinic.db")
			build(t, platform, "build", "-o", program, "./cli/pageseal")
			run := func(stdin string, args ...string) string {
				t.Helper()
				line := on(t, platform, program, args...)
				cmd := exec.Command(line[0], line[1:]...)
				cmd.Stdin = strings.NewReader(stdin)
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("pageseal %q: %v\n%s", args, err, out)
				}
				return strings.ReplaceAll(string(out), "\r\n", "\n")
			}
			if got := run("", "--version"); !strings.HasPrefix(got, "3.") || !strings.Contains(got, "(pageseal") {
				t.Errorf("--version prints %q", got)
			}
			key := "PRAGMA key='correct horse';\n"
			if got := run(key+fill+digest, path); !strings.HasPrefix(got, "ok\n259|") {
				t.Errorf("the first session prints %q", got)
			}
			if got := run("", "info", path); !strings.Contains(got, "encrypted database\n") {
				t.Errorf("info prints %q", got)
			}
			want := strings.TrimPrefix(strings.TrimSpace(run(key+change+digest, path)), "ok\n")
			c := peerSide(peers.SQLCipher414)
			p := levels[3].open(t, c, path)
			if got := p.MustExec(digest).Text(); got != want {
				t.Errorf("SQLCipher reads %q, pageseal %q", got, want)
			}
			check(t, c, p)
		})
	}
}
