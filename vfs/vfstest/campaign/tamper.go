package campaign

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

const (
	pageSize = 4096
	reserve  = 80
)

// victim is a database with tables, an index, long values and free pages.
var victim = workload{name: "victim", setup: table("t", 40, 200) + "CREATE INDEX t_name ON t(name);" +
	"INSERT INTO t VALUES(1000, 'long', hex(zeroblob(20000)));" + table("gone", 40, 500) + "DROP TABLE gone;"}

// tamperer counts the databases that it has made.
type tamperer struct {
	Engine
	tried atomic.Int64
}

// content makes the database and returns the file, what it holds, and how many
// of its pages are free.
func (e *tamperer) content(t *testing.T, key string) (file []byte, state string, free int) {
	t.Helper()
	d := vfstest.NewDisk()
	s := e.prepare(t, d, victim, modes[0], key)
	state, err := s.state()
	err = errors.Join(err, s.db.QueryRow("PRAGMA freelist_count").Scan(&free), s.db.Close())
	if err != nil {
		t.Fatal(err)
	}
	return d.Content("main.db"), state, free
}

// readAll opens a file and reads everything in it.
func (e *tamperer) readAll(t *testing.T, files map[string][]byte) (state string, err error) {
	e.tried.Add(1)
	d := vfstest.NewDisk()
	for name, content := range files {
		d.Put(name, content)
	}
	s, err := e.start(t, d, victim, Key)
	defer func() {
		err = errors.Join(err, s.db.Close())
		if n := d.OpenFiles(); n > 0 {
			t.Errorf("%d files are still open", n)
		}
	}()
	if err != nil {
		return "", err
	}
	if state, err = s.state(); err != nil {
		return "", err
	}
	return state, s.whole()
}

// Tamper changes a database, a hot journal and a log in every way that the
// format can tell, and a few that it cannot.
func (e Engine) Tamper(t *testing.T) {
	r := &tamperer{Engine: e}
	t.Cleanup(func() { t.Logf("in all: %d tampered databases", r.tried.Load()) })
	t.Run("bytes of pages", r.tamperBytes)
	t.Run("places of pages", r.tamperPlaces)
	t.Run("size", r.tamperSize)
	t.Run("log", r.tamperLog)
	t.Run("journal", r.tamperJournal)
	t.Run("what the format cannot tell", r.tamperUndetected)
}

// tamperBytes flips a bit of each class of bytes in each page. Either the page
// is named, or nothing has read it and the content is what it was.
func (e *tamperer) tamperBytes(t *testing.T) {
	rnd := seed(t)
	file, want, free := e.content(t, Key)
	found := 0
	for at := 0; at < len(file); at += pageSize {
		pgno := uint32(at/pageSize) + 1
		for class, offset := range map[string]int{
			"first of ciphertext": 16, "ciphertext": 17 + rnd.IntN(pageSize-reserve-17), "last of ciphertext": pageSize - reserve - 1,
			"IV": pageSize - reserve + rnd.IntN(16), "MAC": pageSize - 64 + rnd.IntN(64), "last of MAC": pageSize - 1,
		} {
			bad := slices.Clone(file)
			bad[at+offset] ^= 1 << rnd.IntN(8)
			state, err := e.readAll(t, map[string][]byte{"main.db": bad})
			switch {
			case namesPage(err, pgno):
				found++
			case err == nil && state == want:
			default:
				t.Errorf("page %d, %s: %v", pgno, class, err)
			}
		}
	}
	if used := len(file)/pageSize - free; found < 6*used {
		t.Errorf("only %d of %d changes were found", found, 6*used)
	}
	bad := slices.Clone(file)
	bad[rnd.IntN(16)] ^= 1
	if _, err := e.readAll(t, map[string][]byte{"main.db": bad}); !errors.Is(err, compat.ErrWrongKey) {
		t.Errorf("salt: %v, want %v", err, compat.ErrWrongKey)
	}
}

// namesPage tells whether an error says that the page is damaged: by its type
// or, where SQLite's check goes on, in its report.
func namesPage(err error, pgno uint32) bool {
	var page *compat.PageError
	if errors.As(err, &page) {
		return page.Pgno == pgno
	}
	var report integrityError
	return errors.As(err, &report) && strings.Contains(string(report)+"\n", fmt.Sprintf("age %d", pgno))
}

