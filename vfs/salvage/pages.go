// Package salvage takes what is left of a damaged SQLite database out of its
// pages, one by one, and writes it as a new database. It knows no engine: it
// reads b-trees itself (https://sqlite.org/fileformat2.html) and writes SQL.
//
// The algorithm is that of SQLite's own recovery extension: the schema is read
// from the tree of page 1, the rows of each table from the tree at its root, and
// what lies on pages of no tree goes to a table lost_and_found. A page that does
// not verify is a hole. Nothing takes its place, least of all zeros.
//
// The pages may hold anything. Work and memory are bounded by the size of the
// file: each page belongs to one tree at most, and a set of pages takes a bit for
// each.
package salvage

import "errors"

// ErrHole is for a page that cannot be had: it does not verify, or the file
// ends before it.
var ErrHole = errors.New("salvage: the page is damaged or missing")

// Pages are the pages of a database, in clear.
type Pages interface {
	// Count is the number of the last page.
	Count() uint32
	// Layout is the size of a page, and how much of its end is kept from
	// SQLite as far as that is known without page 1.
	Layout() (pageSize, reserve int)
	// Read reads the page of a number from 1 to Count into a buffer of that
	// size. It fails with ErrHole where only this page cannot be had.
	Read(pgno uint32, page []byte) error
}

// set is a set of page numbers.
type set []uint64

func newSet(count uint32) set { return make(set, uint64(count)/64+1) }

func (s set) add(pgno uint32)      { s[pgno/64] |= 1 << (pgno % 64) }
func (s set) has(pgno uint32) bool { return s[pgno/64]&(1<<(pgno%64)) != 0 }

// list is the numbers in the set, in their order.
func (s set) list() (all []uint32) {
	for i, word := range s {
		for bit := uint32(0); word != 0; bit, word = bit+1, word>>1 {
			if word&1 != 0 {
				all = append(all, uint32(i)*64+bit)
			}
		}
	}
	return all
}

const pendingByte = 0x40000000 // SQLite keeps its locks there, and no page
