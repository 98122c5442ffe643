package interop

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/vfs/vfstest/peers"
)

// compareFiles asserts that both sides have left the same files behind, or
// others where the script says so.
func (d *duet) compareFiles(t *testing.T) {
	ours, err := d.ours.files()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := d.theirs.files()
	if err != nil {
		t.Fatal(err)
	}
	if (ours != theirs) != (d.scene.files != "") && (d.strict || ours != theirs) {
		t.Errorf("files\n  %s: %s\n  %s: %s", d.ours.name, ours, d.theirs.name, theirs)
	}
}

// readAll has each side read the files of both. All must find the same.
func (d *duet) readAll(t *testing.T) {
	for _, r := range d.reads {
		want := d.read(t, d.theirs, d.theirs.dir, r)
		if !want.whole() {
			t.Errorf("%s cannot read its own %s: %s; the script needs a directive read or unread",
				d.theirs.name, r.file, strings.Join(want, "; "))
			continue
		}
		for _, c := range []struct{ who, whose *actor }{{d.theirs, d.ours}, {d.ours, d.theirs}, {d.ours, d.ours}} {
			got := d.read(t, c.who, c.whose.dir, r)
			if i := firstDifference(got, want); i >= 0 {
				t.Errorf("%s reads in %s of %s\n  %s\nnot\n  %s", c.who.name, r.file, c.whose.name, at(got, i), at(want, i))
			}
		}
	}
}

// content is what was read from a database, line by line: its tables and what
// the checks say.
type content []string

const integrityOK = "integrity_check='ok'"

// whole tells that the database could be read.
func (c content) whole() bool { return slices.Contains(c, integrityOK) }

func firstDifference(a, b content) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

func at(c content, i int) string {
	if i < len(c) {
		return c[i]
	}
	return "nothing more"
}

// read reads a file in a directory with a side.
func (d *duet) read(t *testing.T, a *actor, dir string, r reading) (c content) {
	own := a.dir
	a.dir = dir
	defer func() {
		if err := a.leave(); err != nil {
			t.Error(err)
		}
		a.dir = own
	}()
	ask := func(text string) string {
		said, err := a.do(t, "exec", text, false)
		if err != nil {
			return err.Error()
		}
		c = append(c, said.String())
		return said.rows
	}
	if said, err := a.openFile(t, r.file, ""); err != nil || said.code != 0 {
		return content{fmt.Sprint(said, err)}
	}
	if r.pragmas != "" {
		ask(a.expand(r.pragmas))
		c = nil
	}
	ask("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
	const tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
	if list := ask(tables); list != "" && list != "name: no row" {
		for _, name := range strings.Split(list, " / ") {
			name = strings.TrimSuffix(strings.TrimPrefix(name, "name='"), "'")
			ask(`SELECT * FROM "` + name + `"`)
		}
	}
	pragmas := []string{"user_version", "application_id", "auto_vacuum", "encoding", "page_count", "freelist_count", "integrity_check"}
	if !d.theirs.isPeer(peers.SQLCipher341) {
		pragmas = append(pragmas, "cipher_integrity_check")
	}
	for _, pragma := range pragmas {
		ask("PRAGMA " + pragma)
	}
	return c
}
