package hmacpage

import "fmt"

const (
	blockSize = 16 // of AES, and so of an IV

	minPageSize = 512
	maxPageSize = 65536

	// SQLite refuses a page with less usable space, see the SQLite file format
	// document, 1.3.4.
	minUsable = 480

	// SQLite keeps its file locks at this offset and never writes the page there.
	pendingByte = 0x40000000
)

// Geometry tells where things lie in a page and how it is authenticated. It does
// not change during the life of a file. A page is laid out as
//
//	0                from           Usable()   TagOffset()
//	| salt or header | ciphertext   | IV       | tag | random |
//	                                |<------ Reserve() ------>|
//
// where only page 1 has a salt or header.
type Geometry struct {
	PageSize  int // bytes: a power of two from 512 to 65536
	MAC       MAC
	PgnoOrder PgnoOrder

	// PlaintextHeader is the bytes left readable at the start of page 1, a
	// multiple of 16. 0 is the usual: the first 16 bytes hold the salt. If it
	// equals Usable(), all of page 1 is left readable and carries no valid tag:
	// SQLCipher's way to recover a damaged first page.
	PlaintextHeader int
}

// Validate returns an error that wraps [ErrGeometry] unless the geometry is one
// that SQLCipher can use.
//
// Pages of 512 bytes with a MAC are among those refused. SQLCipher writes them
// though, but they leave less than the 480 usable bytes that SQLite asks for, and
// the database is corrupt.
func (g Geometry) Validate() error {
	if g.PageSize < minPageSize || g.PageSize > maxPageSize || g.PageSize&(g.PageSize-1) != 0 {
		return fmt.Errorf("%w: page size %d is no power of two from 512 to 65536", ErrGeometry, g.PageSize)
	}
	if g.MAC < NoMAC || g.MAC > HMACSHA512 {
		return fmt.Errorf("%w: unknown %v", ErrGeometry, g.MAC)
	}
	if g.PgnoOrder < LittleEndian || g.PgnoOrder > NativeEndian {
		return fmt.Errorf("%w: unknown %v", ErrGeometry, g.PgnoOrder)
	}
	if g.Usable() < minUsable {
		return fmt.Errorf("%w: page size %d less reserve %d is under 480 bytes", ErrGeometry, g.PageSize, g.Reserve())
	}
	if g.PlaintextHeader < 0 || g.PlaintextHeader%blockSize != 0 || g.PlaintextHeader > g.Usable() {
		return fmt.Errorf("%w: plaintext header %d is no multiple of 16 from 0 to %d",
			ErrGeometry, g.PlaintextHeader, g.Usable())
	}
	return nil
}

// Reserve returns the bytes kept at the end of each page: IV and tag, rounded up
// to a multiple of 16. That is 16, 48, 48 or 80. Byte 20 of the database header
// may say more: the bytes in between are encrypted like the rest.
func (g Geometry) Reserve() int {
	return (blockSize + g.MAC.Size() + blockSize - 1) &^ (blockSize - 1)
}

// Usable returns the bytes of a page before the reserve. It is also the offset of
// the IV.
func (g Geometry) Usable() int { return g.PageSize - g.Reserve() }

// IVOffset returns the offset of the 16 bytes of IV.
func (g Geometry) IVOffset() int { return g.Usable() }

// TagOffset returns the offset of the tag, MAC.Size() bytes long.
func (g Geometry) TagOffset() int { return g.Usable() + blockSize }

// EncryptedFrom returns the offset of the first encrypted byte of a page: 0, and
// on page 1 the end of the salt or of the plaintext header. The last one is before
// Usable().
func (g Geometry) EncryptedFrom(pgno uint32) int {
	if pgno != 1 {
		return 0
	}
	if g.PlaintextHeader == 0 {
		return SaltSize
	}
	return g.PlaintextHeader
}

// LockBytePage returns the number of the page that SQLite keeps its file locks in
// and never reads or writes. In the file it is a hole. The codec does not treat it
// apart: callers should skip it.
func (g Geometry) LockBytePage() uint32 { return uint32(pendingByte/g.PageSize) + 1 }

// isClear reports whether no byte of the page is encrypted or authenticated.
func (g Geometry) isClear(pgno uint32) bool { return g.EncryptedFrom(pgno) == g.Usable() }
