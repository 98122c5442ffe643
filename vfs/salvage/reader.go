package salvage

import (
	"context"
	"errors"
	"fmt"
)

// reader reads b-trees.
type reader struct {
	ctx    context.Context
	pages  Pages
	count  uint32
	usable int
	text   encoding

	page, spare []byte // one page each
	record      []byte // the record read last, where it was on several pages
	again       uint32 // how many overflow pages may still be read once more

	bad     set // could not be had
	used    set // part of a tree, or of the freelist
	roots   set // of trees
	chained set // overflow pages of records that were read
	broken  set // a tree leads there, and finds no page of its own
}

func newReader(ctx context.Context, pages Pages) *reader {
	n := pages.Count()
	size, reserve := pages.Layout()
	return &reader{
		ctx: ctx, pages: pages, count: n, usable: size - reserve, text: utf8,
		page: make([]byte, size), spare: make([]byte, size), again: n,
		bad: newSet(n), used: newSet(n), roots: newSet(n), chained: newSet(n), broken: newSet(n),
	}
}

// survey tries each page, to know the holes.
func (r *reader) survey() error {
	for pgno := uint32(1); pgno <= r.count && pgno != 0; pgno++ {
		if r.isLockByte(pgno) {
			continue
		}
		err := r.pages.Read(pgno, r.page)
		if errors.Is(err, ErrHole) {
			r.bad.add(pgno)
			err = nil
		}
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("page %d: %w", pgno, err)
		}
	}
	return nil
}

// isLockByte tells whether a page is the one that is never written.
func (r *reader) isLockByte(pgno uint32) bool {
	return pgno == uint32(pendingByte/len(r.page))+1
}

// node reads a page of a b-tree. It is false for any other page and for a hole.
// The page is valid until the next call.
func (r *reader) node(pgno uint32) (n node, ok bool, err error) {
	if pgno == 0 || pgno > r.count {
		return n, false, nil
	}
	if err := r.ctx.Err(); err != nil {
		return n, false, err
	}
	err = r.pages.Read(pgno, r.page)
	if errors.Is(err, ErrHole) {
		return n, false, nil
	}
	if err != nil {
		return n, false, fmt.Errorf("page %d: %w", pgno, err)
	}
	n, ok = asNode(pgno, r.page[:r.usable])
	return n, ok, nil
}

// walk visits the pages of the tree at a root, level by level. Only interior
// pages are remembered.
func (r *reader) walk(root uint32, visit func(node) error) error {
	if r.unfit(root) {
		r.miss(root)
		return nil
	}
	n, ok, err := r.node(root)
	if err != nil || !ok {
		r.miss(root)
		return err
	}
	ofTable := n.ofTable()
	var level []uint32
	take := func(n node) error {
		r.used.add(n.pgno)
		if n.interior() {
			level = append(level, n.pgno)
		}
		return visit(n)
	}
	if err := take(n); err != nil {
		return err
	}
	for len(level) > 0 {
		parents := level
		level = nil
		for _, parent := range parents {
			if n, ok, err = r.node(parent); err != nil || !ok {
				return err
			}
			for _, child := range n.children() {
				if r.unfit(child) || r.roots.has(child) {
					r.miss(child)
					continue
				}
				n, ok, err := r.node(child)
				if err != nil {
					return err
				}
				if !ok || n.ofTable() != ofTable {
					r.miss(child)
					continue
				}
				if err := take(n); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// unfit tells, without another look at it, that a page cannot be of a tree.
func (r *reader) unfit(pgno uint32) bool {
	return pgno == 0 || pgno > r.count || r.used.has(pgno) || r.broken.has(pgno)
}

// miss notes a page that should have been of a tree.
func (r *reader) miss(pgno uint32) {
	if pgno > r.count {
		pgno = 0 // a pointer to nowhere
	}
	r.broken.add(pgno)
}

// free adds the pages of the freelist to those that are used.
func (r *reader) free(trunk uint32) error {
	for trunk != 0 && trunk <= r.count && !r.used.has(trunk) {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.pages.Read(trunk, r.page); errors.Is(err, ErrHole) {
			r.used.add(trunk)
			return nil
		} else if err != nil {
			return fmt.Errorf("page %d: %w", trunk, err)
		}
		r.used.add(trunk)
		words := wordsOf(r.page[:r.usable])
		for i := range min(words(1), uint32(r.usable/4-2)) {
			if leaf := words(2 + i); leaf != 0 && leaf <= r.count {
				r.used.add(leaf)
			}
		}
		trunk = words(0)
	}
	return nil
}