// damaged tells whether an error says that something does not verify.
func damaged(err error) bool {
	var report integrityError
	return errors.Is(err, compat.ErrDamaged) || errors.Is(err, compat.ErrWrongKey) || errors.As(err, &report)
}

// tamperPlaces swaps pages and brings in pages of another database.
func (e *tamperer) tamperPlaces(t *testing.T) {
	file, want, _ := e.content(t, Key)
	other, _, _ := e.content(t, "x'"+"00"+Key[4:])
	page := func(f []byte, pgno int) []byte { return f[(pgno-1)*pageSize : pgno*pageSize] }
	for pgno := 1; pgno*pageSize < len(file); pgno++ {
		swapped := slices.Clone(file)
		copy(page(swapped, pgno), page(file, pgno+1))
		copy(page(swapped, pgno+1), page(file, pgno))
		replayed := slices.Clone(file)
		copy(page(replayed, pgno), page(other, pgno))
		for name, bad := range map[string][]byte{"swapped": swapped, "replayed": replayed} {
			state, err := e.readAll(t, map[string][]byte{"main.db": bad})
			if !damaged(err) && (err != nil || state != want) {
				t.Errorf("page %d %s: %v", pgno, name, err)
			}
		}
	}
}

// tamperSize cuts the file at and around each page boundary. A file of nothing
// is an empty database to SQLite.
func (e *tamperer) tamperSize(t *testing.T) {
	file, want, _ := e.content(t, Key)
	for at := 0; at < len(file); at += pageSize {
		for _, size := range []int{at, at + 15, at + 16, at + 100, at + pageSize - 1} {
			state, err := e.readAll(t, map[string][]byte{"main.db": file[:size]})
			switch {
			case size == 0 && err == nil && state == "":
			case err == nil && size > len(file)-pageSize && state == want: // the last page is free
			case err == nil:
				t.Errorf("cut to %d bytes: read without an error", size)
			case at == 0 && size > 1 && !errors.Is(err, compat.ErrShortFile) && !errors.Is(err, compat.ErrWrongKey):
				t.Errorf("cut to %d bytes: %v", size, err)
			}
		}
	}
}

// tamperLog changes a hot log. Where the checksums do not fit, SQLite takes it
// as the end of the log and an earlier commit counts; where they were made to
// fit, the MAC of the page tells.
func (e *tamperer) tamperLog(t *testing.T) {
	rnd := seed(t)
	w := workloads[0]
	h := e.record(t, w, modes[4], Key)
	d := h.disk.Image(h.ops[len(h.ops)-1], rand.New(rand.NewPCG(1, 1)))
	db, log := d.Content("main.db"), d.Content("main.db-wal")
	if len(log) < 32+3*(24+pageSize) {
		t.Fatalf("the log has %d bytes", len(log))
	}
	for at := 32; at+24+pageSize <= len(log); at += 24 + pageSize {
		for class, offset := range map[string]int{
			"page number": rnd.IntN(4), "commit size": 4 + rnd.IntN(4), "salt": 8 + rnd.IntN(8),
			"checksum": 16 + rnd.IntN(8), "page": 24 + rnd.IntN(pageSize),
		} {
			bad := slices.Clone(log)
			bad[at+offset] ^= 1 << rnd.IntN(8)
			state, err := e.readAll(t, map[string][]byte{"main.db": db, "main.db-wal": bad})
			if err != nil || !slices.Contains(h.states, state) {
				t.Errorf("frame at %d, %s: %v", at, class, err)
			}
			if class != "page" {
				continue // a frame that is renumbered is one that is left out
			}
			rechain(bad)
			state, err = e.readAll(t, map[string][]byte{"main.db": db, "main.db-wal": bad})
			if !damaged(err) && (err != nil || !slices.Contains(h.states, state)) {
				t.Errorf("frame at %d, %s with checksums that fit: %v", at, class, err)
			}
		}
	}
}

