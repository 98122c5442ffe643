package convert

import (
	"encoding/binary"
	"fmt"

	"github.com/pageseal/pageseal/vfs/btree"
)

// schemaRow is a row of sqlite_schema, as a record: type, name, tbl_name, rootpage
// and sql. See https://sqlite.org/fileformat2.html#record_format.
type schemaRow struct {
	rowid  int64
	record []byte
	kind   int    // where the serial type of rootpage stands
	at     int    // where its value stands
	length int    // bytes of it
	root   uint32 // 0 where there is no tree
}

const (
	schemaColumns = 5
	rootColumn    = 3
)

func parseSchemaRow(rowid int64, record []byte) (*schemaRow, error) {
	r := &schemaRow{rowid: rowid, record: record}
	size, at := btree.Varint(record)
	if at == 0 || size < uint64(at) || size > uint64(len(record)) {
		return nil, fmt.Errorf("%w: a row of the schema", errTree)
	}
	body := size
	for column := range schemaColumns {
		kind, k := btree.Varint(record[at:size])
		if k == 0 {
			return nil, fmt.Errorf("%w: a row of the schema with %d columns", errTree, column)
		}
		length := btree.ValueSize(kind)
		if length > uint64(len(record)) {
			return nil, fmt.Errorf("%w: a row of the schema with a value of %d bytes", errTree, length)
		}
		if column == rootColumn {
			r.kind, r.at, r.length = at, int(body), int(length)
			if kind > 9 || kind == 7 || k > 1 || body+length > uint64(len(record)) {
				return nil, fmt.Errorf("%w: a row of the schema without a root", errTree)
			}
		}
		body, at = body+length, at+k
	}
	if body != uint64(len(record)) || at != int(size) {
		return nil, fmt.Errorf("%w: a row of the schema of %d bytes", errTree, len(record))
	}
	return r, r.parseRoot()
}

func (r *schemaRow) parseRoot() error {
	var root int64
	if r.record[r.kind] == 9 {
		root = 1
	}
	for i, b := range r.record[r.at:][:r.length] {
		if i == 0 {
			root = int64(int8(b))
		} else {
			root = root<<8 | int64(b)
		}
	}
	if root < 0 || root > 1<<32-1 {
		return fmt.Errorf("%w: a root of %d", errTree, root)
	}
	r.root = uint32(root)
	return nil
}

// move gives the row another root.
func (r *schemaRow) move(root uint32) {
	const word64 = 6 // the serial type
	record := append([]byte(nil), r.record[:r.at]...)
	record[r.kind] = word64
	record = binary.BigEndian.AppendUint64(record, uint64(root))
	r.record, r.root = append(record, r.record[r.at+r.length:]...), root
}
