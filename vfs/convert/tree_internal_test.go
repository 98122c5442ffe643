package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/pageseal/pageseal/vfs/btree"
)

// TestSchemaRow moves roots of each kind that there is.
func TestSchemaRow(t *testing.T) {
	t.Parallel()
	record := func(kind byte, root ...byte) []byte {
		head := []byte{6, 13 + 2*5, 13 + 2*1, 13 + 2*1, kind, 13 + 2*2}
		return append(append(append(head, "tablett"...), root...), "go"...)
	}
	for want, r := range map[uint32][]byte{
		0: record(0), 1: record(9), 2: record(1, 2), 300: record(2, 1, 44), 70000: record(3, 1, 0x11, 0x70),
		1 << 31: record(5, 0, 0, 0x80, 0, 0, 0), 5: record(6, 0, 0, 0, 0, 0, 0, 0, 5),
	} {
		row, err := parseSchemaRow(1, r)
		if err != nil || row.root != want {
			t.Fatalf("%x: %+v, %v, want root %d", r, row, err, want)
		}
		row.move(4_000_000_000)
		again, err := parseSchemaRow(1, row.record)
		if err != nil || again.root != 4_000_000_000 || !bytes.HasPrefix(again.record[6:], []byte("tablett")) || !bytes.HasSuffix(again.record, []byte("go")) {
			t.Errorf("moved it is %x, %v", again.record, err)
		}
	}
	long := []byte{7, 13, 13, 13, 0x80, 1, 13, 2} // the serial type in two bytes
	for _, r := range [][]byte{nil, long, {0}, {1}, record(8)[:9], record(1, 0xff), record(7, 0, 0, 0, 0, 0, 0, 0, 5), append(record(8), 0), record(13)} {
		if _, err := parseSchemaRow(1, r); !errors.Is(err, errTree) {
			t.Errorf("%x: %v", r, err)
		}
	}
}

// memoryPages are those of a file in clear.
type memoryPages struct {
	size int
	file []byte
}

func (m memoryPages) page(pgno uint32) ([]byte, error) {
	return m.file[int(pgno-1)*m.size:][:m.size], nil
}
func (m memoryPages) count() uint32 { return uint32(len(m.file) / m.size) }

// sums reads all trees.
func (m memoryPages) sums(seed maphash.Seed) (sums []treeSum, pages uint32, err error) {
	r := newTreeReader(m.size, m.count(), seed, m.page)
	schema, err := schemaOf(r)
	if err != nil {
		return nil, 0, err
	}
	for _, row := range schema {
		if err := r.begin(row.root); err != nil {
			return nil, 0, err
		}
		sum, err := r.walk(func(*payload) error { return nil })
		if err != nil {
			return nil, 0, err
		}
		sums = append(sums, treeSum{r.table, sum})
	}
	return sums, r.taken, nil
}

// newMemoryPages has SQLite make a database without free pages.
func newMemoryPages(t *testing.T) memoryPages {
	path := filepath.Join(t.TempDir(), "a.db")
	c := inClear(t, path)
	err := c.exec("PRAGMA page_size = 512", "CREATE TABLE t(a, b)", "CREATE INDEX i ON t(b, a)",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) INSERT INTO t SELECT i, hex(randomblob(i * 7919 % 900)) FROM n",
		"CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID", "INSERT INTO w SELECT a, b FROM t", "CREATE TABLE e(a)")
	if err = errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return memoryPages{512, file}
}

// TestTreeDamage changes bytes of a database: each of them is noticed, but for
// those that say nothing. Nothing panics, and what is read is bounded.
func TestTreeDamage(t *testing.T) {
	t.Parallel()
	m := newMemoryPages(t)
	seed := maphash.MakeSeed()
	want, taken, err := m.sums(seed)
	if err != nil || taken != m.count() || len(want) != 4 {
		t.Fatalf("%v, %d pages of %d, %v", want, taken, m.count(), err)
	}
	number := rand.Uint64()
	t.Logf("seed %d", number)
	rnd := rand.New(rand.NewPCG(number, 0))
	noticed := 0
	const rounds = 500
	for range rounds {
		damaged := memoryPages{m.size, bytes.Clone(m.file)}
		at := btree.FileHeader + rnd.IntN(len(m.file)-btree.FileHeader)
		switch rnd.IntN(3) {
		case 0:
			damaged.file[at] ^= 1 << rnd.IntN(8)
		case 1:
			binary.BigEndian.PutUint16(damaged.file[at&^1:], uint16(rnd.Uint32()))
		case 2: // a page takes the place of another
			from, _ := m.page(1 + rnd.Uint32N(m.count()))
			into, _ := damaged.page(2 + rnd.Uint32N(m.count()-1))
			copy(into, from)
		}
		sums, taken, err := damaged.sums(seed)
		if err != nil && !errors.Is(err, errTree) {
			t.Fatal(err)
		}
		if err != nil || taken != m.count() || fmt.Sprint(sums) != fmt.Sprint(want) {
			noticed++
		}
	}
	// The others hit keys of interior pages and what no cell has.
	if noticed < rounds*3/4 {
		t.Errorf("%d of %d were noticed", noticed, rounds)
	}
}

// TestTreeHole writes trees around the page that is never written.
func TestTreeHole(t *testing.T) {
	t.Parallel()
	m := newMemoryPages(t)
	seed := maphash.MakeSeed()
	want, _, err := m.sums(seed)
	if err != nil {
		t.Fatal(err)
	}
	for _, hole := range []uint32{2, 7, m.count() / 2} {
		path := filepath.Join(t.TempDir(), "b.db")
		out, err := create(Database{Path: path}, m.size)
		if err != nil {
			t.Fatal(err)
		}
		out.lockByte = hole
		c := treeCopy{seed: seed, header: bytes.Clone(m.file[:btree.FileHeader])}
		from := newTreeReader(m.size, m.count(), seed, m.page)
		if c.schema, err = schemaOf(from); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.write(from, newTreeWriter(out)), out.close()); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b := memoryPages{m.size, file}
		got, taken, err := b.sums(seed)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || taken+1 != b.count() || b.count() != c.pages {
			t.Errorf("hole %d: %d pages of %d and %d, %v", hole, taken, b.count(), c.pages, err)
		}
		if page, _ := b.page(hole); !bytes.Equal(page, make([]byte, m.size)) {
			t.Errorf("page %d was written", hole)
		}
	}
}
