package hmacpage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// generic is the page kernel on the standard library: one page after the other, on
// any processor. It does the two costly things and nothing else, so that a kernel
// for some processor can take its place and do many pages at once:
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
	mac      tagger
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
	return &generic{
		g:   g,
		enc: cipher.NewCBCEncrypter(block, iv[:]).(cbcMode),
		dec: cipher.NewCBCDecrypter(block, iv[:]).(cbcMode),
		mac: newTagger(g, keys),
	}
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
		copy(p.Cipher[tag:], k.mac.tag(p.Pgno, p.Cipher[from:tag]))
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
		want := k.mac.tag(p.Pgno, p.Cipher[from:tag])
		if subtle.ConstantTimeCompare(p.Cipher[tag:tag+len(want)], want) != 1 {
			p.Bad = true
			continue
		}
		k.dec.SetIV(p.Cipher[usable:tag])
		k.dec.CryptBlocks(p.Plain[from:usable], p.Cipher[from:usable])
	}
}

func (k *generic) wipe() {
	k.mac.wipe()
	*k = generic{}
}
