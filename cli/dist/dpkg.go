package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// pack makes a package of files by dpkg-deb. Beside them control may have
// scripts.
func (r *release) pack(ctx context.Context, name string, c control, files, scripts []entry) (err error) {
	tree, err := os.MkdirTemp("", "pageseal-deb-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tree)) }()
	var sums bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&sums, "%x  %s\n", md5.Sum(f.data), f.name) // what dpkg --verify reads
		c.KiB += (len(f.data) + 1023) / 1024
	}
	var text bytes.Buffer
	if err := debianTemplates.ExecuteTemplate(&text, "control.tmpl", c); err != nil {
		return err
	}
	for _, s := range append(scripts, entry{name: "control", data: text.Bytes()}, entry{name: "md5sums", data: sums.Bytes()}) {
		s.name = "DEBIAN/" + s.name
		files = append(files, s)
	}
	if err := writeTree(tree, files, r.epoch); err != nil {
		return err
	}
	// More threads would cut the data in another way on another machine.
	_, err = output(ctx, tree, []string{fmt.Sprint("SOURCE_DATE_EPOCH=", r.epoch.Unix())},
		"dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", tree, name)
	return err
}

// writeTree lays out files, with modes and times that do not depend on who does.
func writeTree(root string, files []entry, epoch time.Time) error {
	for _, f := range files {
		path := filepath.Join(root, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.data, 0o600); err != nil {
			return err
		}
		if err := os.Chmod(path, os.FileMode(f.mode())); err != nil {
			return err
		}
	}
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return errors.Join(err, os.Chtimes(path, epoch, epoch))
	})
}
