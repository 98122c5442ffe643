package conformance

import (
	"os"
	"path/filepath"
)

// sharedMemory is the index of the log, which the connections share.
var sharedMemory = []question{
	{"mapped", func(p *place) {
		a, b, _ := p.sharers()
		if r, code := a.ShmMap(0, shmRegion, false); code != codeOK || r != nil {
			p.Errorf("a region that nobody has made: %d bytes, code %d", len(r), code)
		}
		p.fill(a, 'a')
		p.finds(b, 'a')
		p.fill(b, 'b')
		p.finds(a, 'b')
	}},
	{"locks", func(p *place) {
		for _, c := range []struct {
			name         string
			held, wanted int
			code         int
		}{
			{"shared and shared", shmShared, shmShared, codeOK},
			{"shared and exclusive", shmShared, shmExclusive, codeBusy},
			{"exclusive and shared", shmExclusive, shmShared, codeBusy},
			{"exclusive and exclusive", shmExclusive, shmExclusive, codeBusy},
		} {
			p.sub(c.name, func(p *place) {
				a, b, _ := p.sharers()
				p.fill(a, 'a')
				p.finds(b, 'a')
				for slot := range shmSlots {
					p.want(codeOK, a.ShmLock(slot, 1, shmLock|c.held), "first lock %d", slot)
					p.want(c.code, b.ShmLock(slot, 1, shmLock|c.wanted), "second lock %d", slot)
					p.want(codeOK, b.ShmLock((slot+1)%shmSlots, 1, shmLock|shmExclusive), "lock beside %d", slot)
					p.want(codeOK, b.ShmLock((slot+1)%shmSlots, 1, shmUnlock|shmExclusive), "unlock beside %d", slot)
					p.want(codeOK, a.ShmLock(slot, 1, shmUnlock|c.held), "unlock %d", slot)
					if c.code != codeOK {
						p.want(codeOK, b.ShmLock(slot, 1, shmLock|c.wanted), "second lock %d after the first", slot)
					}
					p.want(codeOK, b.ShmLock(slot, 1, shmUnlock|c.wanted), "unlock %d", slot)
				}
			})
		}
	}},
	{"several locks at once", func(p *place) {
		a, b, _ := p.sharers()
		p.fill(a, 'a')
		p.finds(b, 'a')
		p.want(codeOK, b.ShmLock(5, 1, shmLock|shmShared), "lock")
		p.want(codeBusy, a.ShmLock(4, 4, shmLock|shmExclusive), "four locks, one of them held")
		p.want(codeOK, b.ShmLock(4, 1, shmLock|shmExclusive), "a lock that the other has not got")
		p.want(codeOK, b.ShmLock(4, 1, shmUnlock|shmExclusive), "unlock")
		p.want(codeOK, b.ShmLock(5, 1, shmUnlock|shmShared), "unlock")
		p.want(codeOK, a.ShmLock(4, 4, shmLock|shmExclusive), "four locks")
		p.want(codeBusy, b.ShmLock(7, 1, shmLock|shmShared), "one of the four")
		p.want(codeOK, a.ShmLock(4, 4, shmUnlock|shmExclusive), "unlock")
	}},
	{"unmapped", func(p *place) {
		a, b, dir := p.sharers()
		p.fill(a, 'a')
		p.finds(b, 'a')
		p.want(codeOK, a.ShmUnmap(false), "unmap")
		p.finds(b, 'a')
		p.fill(a, 'c')
		p.finds(b, 'c')
		p.want(codeOK, a.ShmUnmap(false), "unmap")
		p.want(codeOK, b.ShmUnmap(true), "unmap and delete")
		if _, err := os.Stat(filepath.Join(dir, mainName+"-shm")); err == nil {
			p.Error("the file is still there")
		}
	}},
}

// sharers are two connections that share the memory of a database in a folder.
func (p *place) sharers() (a, b SharedMemory, dir string) {
	p.Helper()
	dir = p.TempDir()
	open := func() SharedMemory {
		p.Helper()
		f := p.folder(dir).main(usual...)
		m, ok := f.File.(SharedMemory)
		if !ok {
			p.Fatal(`the binding has no shared memory and does not say that it lacks "shared memory"`)
		}
		p.must(codeOK, f.locker().raise(lockShared), "lock") // as SQLite holds one then
		p.Cleanup(func() { p.want(codeOK, m.ShmUnmap(false), "unmap before the close") })
		return m
	}
	return open(), open(), dir
}

// fill writes a byte all over the region.
func (p *place) fill(m SharedMemory, c byte) {
	p.Helper()
	p.region(m)
	p.want(codeOK, lockAll(m, shmLock), "locks of the region")
	r := p.region(m)
	for i := range r {
		r[i] = c
	}
	m.ShmBarrier()
	p.want(codeOK, lockAll(m, shmUnlock), "unlock of the region")
}

// finds wants that byte all over the region.
func (p *place) finds(m SharedMemory, c byte) {
	p.Helper()
	p.region(m)
	m.ShmBarrier()
	r := p.region(m)
	for i := range r {
		if r[i] != c {
			p.Fatalf("byte %d of the shared memory is %q, want %q", i, r[i], c)
		}
	}
}

// region maps the region, and makes it where there is none.
func (p *place) region(m SharedMemory) []byte {
	p.Helper()
	r, code := m.ShmMap(0, shmRegion, true)
	if code != codeOK || len(r) != shmRegion {
		p.Fatalf("map: %d bytes, code %d", len(r), code)
	}
	return r
}

func lockAll(m SharedMemory, flag int) int { return m.ShmLock(0, shmSlots, flag|shmExclusive) }
