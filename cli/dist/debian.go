package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed debian
var debianFiles embed.FS

var debianTemplates = template.Must(template.ParseFS(debianFiles, "debian/control.tmpl", "debian/copyright"))

const pagesealDescription = `SQLCipher databases without C
 An SQL shell for SQLCipher and plain SQLite databases with the modes and
 commands of sqlite3, and commands that encrypt, decrypt, rekey, migrate,
 verify and recover them. One static program.`

const sqlcipherDescription = `pageseal under the name of sqlcipher
 Registers pageseal as the program sqlcipher with update-alternatives, for
 scripts that call it.`

// control is what stands in the control file of a package.
type control struct {
	Package, Version, Architecture string
	Relations                      []string
	Description                    string
	KiB                            int // installed
}

func (c control) file() string {
	return fmt.Sprintf("%s_%s_%s.deb", c.Package, c.Version, c.Architecture)
}

// writeDebian makes the Debian packages, where there is something to make them
// with.
func (r *release) writeDebian(ctx context.Context, dir string, log io.Writer) error {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		fmt.Fprintln(log, "no Debian packages: there is no dpkg-deb")
		return nil
	}
	found := false
	for _, b := range r.built {
		if b.os != "linux" {
			continue
		}
		found = true
		files, err := r.pagesealFiles(b)
		if err != nil {
			return err
		}
		c := control{Package: "pageseal", Version: r.debianVersion(), Architecture: b.arch, Description: pagesealDescription}
		if err := r.pack(ctx, filepath.Join(dir, c.file()), c, files, nil); err != nil {
			return err
		}
	}
	if !found {
		return nil
	}
	return r.writeSQLCipher(ctx, dir)
}

// writeSQLCipher makes the package that gives pageseal the name of sqlcipher.
func (r *release) writeSQLCipher(ctx context.Context, dir string) error {
	files, err := r.docFiles("pageseal-sqlcipher")
	if err != nil {
		return err
	}
	var scripts []entry
	for _, name := range []string{"postinst", "prerm"} {
		text, err := debianFiles.ReadFile("debian/" + name)
		if err != nil {
			return err
		}
		scripts = append(scripts, entry{name: name, data: text, exec: true})
	}
	c := control{Package: "pageseal-sqlcipher", Version: r.debianVersion(), Architecture: "all", Description: sqlcipherDescription,
		// The package sqlcipher owns the file that the alternative would be.
		Relations: []string{"Depends: pageseal (>= " + r.debianVersion() + ")", "Conflicts: sqlcipher"}}
	return r.pack(ctx, filepath.Join(dir, c.file()), c, files, scripts)
}

// debianVersion is the version in Debian's order: what is before a release sorts
// before it.
func (r *release) debianVersion() string { return strings.ReplaceAll(r.version, "-", "~") }

// pagesealFiles are the files of the package, where Debian has them.
func (r *release) pagesealFiles(b *binary) ([]entry, error) {
	program, err := b.read()
	if err != nil {
		return nil, err
	}
	files, err := r.docFiles("pageseal")
	if err != nil {
		return nil, err
	}
	return append(files,
		entry{name: "usr/bin/pageseal", data: program, exec: true},
		entry{name: "usr/share/bash-completion/completions/pageseal", data: r.texts.bash},
		entry{name: "usr/share/zsh/vendor-completions/_pageseal", data: r.texts.zsh},
		entry{name: "usr/share/fish/vendor_completions.d/pageseal.fish", data: r.texts.fish},
		entry{name: "usr/share/man/man1/pageseal.1.gz", data: gzipped(r.texts.manual)},
		entry{name: "usr/share/doc/pageseal/" + noticesName + ".gz", data: gzipped(r.notices[b])},
	), nil
}

// docFiles are the files that each package has.
func (r *release) docFiles(name string) ([]entry, error) {
	license := " " + strings.ReplaceAll(strings.TrimSpace(string(r.texts.license)), "\n", "\n ")
	license = strings.ReplaceAll(license, "\n \n", "\n .\n")
	var copyright bytes.Buffer
	if err := debianTemplates.ExecuteTemplate(&copyright, "copyright", license); err != nil {
		return nil, err
	}
	folder := "usr/share/doc/" + name + "/"
	return []entry{
		{name: folder + "changelog.gz", data: gzipped(r.texts.changelog)},
		{name: folder + "copyright", data: copyright.Bytes()},
	}, nil
}

// gzipped is what gzip -9n makes: without a name and a time.
func gzipped(text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // there is such a level
	}
	_, _ = w.Write(text) // into memory
	_ = w.Close()
	return b.Bytes()
}
