// Package btree has what the SQLite file format says of the pages of b-trees and
// of the records in them, see https://sqlite.org/fileformat2.html#b_tree_pages and
// #record_format. Who reads a database without SQLite, or writes one, shares it.
//
// All functions may be called from several goroutines at once.
package btree

// The kinds of pages, by their first byte.
const (
	IndexInterior = 0x02
	TableInterior = 0x05
	IndexLeaf     = 0x0a
	TableLeaf     = 0x0d
)

const (
	FileHeader     = 100 // bytes at the start of page 1, before the header of its node
	LeafHeader     = 8   // bytes
	InteriorHeader = 12  // bytes, with the pointer to the last page below
	SmallestCell   = 4   // bytes that one takes in a page
)

// LocalSize is how many bytes of a payload stand in the page of its cell, of which
// so many bytes are usable. The others are on overflow pages. Leaves of tables
// have room for more than pages of indexes.
func LocalSize(usable int, table bool, payload int) int {
	most := (usable-12)*64/255 - 23
	if table {
		most = usable - 35
	}
	if payload <= most {
		return payload
	}
	least := (usable-12)*32/255 - 23
	if n := least + (payload-least)%(usable-4); n <= most {
		return n
	}
	return least
}

// Varint reads a number of one to nine bytes: its length is 0 where the bytes end
// before it does.
func Varint(p []byte) (v uint64, length int) {
	for i := range min(len(p), 9) {
		if i == 8 {
			return v<<8 | uint64(p[i]), 9
		}
		v = v<<7 | uint64(p[i]&0x7f)
		if p[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// AppendVarint writes one.
func AppendVarint(p []byte, v uint64) []byte {
	if v>>56 != 0 {
		for shift := 57; shift > 1; shift -= 7 {
			p = append(p, byte(v>>shift)|0x80)
		}
		return append(p, byte(v))
	}
	length := 1
	for v>>(7*length) != 0 {
		length++
	}
	for i := length - 1; i > 0; i-- {
		p = append(p, byte(v>>(7*i))|0x80)
	}
	return append(p, byte(v&0x7f))
}

// ValueSize is how many bytes a value of a serial type takes in a record.
func ValueSize(kind uint64) uint64 {
	sizes := [...]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
	if kind < uint64(len(sizes)) {
		return sizes[kind]
	}
	return (kind - 12) / 2
}
