package ncruces

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs"
)

// chain is the running checksum of one open log. SQLite keeps it in a structure
// that lives as long as the file, in a copy of the header of the shared index:
// {last frame, pages, checksum, salt}, 4, 4, 8 and 8 bytes. The first frame written finds the place by
// what must stand there; from then on it only has to be there still.
type chain struct {
	engine
	at pointer // 0 until found
}

var _ vfs.Chain = (*chain)(nil)

// SetFrameChecksum is of vfs.Chain.
func (c *chain) SetFrameChecksum(old, new [2]uint32, walSalt []byte) error {
	want := stands(old, walSalt)
	if c.at == 0 {
		at, hits := find(*c.Slice(), want[:])
		if hits != 1 {
			return notOnce(hits)
		}
		c.at = at
	}
	b := memory(c, c.at, len(want))
	if !bytes.Equal(b, want[:]) {
		return fmt.Errorf("ncruces: %w: the running checksum of SQLite has moved", compat.ErrUnsupported)
	}
	binary.LittleEndian.PutUint32(b, new[0])
	binary.LittleEndian.PutUint32(b[4:], new[1])
	return nil
}

// LastFrame is of vfs.Chain. The number stands two words before the checksum.
func (c *chain) LastFrame(sum [2]uint32, walSalt []byte) (number uint32, ok bool, err error) {
	want := stands(sum, walSalt)
	if c.at == 0 {
		at, hits := find(*c.Slice(), want[:])
		switch {
		case hits == 0:
			return 0, false, nil
		case hits > 1:
			return 0, false, notOnce(hits)
		}
		c.at = at
	}
	if !bytes.Equal(memory(c, c.at, len(want)), want[:]) {
		return 0, false, nil
	}
	return binary.LittleEndian.Uint32(memory(c, c.at-8, 4)), true, nil
}

// stands is what stands in the memory of SQLite.
func stands(sum [2]uint32, walSalt []byte) (want [16]byte) {
	binary.LittleEndian.PutUint32(want[:], sum[0])
	binary.LittleEndian.PutUint32(want[4:], sum[1])
	copy(want[8:], walSalt)
	return want
}

// notOnce is an error: a chain that is guessed loses what is committed.
func notOnce(hits int) error {
	return fmt.Errorf("ncruces: %w: the running checksum of SQLite is found %d times", compat.ErrUnsupported, hits)
}

// find is the aligned place of want in the memory, and how many there are.
func find(memory, want []byte) (at pointer, hits int) {
	for from := 0; ; {
		i := bytes.Index(memory[from:], want)
		if i < 0 {
			break
		}
		from += i
		if from%4 == 0 {
			at = pointer(from)
			hits++
		}
		from++
	}
	return at, hits
}
