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

	// What the routines work on. On the stack it would escape.
	dst, src [maxLanes]*byte
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
		n, from := k.group(pages)
		if from < k.g.Usable() {
			k.encryptCBC(pages[:n], from)
			k.authenticate(pages[:n], from)
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
		n, from := k.group(pages)
		if from < usable {
			k.authenticate(pages[:n], from)
		}
		for i := range pages[:n] {
			p := &pages[i]
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

// group returns how many of the pages can go together, because they have the same
// bytes encrypted, and where those start. Page 1 goes alone.
func (k *lanes) group(pages []Page) (n, from int) {
	for n < len(pages) && n < k.width && pages[n].Pgno != 1 {
		n++
	}
	return max(n, 1), k.g.EncryptedFrom(pages[0].Pgno)
}

func (k *lanes) encryptCBC(pages []Page, from int) {
	by := k.by.encrypt
	for by[0].lanes < len(pages) {
		by = by[1:]
	}
	for lane := range by[0].lanes {
		p := &pages[min(lane, len(pages)-1)]
		k.dst[lane], k.src[lane] = &p.Cipher[from], &p.Plain[from]
	}
	by[0].do(&k.enc, &k.dst, &k.src, (k.g.Usable()-from)/blockSize)
}

// authenticate sets tags.
func (k *lanes) authenticate(pages []Page, from int) {
	done := 0
	if k.g.MAC == HMACSHA512 && pages[0].Pgno != 1 {
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
		copy(k.tags[done][:], k.one.tag(p.Pgno, p.Cipher[from:k.g.TagOffset()]))
	}
}

func (k *lanes) authenticateMany(by hashRoutine, pages []Page, tags [][64]byte) {
	size := k.g.TagOffset()
	blocks := size / hashBlock
	var pgno [4]byte
	for lane := range by.lanes {
		p := &pages[min(lane, len(pages)-1)]
		k.src[lane] = &p.Cipher[0]
		k.g.PgnoOrder.put(&pgno, p.Pgno)
		k.many.end(by, lane, p.Cipher[blocks*hashBlock:size], pgno)
	}
	k.many.sum(by, &k.src, blocks)
	for lane := range pages {
		k.many.tag(by, lane, &tags[lane])
	}
}

// wipe clears keys and scratch. What the standard library holds for the MAC of one
// page is out of reach.
func (k *lanes) wipe() { *k = lanes{} }
