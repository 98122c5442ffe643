package compat

import (
	"bytes"
	"math/bits"
)

// Magic are the first 16 bytes of a SQLite database in clear, see
// https://sqlite.org/fileformat2.html#magic_header_string.
const Magic = "SQLite format 3\x00"

// FileKind is what a file looks like from outside, without a key.
type FileKind int

// The kinds that can be told apart.
const (
	// FileEmpty holds nothing yet: SQLite takes 0 bytes as a new database.
	FileEmpty FileKind = iota
	// FilePlaintext is a SQLite database in clear.
	FilePlaintext
	// FileEncrypted looks random from the first byte on.
	FileEncrypted
	// FilePlaintextHeader begins as a SQLite database and goes on encrypted.
	FilePlaintextHeader
	// FileShort is too short to hold a page of any size.
	FileShort
	// FileMultipleCiphers is an encrypted database in the layout that
	// SQLite3MultipleCiphers writes by default: bytes 16..24 are in clear, and
	// SQLCipher cannot open it.
	FileMultipleCiphers
	// FileOther is something else: it has text or a structure.
	FileOther
)

func (k FileKind) String() string {
	return [...]string{
		"empty file", "plaintext SQLite database", "encrypted database",
		"encrypted database with a plaintext header", "file too short for a database",
		"encrypted database of SQLite3MultipleCiphers (not in SQLCipher's layout)", "not a database",
	}[k]
}

// HeaderPageSize is the page size in bytes that a database header in clear
// states.
func HeaderPageSize(head []byte) int { return int(head[16])<<8 | int(head[17])<<16 }

// Encrypted tells whether it takes a key to read the file.
func (k FileKind) Encrypted() bool {
	return k == FileEncrypted || k == FilePlaintextHeader || k == FileMultipleCiphers
}

// SmallestPage is SQLite's smallest page size in bytes.
const SmallestPage = 512

// Detect tells what a file is from its first page (or as much of it as there
// is, 512 bytes at least) and its size in bytes. An encrypted database cannot
// be told from other random bytes, so FileEncrypted is a likelihood.
func Detect(head []byte, size int64) FileKind {
	switch {
	case size <= 1:
		return FileEmpty
	case size < SmallestPage || len(head) < SmallestPage:
		return FileShort
	case bytes.HasPrefix(head, []byte(Magic)):
		if looksRandom(head[SmallestPage/2:SmallestPage]) && !plausibleHeaderTail(head) {
			return FilePlaintextHeader
		}
		return FilePlaintext
	case !looksRandom(head[:SmallestPage]):
		return FileOther
	case fixedFractions(head) && validPageSize(HeaderPageSize(head)):
		return FileMultipleCiphers
	}
	return FileEncrypted
}

// fixedFractions checks the three bytes that are the same in every database.
func fixedFractions(head []byte) bool { return head[21] == 64 && head[22] == 32 && head[23] == 32 }

// plausibleHeaderTail checks what every SQLite header says behind its first 32
// bytes: the schema format (1..4) at 44, the text encoding (1..3, or 0 in a
// database without content) at 56, and zeros at 72..92.
func plausibleHeaderTail(head []byte) bool {
	be32 := func(i int) uint32 {
		return uint32(head[i])<<24 | uint32(head[i+1])<<16 | uint32(head[i+2])<<8 | uint32(head[i+3])
	}
	return be32(44) <= 4 && be32(56) <= 3 && bytes.Count(head[72:92], []byte{0}) == 20
}

// looksRandom counts the bits that are set: in n random bytes 4n, with a
// deviation of the square root of 2n. Six deviations are passed by one random
// text in 500 million; what people and programs write seldom stays within.
func looksRandom(b []byte) bool {
	ones, kinds := 0, 0
	var distinct [256]bool
	for _, c := range b {
		ones += bits.OnesCount8(c)
		if !distinct[c] {
			distinct[c] = true
			kinds++
		}
	}
	d := ones - 4*len(b)
	// 256 random bytes have about 162 different values, 512 about 221.
	return d*d <= 36*2*len(b) && kinds > len(b)/4+32
}

// PlausibleHeader tells whether page 1 in clear is that of a database with
// pages of the given size: what a codec without a MAC has to tell a right key
// from a wrong one.
func PlausibleHeader(page []byte, pageSize int) bool {
	return HeaderPageSize(page) == pageSize && fixedFractions(page) &&
		plausibleHeaderTail(page)
}
