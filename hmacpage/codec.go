// Package hmacpage encrypts and authenticates the pages of a SQLCipher database:
// AES-256-CBC under a fresh random IV, then an HMAC of ciphertext, IV and page
// number (SQLCipher design document; our doc/format.md).
//
//	codec, err := hmacpage.New(
//		hmacpage.Geometry{PageSize: 4096, MAC: hmacpage.HMACSHA512},
//		hmacpage.Keys{Key: key, MACKey: macKey, Salt: salt})
//	...
//	pages := []hmacpage.Page{{Pgno: 7, Plain: buf, Cipher: buf}}
//	if err := codec.Decrypt(pages); errors.Is(err, hmacpage.ErrAuth) { ... }
//
// The codec works on batches: pages of one call are encrypted and authenticated side
// by side where the processor has the instructions, which takes a fraction of the
// time of one after the other. It holds no file and caches no page.
//
// The environment variable PAGESEAL_KERNEL chooses the instructions: avx512, avx2
// or aesni on amd64, arm64 on arm64, purego for the standard library. The best that
// the processor has are taken if it has not those, or if the name is unknown. A
// build with the tag purego, and a program in FIPS 140-3 mode, have the standard
// library only. The bytes are the same.
//
// What the MAC does not cover: the salt, the bytes of a plaintext header, the
// random end of the reserve, and the order in time of pages. A page that was
// replaced by an older version of itself passes. Without a MAC nothing is noticed
// at all.
package hmacpage

import (
	"crypto/fips140"
	"crypto/rand"
	"fmt"
)

const (
	KeySize  = 32 // bytes of the encryption key and of the MAC key
	SaltSize = 16 // bytes of the salt
)

// magic stands at the start of a database where page 1 on disk has the salt.
const magic = "SQLite format 3\x00"

// tile is the pages that share one call to the random source.
const tile = 64

// Keys are the two keys of a database and its salt, which is no secret. [New] keeps
// none of the slices: they may be wiped after it returns.
type Keys struct {
	Key    []byte // 32 bytes
	MACKey []byte // 32 bytes, empty with NoMAC
	Salt   []byte // 16 bytes; written to page 1 if there is no plaintext header
}

// Page is one page of a batch. Plain and Cipher are PageSize bytes each and either
// the same memory, to work in place, or disjoint. The pages of a batch must not
// share memory.
type Page struct {
	Pgno   uint32 // from 1
	Plain  []byte // as SQLite sees it
	Cipher []byte // as it stands in the file

	// Bad is set by Decrypt: true if the page failed. Encrypt ignores it.
	Bad bool
}

// Codec transforms the pages of one database. It is not safe for concurrent use:
// make one per connection.
type Codec struct {
	g      Geometry
	salt   [SaltSize]byte
	random []byte
	kernel *kernel // nil when wiped
}

// New returns a codec. It fails with [ErrGeometry] if g is not valid, and if a key
// or the salt has a wrong size; a MAC key given along with NoMAC counts as such,
// because it tells of settings gone astray.
func New(g Geometry, keys Keys) (*Codec, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	g.PgnoOrder = g.PgnoOrder.resolve()
	macKeySize := KeySize
	if g.MAC == NoMAC {
		macKeySize = 0
	}
	for _, k := range []struct {
		name      string
		got, want int
	}{
		{"key", len(keys.Key), KeySize},
		{"MAC key", len(keys.MACKey), macKeySize},
		{"salt", len(keys.Salt), SaltSize},
	} {
		if k.got != k.want {
			return nil, fmt.Errorf("hmacpage: %s of %d bytes, want %d with MAC %v", k.name, k.got, k.want, g.MAC)
		}
	}
	// hmac.New panics in this case, and which MAC a file has is not for the
	// program to choose.
	if g.MAC == HMACSHA1 && fips140.Enforced() {
		return nil, fmt.Errorf("hmacpage: %v is not allowed in FIPS 140-only mode", g.MAC)
	}
	return &Codec{
		g:      g,
		salt:   [SaltSize]byte(keys.Salt),
		random: make([]byte, tile*(g.Reserve()-g.MAC.Size())),
		kernel: newKernel(g, keys),
	}, nil
}

// Geometry returns the geometry that New was given, NativeEndian replaced by the
// order it stands for.
func (c *Codec) Geometry() Geometry { return c.g }

