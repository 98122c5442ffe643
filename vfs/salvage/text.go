package salvage

import (
	"encoding/binary"
	"unicode/utf16"
)

// encoding is how text is stored, as the header numbers it.
type encoding uint32

const (
	utf8    encoding = 1
	utf16le encoding = 2
	utf16be encoding = 3
)

// String is the name that PRAGMA encoding has for it.
func (t encoding) String() string {
	switch t {
	case utf16le:
		return "UTF-16le"
	case utf16be:
		return "UTF-16be"
	}
	return "UTF-8"
}

func (t encoding) order() binary.ByteOrder {
	if t == utf16be {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// decode is the text as Go has it. UTF-8 stays as it is, valid or not.
func (t encoding) decode(b []byte) string {
	if t != utf16le && t != utf16be {
		return string(b)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = t.order().Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
