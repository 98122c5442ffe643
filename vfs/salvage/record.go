package salvage

import (
	"encoding/binary"
	"math"

	"github.com/pageseal/pageseal/vfs/btree"
)

// maxFields is how many values a record can have, see SQLite's sqliteLimit.h.
const maxFields = 32676

// row is what a record holds.
type row struct {
	rowid    int64
	hasRowid bool
	// values are nil, int64, float64, string or []byte.
	values []any
	// cut tells that a part of the record was not to be had. Values that it
	// would have been in are nil.
	cut bool
}

// maxPayload is more than SQLite can make a record.
const maxPayload = 0x7fffff00

// rows reads the cells of a page with their overflow pages, or with what is on
// the page alone. What is no cell comes as false.
//
// Cells that are as they should be do not overlap: once more was read than the
// page has, the rest are none.
func (r *reader) rows(n node, whole bool, each func(row, bool) error) error {
	left := len(n.data)
	for i := range n.cells {
		c, ok := n.parse(i)
		if left -= len(c.local); left < 0 || !ok {
			if err := each(row{}, false); err != nil {
				return err
			}
			continue
		}
		payload := c.local
		if whole {
			payload = r.payload(c)
		}
		out, ok := r.decode(c, payload)
		if err := each(out, ok); err != nil {
			return err
		}
	}
	return nil
}

// cell is one of a page, as far as it is on it.
type cell struct {
	rowid    int64
	hasRowid bool
	size     int    // of the record
	local    []byte // the part of it that is on the page
	overflow uint32 // where it goes on, if it does
}

// parse reads a cell that has a record.
func (n node) parse(i int) (c cell, ok bool) {
	b := n.cell(i)
	if n.interior() {
		if len(b) < 4 {
			return c, false
		}
		b = b[4:]
	}
	size, at := btree.Varint(b)
	if at == 0 || size > maxPayload {
		return c, false
	}
	b = b[at:]
	if n.kind == btree.TableLeaf {
		rowid, at := btree.Varint(b)
		if at == 0 {
			return c, false
		}
		c.rowid, c.hasRowid, b = int64(rowid), true, b[at:]
	}
	c.size = int(size)
	local := btree.LocalSize(len(n.data), n.kind == btree.TableLeaf, c.size)
	if local > len(b) || local < c.size && local+4 > len(b) {
		return c, false
	}
	c.local = b[:local]
	if local < c.size {
		c.overflow = binary.BigEndian.Uint32(b[local:])
	}
	return c, true
}

// decode makes values of a record, as much as there is of it.
func (r *reader) decode(c cell, payload []byte) (row, bool) {
	out := row{rowid: c.rowid, hasRowid: c.hasRowid, cut: len(payload) < c.size}
	size, at := btree.Varint(payload)
	if at == 0 || size < uint64(at) || size > uint64(c.size) {
		return out, false
	}
	header, body := payload[at:min(size, uint64(len(payload)))], payload[min(size, uint64(len(payload))):]
	for len(header) > 0 && len(out.values) < maxFields {
		kind, n := btree.Varint(header)
		if n == 0 {
			break
		}
		header = header[n:]
		need := btree.ValueSize(kind)
		if need > uint64(len(body)) {
			out.values, out.cut, body = append(out.values, nil), true, nil
			continue
		}
		out.values = append(out.values, r.text.value(kind, body[:need]))
		body = body[need:]
	}
	return out, true
}

// payload is the record of a cell, as much as there is of it. It is valid until
// the next call.
func (r *reader) payload(c cell) []byte {
	if len(c.local) == c.size {
		return c.local
	}
	r.record = append(r.record[:0], c.local...)
	r.follow(c.overflow, c.size)
	return r.record
}

// follow appends the pages of a chain to the record until that has its size or
// the chain breaks. Pages of other records are read again only so often.
func (r *reader) follow(pgno uint32, size int) {
	mark, steps, limit := uint32(0), 0, 2
	for len(r.record) < size {
		if pgno == 0 || pgno > r.count || pgno == mark || r.chained.has(pgno) && r.again == 0 ||
			r.pages.Read(pgno, r.spare) != nil {
			return
		}
		next := binary.BigEndian.Uint32(r.spare)
		if next > r.count {
			return // no overflow page
		}
		if r.chained.has(pgno) {
			r.again--
		}
		r.chained.add(pgno)
		r.record = append(r.record, r.spare[4:min(r.usable, 4+size-len(r.record))]...)
		// A chain that comes back to a page it was on: the mark waits for it,
		// at distances that grow.
		if steps++; steps == limit {
			mark, limit = pgno, 2*limit
		}
		pgno = next
	}
}

// value decodes a value of a serial type.
func (t encoding) value(kind uint64, b []byte) any {
	switch {
	case kind == 0 || kind == 10 || kind == 11:
		return nil
	case kind == 7:
		f := math.Float64frombits(binary.BigEndian.Uint64(b))
		if math.IsNaN(f) {
			return nil // as SQLite reads it
		}
		return f
	case kind == 8 || kind == 9:
		return int64(kind - 8)
	case kind < 7:
		v := int64(int8(b[0]))
		for _, c := range b[1:] {
			v = v<<8 | int64(c)
		}
		return v
	case kind%2 == 1:
		return t.decode(b)
	}
	return append([]byte{}, b...)
}
