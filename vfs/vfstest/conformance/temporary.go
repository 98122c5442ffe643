package conformance

import (
	"bytes"
	"math/rand/v2"
)

// private are the kinds of files that only the process reads that makes them.
// SQLite reads and writes them in pieces of any length at any offset. It gives
// them no name; here they have one where the question looks at what is below.
var private = []struct {
	name string
	kind int
}{
	{"temp database", openTempDB},
	{"transient database", openTransientDB},
	{"temp journal", openTempJournal},
	{"subjournal", openSubJournal},
}

const (
	tempName    = "temp"
	openPrivate = openReadWrite | openCreate | openExclusive | openDeleteOnClose
)

var temporary = []question{
	{"nothing in clear", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		f := p.connect().open(tempName, kind|openPrivate)
		secret := noise(rnd, 100_000)
		for at := 0; at < len(secret); {
			n := min(1+rnd.IntN(9000), len(secret)-at)
			f.write(secret[at:at+n], int64(at))
			at += n
		}
		f.wantRead(secret, 0)
		below := p.below(tempName)
		if len(below) < len(secret)/2 {
			p.Fatalf("%d bytes below", len(below))
		}
		p.wantHidden(below, secret)
	})},
	{"deleted when closed", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		f := p.connect().open(tempName, kind|openPrivate)
		f.write(noise(rnd, 5000), 0)
		f.close()
		if p.disk.Exists(tempName) {
			p.Error("the file is still there")
		}
	})},
	{"any range", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		for _, name := range []string{"", tempName} {
			model(p.connect().open(name, kind|openPrivate), rnd)
		}
	})},
	{"short reads", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		f := p.connect().open("", kind|openPrivate)
		f.wantShort(nil, 100, 0)
		secret := noise(rnd, 5000)
		f.write(secret, 0)
		f.wantShort(secret[4990:], 100, 4990)
		f.wantShort(secret, 9000, 0)
		f.wantShort(nil, 10, 5000)
		f.wantShort(nil, 10, 1<<20)
	})},
	{"grown again", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		f := p.connect().open("", kind|openPrivate)
		text := noise(rnd, 9000)
		f.write(text, 0)
		for _, cut := range []int{8500, 5000, 4096, 100, 0} {
			p.must(codeOK, f.Truncate(int64(cut)), "truncate to %d", cut)
			f.write(text[:1], int64(cut+200))
			f.wantRead(append(append(bytes.Clone(text[:cut]), make([]byte, 200)...), text[0]), 0)
		}
	})},
	{"tampered with", everyPrivate(func(p *place, kind int, rnd *rand.Rand) {
		f := p.connect().open(tempName, kind|openPrivate)
		text := noise(rnd, 20_000)
		f.write(text, 0)
		f.wantRead(text, 0)
		p.tamper(tempName, 100)
		f.wantRead(text[12_000:], 12_000)
		f.wantRefused(4000, 0, codeIOErrRead, codeCorrupt)
	})},
	{"keys differ", func(p *place) {
		c := p.connect()
		text := bytes.Repeat([]byte("the same "), 2000)
		var below [][]byte
		for _, name := range []string{"one", "two"} {
			f := c.open(name, openTempDB|openPrivate)
			f.write(text, 0)
			f.wantRead(text[:1], 0)
			below = append(below, p.below(name)[:4096])
		}
		if bytes.Equal(below[0], below[1]) {
			p.Error("two files are encrypted to the same bytes")
		}
	}},
	{"needs no key", func(p *place) { // nor is it that of the database
		c := p.connect()
		c.main()
		f := c.open(tempName, openTempDB|openPrivate)
		text := bytes.Repeat([]byte("temporary "), 2000)
		f.write(text, 0)
		f.wantRead(text[:1], 0)
		p.wantHidden(p.below(tempName), text[:64])
	}},
}

// everyPrivate asks about each kind of private file. It prints the seed.
func everyPrivate(ask func(p *place, kind int, rnd *rand.Rand)) func(*place) {
	return func(p *place) {
		for _, k := range private {
			p.sub(k.name, func(p *place) {
				seed := rand.Uint64()
				p.Logf("seed %d", seed)
				ask(p, k.kind, rand.New(rand.NewPCG(seed, 0)))
			})
		}
	}
}

func noise(rnd *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

// model does the same to a file and to a slice.
func model(f *file, rnd *rand.Rand) {
	f.p.Helper()
	var want []byte
	for range 200 {
		off, n := rnd.IntN(30_000), 1+rnd.IntN(9000)
		switch rnd.IntN(10) {
		case 0:
			off = min(off, len(want))
			f.p.must(codeOK, f.Truncate(int64(off)), "truncate to %d", off)
			want = want[:off]
		case 1, 2, 3, 4:
			b := noise(rnd, n)
			f.write(b, int64(off))
			want = append(want, make([]byte, max(0, off+n-len(want)))...)
			copy(want[off:], b)
		default:
			if off = min(off, len(want)); off+n <= len(want) {
				f.wantRead(want[off:off+n], int64(off))
			} else {
				f.wantShort(want[off:], n, int64(off))
			}
		}
		if size, code := f.Size(); code != codeOK || size != int64(len(want)) {
			f.p.Fatalf("size %d, code %d; want %d", size, code, len(want))
		}
	}
	f.wantRead(want, 0)
}
