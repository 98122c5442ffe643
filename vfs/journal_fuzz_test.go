package vfs_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/cryptotest"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/testdata/vectors"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// script decodes what a connection does with its journal.
type script []byte

func (s *script) next() int {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return int(b)
}

// journalSteps does to both journals of a twin what the script says, and
// compares whatever is read back.
func journalSteps(tb testing.TB, s script) {
	tb.Helper()
	sector := []int{512, 1024, 4096}[s.next()%3]
	set := []compat.Settings{quick(1024), quick(1024, sha1), quick(512, noHMAC), quick(2048)}[s.next()%4]
	w := newTwin(tb, set, sector, s.next()%4 == 0)
	open, transactions := false, uint32(0)
	for len(s) > 0 {
		if !open {
			if s.next()%4 == 0 {
				w.reopen(tb)
			}
			transactions++
			pages := uint32(s.next() % 10)
			w.do(tb, func(p *pager) error { return p.begin(transactions*0x9e3779b9, pages) })
			open = true
		}
		switch s.next() % 16 {
		case 0:
			w.do(tb, (*pager).sync)
		case 1:
			n := s.next() % (len(w.ours.placed) + 1)
			w.compare(tb, func(p *pager) (playback, error) { return p.savepoint(n) })
		case 2:
			w.compare(tb, ownPlay)
		case 3:
			w.do(tb, (*pager).commit)
			w.compare(tb, hotPlay)
			w.do(tb, (*pager).persist)
			open = false
		case 4:
			w.do(tb, (*pager).commit)
			w.reopen(tb)
			w.compare(tb, hotPlay)
			w.do(tb, func(p *pager) error { return p.journal.Truncate(0) })
			open = false
		case 5:
			name := bytes.Repeat([]byte{byte(1 + s.next()%255)}, 1+s.next()*4)
			w.do(tb, func(p *pager) error { return p.super(string(name)) })
			w.do(tb, (*pager).commit)
			w.compare(tb, hotPlay)
			w.do(tb, func(p *pager) error { return p.journal.Truncate(0) }) // whatever the mode
			open = false
		default:
			pgno, content := uint32(1+s.next()%9), uint64(s.next())
			page := plainPage(set, pgno, 9)
			if pgno > 1 {
				fillNoise(page[:set.Geometry().Usable()], content)
			}
			w.do(tb, func(p *pager) error { return p.log(pgno, page) })
		}
	}
	if open {
		w.compare(tb, ownPlay)
	}
}

// FuzzJournal writes and reads journals as SQLite does. Everything that is read
// back must be what a journal in clear gives.
func FuzzJournal(f *testing.F) {
	for seed := range uint64(16) {
		data := make([]byte, 200)
		fillNoise(data, seed)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cryptotest.SetGlobalRandom(t, 1) // the same coverage each time
		journalSteps(t, data[:min(len(data), 400)])
	})
}

// hotStates are the states in which a journal can find its database.
var hotStates = []struct {
	name  string
	word  string // "" for no key
	file  func(d *database) []byte
	wrong bool // no image may be served
}{
	{"whole", passphrase, func(d *database) []byte { return d.disk }, false},
	{"page 1 torn", passphrase, func(d *database) []byte { clear(d.raw(1)[512:]); return d.disk }, false},
	{"page 1 alone and torn", passphrase, func(d *database) []byte { clear(d.raw(1)[512:]); return d.raw(1) }, false},
	{"short", passphrase, func(d *database) []byte { return d.disk[:100] }, false},
	{"wrong key", "neither of the two", func(d *database) []byte { return d.disk }, true},
	{"no key", "", func(d *database) []byte { return d.disk }, true},
	{"half of a rekey", otherWord, func(d *database) []byte { return d.disk }, false},
}

