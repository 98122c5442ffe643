//go:build (amd64 || arm64) && !purego

package hmacpage

import "crypto/subtle"

// lanes is the kernel on the instructions of a processor: as many pages at once as
// it has room for.
type lanes struct {
	g        Geometry
	by       *instructions
	width    int // pages at once
	enc, dec roundKeys
	one      tagger
	many     hmac512
	tags     [maxLanes][64]byte
	heads    [maxLanes]head

	// What the routines work on. On the stack it would escape.
	dst, src [maxLanes]*byte
}

// maxHead is the most that page 1 may have in clear, in bytes, to be encrypted among
// others, as that is what a page has beyond whole blocks of the hash.
const maxHead = hashBlock / 2

// head is the start of a page that is encrypted apart from the rest, with the IV
// where a routine looks for it.
type head struct {
	cipher [maxHead + blockSize]byte
	iv     [blockSize]byte
}

func newLanes(by *instructions, g Geometry, keys Keys) *lanes {
	k := &lanes{g: g, by: by, width: by.encrypt[len(by.encrypt)-1].lanes, one: newTagger(g, keys)}
	k.enc.encryption(keys.Key)
	k.dec.decryption(&k.enc)
	if g.MAC == HMACSHA512 && len(by.hash) > 0 {
		k.many.init(by.hash[0], keys.MACKey)
	}
	return k
}

func (k *lanes) encrypt(pages []Page) {
	for len(pages) > 0 {
		n := k.group(pages)
		if !k.g.isClear(pages[0].Pgno) {
			k.encryptCBC(pages[:n])
			k.authenticate(pages[:n])
			for i := range pages[:n] {
				copy(pages[i].Cipher[k.g.TagOffset():], k.tags[i][:k.g.MAC.Size()])
			}
		}
		pages = pages[n:]
	}
	k.dst, k.src = [maxLanes]*byte{}, [maxLanes]*byte{}
}

func (k *lanes) decrypt(pages []Page) {
	size, usable, tag := k.g.MAC.Size(), k.g.Usable(), k.g.TagOffset()
	for len(pages) > 0 {
		n := k.group(pages)
		if !k.g.isClear(pages[0].Pgno) {
			k.authenticate(pages[:n])
		}
		for i := range pages[:n] {
			p := &pages[i]
			from := k.g.EncryptedFrom(p.Pgno)
			if from == usable {
				p.Bad = false
				continue
			}
			p.Bad = subtle.ConstantTimeCompare(p.Cipher[tag:tag+size], k.tags[i][:size]) != 1
			if !p.Bad {
				k.by.decrypt(&k.dec, &p.Plain[from], &p.Cipher[from], (usable-from)/blockSize)
			}
		}
		pages = pages[n:]
	}
	k.src = [maxLanes]*byte{}
}

// group returns how many of the pages can go together. Page 1 goes alone if a
// longer part of it is in clear.
func (k *lanes) group(pages []Page) (n int) {
	alone := k.g.EncryptedFrom(1) > maxHead
	for n < len(pages) && n < k.width && !(alone && pages[n].Pgno == 1) {
		n++
	}
	return max(n, 1)
}

// encryptCBC encrypts pages. All routines start at the same place of all pages: if
// that of page 1 is another one, the others first catch up, and go on from there
// with the last block in place of the IV.
func (k *lanes) encryptCBC(pages []Page) {
	first, last := k.starts(pages)
	if first < last {
		k.encryptHeads(pages, last)
	}
	for i := range pages {
		k.dst[i], k.src[i] = &pages[i].Cipher[last], &pages[i].Plain[last]
	}
	k.sideBySide(len(pages), (k.g.Usable()-last)/blockSize)
	for i := range pages {
		if k.g.EncryptedFrom(pages[i].Pgno) < last {
			copy(pages[i].Cipher[k.g.IVOffset():], k.heads[i].iv[:])
		}
	}
}

// encryptHeads encrypts the pages up to an offset, as far as they are encrypted
// there, and leaves what is to be the next IV in the place of theirs.
func (k *lanes) encryptHeads(pages []Page, to int) {
	for i := range pages {
		h := &k.heads[i]
		k.dst[i], k.src[i] = &h.cipher[0], &pages[i].Plain[0]
		h.iv = [blockSize]byte(pages[i].Cipher[k.g.IVOffset():])
		copy(h.cipher[to:], h.iv[:])
	}
	k.sideBySide(len(pages), to/blockSize)
	for i := range pages {
		if k.g.EncryptedFrom(pages[i].Pgno) < to {
			copy(pages[i].Cipher, k.heads[i].cipher[:to])
			copy(pages[i].Cipher[k.g.IVOffset():], k.heads[i].cipher[to-blockSize:to])
		}
	}
}

// starts are the first and the last offset that encryption starts at in a page.
func (k *lanes) starts(pages []Page) (first, last int) {
	first = k.g.EncryptedFrom(pages[0].Pgno)
	last = first
	for i := range pages {
		from := k.g.EncryptedFrom(pages[i].Pgno)
		first, last = min(first, from), max(last, from)
	}
	return first, last
}

// sideBySide encrypts so many blocks in each of n lanes.
func (k *lanes) sideBySide(n, blocks int) {
	by := k.by.encrypt
	for by[0].lanes < n {
		by = by[1:]
	}
	for lane := n; lane < by[0].lanes; lane++ {
		k.dst[lane], k.src[lane] = k.dst[n-1], k.src[n-1]
	}
	by[0].do(&k.enc, &k.dst, &k.src, blocks)
}

// authenticate sets tags.
func (k *lanes) authenticate(pages []Page) {
	done := 0
	if k.g.MAC == HMACSHA512 && k.g.EncryptedFrom(pages[0].Pgno) <= maxHead {
		for _, by := range k.by.hash {
			for len(pages)-done >= by.least {
				n := min(len(pages)-done, by.lanes)
				k.authenticateMany(by, pages[done:][:n], k.tags[done:])
				done += n
			}
		}
	}
	for ; done < len(pages); done++ {
		p := &pages[done]
		copy(k.tags[done][:], k.one.tag(p.Pgno, p.Cipher[k.g.EncryptedFrom(p.Pgno):k.g.TagOffset()]))
	}
}

func (k *lanes) authenticateMany(by hashRoutine, pages []Page, tags [][64]byte) {
	size := k.g.TagOffset()
	whole := size &^ (hashBlock - 1) // what is left begins the last block
	var pgno [4]byte
	for lane := range by.lanes {
		p := &pages[min(lane, len(pages)-1)]
		from := k.g.EncryptedFrom(p.Pgno)
		k.src[lane] = &p.Cipher[from]
		k.g.PgnoOrder.put(&pgno, p.Pgno)
		k.many.end(by, lane, p.Cipher[from+whole:size], whole, pgno)
	}
	k.many.sum(by, &k.src, whole/hashBlock)
	for lane := range pages {
		k.many.tag(by, lane, &tags[lane])
	}
}

// wipe clears keys and scratch. What the standard library holds for its MAC is out of
// reach.
func (k *lanes) wipe() { *k = lanes{} }
