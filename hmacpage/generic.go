package hmacpage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/subtle"
	"hash"
)

// generic is the page kernel on the standard library: one page after the other,
// on any processor. It does the two costly things and nothing else, so that a
// kernel for some processor can take its place and do many pages at once:
//
//   - encrypt: CBC from Plain to Cipher under the IV that stands in Cipher, then
//     the tag into Cipher;
//   - decrypt: the tag of Cipher into Bad, then CBC from Cipher to Plain of the
//     pages that are not bad.
//
// A page 1 that is clear altogether is left alone, and is not bad.
// Salt, plaintext header, random bytes and the zeros of a bad page are the codec's.
type generic struct {
	g        Geometry
	enc, dec cbcMode
	mac      hash.Hash // nil with NoMAC

	// Scratch that would escape to the heap on each call if it were local.
	pgno [4]byte
	sum  [64]byte
}

// cbcMode is what the CBC modes of crypto/cipher are beneath: with SetIV one object
// serves all pages, where the exported interface asks for a new one each.
type cbcMode interface {
	cipher.BlockMode
	SetIV(iv []byte)
}

// newGeneric wants a valid geometry with a resolved order, and keys to match.
func newGeneric(g Geometry, keys Keys) *generic {
	block, err := aes.NewCipher(keys.Key)
	if err != nil {
		panic("hmacpage: internal error: " + err.Error())
	}
	var iv [blockSize]byte
	k := &generic{
		g:   g,
		enc: cipher.NewCBCEncrypter(block, iv[:]).(cbcMode),
		dec: cipher.NewCBCDecrypter(block, iv[:]).(cbcMode),
	}
	if newHash := g.MAC.newHash(); newHash != nil {
		k.mac = hmac.New(newHash, keys.MACKey)
		k.mac.Reset() // the first one computes the keyed states, the others restore them
	}
	return k
}

func (k *generic) encrypt(pages []Page) {
	usable, tag := k.g.Usable(), k.g.TagOffset()
	for i := range pages {
		p := &pages[i]
		from := k.g.EncryptedFrom(p.Pgno)
		if from == usable {
			continue
		}
		k.enc.SetIV(p.Cipher[usable:tag])
		k.enc.CryptBlocks(p.Cipher[from:usable], p.Plain[from:usable])
		if k.mac != nil {
			copy(p.Cipher[tag:], k.tag(p.Pgno, p.Cipher[from:tag]))
		}
	}
}

func (k *generic) decrypt(pages []Page) {
	usable, tag := k.g.Usable(), k.g.TagOffset()
	for i := range pages {
		p := &pages[i]
		p.Bad = false
		from := k.g.EncryptedFrom(p.Pgno)
		if from == usable {
			continue
		}
		if k.mac != nil {
			want := k.tag(p.Pgno, p.Cipher[from:tag])
			if subtle.ConstantTimeCompare(p.Cipher[tag:tag+len(want)], want) != 1 {
				p.Bad = true
				continue
			}
		}
		k.dec.SetIV(p.Cipher[usable:tag])
		k.dec.CryptBlocks(p.Plain[from:usable], p.Cipher[from:usable])
	}
}

// tag returns the tag of ciphertext and IV, valid until the next call.
func (k *generic) tag(pgno uint32, data []byte) []byte {
	k.g.PgnoOrder.put(&k.pgno, pgno)
	k.mac.Reset()
	k.mac.Write(data)
	k.mac.Write(k.pgno[:])
	return k.mac.Sum(k.sum[:0])
}

func (k *generic) wipe() {
	clear(k.sum[:])
	*k = generic{}
}
