package salvage_test

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/salvage"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

func cutRows(tables []salvage.TableReport, name string) int64 {
	for _, t := range tables {
		if t.Name == name {
			return t.Cut
		}
	}
	return 0
}

// write puts a file into a folder of its own.
func write(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSalt damages the salt, which is in clear and under no MAC.
func TestSalt(t *testing.T) {
	t.Parallel()
	f := forms[1]
	db := f.made(t, content)
	salt := [16]byte(db)
	db[3] ^= 1
	path := write(t, db)
	_, err := salvage.Open(path, f.key(t), f.settings())
	if !errors.Is(err, compat.ErrWrongKey) || !strings.Contains(err.Error(), "salt") {
		t.Errorf("with a damaged salt: %v", err)
	}
	given := f.settings()
	given.Salt, given.HasSalt = salt, true
	long, err := compat.ParseKeyspec([]byte(rawKey[:len(rawKey)-1] + hex.EncodeToString(salt[:]) + "'"))
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (*salvage.File, error){
		"as a setting": func() (*salvage.File, error) { return salvage.Open(path, f.key(t), given) },
		"with the key": func() (*salvage.File, error) { return salvage.Open(path, long, f.settings()) },
	} {
		pages, err := open()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		report, err := salvage.Recover(context.Background(), pages, path+name, false, salvage.Options{}, f.open(t))
		if err != nil || !report.Complete() {
			t.Errorf("%s: %v, %s", name, err, said(report))
		}
		_ = pages.Close()
	}
}

// TestNotOpened are files and keys that cannot be right.
func TestNotOpened(t *testing.T) {
	t.Parallel()
	encrypted, plain := forms[1].made(t, content), forms[8].made(t, content)
	wrong, err := compat.ParseKeyspec([]byte(strings.ToLower(rawKey)[:20] + "00" + rawKey[22:]))
	if err != nil {
		t.Fatal(err)
	}
	headerInClear := append([]byte(nil), encrypted...)
	copy(headerInClear, plain[:64])
	for _, c := range []struct {
		name    string
		content []byte
		key     compat.Keyspec
		want    error
	}{
		{"wrong key", encrypted, wrong, compat.ErrWrongKey},
		{"no key", encrypted, compat.Keyspec{}, compat.ErrNoKey},
		{"no key for a plaintext header", headerInClear, compat.Keyspec{}, compat.ErrNoKey},
		{"a key for none", plain, wrong, compat.ErrPlaintext},
		{"nothing that verifies", make([]byte, 50000), wrong, compat.ErrWrongKey},
		{"less than a salt", []byte("short"), wrong, compat.ErrShortFile},
		{"text", []byte(strings.Repeat("This is no database. ", 1000)), compat.Keyspec{}, compat.ErrNoKey},
	} {
		pages, err := salvage.Open(write(t, c.content), c.key, forms[1].settings())
		if !errors.Is(err, c.want) || pages != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := salvage.OpenPlain(write(t, nil)); err == nil {
		t.Error("an empty file was opened")
	}
	if _, err := salvage.OpenPlain(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
}

// TestTarget is about what is at the place of the new database.
func TestTarget(t *testing.T) {
	t.Parallel()
	f := forms[1]
	path := write(t, f.made(t, content))
	pages, err := salvage.Open(path, f.key(t), f.settings())
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	target := filepath.Join(t.TempDir(), "new.db")
	recoverIt := func(ctx context.Context, replace bool) error {
		_, err := salvage.Recover(ctx, pages, target, replace, salvage.Options{}, f.open(t))
		return err
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := recoverIt(ended, false); !errors.Is(err, context.Canceled) {
		t.Errorf("ended, it fails with %v", err)
	}
	if left := folder(t, filepath.Dir(target)); len(left) > 0 {
		t.Errorf("it leaves %d files", len(left))
	}
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := recoverIt(context.Background(), false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file it fails with %v", err)
	}
	if left := folder(t, filepath.Dir(target)); len(left) != 1 || string(left["new.db"]) != "mine" {
		t.Errorf("it leaves %d files and %.4q", len(left), left["new.db"])
	}
	if err := os.WriteFile(target+"-wal", []byte("log"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := recoverIt(context.Background(), true); !errors.Is(err, fs.ErrExist) {
		t.Errorf("beside a log it fails with %v", err)
	}
	if err := os.Remove(target + "-wal"); err != nil {
		t.Fatal(err)
	}
	failing := errors.New("no")
	open := func(ctx context.Context, path string) (driver.Conn, error) { return nil, failing }
	if _, err := salvage.Recover(context.Background(), pages, target, true, salvage.Options{}, open); !errors.Is(err, failing) {
		t.Errorf("without a connection it fails with %v", err)
	}
	if left := folder(t, filepath.Dir(target)); len(left) != 1 || string(left["new.db"]) != "mine" {
		t.Errorf("it leaves %d files and %.4q", len(left), left["new.db"])
	}
	if err := recoverIt(context.Background(), true); err != nil {
		t.Fatal(err)
	}
	r := f.reader(t)
	r.open(t, target)
	if got := r.MustExec("SELECT count(*) FROM t; PRAGMA page_size").Text(); got != "400\n4096" {
		t.Errorf("there are %q rows and bytes", got)
	}
}

// TestHot salvages what a killed process left: the log counts up to the last
// commit, and the journal takes back what was not committed.
func TestHot(t *testing.T) {
	t.Parallel()
	for _, f := range []form{forms[0], forms[1], forms[4], forms[8]} {
		for _, mode := range []string{"wal", "delete", "persist"} {
			t.Run(f.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "hot.db")
				p := f.make(t, path, content)
				p.MustExec("PRAGMA journal_mode=" + mode + ";PRAGMA wal_autocheckpoint=0;PRAGMA cache_size=5;" +
					"UPDATE t SET name = name || ' committed' WHERE id < 350;DELETE FROM t WHERE id > 390;INSERT INTO big VALUES(zeroblob(9000), 'last');")
				p.MustExec("BEGIN;UPDATE w SET v = 'not committed';INSERT INTO big VALUES(hex(zeroblob(400000)), 'not committed');")
				if mode != "wal" { // where frames that are written again count no more
					p.MustExec("UPDATE t SET name = name || ' not committed';DELETE FROM w;INSERT INTO big SELECT zeroblob(900), k FROM w;" +
						"DELETE FROM big;INSERT INTO t(name) SELECT hex(randomblob(500)) FROM t;")
				}
				p.Kill()
				hot := path + "-journal"
				if mode == "wal" {
					hot = path + "-wal"
				}
				if info, err := os.Stat(hot); err != nil || info.Size() < 10000 {
					t.Fatalf("nothing is hot: %v %v", info, err)
				}
				if mode == "wal" && f.peer != peers.SQLCipher341 { // which writes frames again
					moreThanCommitted(t, hot)
				}
				target, report := f.salvagedFile(t, path)
				if !report.Complete() || len(report.Bad) > 0 {
					t.Errorf("something is lost: %s", said(report))
				}
				// The peer itself, for comparison, plays it back.
				const query = "SELECT * FROM t;SELECT * FROM w;SELECT quote(x), y FROM big"
				q := peers.Require(t, f.peer).Start(t)
				q.MustOpen(path)
				if !f.plain {
					q.MustExec(`PRAGMA key="` + rawKey + `";` + f.pragmas)
				}
				want := q.MustExec(query).Text()
				r := f.reader(t)
				r.open(t, target)
				if got := r.MustExec(query).Text(); got != want || !strings.Contains(got, "committed") || strings.Contains(got, "not committed") {
					t.Errorf("%d bytes of rows, the peer recovers %d", len(got), len(want))
				}
			})
		}
	}
}

// moreThanCommitted makes sure that a log has frames behind the last commit.
func moreThanCommitted(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, ok := vfs.InspectLog(f); !ok || info.Frames <= info.Committed {
		t.Fatalf("the log has %+v", info)
	}
}
