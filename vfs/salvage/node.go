package salvage

import (
	"encoding/binary"

	"github.com/pageseal/pageseal/vfs/btree"
)

// node is a page that looks like one of a b-tree.
type node struct {
	pgno  uint32
	data  []byte // the usable bytes
	start int    // where its header is: behind that of the database on page 1
	kind  byte
	cells int
}

// asNode takes a page for a node, if it can be one.
func asNode(pgno uint32, data []byte) (node, bool) {
	n := node{pgno: pgno, data: data}
	if pgno == 1 {
		n.start = btree.FileHeader
	}
	n.kind = data[n.start]
	switch n.kind {
	case btree.IndexInterior, btree.TableInterior, btree.IndexLeaf, btree.TableLeaf:
	default:
		return n, false
	}
	n.cells = int(binary.BigEndian.Uint16(data[n.start+3:]))
	n.cells = min(n.cells, (len(data)-n.pointers())/6) // a cell is 4 bytes or more
	return n, true
}

func (n node) interior() bool { return n.kind == btree.IndexInterior || n.kind == btree.TableInterior }
func (n node) ofTable() bool  { return n.kind == btree.TableInterior || n.kind == btree.TableLeaf }

// hasRows tells whether the cells carry records.
func (n node) hasRows() bool { return n.kind != btree.TableInterior }

// pointers is where the offsets of the cells begin.
func (n node) pointers() int {
	if n.interior() {
		return n.start + 12
	}
	return n.start + 8
}

// cell is the bytes from where a cell begins, none for an offset that is wrong.
func (n node) cell(i int) []byte {
	at := int(binary.BigEndian.Uint16(n.data[n.pointers()+2*i:]))
	if at < n.pointers()+2*n.cells || at >= len(n.data) {
		return nil
	}
	return n.data[at:]
}

// children are the pages below an interior page: the rightmost first, as in the
// recovery of SQLite, whose order of rows depends on it.
func (n node) children() []uint32 {
	if !n.interior() {
		return nil
	}
	all := []uint32{binary.BigEndian.Uint32(n.data[n.start+8:])}
	for i := range n.cells {
		if cell := n.cell(i); len(cell) >= 4 {
			all = append(all, binary.BigEndian.Uint32(cell))
		}
	}
	return all
}

// wordsOf reads the words of four bytes of a page, zero behind its end.
func wordsOf(page []byte) func(i uint32) uint32 {
	return func(i uint32) uint32 {
		if i >= uint32(len(page)/4) {
			return 0
		}
		return binary.BigEndian.Uint32(page[4*i:])
	}
}
