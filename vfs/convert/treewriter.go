package convert

import (
	"bytes"
	"encoding/binary"

	"github.com/pageseal/pageseal/vfs/btree"
)

// treeWriter writes b-trees, of entries in the order of their keys, and each page
// once: those below first, all of them full. Page 1 is written last.
type treeWriter struct {
	out    *pageFile
	next   uint32 // page to be written
	table  bool
	levels []*growing
	height int    // levels that the tree has
	over   []byte // scratch, an overflow page
}

// growing is a page that gets cells. If it is an interior one, a page below it
// waits: with a cell once there is another one, else as the last.
type growing struct {
	page  []byte
	cells []int // their lengths, the first at the end of the page
	top   int   // where they begin
	rowid int64 // the last

	below   uint32
	divider []byte // the key of what is below, or the cell behind it
}

func newTreeWriter(out *pageFile) *treeWriter {
	return &treeWriter{out: out, next: 2, over: make([]byte, out.size)}
}

// allocate returns the number of the next page.
func (w *treeWriter) allocate() uint32 {
	if w.next == w.out.lockByte {
		w.next++
	}
	w.next++
	return w.next - 1
}

// begin starts a tree.
func (w *treeWriter) begin(table bool) {
	w.table, w.height = table, 0
	w.level(0)
}

// level is the page that grows on a level, from 0 for leaves.
func (w *treeWriter) level(i int) *growing {
	if i == len(w.levels) {
		w.levels = append(w.levels, &growing{page: make([]byte, w.out.size)})
	}
	if i == w.height {
		w.height++
		w.levels[i].reset(w.out.usable)
	}
	return w.levels[i]
}

func (g *growing) reset(usable int) {
	g.cells, g.top, g.below = g.cells[:0], usable, 0
}

// fits tells whether there is room for another cell, of so many bytes.
func (g *growing) fits(n int) bool {
	return btree.InteriorHeader+2*(len(g.cells)+1)+max(btree.SmallestCell, n) <= g.top
}

// place makes room for another cell.
func (g *growing) place(n int) []byte {
	size := max(btree.SmallestCell, n)
	g.cells = append(g.cells, n)
	g.top -= size
	clear(g.page[g.top+n : g.top+size])
	return g.page[g.top:][:n]
}

// add takes the next entry.
func (w *treeWriter) add(p *payload) error {
	local := p.head + btree.LocalSize(w.out.usable, w.table, p.size)
	n := local
	if local < p.left {
		n += 4 // the number of an overflow page
	}
	leaf := w.level(0)
	if !leaf.fits(n) {
		if err := w.split(leaf); err != nil {
			return err
		}
	}
	cell := leaf.place(n)
	leaf.rowid = p.rowid
	if err := p.read(cell[:local]); err != nil || p.left == 0 {
		return err
	}
	first := w.allocate()
	binary.BigEndian.PutUint32(cell[local:], first)
	return w.overflow(first, p)
}

// addRecord takes a row that no tree has.
func (w *treeWriter) addRecord(rowid int64, record []byte) error {
	head := btree.AppendVarint(btree.AppendVarint(nil, uint64(len(record))), uint64(rowid))
	all := append(head, record...)
	return w.add(&payload{r: new(treeReader), rowid: rowid, head: len(head), size: len(record), left: len(all), part: all})
}

// overflow writes the rest of a payload, from a page on.
func (w *treeWriter) overflow(pgno uint32, p *payload) error {
	for pgno != 0 {
		here, next := w.over[4:w.out.usable], uint32(0)
		if n := min(len(here), p.left); n == p.left {
			clear(here[n:])
			here = here[:n]
		}
		if err := p.read(here); err != nil {
			return err
		}
		if p.left > 0 {
			next = w.allocate()
		}
		binary.BigEndian.PutUint32(w.over, next)
		if err := w.out.add(pgno, w.over); err != nil {
			return err
		}
		pgno = next
	}
	return nil
}

// split writes a leaf that is full. In an index its last cell goes up.
func (w *treeWriter) split(leaf *growing) error {
	if w.table {
		return w.finish(0, leaf, btree.AppendVarint(nil, uint64(leaf.rowid)))
	}
	return w.finish(0, leaf, leaf.pop())
}

// pop takes the last cell away.
func (g *growing) pop() []byte {
	n := g.cells[len(g.cells)-1]
	last := bytes.Clone(g.page[g.top:][:n])
	g.cells = g.cells[:len(g.cells)-1]
	g.top += max(btree.SmallestCell, n)
	return last
}

// finish writes a page, and tells the one above it what comes behind.
func (w *treeWriter) finish(level int, g *growing, divider []byte) error {
	pgno := w.allocate()
	if err := w.write(pgno, level, g); err != nil {
		return err
	}
	g.reset(w.out.usable)
	return w.rise(level+1, pgno, divider)
}

// rise gives an interior page another one below it. One that is full ends before
// its last cell, so that none is without a cell.
func (w *treeWriter) rise(level int, below uint32, divider []byte) error {
	g := w.level(level)
	if g.below != 0 {
		cell := append(binary.BigEndian.AppendUint32(nil, g.below), g.divider...)
		if !g.fits(len(cell)) {
			last := g.pop()
			g.below = binary.BigEndian.Uint32(last)
			if err := w.finish(level, g, last[4:]); err != nil {
				return err
			}
		}
		copy(g.place(len(cell)), cell)
	}
	g.below, g.divider = below, divider
	return nil
}

// end writes what is left of a tree, and returns its root.
func (w *treeWriter) end() (root uint32, err error) {
	top, err := w.climb()
	if err != nil {
		return 0, err
	}
	root = w.allocate()
	return root, w.write(root, top, w.levels[top])
}

// climb writes all that is left but the root, and returns its level.
func (w *treeWriter) climb() (top int, err error) {
	for ; top < w.height-1; top++ {
		if err := w.finish(top, w.levels[top], nil); err != nil {
			return 0, err
		}
	}
	return top, nil
}

// endFirst ends the tree of page 1, which has less room.
func (w *treeWriter) endFirst(header []byte) error {
	top, err := w.climb()
	if err != nil {
		return err
	}
	g := w.levels[top]
	if btree.FileHeader+btree.InteriorHeader+2*len(g.cells) > g.top {
		if err := w.finish(top, g, nil); err != nil {
			return err
		}
		top++
		g = w.levels[top]
	}
	binary.BigEndian.PutUint32(header[28:], w.next-1) // pages
	copy(g.page, header)
	return w.write(1, top, g)
}

// write writes a page as it has grown.
func (w *treeWriter) write(pgno uint32, level int, g *growing) error {
	n := nodeAt(pgno, g.page)
	head := n.page[n.at:]
	clear(head[:btree.InteriorHeader])
	head[0] = kindOf(w.table, level)
	binary.BigEndian.PutUint16(head[3:], uint16(len(g.cells)))
	binary.BigEndian.PutUint16(head[5:], uint16(g.top)) // 65536 as 0
	if level > 0 {
		binary.BigEndian.PutUint32(head[8:], g.below)
	}
	at := n.pointers()
	top := w.out.usable
	for _, n := range g.cells {
		top -= max(btree.SmallestCell, n)
		binary.BigEndian.PutUint16(g.page[at:], uint16(top))
		at += 2
	}
	clear(g.page[at:g.top])
	clear(g.page[w.out.usable:])
	return w.out.add(pgno, g.page)
}

func kindOf(table bool, level int) byte {
	switch {
	case table && level == 0:
		return btree.TableLeaf
	case table:
		return btree.TableInterior
	case level == 0:
		return btree.IndexLeaf
	}
	return btree.IndexInterior
}
