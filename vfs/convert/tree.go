package convert

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The b-trees of a database file, see https://sqlite.org/fileformat2.html#b_tree_pages.

// errTree is for what is not exactly as it is told there, and for what cannot be
// read. SQLite itself may still make sense of it.
var errTree = errors.New("a b-tree is not in order")

// Kinds of pages, by their first byte.
const (
	interiorIndex = 0x02
	interiorTable = 0x05
	leafIndex     = 0x0a
	leafTable     = 0x0d
)

const (
	fileHeader   = 100 // bytes at the start of page 1
	leafHeader   = 8   // bytes
	nodeHeader   = 12  // bytes, of an interior page
	smallestCell = 4   // bytes that one takes
)

// localSize is how many bytes of a payload stand in the page of its cell, of which
// so many bytes are usable. The others are on overflow pages.
func localSize(usable int, table bool, payload int) int {
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

// treeNode is a page of a b-tree, as far as it is usable.
type treeNode struct {
	page []byte
	at   int // of its header
}

func nodeAt(pgno uint32, page []byte) treeNode {
	if pgno == 1 {
		return treeNode{page, fileHeader}
	}
	return treeNode{page, 0}
}

func (n treeNode) kind() byte  { return n.page[n.at] }
func (n treeNode) table() bool { return n.kind() == leafTable || n.kind() == interiorTable }
func (n treeNode) leaf() bool  { return n.kind() == leafTable || n.kind() == leafIndex }
func (n treeNode) cells() int  { return int(binary.BigEndian.Uint16(n.page[n.at+3:])) }

// right is the last page below an interior one.
func (n treeNode) right() uint32 { return binary.BigEndian.Uint32(n.page[n.at+8:]) }

// pointers is where the pointers to the cells begin.
func (n treeNode) pointers() int {
	if n.leaf() {
		return n.at + leafHeader
	}
	return n.at + nodeHeader
}

// check makes sure that it is a page of such a tree, with cells unless it is the
// root.
func (n treeNode) check(table, root bool) error {
	switch n.kind() {
	case leafTable, interiorTable, leafIndex, interiorIndex:
	default:
		return fmt.Errorf("%w: a page begins with %d", errTree, n.kind())
	}
	if n.table() != table || n.cells() == 0 && !root || n.pointers()+2*n.cells() > len(n.page) {
		return fmt.Errorf("%w: a page of kind %d with %d cells", errTree, n.kind(), n.cells())
	}
	return nil
}

// cell is a cell and what follows it in the page.
func (n treeNode) cell(i int) ([]byte, error) {
	at := int(binary.BigEndian.Uint16(n.page[n.pointers()+2*i:]))
	if at < n.pointers()+2*n.cells() || at > len(n.page)-smallestCell {
		return nil, fmt.Errorf("%w: a cell at %d", errTree, at)
	}
	return n.page[at:], nil
}

// varint reads a number of SQLite's: its length is 0 if there is none.
func varint(p []byte) (v uint64, length int) {
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

// appendVarint writes one.
func appendVarint(p []byte, v uint64) []byte {
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
