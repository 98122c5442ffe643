package conformance

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// controls are the file controls of a database in a folder of the operating
// system, which knows most of them.
var controls = []question{
	{"unknown", func(p *place) {
		p.eachControls(func(c Controls) {
			for _, op := range []int{
				fcntlUnknown, fcntlZipVFS, fcntlRBU, fcntlBeginAtomic, fcntlCommitAtomic, fcntlRollbackAtomic,
			} {
				if _, code := c.Control64(op, 0); code != codeNotFound {
					p.Errorf("control %d: code %d, want %d", op, code, codeNotFound)
				}
			}
		})
	}},
	{"name", func(p *place) {
		p.eachControls(func(c Controls) {
			if name, code := c.Name(); code != codeOK || !strings.HasPrefix(name, "pageseal/") {
				p.Errorf("name %q, code %d", name, code)
			}
		})
	}},
	// They would make the file grow by what does not verify.
	{"size hint and chunk size", func(p *place) {
		dir := p.TempDir()
		f := p.folder(dir).main(usual...)
		d := p.database(0, usual)
		pages := [][]byte{d.newPage(1)}
		f.write(pages[0], 0)
		c := f.controls()
		hint := func() int { _, code := c.Control64(fcntlSizeHint, 1<<20); return code }
		chunk := func() int { _, code := c.Control32(fcntlChunkSize, 1<<18); return code }
		for _, ask := range []func() int{hint, chunk, hint} {
			if code := ask(); code != codeOK && code != codeNotFound {
				p.Errorf("code %d", code)
			}
			pgno := len(pages) + 1
			pages = append(pages, d.newPage(pgno))
			f.write(pages[pgno-1], d.off(pgno))
			grown, _ := f.Size()
			p.want(codeOK, f.Truncate(d.off(pgno+1)), "truncate to %d pages", pgno)
			cut, _ := f.Size()
			if want := d.off(pgno + 1); grown != want || cut != want {
				p.Errorf("the file has %d bytes, and %d when it was truncated; want %d pages", grown, cut, pgno)
			}
		}
		f.close()
		below, err := os.ReadFile(filepath.Join(dir, mainName))
		if err != nil {
			p.Fatal(err)
		}
		p.disk.Put(mainName, below)
		p.keyed(usual, below[:16]).wantBelow(p, pages...)
	}},
	{"what is remembered", func(p *place) {
		p.eachControls(func(c Controls) {
			for _, op := range []int{fcntlPersistWAL, fcntlPowersafe} {
				for _, set := range []int32{1, 0, 1} {
					if _, code := c.Control32(op, set); code != codeOK {
						p.Errorf("control %d to %d: code %d", op, set, code)
					}
					if got, code := c.Control32(op, -1); code != codeOK || got != set {
						p.Errorf("control %d: %d, code %d; want %d", op, got, code, set)
					}
				}
			}
		})
	}},
	{"power-safe overwrite stays", func(p *place) {
		f := p.folder(p.TempDir()).main(usual...)
		f.controls().Control32(fcntlPowersafe, 0)
		if d, ok := f.File.(Device); !ok || d.DeviceCharacteristics()&iocapPowersafe == 0 {
			p.Error("SQLite pads what it writes to sectors")
		}
	}},
	{"moved", func(p *place) {
		dir := p.TempDir()
		f := p.folder(dir).main(usual...)
		c := f.controls()
		unknown := runtime.GOOS == "windows" // where a file cannot be moved while it is open
		if got, code := c.Control32(fcntlHasMoved, 7); (got != 0 || code != codeOK) && !(unknown && code == codeNotFound) {
			p.Errorf("moved %d, code %d", got, code)
		}
		if unknown {
			return
		}
		if err := os.Rename(filepath.Join(dir, mainName), filepath.Join(dir, "elsewhere")); err != nil {
			p.Fatal(err)
		}
		if got, code := c.Control32(fcntlHasMoved, 7); got != 1 || code != codeOK {
			p.Errorf("moved %d, code %d after a move", got, code)
		}
	}},
	{"lock state", func(p *place) {
		f := p.folder(p.TempDir()).main(usual...)
		for _, level := range []int{lockShared, lockReserved, lockExclusive} {
			p.want(codeOK, f.locker().Lock(level), "lock")
			if got, code := f.controls().Control32(fcntlLockState, -1); code != codeOK || int(got) != level {
				p.Errorf("state %d, code %d; want %d", got, code, level)
			}
		}
	}},
	{"nothing is mapped", func(p *place) {
		p.eachControls(func(c Controls) {
			for _, limit := range []int64{1 << 20, -1} { // -1 asks
				if n, code := c.Control64(fcntlMmapSize, limit); code != codeNotFound && (code != codeOK || n != 0) {
					p.Errorf("%d bytes, code %d", n, code)
				}
			}
		})
	}},
	{"harmless ones", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		for _, op := range []int{fcntlOverwrite, fcntlSync, fcntlCommitPhaseTwo} {
			if code := f.controls().Null(op); code != codeOK && code != codeNotFound {
				p.Errorf("control %d: code %d", op, code)
			}
		}
		p.wantSame(mainName, d.disk)
		f.wantRead(d.plain, 0)
	}},
}

// eachControls asks about a database with a key and about one without.
func (p *place) eachControls(ask func(c Controls)) {
	p.Helper()
	ask(p.folder(p.TempDir()).main(usual...).controls())
	ask(p.folder(p.TempDir()).main().controls())
}

func (f *file) controls() Controls {
	f.p.Helper()
	c, ok := f.File.(Controls)
	if !ok {
		f.p.Fatal(`the binding has no controls and does not say that it lacks "controls"`)
	}
	return c
}
