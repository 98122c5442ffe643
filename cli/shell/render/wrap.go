package render

// tabStop is the distance of two tabs.
const tabStop = 8

// cutLine cuts from a text what is shown of it on one line of width
// characters, or of any number for zero. Tabs become blanks, and any other
// control character ends the line. The rest is nil at the end.
func cutLine(z []byte, width int, wordWrap bool) (line, rest []byte) {
	if width == 0 {
		width = 1_000_000
	}
	i, n := 0, 0
	for n < width && i < len(z) {
		switch {
		case z[i] >= ' ':
			n++
			i = nextChar(z, i)
		case z[i] == '\t':
			n += tab(n, width)
			i++
		default:
			return expand(z[:i], width), after(z, i)
		}
	}
	if n < width {
		return expand(z, width), nil
	}
	shown := i
	if wordWrap {
		if k, ok := breakWord(z, i); ok {
			shown, i = k, k
			for at(z, i) == ' ' {
				i++
			}
		}
	}
	if at(z, i) >= ' ' {
		return expand(z[:shown], width), z[i:]
	}
	return expand(z[:shown], width), after(z, i)
}

// after is what follows the line that ends at the control character z[i], nil
// for nothing.
func after(z []byte, i int) []byte {
	if at(z, i) == '\r' && at(z, i+1) == '\n' {
		i++
	}
	if i+1 >= len(z) {
		return nil
	}
	return z[i+1:]
}

// breakWord finds where to break z ahead of byte i: behind a blank, or else
// where a word begins or ends, but not in the first half.
func breakWord(z []byte, i int) (k int, ok bool) {
	for k := i; k > i/2; k-- {
		if z[k-1] == ' ' || '\t' <= z[k-1] && z[k-1] <= '\r' {
			return k, true
		}
	}
	for k := i; k > i/2; k-- {
		if isWord(z[k-1]) != isWord(at(z, k)) && at(z, k)&0xc0 != 0x80 {
			return k, true
		}
	}
	return i, false
}

func isWord(c byte) bool {
	lower := c | 0x20
	return 'a' <= lower && lower <= 'z' || '0' <= c && c <= '9'
}

// expand replaces the tabs of a line.
func expand(z []byte, width int) []byte {
	out := make([]byte, 0, len(z))
	n := 0
	for i := 0; i < len(z); {
		if z[i] == '\t' {
			for range tab(n, width) {
				out = append(out, ' ')
				n++
			}
			i++
			continue
		}
		next := nextChar(z, i)
		out = append(out, z[i:next]...)
		n++
		i = next
	}
	return out
}

// tab is the width of a tab behind n characters.
func tab(n, width int) int { return min(tabStop-n%tabStop, width-n) }

// nextChar is where the character of UTF-8 at i ends.
func nextChar(z []byte, i int) int {
	i++
	for i < len(z) && z[i]&0xc0 == 0x80 {
		i++
	}
	return i
}

// at is z[i] as in C, where a NUL follows the text.
func at(z []byte, i int) byte {
	if i < len(z) {
		return z[i]
	}
	return 0
}

// charCount is the number of characters of UTF-8 in z.
func charCount(z []byte) int {
	n := 0
	for _, b := range z {
		if b&0xc0 != 0x80 {
			n++
		}
	}
	return n
}
