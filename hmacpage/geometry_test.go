package hmacpage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
)

var allMACs = []MAC{NoMAC, HMACSHA1, HMACSHA256, HMACSHA512}

// reserveOf is the table of the design document, on purpose not the formula.
var reserveOf = map[MAC]int{NoMAC: 16, HMACSHA1: 48, HMACSHA256: 48, HMACSHA512: 80}

func validSize(pageSize int, mac MAC) bool {
	switch pageSize {
	case 512:
		return mac == NoMAC
	case 1024, 2048, 4096, 8192, 16384, 32768, 65536:
		return true
	}
	return false
}

func TestValidatePageSize(t *testing.T) {
	t.Parallel()
	for _, mac := range allMACs {
		for size := -1; size <= 140000; size++ {
			err := Geometry{PageSize: size, MAC: mac}.Validate()
			if (err == nil) != validSize(size, mac) {
				t.Fatalf("page size %d with %v: %v", size, mac, err)
			}
			if err != nil && !errors.Is(err, ErrGeometry) {
				t.Fatalf("page size %d with %v: %v is not ErrGeometry", size, mac, err)
			}
		}
	}
}

func TestValidatePlaintextHeader(t *testing.T) {
	t.Parallel()
	for _, mac := range allMACs {
		for size := 512; size <= 65536; size *= 2 {
			if !validSize(size, mac) {
				continue
			}
			usable := size - reserveOf[mac]
			for h := -32; h <= size+32; h++ {
				err := Geometry{PageSize: size, MAC: mac, PlaintextHeader: h}.Validate()
				if want := h >= 0 && h <= usable && h%16 == 0; (err == nil) != want {
					t.Fatalf("page size %d with %v, header %d: %v", size, mac, h, err)
				}
			}
		}
	}
}

func TestValidateEnums(t *testing.T) {
	t.Parallel()
	for i := -3; i < 8; i++ {
		err := Geometry{PageSize: 4096, MAC: MAC(i)}.Validate()
		if (err == nil) != (i >= 0 && i <= 3) {
			t.Errorf("MAC %d: %v", i, err)
		}
		err = Geometry{PageSize: 4096, PgnoOrder: PgnoOrder(i)}.Validate()
		if (err == nil) != (i >= 0 && i <= 2) {
			t.Errorf("order %d: %v", i, err)
		}
	}
}

func TestOffsets(t *testing.T) {
	t.Parallel()
	tagSize := map[MAC]int{NoMAC: 0, HMACSHA1: 20, HMACSHA256: 32, HMACSHA512: 64}
	for _, mac := range allMACs {
		if mac.Size() != tagSize[mac] {
			t.Errorf("%v: tag of %d bytes, want %d", mac, mac.Size(), tagSize[mac])
		}
		for size := 512; size <= 65536; size *= 2 {
			g := Geometry{PageSize: size, MAC: mac}
			r := reserveOf[mac]
			got := [...]int{g.Reserve(), g.Usable(), g.IVOffset(), g.TagOffset()}
			if want := [...]int{r, size - r, size - r, size - r + 16}; got != want {
				t.Errorf("%d with %v: reserve, usable, IV, tag %v, want %v", size, mac, got, want)
			}
			if end := g.TagOffset() + mac.Size(); end > size || size-end >= 16 {
				t.Errorf("%d with %v: tag ends at %d", size, mac, end)
			}
		}
	}
}

func TestEncryptedFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		header     int
		page1, all int
	}{
		{0, 16, 0}, {16, 16, 0}, {32, 32, 0}, {48, 48, 0}, {4016, 4016, 0},
	} {
		g := Geometry{PageSize: 4096, MAC: HMACSHA512, PlaintextHeader: c.header}
		if got := g.EncryptedFrom(1); got != c.page1 {
			t.Errorf("header %d: page 1 from %d, want %d", c.header, got, c.page1)
		}
		for _, pgno := range []uint32{2, 256, 1 << 31, 0xffffffff} {
			if got := g.EncryptedFrom(pgno); got != c.all {
				t.Errorf("header %d: page %d from %d, want %d", c.header, pgno, got, c.all)
			}
		}
	}
}

func TestLockBytePage(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]uint32{
		512: 2097153, 1024: 1048577, 2048: 524289, 4096: 262145,
		8192: 131073, 16384: 65537, 32768: 32769, 65536: 16385,
	} {
		if got := (Geometry{PageSize: size}).LockBytePage(); got != want {
			t.Errorf("page size %d: %d, want %d", size, got, want)
		}
	}
}

func TestPgnoOrder(t *testing.T) {
	t.Parallel()
	native := [4]byte{}
	binary.NativeEndian.PutUint32(native[:], 0x01020304)
	for order, want := range map[PgnoOrder][4]byte{
		LittleEndian: {4, 3, 2, 1}, BigEndian: {1, 2, 3, 4}, NativeEndian: native,
	} {
		var got [4]byte
		order.resolve().put(&got, 0x01020304)
		if got != want {
			t.Errorf("%v: %v, want %v", order, got, want)
		}
	}
	if NativeEndian.resolve() == NativeEndian {
		t.Error("NativeEndian is not resolved")
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		got  fmt.Stringer
		want string
	}{
		{NoMAC, "none"}, {HMACSHA1, "HMAC_SHA1"}, {HMACSHA256, "HMAC_SHA256"},
		{HMACSHA512, "HMAC_SHA512"}, {MAC(9), "MAC(9)"},
		{LittleEndian, "le"}, {BigEndian, "be"}, {NativeEndian, "native"}, {PgnoOrder(9), "PgnoOrder(9)"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
