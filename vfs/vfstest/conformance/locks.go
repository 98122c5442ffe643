package conformance

// locks are those of the operating system on a database, between connections
// of one process, as https://sqlite.org/lockingv3.html has them.
var locks = []question{
	{"between two connections", func(p *place) {
		for _, c := range []struct {
			name         string
			held, wanted int
			code         int
		}{
			{"reader and reader", lockShared, lockShared, codeOK},
			{"reader and writer", lockShared, lockReserved, codeOK},
			{"reader and committer", lockShared, lockExclusive, codeBusy},
			{"writer and reader", lockReserved, lockShared, codeOK},
			{"writer and writer", lockReserved, lockReserved, codeBusy},
			{"writer and committer", lockReserved, lockExclusive, codeBusy},
			{"committer and reader", lockExclusive, lockShared, codeBusy},
			{"committer and writer", lockExclusive, lockReserved, codeBusy},
			{"committer and committer", lockExclusive, lockExclusive, codeBusy},
		} {
			p.sub(c.name, func(p *place) {
				a, b := p.lockers()
				p.want(codeOK, a.raise(c.held), "first lock")
				p.want(c.code, b.raise(c.wanted), "second lock")
				p.want(codeOK, a.lower(lockNone), "unlock")
				p.want(codeOK, b.raise(c.wanted), "second lock after the first")
				p.want(codeOK, b.lower(lockNone), "unlock")
			})
		}
	}},
	{"pending", func(p *place) { // who waits to commit lets no new reader in
		dir := p.TempDir()
		var l [3]*holder
		for i := range l {
			l[i] = p.folder(dir).main(usual...).locker()
		}
		p.want(codeOK, l[0].raise(lockShared), "reader")
		p.want(codeBusy, l[1].raise(lockExclusive), "committer beside a reader")
		p.want(codeBusy, l[2].raise(lockShared), "reader beside a pending committer")
		p.want(codeOK, l[0].lower(lockNone), "unlock")
		p.want(codeOK, l[1].raise(lockExclusive), "committer alone")
	}},
	{"down to shared", func(p *place) {
		a, b := p.lockers()
		p.want(codeOK, a.raise(lockExclusive), "lock")
		p.want(codeOK, a.lower(lockShared), "unlock to shared")
		p.want(codeOK, b.raise(lockReserved), "lock of another")
		p.want(codeBusy, b.raise(lockExclusive), "lock beside a reader")
		p.want(codeOK, a.lower(lockNone), "unlock")
		p.want(codeOK, b.raise(lockExclusive), "lock alone")
	}},
	{"straight to exclusive", func(p *place) { // as for the rollback of a hot journal
		a, b := p.lockers()
		p.want(codeOK, a.raise(lockShared), "lock")
		p.want(codeOK, a.Lock(lockExclusive), "lock")
		p.want(codeBusy, b.raise(lockShared), "lock of another")
	}},
	{"reserved", func(p *place) {
		a, b := p.lockers()
		reserved := func(want bool) {
			p.Helper()
			for name, l := range map[string]*holder{"holder": a, "other": b} {
				if got, code := l.CheckReservedLock(); code != codeOK || got != want {
					p.Errorf("%s: reserved %v, code %d; want %v", name, got, code, want)
				}
			}
		}
		reserved(false)
		p.want(codeOK, a.raise(lockShared), "lock")
		reserved(false)
		p.want(codeOK, a.raise(lockReserved), "lock")
		reserved(true)
		p.want(codeOK, a.lower(lockShared), "unlock to shared")
		reserved(false)
	}},
	{"closing gives them up", func(p *place) {
		dir := p.TempDir()
		first := p.folder(dir).main(usual...)
		p.want(codeOK, first.locker().raise(lockExclusive), "lock")
		second := p.folder(dir).main(usual...)
		p.want(codeBusy, second.locker().raise(lockShared), "lock of another")
		first.close()
		p.want(codeOK, second.locker().raise(lockExclusive), "lock of another after the first is closed")
	}},
	// While another connection has the lock, the file may become shorter. What
	// was known of its end counts no more.
	{"the end of the file after an unlock", func(p *place) {
		d := p.database(2, usual)
		a, b := p.connect().main(d.params...), p.connect().main(d.params...)
		p.want(codeOK, a.locker().raise(lockExclusive), "lock")
		a.write(d.newPage(9), d.off(9))
		p.want(codeOK, a.locker().lower(lockNone), "unlock")

		p.want(codeOK, b.locker().raise(lockExclusive), "lock of another")
		b.wantRead(d.page(1), 0)
		p.want(codeOK, b.Truncate(int64(len(d.disk))), "truncate")
		p.want(codeOK, b.locker().lower(lockNone), "unlock")

		p.want(codeOK, a.locker().raise(lockExclusive), "lock")
		page, none := d.newPage(5), make([]byte, d.size())
		a.write(page, d.off(5))
		d.wantBelow(p, d.page(1), d.page(2), none, none, page)
	}},
	// While another connection has the lock, it may write any page. What was read
	// before, and what was read ahead of that, counts no more.
	{"what was read before an unlock", func(p *place) {
		d := p.database(12, usual)
		a, b := p.connect().main(d.params...), p.connect().main(d.params...)
		p.want(codeOK, a.locker().raise(lockShared), "lock")
		for pgno := 1; pgno <= 6; pgno++ {
			a.wantRead(d.page(pgno), d.off(pgno))
		}
		p.want(codeOK, a.locker().lower(lockNone), "unlock")

		p.want(codeOK, b.locker().raise(lockExclusive), "lock of another")
		pages := map[int][]byte{}
		for pgno := 2; pgno <= 12; pgno++ {
			pages[pgno] = d.newPage(pgno)
			b.write(pages[pgno], d.off(pgno))
		}
		p.want(codeOK, b.locker().lower(lockNone), "unlock")

		p.want(codeOK, a.locker().raise(lockShared), "lock")
		for pgno := 2; pgno <= 12; pgno++ {
			a.wantRead(pages[pgno], d.off(pgno))
		}
	}},
}

// lockers are two connections to one database in a folder.
func (p *place) lockers() (a, b *holder) {
	p.Helper()
	dir := p.TempDir()
	return p.folder(dir).main(usual...).locker(), p.folder(dir).main(usual...).locker()
}

// holder has the lock of a database, and knows which, as SQLite does: it asks
// for no lock that it has.
type holder struct {
	Locker
	level int
}

func (f *file) locker() *holder {
	f.p.Helper()
	l, ok := f.File.(Locker)
	if !ok {
		f.p.Fatal(`the binding has no locks and does not say that it lacks "locks"`)
	}
	return &holder{Locker: l}
}

// raise takes the locks up to a level one by one.
func (h *holder) raise(level int) int {
	for _, next := range []int{lockShared, lockReserved, lockExclusive} {
		if next <= h.level || next > level {
			continue
		}
		if code := h.Lock(next); code != codeOK {
			return code
		}
		h.level = next
	}
	return codeOK
}

// lower gives locks up.
func (h *holder) lower(level int) int {
	h.level = level
	return h.Unlock(level)
}
