package btree_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pageseal/pageseal/vfs/btree"
)

// TestVarint knows some from https://sqlite.org/fileformat2.html#varint and reads
// what it writes.
func TestVarint(t *testing.T) {
	t.Parallel()
	for v, want := range map[uint64]string{
		0: "00", 0x7f: "7f", 0x80: "8100", 0x3fff: "ff7f", 0x4000: "818000", 1<<56 - 1: "ffffffffffffff7f",
		1 << 56: "80c0808080808080 00", math.MaxInt64: "bfffffffffffffffff", math.MaxUint64: "ffffffffffffffffff",
	} {
		want = string(bytes.ReplaceAll([]byte(want), []byte(" "), nil))
		if got := fmt.Sprintf("%x", btree.AppendVarint(nil, v)); got != want {
			t.Errorf("%#x is %s, want %s", v, got, want)
		}
	}
	for range 100_000 {
		v := rand.Uint64() >> rand.IntN(64)
		p := btree.AppendVarint(nil, v)
		if got, k := btree.Varint(append(p, 0xff)); got != v || k != len(p) {
			t.Fatalf("%#x is read as %#x of %d bytes", v, got, k)
		}
		if _, k := btree.Varint(p[:len(p)-1]); k != 0 {
			t.Fatalf("%#x without its end has %d bytes", v, k)
		}
	}
}
