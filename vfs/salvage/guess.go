package salvage

import "errors"

// guesses are how many pages are asked where page 1 does not tell.
const guesses = 64

// guess finds out from other pages what page 1 would have said: how much is kept
// at the end of a page, and in which encoding the text is.
func (s *salvage) guess() error {
	size, known := s.pages.Layout()
	var ends [256]int // how often a page ends at that reserve
	var zeros [2]int  // zero bytes of text at even and at odd places
	seen := 0
	for pgno := uint32(2); pgno <= s.count && pgno != 0 && seen < guesses; pgno++ {
		err := s.pages.Read(pgno, s.page)
		if errors.Is(err, ErrHole) {
			continue
		}
		if err != nil {
			return err
		}
		n, ok := asNode(pgno, s.page[:size-known])
		if !ok || n.cells == 0 || !n.hasRows() {
			continue
		}
		seen++
		if end := s.endOf(n); size-end < len(ends) {
			ends[size-end]++
		}
		s.countZeros(n, &zeros)
	}
	best := known
	for reserve := known; reserve < len(ends); reserve++ {
		if ends[reserve] > ends[best] {
			best = reserve
		}
	}
	s.usable, s.header.reserve = size-best, best
	s.header.text = utf8
	if zeros[0] > 4*zeros[1]+8 {
		s.header.text = utf16be
	} else if zeros[1] > 4*zeros[0]+8 {
		s.header.text = utf16le
	}
	s.header.Encoding = s.header.text.String()
	return nil
}

// endOf is where the last cell ends: cells are put in from the end of the page.
// Those that overflow do not count, as their size depends on the answer.
func (s *salvage) endOf(n node) (end int) {
	for i := range n.cells {
		if c, ok := n.parse(i); ok && len(c.local) == c.size {
			end = max(end, cap(n.data)-cap(c.local)+c.size)
		}
	}
	return end
}

// countZeros counts the zero bytes in the text of a page. Text in UTF-16 has
// many of them, all on one side.
func (s *salvage) countZeros(n node, zeros *[2]int) {
	s.text = utf8
	_ = s.rows(n, false, func(r row, _ bool) error {
		for _, v := range r.values {
			text, ok := v.(string)
			for i := 0; ok && len(text)%2 == 0 && i < len(text); i++ {
				if text[i] == 0 {
					zeros[i%2]++
				}
			}
		}
		return nil
	})
}
