package modernc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/compat"
)

// TestLarge grows a database past 1 GiB, where SQLite keeps its locks in a page
// that it never reads or writes.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 1 GiB")
	}
	t.Parallel()
	const (
		pageSize = 65536
		lockByte = 1 << 30
		lockPage = lockByte/pageSize + 1
		blobSize = 32 << 20
		blobs    = lockByte / blobSize
	)
	path := filepath.Join(t.TempDir(), "large.db")
	opts := options(pageSizeOption(pageSize))
	db := openDB(t, path, opts...)
	must(t, db, `PRAGMA synchronous = OFF`)
	must(t, db, `CREATE TABLE scan(id INTEGER PRIMARY KEY, state TEXT, image BLOB)`)
	for i := range blobs - 1 {
		must(t, db, `INSERT INTO scan VALUES (?, 'first', zeroblob(?))`, i, blobSize)
	}
	if n := fileSize(t, path); n > lockByte {
		t.Fatalf("the file has %d bytes too early", n)
	}
	// This one goes across.
	must(t, db, `INSERT INTO scan VALUES (?, 'first', zeroblob(?))`, blobs, blobSize)
	must(t, db, `CREATE TABLE beyond(x); INSERT INTO beyond VALUES ('beyond the lock-byte page')`)
	closeDB(t, db)
	size := fileSize(t, path)
	if size <= lockByte+pageSize || size%pageSize != 0 {
		t.Fatalf("the file has %d bytes", size)
	}
	if got := readAt(t, path, (lockPage-1)*pageSize, pageSize); string(got) != string(make([]byte, pageSize)) {
		t.Error("there is something in the lock-byte page")
	}

	db = openDB(t, path, opts...)
	want(t, db, fmt.Sprint(blobs), `SELECT count(*) FROM scan WHERE state = 'first'`)
	want(t, db, "beyond the lock-byte page", `SELECT x FROM beyond`)
	want(t, db, fmt.Sprint(size/pageSize), `PRAGMA page_count`)
	intact(t, db)
	// Overwrite pages on both sides, and roll back.
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	must(t, tx, `PRAGMA cache_size = 10`)
	must(t, tx, `UPDATE scan SET image = randomblob(1000000), state = 'changed' WHERE id >= ?`, blobs-2)
	must(t, tx, `UPDATE beyond SET x = 'changed'`)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	want(t, db, fmt.Sprint(blobs), `SELECT count(*) FROM scan WHERE state = 'first'`)
	want(t, db, "00", `SELECT hex(substr(image, -1)) FROM scan WHERE id = ?`, blobs)
	want(t, db, "beyond the lock-byte page", `SELECT x FROM beyond`)
	closeDB(t, db)

	// A bit of the last page, and one of a page before the lock-byte page.
	for _, pgno := range []int64{size / pageSize, lockPage - 1} {
		flipAt(t, path, (pgno-1)*pageSize+100)
		db := openDB(t, path, opts...)
		_, err := tryRow(t, db, `SELECT hex(substr(image, -1)) FROM scan WHERE id = ?`, blobs)
		if err == nil {
			_, err = tryRow(t, db, `SELECT x FROM beyond`)
		}
		fails(t, err, compat.ErrDamaged, codeCorrupt)
		pageFails(t, err, uint32(pgno))
		closeDB(t, db)
		flipAt(t, path, (pgno-1)*pageSize+100)
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func readAt(t *testing.T, path string, off int64, n int) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := make([]byte, n)
	if _, err := f.ReadAt(p, off); err != nil {
		t.Fatal(err)
	}
	return p
}

// flipAt flips a bit of the file.
func flipAt(t *testing.T, path string, off int64) {
	t.Helper()
	p := readAt(t, path, off, 1)
	p[0] ^= 1
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(p, off); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