// rechain makes the checksums of a log fit what it holds: they take no key.
func rechain(log []byte) {
	var s0, s1 uint32
	add := func(b []byte) {
		for ; len(b) > 0; b = b[8:] {
			s0 += binary.LittleEndian.Uint32(b) + s1
			s1 += binary.LittleEndian.Uint32(b[4:]) + s0
		}
	}
	add(log[:24])
	for at := 32; at+24+pageSize <= len(log); at += 24 + pageSize {
		add(log[at : at+8])
		add(log[at+24 : at+24+pageSize])
		binary.BigEndian.PutUint32(log[at+16:], s0)
		binary.BigEndian.PutUint32(log[at+20:], s1)
	}
}

// tamperJournal changes a hot journal. It is in clear but for the images, and
// its checksums take no key, so that somebody who can write it decides how much
// is rolled back; but each page that is then read has verified.
func (e *tamperer) tamperJournal(t *testing.T) {
	rnd := seed(t)
	w := workloads[1]
	h := e.record(t, w, modes[0], Key)
	var db, journal []byte
	for at := h.ops[0]; at < h.ops[1]; at++ { // in the middle of the commit
		d := h.disk.Image(at, rand.New(rand.NewPCG(2, uint64(at))))
		if j := d.Content("main.db-journal"); len(j) > 512 && j[0] == 0xd9 {
			db, journal = d.Content("main.db"), j
		}
	}
	if journal == nil {
		t.Fatal("there was no hot journal")
	}
	outcome := map[string]int{}
	for class, offset := range map[string]int{
		"magic": 0, "records": 11, "nonce": 13, "pages": 19, "sector size": 22, "page size": 26,
		"page number": 515, "image": 516 + rnd.IntN(pageSize), "checksum": 516 + pageSize,
	} {
		bad := slices.Clone(journal)
		bad[offset] ^= 1 << rnd.IntN(8)
		state, err := e.readAll(t, map[string][]byte{"main.db": db, "main.db-journal": bad})
		switch {
		case err != nil:
			outcome["error"]++
		case slices.Contains(h.states, state):
			outcome["committed state"]++
		default:
			outcome["state in between"]++
		}
		t.Logf("%s: %v", class, err)
	}
	if outcome["error"]+outcome["committed state"] == 0 {
		t.Errorf("outcomes: %v", outcome)
	}
	// The checksum of a record takes every 200th byte, from the end. A change
	// beside them leaves a record that is whole and does not verify.
	beside := slices.Clone(journal)
	beside[516+pageSize-201] ^= 1
	_, err := e.readAll(t, map[string][]byte{"main.db": db, "main.db-journal": beside})
	if !errors.Is(err, compat.ErrJournal) || !namesPage(err, binary.BigEndian.Uint32(journal[512:])) {
		t.Errorf("an image changed beside its checksum: %v, want %v and the page", err, compat.ErrJournal)
	}
}

// tamperUndetected pins what doc/threat-model.md says cannot be told: an old
// version of a page, of the file, and a log that is taken away.
func (e *tamperer) tamperUndetected(t *testing.T) {
	w := workload{name: "versions", setup: table("t", 3, 10), steps: []string{"UPDATE t SET name = 'new'"}}
	h := e.record(t, w, modes[0], Key)
	before := h.disk.Image(h.ops[0], rand.New(rand.NewPCG(3, 3)))
	before.Label = "before"
	after := h.disk.Content("main.db")
	old := before.Content("main.db")
	if state, err := e.readAll(t, map[string][]byte{"main.db": old}); err != nil || state != h.states[0] {
		t.Errorf("an old version of the file: %v", err)
	}
	mixed := slices.Clone(after)
	copy(mixed[pageSize:], old[pageSize:2*pageSize])
	if state, err := e.readAll(t, map[string][]byte{"main.db": mixed}); err != nil || state != h.states[0] {
		t.Errorf("an old version of page 2: %v", err)
	}
	l := e.record(t, w, modes[4], Key)
	d := l.disk.Image(l.ops[1], rand.New(rand.NewPCG(1, 1)))
	state, err := e.readAll(t, map[string][]byte{"main.db": d.Content("main.db")})
	if err == nil && state == l.states[1] {
		t.Error("a database without its log has what was in it: the test tests nothing")
	}
}
