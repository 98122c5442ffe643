package salvage

import (
	"encoding/binary"
	"math"
)

// maxFields is how many values a record can have, see SQLite's sqliteLimit.h.
const maxFields = 32676

// row is what a cell holds.
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

// row reads a cell with its overflow pages. It is false for what is no cell.
func (r *reader) row(n node, i int) (row, bool) {
	var out row
	payload, ok := r.payload(n, i, &out)
	if !ok {
		return out, false
	}
	size, at := varint(payload)
	if at == 0 || size < uint64(at) || size > uint64(len(payload)) {
		return out, false
	}
	header, body := payload[at:size], payload[size:]
	for len(header) > 0 && len(out.values) < maxFields {
		kind, n := varint(header)
		if n == 0 {
			break
		}
		header = header[n:]
		need := valueSize(kind)
		if need > uint64(len(body)) {
			out.values, out.cut, body = append(out.values, nil), true, nil
			continue
		}
		out.values = append(out.values, r.text.value(kind, body[:need]))
		body = body[need:]
	}
	return out, true
}

// payload is the record in a cell, as much as there is of it. It is valid until
// the next call.
func (r *reader) payload(n node, i int, out *row) ([]byte, bool) {
	cell := n.cell(i)
	if n.interior() {
		if len(cell) < 4 {
			return nil, false
		}
		cell = cell[4:]
	}
	size, at := varint(cell)
	if at == 0 || size > maxPayload {
		return nil, false
	}
	cell = cell[at:]
	if n.kind == tableLeaf {
		rowid, at := varint(cell)
		if at == 0 {
			return nil, false
		}
		out.rowid, out.hasRowid, cell = int64(rowid), true, cell[at:]
	}
	local := localSize(int(size), len(n.data), n.kind == tableLeaf)
	if local == int(size) {
		if local > len(cell) {
			return nil, false
		}
		return cell[:local], true
	}
	if local+4 > len(cell) {
		return nil, false
	}
	r.record = append(r.record[:0], cell[:local]...)
	r.overflow(binary.BigEndian.Uint32(cell[local:]), int(size))
	out.cut = len(r.record) < int(size)
	return r.record, true
}

// localSize is how much of a record of that size is on the page itself, see
// https://sqlite.org/fileformat2.html#b_tree_pages.
func localSize(size, usable int, tableLeaf bool) int {
	most := (usable-12)*64/255 - 23
	if tableLeaf {
		most = usable - 35
	}
	if size <= most {
		return size
	}
	least := (usable-12)*32/255 - 23
	if k := least + (size-least)%(usable-4); k <= most {
		return k
	}
	return least
}

// overflow appends the pages of a chain to the record until that has its size or
// the chain breaks.
func (r *reader) overflow(pgno uint32, size int) {
	mark, steps, limit := uint32(0), 0, 2
	for len(r.record) < size {
		if pgno == 0 || pgno > r.count || pgno == mark || r.pages.Read(pgno, r.spare) != nil {
			return
		}
		next := binary.BigEndian.Uint32(r.spare)
		if next > r.count {
			return // no overflow page
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

// valueSize is the bytes that a value of a serial type takes.
func valueSize(kind uint64) uint64 {
	sizes := [...]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
	if kind < uint64(len(sizes)) {
		return sizes[kind]
	}
	return (kind - 12) / 2
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
