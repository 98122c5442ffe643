package convert

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"

	"github.com/pageseal/pageseal/vfs/btree"
)

const deepest = 32 // levels, more than any tree has

// treeReader reads b-trees in the order of their keys, each page once.
type treeReader struct {
	fetch  func(pgno uint32) ([]byte, error) // valid until the next call
	usable int
	count  uint32 // pages there are
	taken  uint32 // pages that are part of a tree
	used   []uint64
	levels [][]byte // the page at hand on each
	over   []byte   // the overflow page at hand
	at     payload  // the entry at hand
	sum    maphash.Hash

	// Of the tree being read.
	root  uint32
	table bool
	last  int64 // rowid, or key of an interior page
	some  bool  // there is one
	visit func(*payload) error
}

func newTreeReader(usable int, count uint32, seed maphash.Seed, fetch func(pgno uint32) ([]byte, error)) *treeReader {
	r := &treeReader{fetch: fetch, usable: usable, count: count, used: make([]uint64, count/64+1), over: make([]byte, usable)}
	r.sum.SetSeed(seed)
	return r
}

// take reads a page that is part of nothing yet.
func (r *treeReader) take(pgno uint32, into []byte) error {
	if pgno == 0 || pgno > r.count || r.used[pgno/64]&(1<<(pgno%64)) != 0 {
		return fmt.Errorf("%w: a pointer to page %d", errTree, pgno)
	}
	r.used[pgno/64] |= 1 << (pgno % 64)
	r.taken++
	page, err := r.fetch(pgno)
	if err != nil {
		return err
	}
	if copy(into, page) < r.usable {
		return fmt.Errorf("%w: page %d has %d bytes", errTree, pgno, len(page))
	}
	return nil
}

// begin turns to the tree at a root, of a table or of an index.
func (r *treeReader) begin(root uint32) error {
	n, err := r.node(0, root)
	if err != nil {
		return err
	}
	r.root, r.table, r.some = root, n.table(), false
	r.sum.Reset()
	return nil
}

// walk visits the entries of the tree. The sum is of all that is in them, however
// they lie in pages.
func (r *treeReader) walk(visit func(*payload) error) (sum uint64, err error) {
	r.visit = visit
	err = r.branch(0, nodeAt(r.root, r.levels[0]), true)
	return r.sum.Sum64(), err
}

// node reads a page on a level.
func (r *treeReader) node(level int, pgno uint32) (treeNode, error) {
	if level == deepest {
		return treeNode{}, fmt.Errorf("%w: more than %d levels", errTree, deepest)
	}
	if level == len(r.levels) {
		r.levels = append(r.levels, make([]byte, r.usable))
	}
	n := nodeAt(pgno, r.levels[level])
	return n, r.take(pgno, n.page)
}

// branch visits what is in a page and below it.
func (r *treeReader) branch(level int, n treeNode, root bool) error {
	// SQLite has page 1 point to a single page where its tree has grown.
	if err := n.check(r.table, root && (n.leaf() || n.at > 0)); err != nil {
		return err
	}
	room := len(n.page) - n.pointers() - 2*n.cells()
	for i := range n.cells() {
		c, err := n.cell(i)
		if err != nil {
			return err
		}
		if !n.leaf() {
			if err := r.below(level, binary.BigEndian.Uint32(c)); err != nil {
				return err
			}
			c = c[4:]
		}
		size, err := r.entry(n, c)
		if err != nil {
			return err
		}
		if room -= size; room < 0 { // or little could be made much
			return fmt.Errorf("%w: cells share their place", errTree)
		}
	}
	if n.leaf() {
		return nil
	}
	return r.below(level, n.right())
}

func (r *treeReader) below(level int, pgno uint32) error {
	n, err := r.node(level+1, pgno)
	if err != nil {
		return err
	}
	return r.branch(level+1, n, false)
}

// entry visits a cell, without the pointer to the page below it, and returns how
// many bytes of the page it has at least.
func (r *treeReader) entry(n treeNode, c []byte) (size int, err error) {
	if r.table && !n.leaf() {
		key, k := btree.Varint(c)
		if k == 0 || !r.some || int64(key) < r.last {
			return 0, fmt.Errorf("%w: key %d", errTree, int64(key))
		}
		r.last = int64(key)
		return k, nil
	}
	p, err := r.parse(c)
	if err != nil {
		return 0, err
	}
	size = len(p.part)
	if err := r.visit(p); err != nil {
		return 0, err
	}
	return size, p.end()
}

// parse finds the payload of a cell.
func (r *treeReader) parse(c []byte) (*payload, error) {
	p := &r.at
	*p = payload{r: r}
	size, k := btree.Varint(c)
	if k == 0 || size > uint64(r.count)*uint64(r.usable) {
		return nil, fmt.Errorf("%w: a payload of %d bytes", errTree, size)
	}
	p.head, p.size = k, int(size)
	if r.table {
		rowid, k := btree.Varint(c[p.head:])
		if k == 0 || r.some && int64(rowid) <= r.last {
			return nil, fmt.Errorf("%w: rowid %d", errTree, int64(rowid))
		}
		p.rowid, p.head = int64(rowid), p.head+k
		r.last, r.some = p.rowid, true
	}
	p.left = p.head + p.size
	local := p.head + btree.LocalSize(r.usable, r.table, p.size)
	if len(c) < local || local < p.left && len(c) < local+4 {
		return nil, fmt.Errorf("%w: a cell leaves its page", errTree)
	}
	if p.part = c[:local]; local < p.left {
		p.next = binary.BigEndian.Uint32(c[local:])
	}
	return p, nil
}

// payload is that of an entry, to be read from its beginning. Before it comes what
// stands before it in any cell: its size, and in a table the rowid.
type payload struct {
	r     *treeReader
	rowid int64  // 0 in an index
	head  int    // bytes that stand before it
	size  int    // bytes of it
	left  int    // bytes that were not read
	part  []byte // of them, those at hand
	next  uint32 // overflow page that has those behind
}

// read fills b, which is no longer than what is left.
func (p *payload) read(b []byte) error {
	for len(b) > 0 {
		if err := p.load(); err != nil {
			return err
		}
		n := copy(b, p.part)
		p.skip(n)
		b = b[n:]
	}
	return nil
}

// end reads what nobody has asked for.
func (p *payload) end() error {
	for p.left > 0 {
		if err := p.load(); err != nil {
			return err
		}
		p.skip(len(p.part))
	}
	if p.next != 0 {
		return fmt.Errorf("%w: an overflow page too many", errTree)
	}
	return nil
}

// skip sums up n bytes of those at hand, and leaves them behind.
func (p *payload) skip(n int) {
	_, _ = p.r.sum.Write(p.part[:n])
	p.part, p.left = p.part[n:], p.left-n
}

// load has the next bytes at hand.
func (p *payload) load() error {
	if len(p.part) > 0 {
		return nil
	}
	if err := p.r.take(p.next, p.r.over); err != nil {
		return err
	}
	p.next = binary.BigEndian.Uint32(p.r.over)
	p.part = p.r.over[4:][:min(p.left, len(p.r.over)-4)]
	return nil
}
