package conformance

import "bytes"

// logs are about the write-ahead log. SQLite looks at the content of a page
// only where it reads it behind a frame header; the checksums go over what
// stands below, also the running one that it keeps in its memory.
var logs = []question{
	{"frames", everyLayout(3, func(p *place, d *database) {
		for _, order := range orders {
			p.sub(order.String(), func(p *place) {
				p.disk.Put(mainName, d.disk)
				w := p.begunLog(d, order)
				pgnos := []int{2, 1, 3, 2}
				var pages [][]byte
				for i, pgno := range pgnos {
					pages = append(pages, d.newPage(pgno))
					w.frame(pgno, pages[i], 3*(i/3))
				}
				for i, page := range pages {
					w.wantRead(page, w.at(i+1)+frameHeader)
				}
				w.wantBelow(pgnos, pages)
				w.wantSize(int(w.at(5)))
			})
		}
	})},
	{"what has checksums is read as it is", everyLayout(3, func(p *place, d *database) {
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.page(2), 0)
		w.frame(3, d.page(3), 3)
		below := p.below(walName)
		for _, r := range [][2]int64{
			{0, walHeader}, {24, 8}, {w.at(1), frameHeader}, {w.at(1) + 16, 8}, {w.at(2), 4},
			{w.at(1), int64(frameHeader + d.size())}, {w.at(2), int64(frameHeader + d.size())},
		} {
			w.wantRead(below[r[0]:r[0]+r[1]], r[0])
		}
		w.wantShort(nil, frameHeader+d.size(), w.at(3))
	})},
	{"a frame where recovery has read another", func(p *place) { // of a transaction that a crash ended
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(1)}
		w.frame(2, pages[0], 3)
		committed := w.log.Running()
		w.frame(3, d.newPage(3), 0)
		w.wantRead(w.below(2), w.at(2))
		w.knows(committed, 1)
		w.frame(1, pages[1], 3)
		w.wantBelow([]int{2, 1}, pages)
	}},
	{"the same behind frames summed anew", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(2), d.newPage(3), d.newPage(1)}
		w.frame(2, d.newPage(2), 0)
		w.frame(3, pages[1], 3)
		committed := w.log.Running()
		w.frame(1, d.newPage(1), 0)
		w.wantRead(w.below(3), w.at(3))
		w.knows(committed, 2)
		w.write(pages[0], w.at(1)+frameHeader)
		w.sumAnew()
		w.wantRead(w.header, 0)
		for i := 1; i <= 3; i++ {
			w.wantRead(w.below(i), w.at(i))
		}
		w.frame(1, pages[2], 3)
		w.wantBelow([]int{2, 3, 1}, pages)
	}},
	{"overwritten frame", func(p *place) { p.overwritten(p.database(3, usual)) }},
	{"frames without checksums", func(p *place) { // as SQLite writes them behind an overwritten one
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.page(2), 0)
		page := d.newPage(3)
		h := append(append(word(3), word(0)...), make([]byte, 16)...)
		running := w.log.Running()
		w.unsummed(3, page, 0)
		w.wantRead(page, w.at(2)+frameHeader)
		if !bytes.Equal(w.below(2)[:frameHeader], h) || w.log.Running() != running {
			p.Error("there are checksums nevertheless")
		}
		d.wantCipher(p, 3, w.below(2)[frameHeader:], page)
	}},
	{"frame of another chain", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.page(2), 0)
		salt, at := w.salt(), w.at(2)
		h := append(append(append(word(3), word(3)...), salt[:]...), word(7)...)
		w.write(append(h, word(7)...), at) // not what SQLite has in its memory
		if code := w.tryWrite(d.page(3), at+frameHeader); code == codeOK {
			p.Error("a frame is written that no other can continue")
		}
	}},
	{"what is no frame is refused", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.page(2), 0)
		before := p.below(walName)
		for _, r := range [][2]int64{
			{w.at(2), 100}, {w.at(2), int64(d.size())}, {w.at(1) + frameHeader + 8, 512}, {w.at(1), int64(frameHeader + d.size())},
		} {
			p.want(codeIOErrWrite, w.tryWrite(bytes.Repeat([]byte{'x'}, int(r[1])), r[0]), "write of %d bytes at %d", r[1], r[0])
		}
		p.wantSame(walName, before)
	}},
	{"another connection", everyLayout(3, func(p *place, d *database) {
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.newPage(2), 3)
		other := p.joins(d, w, w.log.Running(), w.frames)
		page := d.newPage(3)
		other.frame(3, page, 3)
		w.wantRead(page, w.at(2)+frameHeader)
	})},
	{"recovery", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		pages := [][]byte{d.newPage(3), d.newPage(1)}
		w.frame(3, pages[0], 0)
		w.frame(1, pages[1], 3)
		c := p.connect()
		c.main(d.params...)
		p.recovers(d, c.openLog(), []int{3, 1}, pages)
	}},
	{"wrong key", everyLayout(3, func(p *place, d *database) {
		p.logRefused(d, append(params("rawkey", rawKey), settingsOf(d.params)...))
	})},
	{"no key", func(p *place) { p.logRefused(p.database(3, usual), nil) }},
	{"damaged frame", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		w.frame(2, d.page(2), 3)
		content := p.below(walName)
		content[w.at(1)+frameHeader+77] ^= 1
		p.disk.Put(walName, content)
		c := p.connect()
		c.main(d.params...)
		c.openLog().wantRefused(d.size(), w.at(1)+frameHeader, codeCorrupt)
	}},
	{"checkpoint", everyLayout(3, func(p *place, d *database) { p.checkpoints(d) })},
	{"begun again", func(p *place) {
		d := p.database(3, usual)
		w := p.begunLog(d, littleEndian)
		for range 2 {
			page := d.newPage(2)
			w.frame(2, page, 3)
			w.wantBelow([]int{2}, [][]byte{page})
			p.want(codeOK, w.Truncate(0), "truncate")
			w.wantSize(0)
			w.begin()
		}
	}},
}
