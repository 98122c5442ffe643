package ncruces

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	sqlitevfs "github.com/ncruces/go-sqlite3/vfs"

	"github.com/pageseal/pageseal/compat"
)

const (
	rawKey  = "98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481"
	reserve = 80 // of the latest profile
)

// TestUnexported pins what this package takes from behind the API of the
// engine. Where it fails, the engine was upgraded: read its changes before you
// adapt the names.
func TestUnexported(t *testing.T) {
	t.Parallel()
	name := reflect.TypeFor[sqlitevfs.Filename]()
	wrapper, ok := name.FieldByName(fieldWrapper)
	if !ok || wrapper.Type.Kind() != reflect.Pointer || wrapper.Type.Elem().Kind() != reflect.Struct {
		t.Fatalf("vfs.Filename.%s: %v", fieldWrapper, wrapper.Type)
	}
	if !wrapper.Type.Implements(reflect.TypeFor[engine]()) {
		t.Errorf("%v lacks methods of engine", wrapper.Type)
	}
	for _, f := range []struct {
		in    reflect.Type
		field string
		kind  reflect.Kind
	}{
		{name, fieldPath, reflect.Uint32},
		{wrapper.Type.Elem(), fieldDB, reflect.Interface},
		{reflect.TypeFor[sqlite3.Conn](), fieldHandle, reflect.Uint32},
	} {
		if got, ok := f.in.FieldByName(f.field); !ok || got.Type.Kind() != f.kind {
			t.Errorf("%v.%s: %v, want %v", f.in, f.field, got.Type, f.kind)
		}
	}
}

// database opens a database with the engine and finds our file.
func database(t *testing.T, params string) (*sqlite3.Conn, *mainDB) {
	t.Helper()
	db, err := sqlite3.Open("file:" + filepath.Join(t.TempDir(), "pinned.db") + "?vfs=pageseal" + params)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, fileOf(t, db, "main")
}

func fileOf(t *testing.T, db *sqlite3.Conn, schema string) *mainDB {
	t.Helper()
	handle, err := db.FileControl(schema, sqlite3.FCNTL_FILE_POINTER)
	if err != nil {
		t.Fatal(err)
	}
	f, ok := vfsutil.UnwrapFile[*mainDB](handle.(sqlitevfs.File))
	if !ok {
		t.Fatalf("the file of %s is a %T", schema, handle)
	}
	return f
}

func exec(t *testing.T, db *sqlite3.Conn, sql string) {
	t.Helper()
	if err := db.Exec(sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestStructures pins the places in SQLite's structures that are read.
func TestStructures(t *testing.T) {
	t.Parallel()
	db, main := database(t, "&rawkey="+rawKey+"&cipher_page_size=8192")
	exec(t, db, "ATTACH '"+filepath.Join(t.TempDir(), "other.db")+"' AS \"the other\" KEY ''")
	other := fileOf(t, db, "the other")
	handle, err := handleOf(db)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f      *mainDB
		number int
		name   string
		layout layout
		fixed  byte
	}{
		{main, 0, "main", layout{8192, reserve}, pageSizeFixed},
		{other, 2, "the other", layout{4096, 0}, 0},
	} {
		p, err := c.f.place()
		if err != nil {
			t.Fatal(err)
		}
		if p.db != handle || p.number != c.number || text(c.f.conn, p.name) != c.name {
			t.Errorf("%s: %+v of %d, name %q", c.name, p, handle, text(c.f.conn, p.name))
		}
		if got := c.f.conn.layout(p.shared); got != c.layout {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.layout)
		}
		if got := memory(c.f.conn, p.shared+sharedFlags, 1)[0] & pageSizeFixed; got != c.fixed {
			t.Errorf("%s: page size fixed: %d, want %d", c.name, got, c.fixed)
		}
	}

	p, err := other.place()
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, "PRAGMA \"the other\".page_size = 16384")
	if got := word(main.conn, handle+dbNextPageSize); got != 16384 {
		t.Errorf("pending page size %d, want 16384", got)
	}
	state := func() (trans byte, page1 pointer) {
		return memory(main.conn, p.shared+sharedTrans, 1)[0], word(main.conn, p.shared+sharedPage1)
	}
	if trans, page1 := state(); trans != 0 || page1 != 0 {
		t.Errorf("idle: transaction %d, page 1 at %d", trans, page1)
	}
	exec(t, db, "BEGIN; CREATE TABLE \"the other\".t(a)")
	if trans, page1 := state(); trans != 2 || page1 == 0 {
		t.Errorf("writing: transaction %d, page 1 at %d", trans, page1)
	}
	exec(t, db, "COMMIT")
}