// Encrypt turns the Plain of each page into its Cipher. Every call makes another
// ciphertext of the same page.
//
// The reserve of Plain is ignored, and so are the first 16 bytes of page 1 if
// there is no plaintext header. Plain is not modified, unless it is Cipher.
//
// The only error is [ErrWiped]. Encrypt panics if a page number is 0 or a buffer
// has a wrong size.
func (c *Codec) Encrypt(pages []Page) error {
	if c.kernel == nil {
		return ErrWiped
	}
	c.check(pages)
	for len(pages) > 0 {
		n := min(len(pages), tile)
		c.prepare(pages[:n])
		c.kernel.encrypt(pages[:n])
		pages = pages[n:]
	}
	return nil
}

// prepare fills all of Cipher that the kernel does not: the start of page 1, the
// IV, and the random rest of the reserve. SQLCipher draws the bytes of the tag too
// and writes the tag over them; that would be five times the random bytes.
func (c *Codec) prepare(pages []Page) {
	fresh := c.g.Reserve() - c.g.MAC.Size()
	rand.Read(c.random[:len(pages)*fresh]) // never fails: it ends the program instead
	for i := range pages {
		p, r := &pages[i], c.random[i*fresh:(i+1)*fresh]
		copy(p.Cipher[c.g.IVOffset():], r[:blockSize])
		copy(p.Cipher[c.g.TagOffset()+c.g.MAC.Size():], r[blockSize:])
		if c.g.isClear(p.Pgno) {
			// No tag will come, and what stood there in Plain must not show.
			rand.Read(p.Cipher[c.g.TagOffset():])
		}
		if p.Pgno != 1 {
			continue
		}
		if c.g.PlaintextHeader == 0 {
			copy(p.Cipher, c.salt[:])
		} else {
			copy(p.Cipher[:c.g.PlaintextHeader], p.Plain)
		}
	}
}

// Decrypt turns the Cipher of each page into its Plain. The reserve of Plain
// becomes zeros; page 1 starts with SQLite's magic string, or with its plaintext
// header as it stands in the file. Cipher is not modified, unless it is Plain.
//
// A page whose MAC does not match is not decrypted: its Plain becomes zeros (in
// place, that is the end of the ciphertext too), its Bad is set, and the others of
// the batch are decrypted nevertheless. The error is then a [PageError] with the
// first such page of the batch. With NoMAC, and on a first page that is a plaintext
// header altogether, nothing is verified. A page of zeros fails like any other;
// whether one may stand for a page that was never written is for the caller to
// decide.
//
// The other error is [ErrWiped], which leaves all buffers as they were. Decrypt
// panics if a page number is 0 or a buffer has a wrong size.
func (c *Codec) Decrypt(pages []Page) error {
	if c.kernel == nil {
		return ErrWiped
	}
	c.check(pages)
	c.kernel.decrypt(pages)
	var err error
	for i := range pages {
		p := &pages[i]
		if p.Bad {
			clear(p.Plain)
			if err == nil {
				err = &PageError{Pgno: p.Pgno}
			}
			continue
		}
		clear(p.Plain[c.g.Usable():])
		if p.Pgno != 1 {
			continue
		}
		if c.g.PlaintextHeader == 0 {
			copy(p.Plain, magic)
		} else {
			copy(p.Plain[:c.g.PlaintextHeader], p.Cipher)
		}
	}
	return err
}

// check panics if the caller broke the contract of [Page], before any byte is
// written.
func (c *Codec) check(pages []Page) {
	for i := range pages {
		p := &pages[i]
		if p.Pgno == 0 {
			panic("hmacpage: page number 0")
		}
		if len(p.Plain) != c.g.PageSize || len(p.Cipher) != c.g.PageSize {
			panic("hmacpage: buffer is not one page long")
		}
		if overlap(p.Plain, p.Cipher) {
			panic("hmacpage: buffers overlap without being the same")
		}
	}
}

// Wipe overwrites what the codec can reach and drops the rest. The codec is of no
// use afterwards.
//
// What belongs to the standard library has no way to clear it, and stays in memory
// until the garbage collector reuses it: the keyed hash states of its MAC and, if no
// other instructions are in use, the expanded AES key.
func (c *Codec) Wipe() {
	clear(c.random)
	if c.kernel != nil {
		c.kernel.wipe()
	}
	c.kernel = nil
}
