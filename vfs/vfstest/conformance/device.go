package conformance

import "github.com/pageseal/pageseal/compat"

// device is what a file says of the disk that it lies on. SQLite goes around
// the encryption where it is told that the disk can do more.
var device = []question{
	{"flags that would go around the encryption", func(p *place) {
		p.disk.Device = 0xffff
		p.eachDevice(func(name string, d Device) {
			if got := d.DeviceCharacteristics(); got&(iocapAtomic|iocapBatchAtomic|iocapSubpageRead) != 0 {
				p.Errorf("%s: device characteristics %#x", name, got)
			}
		})
	}},
	// Without it SQLite pads what it writes to a log to sectors.
	{"power-safe overwrite", func(p *place) {
		p.disk.Device = 0
		p.eachDevice(func(name string, d Device) {
			if got := d.DeviceCharacteristics(); got != iocapPowersafe {
				p.Errorf("%s: device characteristics %#x", name, got)
			}
		})
	}},
	{"flags that do no harm", func(p *place) {
		const safe = 0x200 | 0x400 | 0x800 | 0x2000
		p.disk.Device = safe
		p.eachDevice(func(name string, d Device) {
			if got := d.DeviceCharacteristics(); got != safe|iocapPowersafe {
				p.Errorf("%s: device characteristics %#x", name, got)
			}
		})
	}},
	{"sector size", func(p *place) {
		p.eachDevice(func(name string, d Device) {
			if n := d.SectorSize(); n < 512 || n > 65536 || n&(n-1) != 0 {
				p.Errorf("%s: sectors of %d bytes", name, n)
			}
		})
	}},
	{"no memory maps", func(p *place) { // they would show the ciphertext
		unmapped := func(name string, d Device) {
			if d.Maps() {
				p.Errorf("%s can be mapped", name)
			}
		}
		p.eachDevice(unmapped)
		for _, list := range [][]compat.Param{usual, nil} {
			unmapped("file of the operating system", p.folder(p.TempDir()).main(list...).File.(Device))
		}
	}},
}

// eachDevice asks about a file of each kind.
func (p *place) eachDevice(ask func(name string, d Device)) {
	p.Helper()
	c := p.connect()
	for _, f := range []*file{
		c.main(usual...), c.journal(), c.openLog(),
		c.open(tempName, openTempDB|openPrivate), c.open("sub", openSubJournal|openPrivate),
	} {
		d, ok := f.File.(Device)
		if !ok {
			p.Fatal(`the binding has no device and does not say that it lacks "device"`)
		}
		ask(f.name, d)
	}
}
