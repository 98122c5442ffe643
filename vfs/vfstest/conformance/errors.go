package conformance

import (
	"bytes"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// errorsBelow are those of the file below. SQLite must be told of them by the
// codes that they came with: it goes by them whether a transaction can be
// rolled back, whether to try again, and where a journal ends.
var errorsBelow = []question{
	{"read", func(p *place) {
		d := p.database(3, usual)
		p.eachFile(d, func(f *file, off int64, n int) {
			for _, code := range []int{codeIOErrRead, codeCorruptFS, codeIOErrData} {
				p.failing(vfstest.OnRead, f, vfs.Code(code), func() { f.wantRefused(n, off, code) })
			}
		})
	}},
	// A read that brings less than there is must not pass for the end of the
	// file.
	{"read cut short", func(p *place) {
		d := p.database(3, usual)
		p.eachFile(d, func(f *file, off int64, n int) {
			if f.name != journalName {
				p.failing(vfstest.OnRead, f, io.EOF, func() { f.wantRefused(n, off, codeIOErrRead) })
			}
		})
	}},
	{"read of a journal cut short", func(p *place) {
		d := p.database(3, usual)
		p.eachFile(d, func(f *file, off int64, n int) {
			if f.name == journalName {
				p.failing(vfstest.OnRead, f, io.EOF, func() { f.wantRefused(n, off, codeIOErrRead) })
			}
		})
	}},
	{"change counter", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		p.failing(vfstest.OnRead, f, vfs.Code(codeIOErrRead), func() { f.wantRefused(16, 24, codeIOErrRead) })
		f.wantRead(d.plain[24:40], 24)
	}},
	{"read before the key is proven", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		p.failing(vfstest.OnRead, f, vfs.Code(codeCorruptFS), func() {
			f.wantRefused(d.size(), 0, codeCorruptFS)
			p.want(codeCorruptFS, f.tryWrite(d.newPage(2), d.off(2)), "write")
		})
		p.wantSame(mainName, d.disk)
		f.wantRead(d.plain, 0) // SQLite may try again
	}},
	{"write", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.plain, 0)
		for _, code := range []int{codeFull, codeIOErrWrite, codeCorruptFS} {
			p.failing(vfstest.OnWrite, f, vfs.Code(code), func() {
				got := f.tryWrite(d.page(2), d.off(2))
				if got == codeOK { // it waits
					got = f.Sync(syncNormal)
				}
				p.want(code, got, "write")
			})
		}
		f.write(d.page(2), d.off(2))
		d.wantBelow(p, d.page(1), d.page(2), d.page(3))
	}},
	{"write of a journal", func(p *place) {
		d := p.database(3, usual)
		c := p.connect()
		c.main(d.params...)
		w := p.newJournal(d, c.journal())
		w.begin(3)
		for _, code := range []int{codeFull, codeIOErrWrite} {
			p.failing(vfstest.OnWrite, w.f, vfs.Code(code), func() {
				w.f.tryWrite(word(2), w.off)
				w.f.tryWrite(d.page(2), w.off+4)
				p.want(code, w.f.Sync(syncNormal), "sync of what waits")
			})
			_, got := w.f.Size()
			p.want(codeIOErrData, got, "the size, with which a rollback begins")
		}
		p.wantHidden(p.below(journalName), d.page(2))
	}},
	{"others", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		p.failing(vfstest.OnTruncate, f, vfs.Code(codeIOErrTrunc), func() { p.want(codeIOErrTrunc, f.Truncate(0), "truncate") })
		p.failing(vfstest.OnSync, f, vfs.Code(codeIOErrFsync), func() { p.want(codeIOErrFsync, f.Sync(syncNormal), "sync") })
		p.failing(vfstest.OnSize, f, vfs.Code(codeIOErrFstat), func() {
			_, code := f.Size()
			p.want(codeIOErrFstat, code, "size")
		})
		p.wantSame(mainName, d.disk)
	}},
	{"open", func(p *place) {
		for _, kind := range []struct {
			name   string
			flags  int
			params []compat.Param
		}{
			{mainName, openMainDB, usual}, {mainName, openMainDB, nil},
			{"super", openSuperJournal, nil}, {"temp", openTempDB | openDeleteOnClose, nil},
		} {
			for _, code := range []int{codeCantOpen, codeCantOpenDir, codeFull} {
				p.disk.Inject(vfstest.Rule{Call: vfstest.OnOpen, Err: vfs.Code(code)})
				_, got := p.connect().Open(kind.name, kind.flags|openReadWrite|openCreate, kind.params...)
				p.want(code, got, "open of %q", kind.name)
				p.disk.Heal()
			}
		}
	}},
	{"lock", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		for _, code := range []int{codeIOErrLock, codeBusy} {
			p.failing(vfstest.OnLock, f, vfs.Code(code), func() { p.want(code, f.locker().Lock(lockShared), "lock") })
		}
		p.want(codeOK, f.locker().Lock(lockShared), "lock")
	}},
	{"temporary file", func(p *place) {
		f := p.connect().open("temp", openTempDB|openReadWrite|openCreate|openDeleteOnClose)
		long := bytes.Repeat([]byte("temporary "), 10000)
		f.write(long, 0)
		for _, code := range []int{codeFull, codeIOErrWrite} {
			p.failing(vfstest.OnWrite, f, vfs.Code(code), func() {
				f.tryWrite(long[:4096], 0) // may be kept back
				p.want(code, f.tryWrite(long[:4096], 50000), "write")
			})
		}
		p.failing(vfstest.OnRead, f, vfs.Code(codeIOErrRead), func() { f.wantRefused(20000, 20001, codeIOErrRead) })
	}},
}

// failing makes all calls of a kind to a file fail while do runs, and wants
// that one has failed.
func (p *place) failing(call vfstest.CallKind, f *file, err error, do func()) {
	p.Helper()
	r := p.disk.Inject(vfstest.Rule{Call: call, Suffix: f.name, Err: err})
	do()
	if p.disk.Failed(r) == 0 {
		p.Errorf("no %s of %q reached the disk", call, f.name)
	}
	p.disk.Heal()
}

// eachFile reads a page of the database, of a journal and of a log, in which
// all is well.
func (p *place) eachFile(d *database, ask func(f *file, off int64, n int)) {
	p.Helper()
	c := p.connect()
	main := c.main(d.params...)
	main.wantRead(d.plain, 0)
	ask(main, d.off(2), d.size())
	main.wantRead(d.plain, 0)

	j := p.newJournal(d, c.journal())
	j.begin(3)
	at := j.record(2)
	j.f.wantRead(word(2), at)
	ask(j.f, at+4, d.size())
	j.f.wantRead(word(2), at)
	j.f.wantRead(d.page(2), at+4)

	l := p.newLog(d, c.openLog(), littleEndian)
	l.begin()
	l.frame(2, d.page(2), 3)
	ask(l.file, l.at(1)+frameHeader, d.size())
	l.file.wantRead(d.page(2), l.at(1)+frameHeader)
}
