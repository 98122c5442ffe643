package salvage

import (
	"bytes"
	"encoding/binary"

	"github.com/pageseal/pageseal/compat"
)

// Header is what page 1 says of the database, zero where there is no page 1.
type Header struct {
	Encoding      string // as PRAGMA encoding names it
	PageSize      int    // bytes
	AutoVacuum    int    // as PRAGMA auto_vacuum numbers it
	UserVersion   int32
	ApplicationID int32

	reserve  int
	pages    uint32 // how many the database has, zero where that is not known
	freelist uint32 // its first trunk page
	text     encoding
}

const magic = "SQLite format 3\x00"

// readHeader reads the header, if page 1 begins with one. Without a MAC, a page 1
// that is damaged may have nothing of it but the first words.
func readHeader(page []byte) (h Header, ok bool) {
	word := func(at int) uint32 { return binary.BigEndian.Uint32(page[at:]) }
	if !bytes.HasPrefix(page, []byte(magic)) || !compat.PlausibleHeader(page, len(page)) {
		return Header{Encoding: utf8.String(), text: utf8}, false
	}
	h.reserve = int(page[20])
	// A writer that knows nothing of the count leaves the version behind.
	if word(24) == word(92) {
		h.pages = word(28)
	}
	h.freelist = word(32)
	if word(52) != 0 {
		h.AutoVacuum = 1
		if word(64) != 0 {
			h.AutoVacuum = 2
		}
	}
	h.text = encoding(word(56))
	if h.text < utf8 || h.text > utf16be {
		h.text = utf8
	}
	h.Encoding = h.text.String()
	h.UserVersion, h.ApplicationID = int32(word(60)), int32(word(68))
	return h, true
}
