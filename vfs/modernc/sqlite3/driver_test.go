package sqlite3_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc/sqlite3"
	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

const rawKey = "x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'"

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(sqlite3.DriverName, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestKeyWords makes databases by the words of both cgo drivers, which SQLCipher
// reads.
func TestKeyWords(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"_pragma_key=" + rawKey + "&_pragma_cipher_page_size=8192",
		"_key=" + rawKey + "&_cipher_page_size=8192",
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		db := open(t, path+"?"+words)
		if _, err := db.Exec("CREATE TABLE t(a); INSERT INTO t VALUES('penicillin')"); err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		_ = db.Close()
		p := peers.Require(t, peers.SQLCipher414).Start(t)
		p.MustOpen(path)
		p.MustExec(`PRAGMA key = "` + rawKey + `"; PRAGMA cipher_page_size = 8192;`)
		if got := p.MustExec("SELECT a FROM t").Text(); got != "penicillin" {
			t.Errorf("%s: SQLCipher reads %q", words, got)
		}
	}
}

// TestWords sets what the words of mattn/go-sqlite3 set.
func TestWords(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "a.db")+"?_key=k&_fk=1&_journal_mode=WAL&_sync=FULL&_cache_size=-64&_rt=on"+
		"&_secure_delete=off&_locking=NORMAL&_loc=auto&_mutex=full&_txlock=immediate&_defer_fk=1")
	for pragma, want := range map[string]string{
		"foreign_keys": "1", "journal_mode": "wal", "synchronous": "2", "cache_size": "-64", "recursive_triggers": "1",
		"secure_delete": "0", "busy_timeout": "5000",
	} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", pragma, got, err, want)
		}
	}
}

// TestMigrateWord opens a database of level 3 by the word that migrates it.
func TestMigrateWord(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	old := open(t, path+"?_key="+rawKey+"&_cipher_compatibility=3")
	if _, err := old.Exec("CREATE TABLE t(a); INSERT INTO t VALUES('penicillin')"); err != nil {
		t.Fatal(err)
	}
	_ = old.Close()
	if err := open(t, path+"?_key="+rawKey+"&_cipher_migrate=0").Ping(); !errors.Is(err, compat.ErrShortFile) { // by pages of 4096 bytes
		t.Errorf("not migrated: %v", err)
	}
	if _, err := open(t, path+"?_key="+rawKey+"&_cipher_migrate=1").Exec("INSERT INTO t VALUES('aspirin')"); err != nil {
		t.Fatal(err)
	}
	p := peers.Require(t, peers.SQLCipher414).Start(t)
	p.MustOpen(path)
	p.MustExec(`PRAGMA key = "` + rawKey + `"`)
	if got := p.MustExec("SELECT group_concat(a) FROM t").Text(); got != "penicillin,aspirin" {
		t.Errorf("SQLCipher reads %q", got)
	}
}

// TestUnknownWords: a misspelt word opens nothing.
func TestUnknownWords(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	for _, words := range []string{"_pragma_kye=secret", "_keyy=secret", "key_=secret", "_foreign_key=1", "_auth_user=a", "_cipher_migrate=perhaps", "_cache_size=1)%3Bx"} {
		db, err := sql.Open(sqlite3.DriverName, path+"?"+words)
		if err == nil {
			err = db.Ping()
		}
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", words, err)
		}
		if !errors.Is(err, compat.ErrUnknownParam) && !errors.Is(err, compat.ErrSetting) {
			t.Errorf("%s: %v is of another kind", words, err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made")
	}
}

func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	// Before: import _ "github.com/mutecomm/go-sqlcipher/v4"
	db, err := sql.Open("sqlite3", filepath.Join(dir, "clinic.db")+"?_pragma_key=correct+horse&_foreign_keys=on")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE patient(name); INSERT INTO patient VALUES('Ada Muster')"); err != nil {
		panic(err)
	}
	var name string
	if err := db.QueryRow("SELECT name FROM patient").Scan(&name); err != nil {
		panic(err)
	}
	fmt.Println(name)
	// Output: Ada Muster
}
