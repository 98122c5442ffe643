package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// needDpkg is for tests of Debian packages. Where the tests have to be complete
// there is dpkg.
func needDpkg(t *testing.T) {
	t.Helper()
	for _, name := range []string{"dpkg", "dpkg-deb", "update-alternatives"} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
}

func dpkgDeb(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("dpkg-deb", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("dpkg-deb %v: %v: %s", args, err, out)
	}
	return string(out)
}

// packages are those of the release: pageseal, and pageseal-sqlcipher.
func packages(t *testing.T, r *release) (pageseal, sqlcipher string) {
	t.Helper()
	needDpkg(t)
	dir := written(t)
	return filepath.Join(dir, "pageseal_"+r.debianVersion()+"_amd64.deb"),
		filepath.Join(dir, "pageseal-sqlcipher_"+r.debianVersion()+"_all.deb")
}

// TestPackedTwice packs the same program under other circumstances.
func TestPackedTwice(t *testing.T) {
	needDpkg(t)
	r := builtRelease(t)
	a, b := written(t), filepath.Join(t.TempDir(), "dist")
	t.Setenv("TZ", "Asia/Kathmandu")
	defer syscall.Umask(syscall.Umask(0o077))
	if err := r.write(t.Context(), b, io.Discard); err != nil {
		t.Fatal(err)
	}
	if n, err := same(a, b); n != 5 || err != nil {
		t.Errorf("%d files, %v", n, err)
	}
}

func TestDebianContent(t *testing.T) {
	r := builtRelease(t)
	pageseal, sqlcipher := packages(t, r)
	line := regexp.MustCompile(`(?m)^(\S+) (\S+) +\d+ (\S+ \S+) \./(.*)$`)
	for deb, want := range map[string][]string{
		pageseal: {"usr/bin/pageseal", "usr/share/bash-completion/completions/pageseal",
			"usr/share/doc/pageseal/THIRD-PARTY-LICENSES.gz", "usr/share/doc/pageseal/changelog.gz", "usr/share/doc/pageseal/copyright",
			"usr/share/fish/vendor_completions.d/pageseal.fish", "usr/share/man/man1/pageseal.1.gz",
			"usr/share/zsh/vendor-completions/_pageseal"},
		sqlcipher: {"usr/share/doc/pageseal-sqlcipher/changelog.gz", "usr/share/doc/pageseal-sqlcipher/copyright"},
	} {
		var files []string
		for _, m := range line.FindAllStringSubmatch(dpkgDeb(t, "-c", deb), -1) {
			mode, owner, time, name := m[1], m[2], m[3], m[4]
			wantMode := "-rw-r--r--"
			switch {
			case name == "" || strings.HasSuffix(name, "/"):
				wantMode = "drwxr-xr-x"
			case name == "usr/bin/pageseal":
				wantMode = "-rwxr-xr-x"
			}
			if mode != wantMode || owner != "root/root" || !strings.HasPrefix(time, "2001-02-0") {
				t.Errorf("%s is %s %s of %s", name, mode, owner, time)
			}
			if wantMode[0] == '-' {
				files = append(files, name)
			}
		}
		if !slices.Equal(files, want) {
			t.Errorf("%s holds %q", deb, files)
		}
	}
	for deb, fields := range map[string]map[string]string{
		pageseal:  {"Package": "pageseal", "Architecture": "amd64", "Version": r.debianVersion()},
		sqlcipher: {"Package": "pageseal-sqlcipher", "Architecture": "all", "Depends": "pageseal (>= " + r.debianVersion() + ")", "Conflicts": "sqlcipher"},
	} {
		for name, want := range fields {
			if got := strings.TrimSpace(dpkgDeb(t, "-f", deb, name)); got != want {
				t.Errorf("%s: %s is %q", deb, name, got)
			}
		}
	}
	// dpkg orders versions by letters that ours do not have by accident.
	if err := exec.Command("dpkg", "--compare-versions", (&release{version: "0.2.0-rc.1"}).debianVersion(), "lt", "0.2.0").Run(); err != nil {
		t.Error("a candidate is not before its release:", err)
	}
}

// TestInstall installs both packages into a folder, and removes the one.
func TestInstall(t *testing.T) {
	r := builtRelease(t)
	pageseal, sqlcipher := packages(t, r)
	root := t.TempDir()
	for _, dir := range []string{"var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/alternatives", "var/log", "etc/alternatives"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	dpkg := func(args ...string) {
		t.Helper()
		args = append([]string{"--root=" + root, "--log=" + filepath.Join(root, "var/log/dpkg.log"), "--force-script-chrootless",
			"--force-not-root", "--force-bad-path", "--force-architecture"}, args...)
		if out, err := exec.Command("dpkg", args...).CombinedOutput(); err != nil {
			t.Fatalf("dpkg %v: %v: %s", args, err, out)
		}
	}
	dpkg("-i", pageseal, sqlcipher)
	installed := filepath.Join(root, "usr/bin/pageseal")
	if got := within(t, root, "/usr/bin/sqlcipher"); got != installed {
		t.Errorf("sqlcipher is %s", got)
	}
	if got := within(t, root, "/usr/share/man/man1/sqlcipher.1.gz"); filepath.Base(got) != "pageseal.1.gz" {
		t.Errorf("the manual of sqlcipher is %s", got)
	}
	program, err := r.built[0].read()
	if got, err2 := os.ReadFile(installed); err != nil || err2 != nil || string(got) != string(program) {
		t.Errorf("another program is installed: %v, %v", err, err2)
	}
	dpkg("-r", "pageseal-sqlcipher")
	if _, err := os.Lstat(filepath.Join(root, "usr/bin/sqlcipher")); !os.IsNotExist(err) {
		t.Errorf("sqlcipher after its package is removed: %v", err)
	}
	if _, err := os.Stat(installed); err != nil {
		t.Error(err)
	}
}

// within follows the links of a path in a root folder, as if that were the root.
func within(t *testing.T, root, path string) string {
	t.Helper()
	for range 10 {
		to, err := os.Readlink(filepath.Join(root, path))
		if err != nil {
			break
		}
		path = to
	}
	path = filepath.Join(root, path)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		t.Fatalf("%s: %v", path, err)
	}
	return path
}

// TestNoDpkg leaves the Debian packages out where they cannot be made.
func TestNoDpkg(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var log strings.Builder
	dir := t.TempDir()
	if err := builtRelease(t).writeDebian(t.Context(), dir, &log); err != nil {
		t.Fatal(err)
	}
	if debs, _ := filepath.Glob(filepath.Join(dir, "*.deb")); len(debs) > 0 || !strings.Contains(log.String(), "no Debian packages") {
		t.Errorf("%v, %s", debs, log.String())
	}
}
