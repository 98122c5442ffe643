package conformance

import (
	"strings"

	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/vfstest"
)

// paths are about names of files, which a layer passes on.
var paths = []question{
	{"access", func(p *place) {
		c := p.connect()
		p.database(1, usual)
		for name, want := range map[string]bool{mainName: true, "other.db": false, walName: false} {
			got, code := c.paths().Access(name, accessExists)
			p.want(codeOK, code, "access of %q", name)
			if got != want {
				p.Errorf("%q exists: %v, want %v", name, got, want)
			}
		}
	}},
	{"delete", func(p *place) {
		c := p.connect()
		p.database(1, usual)
		p.want(codeOK, c.paths().Delete(mainName, true), "delete")
		if p.disk.Exists(mainName) {
			p.Error("the file is still there")
		}
		p.want(codeDeleteNoEnt, c.paths().Delete(mainName, true), "delete of nothing")
	}},
	{"delete fails", func(p *place) {
		c := p.connect()
		p.database(1, usual)
		p.disk.Inject(vfstest.Rule{Call: vfstest.OnDelete, Err: vfs.Code(codeIOErrDelete)})
		p.want(codeIOErrDelete, c.paths().Delete(mainName, false), "delete")
		if !p.disk.Exists(mainName) {
			p.Error("the file is gone")
		}
	}},
	{"full path name", func(p *place) {
		c := p.connect()
		full, code := c.paths().FullPathname(mainName)
		p.must(codeOK, code, "full path name")
		if len(full) <= len(mainName) || !strings.HasSuffix(full, mainName) {
			p.Errorf("the full path name is %q", full)
		}
	}},
	{"missing file", func(p *place) {
		c := p.connect()
		_, code := c.Open(mainName, openMainDB|openReadWrite, usual...)
		p.want(codeCantOpen, code, "open of a missing file without leave to create it")
		if len(p.disk.Names()) != 0 {
			p.Error("it was created")
		}
	}},
}

func (c *conn) paths() Paths {
	c.p.Helper()
	paths, ok := c.Connection.(Paths)
	if !ok {
		c.p.Fatal(`the binding has no paths and does not say that it lacks "paths"`)
	}
	return paths
}