// checkHot plays any bytes back as a journal. What comes of it must be what
// SQLCipher would copy, decrypted, up to the first image that does not open;
// under a wrong key it must be nothing.
func checkHot(t *testing.T, d, other *database, which int, journal []byte) {
	t.Helper()
	state := hotStates[which]
	fresh := *d
	fresh.disk = bytes.Clone(d.disk)
	o := vfs.Options{Settings: d.set}
	if state.word != "" {
		o.Key = keyspec(t, state.word)
	}
	db := openDB(t, readOnly(t, state.file(&fresh)), o)
	if state.word != "" {
		header(t, db)
	}
	got, err := d.reader(journal, t, db).play(true)
	if state.wrong {
		if err == nil && len(journal) >= 512 || len(got.images) > 0 {
			t.Fatalf("%s: read %v, %v", state.name, got, err)
		}
		return
	}
	under := d
	if state.word == otherWord {
		under = other
	}
	raw := &pager{journal: readOnly(t, journal), pageSize: d.size(), sector: 512}
	want, rawErr := raw.play(true)
	if rawErr != nil {
		t.Fatal(rawErr)
	}
	if len(got.images) > len(want.images) {
		t.Fatalf("%s: read %v, SQLCipher %v", state.name, got, want)
	}
	for i, im := range got.images {
		plain := want.images[i].plain
		if len(plain) == d.size() {
			plain = under.decrypt(im.pgno, plain)
		}
		if im.pgno != want.images[i].pgno || plain == nil || !bytes.Equal(plain, im.plain) {
			t.Fatalf("%s: image %d of page %d is not on disk", state.name, i, im.pgno)
		}
	}
	switch {
	case len(got.images) == len(want.images):
	case len(got.images) == 0 && err != nil: // perhaps the key was not proven
	case !errors.Is(err, compat.ErrJournal):
		t.Fatalf("%s: read %v, %v; SQLCipher %v", state.name, got, err, want)
	}
}

// hotSeeds are journals of the database, good and bad, with pages of 1024 bytes.
func hotSeeds(f testing.TB, d, other *database) map[string][]byte {
	super := &vfstest.Mem{}
	p := &pager{journal: super, pageSize: 1024, sector: 512, noSync: true}
	err := errors.Join(p.begin(1, 4), p.log(1, d.raw(1)), p.log(2, d.raw(2)), p.super("x.db-mj0123456789"))
	several := &vfstest.Mem{}
	q := &pager{journal: several, pageSize: 1024, sector: 1024}
	err = errors.Join(err, q.begin(1, 4), q.log(4, d.raw(4)), q.sync(), q.log(2, d.raw(2)), q.log(1, d.raw(1)), q.commit())
	if err != nil {
		f.Fatal(err)
	}
	seeds := map[string][]byte{
		"good":      d.hotJournal(f, 4, 1, 2, 3),
		"empty":     d.hotJournal(f, 0),
		"other key": other.hotJournal(f, 4, 1, 2),
		"super":     super.Bytes(),
		"several":   several.Bytes(),
		"vector":    vectors.Load().HotJournal.File,
		"noise":     d.disk,
	}
	for name, seed := range map[string][]byte{"zeroed": seeds["good"], "sizeless": seeds["good"], "later": seeds["several"]} {
		b := bytes.Clone(seed)
		switch name {
		case "zeroed":
			clear(b[:28])
		case "sizeless":
			clear(b[24:28])
		case "later":
			clear(b[4:1028])
		}
		seeds[name] = b
	}
	return seeds
}

func TestHotStates(t *testing.T) {
	t.Parallel()
	d, other := newDatabase(t, quick(1024), 4), databaseOf(t, quick(1024), otherWord, 4)
	for name, seed := range hotSeeds(t, d, other) {
		for which, state := range hotStates {
			t.Run(fmt.Sprintf("%s, %s", name, state.name), func(t *testing.T) {
				t.Parallel()
				checkHot(t, d, other, which, seed)
			})
		}
	}
}

// FuzzHotJournal takes any bytes for a hot journal.
func FuzzHotJournal(f *testing.F) {
	d, other := newDatabase(f, quick(1024), 4), databaseOf(f, quick(1024), otherWord, 4)
	seeds := hotSeeds(f, d, other)
	for _, seed := range seeds {
		for which := range hotStates {
			f.Add(uint8(which), seed)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, journal []byte) {
		cryptotest.SetGlobalRandom(t, 1)
		checkHot(t, d, other, int(which)%len(hotStates), slices.Clip(journal))
	})
}
