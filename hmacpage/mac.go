package hmacpage

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	"strconv"
)

// MAC is the message authentication code of a page.
type MAC int

// The MACs of SQLCipher: none in version 1, HMACSHA1 in 2 and 3, HMACSHA512 in 4
// unless told otherwise.
const (
	NoMAC MAC = iota // pages are encrypted and not authenticated
	HMACSHA1
	HMACSHA256
	HMACSHA512
)

// Size returns the bytes of a tag: 0, 20, 32 or 64.
func (m MAC) Size() int {
	switch m {
	case HMACSHA1:
		return sha1.Size
	case HMACSHA256:
		return sha256.Size
	case HMACSHA512:
		return sha512.Size
	}
	return 0
}

// String returns the name as PRAGMA cipher_hmac_algorithm spells it, or "none".
func (m MAC) String() string {
	switch m {
	case NoMAC:
		return "none"
	case HMACSHA1:
		return "HMAC_SHA1"
	case HMACSHA256:
		return "HMAC_SHA256"
	case HMACSHA512:
		return "HMAC_SHA512"
	}
	return "MAC(" + strconv.Itoa(int(m)) + ")"
}

// newHash returns the constructor of the hash below the HMAC, nil for NoMAC.
func (m MAC) newHash() func() hash.Hash {
	switch m {
	case HMACSHA1:
		return sha1.New
	case HMACSHA256:
		return sha256.New
	case HMACSHA512:
		return sha512.New
	}
	return nil
}

// PgnoOrder is the byte order of the page number below the MAC.
type PgnoOrder int

// The byte orders of PRAGMA cipher_hmac_pgno. NativeEndian is that of the
// processor, as in SQLCipher 2.0.0 to 2.0.6; [New] replaces it by one of the
// others.
const (
	LittleEndian PgnoOrder = iota
	BigEndian
	NativeEndian
)

// String returns the name as PRAGMA cipher_hmac_pgno spells it.
func (o PgnoOrder) String() string {
	switch o {
	case LittleEndian:
		return "le"
	case BigEndian:
		return "be"
	case NativeEndian:
		return "native"
	}
	return "PgnoOrder(" + strconv.Itoa(int(o)) + ")"
}

// resolve replaces NativeEndian by the order of this processor.
func (o PgnoOrder) resolve() PgnoOrder {
	if o != NativeEndian {
		return o
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return LittleEndian
	}
	return BigEndian
}

// put stores pgno the way the MAC covers it. The order must be resolved.
func (o PgnoOrder) put(dst *[4]byte, pgno uint32) {
	if o == BigEndian {
		binary.BigEndian.PutUint32(dst[:], pgno)
	} else {
		binary.LittleEndian.PutUint32(dst[:], pgno)
	}
}
