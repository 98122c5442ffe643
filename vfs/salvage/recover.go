package salvage

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Recover salvages a database into a new one at path, which open opens: under
// the key that it is going to have. There must not be a file yet, unless it may
// be replaced.
//
// The new database is made beside its place, verified and made durable, and only
// then gets its name: where something fails there is none. The report is there
// even so, if salvaging began.
func Recover(ctx context.Context, pages Pages, path string, replace bool, opts Options,
	open func(ctx context.Context, path string) (driver.Conn, error)) (report *Report, err error) {
	if err := mayWrite(path, replace); err != nil {
		return nil, err
	}
	temporary := path + "-recovering"
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	fill := func(conn driver.Conn) (err error) {
		report, err = Run(ctx, pages, &target{ctx: ctx, conn: conn}, opts)
		return err
	}
	err = with(ctx, temporary, open, fill)
	if err == nil {
		err = with(ctx, temporary, open, func(conn driver.Conn) error {
			return verify(&target{ctx: ctx, conn: conn}, report)
		})
	}
	if err == nil {
		err = put(temporary, path, replace)
	}
	if err != nil {
		return report, errors.Join(err, removeAll(temporary))
	}
	return report, nil
}

// with opens a connection for f.
func with(ctx context.Context, path string, open func(context.Context, string) (driver.Conn, error),
	f func(driver.Conn) error) error {
	conn, err := open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(f(conn), conn.Close())
}

// verify makes sure that the new database has the rows that were put into it,
// and that neither the MACs nor SQLite have a complaint.
func verify(t *target, report *Report) error {
	for _, table := range append(report.Tables[:len(report.Tables):len(report.Tables)], report.LostAndFound) {
		if table.Name == "" {
			continue
		}
		rows, err := t.Query("SELECT count(*) FROM " + quoteText(table.Name))
		if err != nil {
			return err
		}
		if rows[0][0] != strconv.FormatInt(table.Rows, 10) {
			return fmt.Errorf("salvage: the new table %s has %s rows instead of %d", table.Name, rows[0][0], table.Rows)
		}
	}
	macs, err := t.Query("PRAGMA cipher_integrity_check")
	if err != nil {
		return err
	}
	if len(macs) > 0 {
		return fmt.Errorf("salvage: the new database: %s", macs[0][0])
	}
	// Rows of the old one may break a constraint that it got later.
	if err := t.exec("PRAGMA ignore_check_constraints = ON"); err != nil {
		return err
	}
	found, err := t.Query("PRAGMA integrity_check")
	if err != nil {
		return err
	}
	for _, row := range found {
		if row[0] != "ok" {
			report.Doubts = append(report.Doubts, row[0])
		}
	}
	return nil
}

// suffixes are those of the files that belong to a database.
var suffixes = []string{"-journal", "-wal", "-shm"}

// mayWrite makes sure that nothing stands where the new database is to be.
func mayWrite(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !replace:
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", path)
	}
	// SQLite would play it back into the new database.
	for _, suffix := range suffixes[:2] {
		if _, err := os.Lstat(path + suffix); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("%s%s: %w", path, suffix, fs.ErrExist), err)
		}
	}
	return nil
}

// put makes a file durable and gives it its name.
func put(from, to string, replace bool) error {
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := mayWrite(to, replace); err != nil {
		return err // somebody has put it there meanwhile
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if d, err := os.Open(filepath.Dir(to)); err == nil && runtime.GOOS != "windows" {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

// removeAll deletes a database and what belongs to it, as far as it is there.
func removeAll(path string) (all error) {
	for _, suffix := range append(suffixes, "") {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}
