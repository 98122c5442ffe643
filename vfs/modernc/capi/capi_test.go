package capi

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pageseal/pageseal/vfs/modernc"
)

func openMemory(t *testing.T) *DB {
	t.Helper()
	db, err := Open(":memory:", "", OpenReadWrite|OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// exec runs every statement of sql to its end.
func exec(t *testing.T, db *DB, sql string) {
	t.Helper()
	script := db.NewScript(sql)
	defer script.Close()
	for {
		stmt, err := script.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", script.Text(), err)
		}
		for row := true; row; {
			if row, err = stmt.Step(); err != nil {
				break
			}
		}
		if err := stmt.Finalize(); err != nil {
			t.Fatalf("%s: %v", script.Text(), err)
		}
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	script := db.NewScript(" select 1 ; -- one\n\tselect 2;;/* two */ select 3\x00; select 4")
	defer script.Close()
	var got []int64
	for {
		stmt, err := script.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if row, err := stmt.Step(); !row || err != nil {
			t.Fatalf("step: %v, %v", row, err)
		}
		got = append(got, stmt.ColumnInt64(0))
		if err := stmt.Finalize(); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != 3 {
		t.Errorf("rows %v, want 1 2 3: the NUL ends the text", got)
	}
}

func TestScriptError(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	script := db.NewScript("select 1;\n  select x y z; select 3")
	defer script.Close()
	stmt, err := script.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := stmt.Finalize(); err != nil {
		t.Fatal(err)
	}
	_, err = script.Next()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *Error", err)
	}
	if want := `near "z": syntax error`; e.Code != 1 || e.Message != want || e.Offset != 11 {
		t.Errorf("error %+v, want code 1, %q, offset 11", *e, want)
	}
	if got, want := script.Text(), "select x y z; select 3"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if got := db.ErrorOffset(); got != 11 {
		t.Errorf("offset of the connection %d, want 11", got)
	}
}

func TestPrepareTail(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	stmt, tail, err := db.Prepare("select 1; select 2")
	if err != nil {
		t.Fatal(err)
	}
	if err := stmt.Finalize(); err != nil {
		t.Error(err)
	}
	if tail != " select 2" {
		t.Errorf("tail %q", tail)
	}
	stmt, tail, err = db.Prepare(" -- nothing")
	if stmt != nil || tail != "" || err != nil {
		t.Errorf("a comment gave %v, %q, %v", stmt, tail, err)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	stmt, _, err := db.Prepare("select 7 as a, 1.5, 'x'||char(0)||'y', x'410042', null, '', zeroblob(0), ?1")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Finalize()
	if err := stmt.BindText(1, "bound"); err != nil {
		t.Fatal(err)
	}
	if row, err := stmt.Step(); !row || err != nil {
		t.Fatalf("step: %v, %v", row, err)
	}
	if n, name := stmt.ColumnCount(), stmt.ColumnName(0); n != 8 || name != "a" {
		t.Errorf("%d columns, first %q", n, name)
	}
	for i, want := range []struct {
		typ  Type
		text string
		blob string
	}{
		{Integer, "7", "7"},
		{Float, "1.5", "1.5"},
		{Text, "x\x00y", "x\x00y"},
		{Blob, "A\x00B", "A\x00B"},
		{Null, "", ""},
		{Text, "", ""},
		{Blob, "", ""},
		{Text, "bound", "bound"},
	} {
		if got := stmt.ColumnType(i); got != want.typ {
			t.Errorf("column %d: type %d, want %d", i, got, want.typ)
		}
		text, isNull := stmt.ColumnText(i)
		if text != want.text || isNull != (want.typ == Null) {
			t.Errorf("column %d: text %q, null %v", i, text, isNull)
		}
		appended, _ := stmt.AppendText([]byte("<"), i)
		if string(appended) != "<"+want.text {
			t.Errorf("column %d: appended %q", i, appended)
		}
		if got := string(stmt.ColumnBlob(i)); got != want.blob {
			t.Errorf("column %d: blob %q, want %q", i, got, want.blob)
		}
	}
	if got := stmt.ColumnDouble(1); got != 1.5 {
		t.Errorf("double %v", got)
	}
}

func TestConstraint(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	exec(t, db, "create table t(a unique); insert into t values(1),(2); insert into t values(3)")
	if got := db.Changes(); got != 1 {
		t.Errorf("changes %d, want 1", got)
	}
	if got := db.TotalChanges(); got != 3 {
		t.Errorf("total changes %d, want 3", got)
	}
	stmt, _, err := db.Prepare("insert into t values(1)")
	if err != nil {
		t.Fatal(err)
	}
	_, stepErr := stmt.Step()
	for _, err := range []error{stepErr, stmt.Finalize()} {
		var e *Error
		if !errors.As(err, &e) || e.Code != 19 || e.Extended != 2067 {
			t.Errorf("error %#v, want code 19, extended 2067", err)
		}
		if Code(err) != 19 {
			t.Errorf("Code = %d", Code(err))
		}
	}
	if Code(nil) != 0 || Code(io.EOF) != 1 {
		t.Errorf("Code of nil and of a foreign error: %d, %d", Code(nil), Code(io.EOF))
	}
}

func TestIsExplain(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	for sql, want := range map[string]Explain{
		"select 1":                    NoExplain,
		"explain select 1":            ExplainBytecode,
		"explain query plan select 1": ExplainQueryPlan,
	} {
		stmt, _, err := db.Prepare(sql)
		if err != nil {
			t.Fatal(err)
		}
		if got := stmt.IsExplain(); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
		if err := stmt.Finalize(); err != nil {
			t.Error(err)
		}
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	db := openMemory(t)
	stmt, _, err := db.Prepare("with recursive n(i) as (select 1 union all select i+1 from n) select count(*) from n")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Finalize()
	// An interrupt that comes before the statement starts is lost, so keep
	// asking until the statement has ended.
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				db.Interrupt()
			}
		}
	}()
	_, err = stmt.Step()
	close(done)
	if Code(err) != 9 {
		t.Errorf("error %v (%d), want interrupted (9)", err, Code(err))
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.db")
	if _, err := Open(missing, "", OpenReadOnly); Code(err) != 14 || err.Error() != "unable to open database file" {
		t.Errorf("open of a missing file to read: %v (%d)", err, Code(err))
	}
	if _, err := Open("x", "no-such-vfs", OpenReadWrite); err == nil || err.Error() != "no such vfs: no-such-vfs" {
		t.Errorf("open through an unknown VFS: %v", err)
	}
	if _, err := Open("file:"+filepath.ToSlash(missing)+"?mode=rw", "", OpenReadWrite|OpenCreate); Code(err) != 14 {
		t.Errorf("open of a URI that forbids to create: %v, want unable to open (14)", err)
	}
	db, err := Open("file:"+filepath.ToSlash(missing)+"?mode=rwc", "", OpenReadWrite|OpenCreate)
	if err != nil {
		t.Fatalf("open of a URI: %v", err)
	}
	exec(t, db, "create table t(a)")
	stmt, _, err := db.Prepare("select 1")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); Code(err) != 5 {
		t.Errorf("close with an open statement: %v, want busy (5)", err)
	}
	if err := stmt.Finalize(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	db.Interrupt()
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"":                        false,
		"select 1":                false,
		"select 1;":               true,
		"select ';":               false,
		"select 1; -- done":       true,
		"select 1; /* open":       false,
		"create trigger t a;":     false,
		"create trigger t; end;":  true,
		"select 1;\x00 select 2 ": true,
	} {
		if got := Complete(sql); got != want {
			t.Errorf("Complete(%q) = %v", sql, got)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if v := LibVersion(); !strings.HasPrefix(v, "3.") {
		t.Errorf("version %q", v)
	}
	if id := SourceID(); !strings.HasPrefix(id, "20") {
		t.Errorf("source id %q", id)
	}
}

func TestIsKeyword(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"key": true, "Select": true, "pageseal": false, "": false} {
		if got := IsKeyword(word); got != want {
			t.Errorf("IsKeyword(%q) = %v", word, got)
		}
	}
}

// TestPragmaRows: a pragma of ours has all its rows, under the name of its
// column.
func TestPragmaRows(t *testing.T) {
	db, err := Open(filepath.Join(t.TempDir(), "a.db"), modernc.VFSName, OpenReadWrite|OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct {
		sql, column string
		rows        int
	}{
		{"PRAGMA key = 'it''s'", "ok", 1},
		{"PRAGMA cipher_settings", "pragma", 6},
		{"PRAGMA kdf_iter", "kdf_iter", 1},
		{"PRAGMA cipher_integrity_check", "cipher_integrity_check", 0},
		{"SELECT 1 AS one", "one", 1},
	} {
		stmt, _, err := db.Prepare(c.sql)
		if err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		if stmt.ColumnCount() != 1 || stmt.ColumnName(0) != c.column {
			t.Errorf("%s: %d columns, %q", c.sql, stmt.ColumnCount(), stmt.ColumnName(0))
		}
		rows := 0
		for {
			row, err := stmt.Step()
			if err != nil {
				t.Fatalf("%s: %v", c.sql, err)
			}
			if !row {
				break
			}
			rows++
		}
		if rows != c.rows {
			t.Errorf("%s: %d rows, want %d", c.sql, rows, c.rows)
		}
		if err := stmt.Finalize(); err != nil {
			t.Error(err)
		}
	}
}
