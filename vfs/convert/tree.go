package convert

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pageseal/pageseal/vfs/btree"
)

// The b-trees of a database file, see https://sqlite.org/fileformat2.html#b_tree_pages.

// errTree is for what is not exactly as it is told there, and for what cannot be
// read. SQLite itself may still make sense of it.
var errTree = errors.New("a b-tree is not in order")

// treeNode is a page of a b-tree, as far as it is usable.
type treeNode struct {
	page []byte
	at   int // of its header
}

func nodeAt(pgno uint32, page []byte) treeNode {
	if pgno == 1 {
		return treeNode{page, btree.FileHeader}
	}
	return treeNode{page, 0}
}

func (n treeNode) kind() byte  { return n.page[n.at] }
func (n treeNode) table() bool { return n.kind() == btree.TableLeaf || n.kind() == btree.TableInterior }
func (n treeNode) leaf() bool  { return n.kind() == btree.TableLeaf || n.kind() == btree.IndexLeaf }
func (n treeNode) cells() int  { return int(binary.BigEndian.Uint16(n.page[n.at+3:])) }

// right is the last page below an interior one.
func (n treeNode) right() uint32 { return binary.BigEndian.Uint32(n.page[n.at+8:]) }

// pointers is where the pointers to the cells begin.
func (n treeNode) pointers() int {
	if n.leaf() {
		return n.at + btree.LeafHeader
	}
	return n.at + btree.InteriorHeader
}

// check makes sure that it is a page of such a tree, with cells unless it is the
// root.
func (n treeNode) check(table, root bool) error {
	switch n.kind() {
	case btree.TableLeaf, btree.TableInterior, btree.IndexLeaf, btree.IndexInterior:
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
	if at < n.pointers()+2*n.cells() || at > len(n.page)-btree.SmallestCell {
		return nil, fmt.Errorf("%w: a cell at %d", errTree, at)
	}
	return n.page[at:], nil
}