// TestRunning lists the statements that a connection is in, from within one.
func TestRunning(t *testing.T) {
	t.Parallel()
	db, main := database(t, "&rawkey="+rawKey)
	handle, err := handleOf(db)
	if err != nil {
		t.Fatal(err)
	}
	var within [][]string
	err = db.CreateFunction("running", 1, 0, func(ctx sqlite3.Context, arg ...sqlite3.Value) {
		statements, err := main.conn.running(handle)
		if err != nil {
			t.Error(err)
		}
		var texts []string
		for _, st := range statements {
			texts = append(texts, st.sql)
		}
		within = append(within, texts)
		if sql := arg[0].Text(); sql != "" {
			exec(t, ctx.Conn(), sql)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	idle, _, err := db.Prepare("SELECT 'idle'")
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	outer, _, err := db.Prepare("SELECT running(?)")
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	if err := outer.BindText(1, "-- a comment\nSELECT running('')"); err != nil {
		t.Fatal(err)
	}
	if !outer.Step() {
		t.Fatal(outer.Err())
	}
	want := [][]string{{"SELECT running(?)"}, {"-- a comment\nSELECT running('')", "SELECT running(?)"}}
	if !reflect.DeepEqual(within, want) {
		t.Errorf("%q, want %q", within, want)
	}
	if statements, err := main.conn.running(handle); err != nil || len(statements) != 1 {
		t.Errorf("paused in a row: %d statements, %v", len(statements), err)
	}
	if _, err := main.conn.running(handle + 4); err == nil {
		t.Error("statements of what is no connection")
	}
}

// TestAttachWithinAttach carries out a statement that is older than the one it
// is within: neither may take the other's key.
func TestAttachWithinAttach(t *testing.T) {
	t.Parallel()
	db, _ := database(t, "&rawkey="+rawKey)
	dir := t.TempDir()
	inner, outer := filepath.Join(dir, "inner.db"), filepath.Join(dir, "outer.db")
	older, _, err := db.Prepare("ATTACH '" + inner + "' AS i KEY 'inner'")
	if err != nil {
		t.Fatal(err)
	}
	defer older.Close()
	var within error
	err = db.CreateFunction("older", 0, 0, func(ctx sqlite3.Context, arg ...sqlite3.Value) {
		within = older.Exec()
		ctx.ResultText("")
	})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, "ATTACH older() || '"+outer+"' AS o KEY 'outer'")
	if within == nil {
		t.Error("the inner one is attached")
	}
	if _, err := os.Stat(inner); err == nil {
		t.Error("its file was made")
	}
	exec(t, db, "CREATE TABLE o.t(x); DETACH o; ATTACH '"+outer+"' AS o KEY 'outer'")
}

// TestFunctionOfThatName calls a function that has the name of the one that
// attaches, in the statement that does.
func TestFunctionOfThatName(t *testing.T) {
	t.Parallel()
	db, _ := database(t, "&rawkey="+rawKey)
	path := filepath.Join(t.TempDir(), "named.db")
	err := db.CreateFunction("sqlite_attach", 3, 0, func(ctx sqlite3.Context, arg ...sqlite3.Value) { ctx.ResultText(path) })
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, "ATTACH sqlite_attach(1, 2, 'not the key') AS n KEY 'the key'; CREATE TABLE n.t(x); DETACH n")
	exec(t, db, "ATTACH 'file:"+path+"?key=the%20key' AS n; DETACH n")
}

// fakeEngine has a memory and nothing else.
type fakeEngine struct {
	engine
	all []byte
}

func (e *fakeEngine) Slice() *[]byte { return &e.all }

// TestChain replaces the running checksum where it stands exactly once, and
// nowhere else.
func TestChain(t *testing.T) {
	t.Parallel()
	old, next := [2]uint32{1, 2}, [2]uint32{0xa1a2a3a4, 0xb1b2b3b4}
	salt := []byte("saltsalt")
	pattern := "\x01\x00\x00\x00\x02\x00\x00\x00saltsalt"
	for _, c := range []struct {
		name string
		at   []int
		ok   bool
	}{
		{"once", []int{64}, true},
		{"at the end", []int{240}, true},
		{"beside one that is not aligned", []int{64, 101}, true},
		{"nowhere", nil, false},
		{"not aligned", []int{65}, false},
		{"twice", []int{64, 128}, false},
		{"twice in a row", []int{64, 80}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &fakeEngine{all: make([]byte, 256)}
			for _, at := range c.at {
				copy(e.all[at:], pattern)
			}
			before := string(e.all)
			chain := &chain{engine: e}
			err := chain.SetFrameChecksum(old, next, salt)
			if !c.ok {
				if !errors.Is(err, compat.ErrUnsupported) || string(e.all) != before {
					t.Errorf("%v, memory changed: %v", err, string(e.all) != before)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := before[:c.at[0]] + "\xa4\xa3\xa2\xa1\xb4\xb3\xb2\xb1" + before[c.at[0]+8:]
			if string(e.all) != want {
				t.Errorf("memory %q, want %q", e.all, want)
			}
			// The next frame starts from there, in a memory that has moved.
			e.all = append(e.all, 0)
			if err := chain.SetFrameChecksum(next, old, salt); err != nil {
				t.Error(err)
			}
			// What stands elsewhere no longer counts.
			copy(e.all[32:], pattern)
			e.all[c.at[0]]++
			if err := chain.SetFrameChecksum(old, next, salt); !errors.Is(err, compat.ErrUnsupported) {
				t.Errorf("a checksum that has moved: %v", err)
			}
		})
	}
}
