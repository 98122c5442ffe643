package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/vfs/btree"
)

// plainPageSize is that of a new database in clear, in bytes: SQLite's default.
const plainPageSize = 4096

// treeCopy is a copy of all entries of all trees under way, into pages of another
// layout. It takes the time of reading and writing them: SQLite would look at
// each row, and sort for each index.
type treeCopy struct {
	source *conn
	open   Opener
	to     Database
	wal    bool // the journal mode
	header []byte
	seed   maphash.Seed
	schema []*schemaRow
	sums   []treeSum // of the trees in it
	pages  uint32    // of the copy
}

// treeSum stands for what is in a tree.
type treeSum struct {
	table bool
	sum   uint64
}

// copyTrees makes the copy of a database whose trees are in order, and reads it
// once more. Other databases, and those with auto_vacuum, are errTree. Where
// something fails no file is left.
func (c *conn) copyTrees(open Opener, to Database, mode string) error {
	if err := c.exec("BEGIN"); err != nil {
		return err
	}
	t := treeCopy{source: c, open: open, to: to, wal: mode == "wal", seed: maphash.MakeSeed()}
	return t.run()
}

// run ends the transaction when the source is read.
func (t *treeCopy) run() error {
	from, release, err := t.reader()
	if err == nil {
		t.schema, err = schemaOf(from)
	}
	if err != nil {
		release()
		return first(err, t.source.exec("ROLLBACK"))
	}
	w, err := create(t.to, t.pageSize())
	if err != nil {
		release()
		return first(err, t.source.exec("ROLLBACK"))
	}
	err = t.write(from, newTreeWriter(w))
	release()
	if err = first(err, t.source.exec("ROLLBACK")); err == nil {
		err = w.settle(func() error { return t.verify(w.size, w.usable) })
	}
	if err = errors.Join(err, w.close()); err != nil {
		return errors.Join(err, remove(t.to.Path))
	}
	return nil
}

func (t *treeCopy) pageSize() int {
	if t.to.Key.IsZero() {
		return plainPageSize
	}
	return t.to.Settings.OrDefaults().PageSize
}

// reader reads the trees of the source.
func (t *treeCopy) reader() (r *treeReader, release func(), err error) {
	release = func() {}
	count, size, err := t.source.layout()
	if err != nil || count == 0 {
		return nil, release, errors.Join(errTree, err)
	}
	pages, err := t.source.pages(int(size))
	if err != nil {
		return nil, release, errors.Join(errTree, err) // a log, and an adapter without sqlite_dbpage
	}
	w := newPageWindow(t.source.ctx, pages, int(size), uint32(count))
	release = func() {
		w.wait()
		pages.Close()
	}
	fetch := func(pgno uint32) ([]byte, error) {
		page, err := w.page(pgno)
		if err != nil && t.source.ctx.Err() == nil {
			err = errors.Join(errTree, err)
		}
		return page, err
	}
	page, err := fetch(1)
	if err != nil {
		return nil, release, err
	}
	t.header = bytes.Clone(page[:btree.FileHeader])
	if autoVacuum := binary.BigEndian.Uint32(t.header[52:]); autoVacuum != 0 {
		return nil, release, fmt.Errorf("%w: pages that point to others", errTree)
	}
	return newTreeReader(len(page)-int(t.header[20]), uint32(count), t.seed, fetch), release, nil
}

// schemaOf reads sqlite_schema.
func schemaOf(r *treeReader) (schema []*schemaRow, err error) {
	if err := r.begin(1); err != nil {
		return nil, err
	}
	_, err = r.walk(func(p *payload) error {
		all := make([]byte, p.left)
		if err := p.read(all); err != nil {
			return err
		}
		row, err := parseSchemaRow(p.rowid, all[p.head:])
		schema = append(schema, row)
		return err
	})
	return schema, err
}

// write writes all trees, then the schema with their roots.
func (t *treeCopy) write(from *treeReader, w *treeWriter) error {
	for _, row := range t.schema {
		if row.root == 0 {
			continue
		}
		if err := from.begin(row.root); err != nil {
			return err
		}
		w.begin(from.table)
		sum, err := from.walk(w.add)
		if err != nil {
			return err
		}
		t.sums = append(t.sums, treeSum{from.table, sum})
		root, err := w.end()
		if err != nil {
			return err
		}
		row.move(root)
	}
	w.begin(true)
	for _, row := range t.schema {
		if err := w.addRecord(row.rowid, row.record); err != nil {
			return err
		}
	}
	t.adjustHeader(w.out)
	if err := w.endFirst(t.header); err != nil {
		return err
	}
	t.pages = w.next - 1
	return w.out.complete()
}

// adjustHeader makes the header of the source that of the copy. See
// https://sqlite.org/fileformat2.html#the_database_header.
func (t *treeCopy) adjustHeader(out *pageFile) {
	h := t.header
	binary.BigEndian.PutUint16(h[16:], uint16(out.size|out.size>>16)) // 65536 as 1
	h[18], h[19], h[20] = 1, 1, byte(out.reserve)
	if t.wal {
		h[18], h[19] = 2, 2
	}
	clear(h[32:40])                                                       // the freelist
	binary.BigEndian.PutUint32(h[40:], binary.BigEndian.Uint32(h[40:])+1) // the roots have moved
	clear(h[64:68])                                                       // auto_vacuum
	copy(h[92:96], h[24:])                                                // the number of pages is good
}

// verify opens the copy by its key, and compares each entry of each tree with
// those that were read from the source. Each page verifies and is part of one
// tree, and there are no others.
func (t *treeCopy) verify(size, usable int) error {
	if err := t.open.holds(t.source.ctx, t.to, uint64(t.pages)); err != nil {
		return err
	}
	f, err := openPages(t.to, size)
	if err != nil {
		return err
	}
	err = t.compare(f, size, usable)
	if err != nil && !errors.Is(err, ErrDiffers) {
		err = fmt.Errorf("%w: %w", ErrDiffers, err)
	}
	return errors.Join(err, f.close())
}

func (t *treeCopy) compare(f *pageReader, size, usable int) error {
	w := newPageWindow(t.source.ctx, f, size, f.count)
	defer w.wait()
	r := newTreeReader(usable, f.count, t.seed, w.page)
	schema, err := schemaOf(r)
	if err != nil {
		return err
	}
	same := func(a, b *schemaRow) bool { return a.rowid == b.rowid && bytes.Equal(a.record, b.record) }
	if !slices.EqualFunc(schema, t.schema, same) {
		return fmt.Errorf("%w: in the schema", ErrDiffers)
	}
	sums := t.sums
	for _, row := range schema {
		if row.root == 0 {
			continue
		}
		if err := r.begin(row.root); err != nil {
			return err
		}
		sum, err := r.walk(func(*payload) error { return nil })
		if err != nil {
			return err
		}
		if sums[0] != (treeSum{r.table, sum}) {
			return fmt.Errorf("%w: in the tree at page %d", ErrDiffers, row.root)
		}
		sums = sums[1:]
	}
	lockByte := uint32(0)
	if f.count >= (hmacpage.Geometry{PageSize: size}).LockBytePage() {
		lockByte = 1
	}
	if r.taken+lockByte != f.count {
		return fmt.Errorf("%w: %d pages of %d are part of a tree", ErrDiffers, r.taken, f.count)
	}
	return nil
}
