package salvage_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestDamage is what happens to files but for a single page.
func TestDamage(t *testing.T) {
	t.Parallel()
	small, plain := forms[1], forms[8]
	for _, c := range []struct {
		name   string
		form   form
		damage func(db []byte, pageSize int) []byte
		// lost is the most that may be lost of the 704 rows.
		lost    int
		missing bool // pages at the end
	}{
		{"cut off in the middle", small, func(db []byte, size int) []byte { return db[:len(db)/2/size*size] }, 650, true},
		{"cut off within a page", small, func(db []byte, size int) []byte { return db[:len(db)/2/size*size+size/3] }, 650, true},
		{"cut off, in clear", plain, func(db []byte, size int) []byte { return db[:len(db)/2/size*size+size/3] }, 650, true},
		{"a run of zeros", small, func(db []byte, size int) []byte { clear(db[10*size : 30*size]); return db }, 600, false},
		{"a run of zeros, in clear", plain, func(db []byte, size int) []byte { clear(db[10*size : 30*size]); return db }, 600, false},
		{"a run of another file", small, func(db []byte, size int) []byte { copy(db[10*size:], db[40*size:60*size]); return db }, 600, false},
		{"page 1 gone", small, func(db []byte, size int) []byte { clear(db[16:size]); return db }, 0, false},
		{"page 1 gone, large reserve", forms[3], func(db []byte, size int) []byte { clear(db[16:size]); return db }, 0, false},
		{"page 1 gone, UTF-16", forms[6], func(db []byte, size int) []byte { clear(db[16:size]); return db }, 0, false},
		{"page 1 gone, in clear", plain, func(db []byte, size int) []byte { clear(db[:size]); return db }, 0, false},
		{"page 1 gone, level 1", forms[5], func(db []byte, size int) []byte { clear(db[16:size]); return db }, 0, false},
		{"header gone, in clear", plain, func(db []byte, size int) []byte { clear(db[:100]); return db }, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := c.form.made(t, content)
			originals := c.form.originals(t, db)
			size := c.form.settings().PageSize
			if c.form.plain {
				size = 1024
			}
			target, report := c.form.salvaged(t, c.damage(bytes.Clone(db), size))
			if report.Complete() && c.name != "header gone, in clear" {
				t.Errorf("it is said to be complete: %s", said(report))
			}
			if c.missing != (report.Missing > 0) {
				t.Errorf("missing are %d pages", report.Missing)
			}
			missing, strangers := c.form.reader(t).missing(t, target, originals)
			lost := 0
			for _, d := range dumps {
				lost += missing[d.table]
				if cut := int(cutRows(report.Tables, d.table)); strangers[d.table] > cut {
					t.Errorf("table %s has %d rows that it never had, %d are cut", d.table, strangers[d.table], cut)
				}
			}
			if lost > c.lost || c.lost > 0 && lost == 0 {
				t.Errorf("%d rows are lost, want up to %d: %v\n%s", lost, c.lost, missing, said(report))
			}
		})
	}
}

// TestSchemaWithoutTop damages page 1 of a database whose schema is a tree: its
// leaves tell the tables.
func TestSchemaWithoutTop(t *testing.T) {
	t.Parallel()
	f := forms[1]
	var sql strings.Builder
	for i := range 60 {
		fmt.Fprintf(&sql, "CREATE TABLE table_%d(id INTEGER PRIMARY KEY, name TEXT);CREATE INDEX index_%[1]d ON table_%[1]d(name);"+
			"INSERT INTO table_%[1]d VALUES(%[1]d, 'row of %[1]d');", i)
	}
	sql.WriteString("CREATE TABLE wide(a CHECK(a <> '" + strings.Repeat("much text ", 500) + "'));INSERT INTO wide VALUES(7);" +
		"CREATE VIEW shown_1 AS SELECT * FROM table_1;")
	db := f.made(t, content+sql.String())
	flip(seeded(t), db, f.pageSize, 1)
	originals := f.originals(t, f.made(t, content))
	target, report := f.salvaged(t, db)
	r := f.reader(t)
	r.open(t, target)
	for i := range 60 {
		if got, want := r.MustExec(fmt.Sprintf("SELECT * FROM table_%d", i)).Text(), fmt.Sprintf("%d|row of %[1]d", i); got != want {
			t.Errorf("table %d has %q, want %q", i, got, want)
		}
	}
	if got := r.MustExec("SELECT * FROM wide; SELECT count(*) FROM sqlite_master WHERE type='index'; SELECT * FROM shown_1").Text(); got != "7\n62\n1|row of 1" {
		t.Errorf("there are %q", got)
	}
	r.CloseDB()
	if missing, strangers := r.missing(t, target, originals); len(missing)+len(strangers) > 0 {
		t.Errorf("missing are %v, strangers %v", missing, strangers)
	}
	if report.Complete() || report.LostAndFound.Rows != 0 || len(report.Notes) != 1 {
		t.Error(said(report))
	}
}

// TestFreelist damages the list of free pages of a database in clear, where no
// MAC tells. Rows that are not free must stay, and deleted ones away.
func TestFreelist(t *testing.T) {
	t.Parallel()
	f := forms[8]
	f.pragmas += "PRAGMA secure_delete=OFF;"
	intact := f.made(t, content+"CREATE TABLE gone(a);INSERT INTO gone SELECT name FROM t;INSERT INTO gone SELECT a FROM gone;DROP TABLE gone;")
	originals := f.originals(t, intact)
	trunk := int(intact[34])<<8 | int(intact[35])
	if trunk == 0 {
		t.Fatal("no page is free")
	}
	for _, c := range []struct {
		name string
		page func(trunk []byte)
	}{
		{"as it is", func([]byte) {}},
		{"garbage", func(p []byte) { copy(p, bytes.Repeat([]byte{0xff, 0x81, 7}, len(p)/3)) }},
		{"a circle", func(p []byte) { p[0], p[1], p[2], p[3] = 0, 0, byte(trunk>>8), byte(trunk) }},
		{"too long", func(p []byte) { copy(p[4:], "\x7f\xff\xff\xff") }},
		{"nothing but zeros", func(p []byte) { clear(p) }},
	} {
		db := bytes.Clone(intact)
		c.page(db[(trunk-1)*1024 : trunk*1024])
		target, report := f.salvaged(t, db)
		if missing, strangers := f.reader(t).missing(t, target, originals); len(missing)+len(strangers) > 0 {
			t.Errorf("%s: missing are %v, strangers %v", c.name, missing, strangers)
		}
		if intactList := slices.Contains([]string{"as it is", "too long", "a circle"}, c.name); intactList != report.Complete() {
			t.Errorf("%s: %s", c.name, said(report))
		}
	}
}
