package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// entry is a file of an archive.
type entry struct {
	name string
	data []byte
	exec bool
}

func (e entry) mode() int64 {
	if e.exec {
		return 0o755
	}
	return 0o644
}

// archive packs a program with its texts, the way its users unpack things.
func (r *release) archive(b *binary, name string) error {
	program, err := b.read()
	if err != nil {
		return err
	}
	pack, suffix := writeTar, ".tar.gz"
	if b.os == "windows" {
		pack, suffix = writeZip, ".zip"
	}
	entries := []entry{
		{name: b.file(), data: program, exec: true},
		{name: "README.md", data: r.texts.readme},
		{name: "LICENSE", data: r.texts.license},
		{name: noticesName, data: r.notices[b]},
		{name: "CHANGELOG.md", data: r.texts.changelog},
		{name: "man/pageseal.1", data: r.texts.manual},
		{name: "completions/pageseal.bash", data: r.texts.bash},
		{name: "completions/_pageseal", data: r.texts.zsh},
		{name: "completions/pageseal.fish", data: r.texts.fish},
		{name: "completions/pageseal.ps1", data: r.texts.power},
	}
	folder := filepath.Base(name)
	for i := range entries {
		entries[i].name = path.Join(folder, entries[i].name)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	var packed bytes.Buffer
	if err := pack(&packed, r.epoch, entries); err != nil {
		return err
	}
	return os.WriteFile(name+suffix, packed.Bytes(), 0o644)
}

func writeTar(w io.Writer, epoch time.Time, entries []entry) error {
	packed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(packed)
	for _, e := range entries {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: e.name, Size: int64(len(e.data)), Mode: e.mode(),
			ModTime: epoch, Uname: "root", Gname: "root", Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(e.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return packed.Close()
}

func writeZip(w io.Writer, epoch time.Time, entries []entry) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: epoch}
		h.SetMode(os.FileMode(e.mode()))
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(e.data); err != nil {
			return err
		}
	}
	return z.Close()
}
