package vfstest

import (
	"math/rand/v2"
	"slices"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// Image is the disk as it may look after a crash behind the first ops changes.
// What was synced is there. Of the rest each sector of each write survives or
// not. Files that were created, deleted or truncated survive as such up to some
// moment, in order, as a journaling file system has it. rnd decides.
func (d *Disk) Image(ops int, rnd *rand.Rand) *Disk {
	d.mu.Lock()
	recorded := d.ops[:ops]
	d.mu.Unlock()
	c := crashed{files: map[int]*crashedFile{}, survival: survival(rnd), rnd: rnd}
	for i, o := range recorded {
		o.at = i
		c.apply(o)
	}
	c.cut = c.lastMetadata(len(recorded))
	after := c.disk()
	after.Label = d.Label
	return after
}

// survival is the chance of an unsynced change: sometimes all are lost, as when
// the power fails, sometimes none, as when the process is killed.
func survival(rnd *rand.Rand) float64 {
	switch rnd.IntN(4) {
	case 0:
		return 0
	case 1:
		return 1
	}
	return rnd.Float64()
}

// crashed is a disk on its way to the crash.
type crashed struct {
	files    map[int]*crashedFile
	names    []op // created and deleted in all
	synced   int  // so many of them are durable
	cut      int  // metadata changes from here on are lost
	survival float64
	rnd      *rand.Rand
}

type crashedFile struct {
	durable []byte
	pending []op
}

func (c *crashed) file(inode int) *crashedFile {
	f := c.files[inode]
	if f == nil {
		f = &crashedFile{}
		c.files[inode] = f
	}
	return f
}

func (c *crashed) apply(o op) {
	switch o.kind {
	case opCreate, opDelete:
		c.names = append(c.names, o)
	case opSyncDir:
		c.synced = len(c.names)
	case opWrite, opTruncate:
		f := c.file(o.inode)
		f.pending = append(f.pending, o)
	case opSync:
		f := c.file(o.inode)
		for _, p := range f.pending {
			f.durable = perform(f.durable, p)
		}
		f.pending = nil
	}
}

func perform(data []byte, o op) []byte {
	if o.kind == opTruncate {
		return resize(data, o.off)
	}
	return writeAt(data, o.data, o.off)
}

// lastMetadata picks the first change of metadata that does not survive.
func (c *crashed) lastMetadata(end int) int {
	var pending []int
	for _, o := range c.names[c.synced:] {
		pending = append(pending, o.at)
	}
	for _, f := range c.files {
		for _, o := range f.pending {
			if o.kind == opTruncate {
				pending = append(pending, o.at)
			}
		}
	}
	slices.Sort(pending)
	for _, at := range pending {
		if !c.survives() {
			return at
		}
	}
	return end
}

func (c *crashed) survives() bool { return c.rnd.Float64() < c.survival }

// disk is what is found after the crash.
func (c *crashed) disk() *Disk {
	content := map[int][]byte{}
	numbers := make([]int, 0, len(c.files))
	for inode := range c.files {
		numbers = append(numbers, inode)
	}
	slices.Sort(numbers) // the outcome depends on the seed alone
	for _, inode := range numbers {
		content[inode] = c.surviving(c.files[inode])
	}
	names := map[string]int{}
	for i, o := range c.names {
		if i >= c.synced && o.at >= c.cut {
			break
		}
		if o.kind == opCreate {
			names[o.name] = o.inode
		} else {
			delete(names, o.name)
		}
	}
	d := NewDisk()
	for name, inode := range names {
		d.Put(name, content[inode])
	}
	return d
}

func (c *crashed) surviving(f *crashedFile) []byte {
	data := slices.Clone(f.durable)
	for _, o := range f.pending {
		if o.kind == opTruncate {
			if o.at < c.cut {
				data = resize(data, o.off)
			}
			continue
		}
		for from := int64(0); from < int64(len(o.data)); {
			to := min((o.off+from)/sector*sector+sector-o.off, int64(len(o.data)))
			if c.survives() {
				data = writeAt(data, o.data[from:to], o.off+from)
			}
			from = to
		}
	}
	return data
}
