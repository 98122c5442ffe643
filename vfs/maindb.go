package vfs

import (
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// MainDB is a main database file: in clear for SQLite, encrypted below. Its
// journals belong to it and borrow its codec.
type MainDB struct {
	base     Base
	name     string
	path     string   // may be empty
	listener Listener // may be nil
	conn     Conn
	readOnly bool

	state     keyState
	spec      compat.Keyspec  // until the key is proven
	given     compat.Settings // with which it was opened; zero where none were
	set       compat.Settings
	keys      hmacpage.Keys
	codec     *hmacpage.Codec
	newSalt   []byte // chosen for a file that is yet to be created
	storePass bool   // spec is kept
	failed    bool   // a page did not open under the key

	page  []byte           // scratch, one page
	many  []byte           // scratch, see bulk
	batch [1]hmacpage.Page // argument of the codec, kept to spare an allocation
	end   int64            // the file is at least that long, in bytes
	wrote bool             // pages of ours are in the file: the settings stay
	plain bool             // without a key: the file is not encrypted

	behind  behind
	records behind   // of the journal, which comes and goes with each transaction
	journal *Journal // whose records go to the disk before pages do, or nil
	wal     *WAL     // or nil

	ahead    *readAhead
	shelved  shelved
	seal     [maxReserve]byte // scratch, one IV and tag
	verified [maxReserve]byte // those of the page being decrypted

	moving   *moved // during a checkpoint
	unclean  bool   // a crash or a failed write may have left free pages torn
	undoable bool   // a crash has left it half-created: any key may empty it
}

// NewMainDB wraps the file below a main database. It reads nothing yet: the
// key is derived with the first access. The error is of the settings.
func NewMainDB(base Base, o Options) (*MainDB, error) {
	ahead := &readAhead{}
	base = watched{base, ahead}
	m := &MainDB{
		base: base, name: o.Name, path: o.Path, listener: o.Listener, readOnly: o.ReadOnly,
		ahead: ahead, behind: behind{base: base, memory: base.Buffer},
	}
	m.behind.db, m.records.db, m.behind.written = m, m, m.rekeep
	m.given = o.Settings
	if o.Key.IsZero() {
		m.set = m.given.OrDefaults()
	} else if err := m.setKey(o.Key, m.given.OrDefaults()); err != nil {
		return nil, m.fail(err)
	}
	if o.Opened != nil {
		o.Opened(m)
	}
	return m, nil
}

// Attach tells the database which connection it belongs to.
func (m *MainDB) Attach(conn Conn) { m.conn = conn }

// fail reports an error and returns it with the name of the file. The end of
// a file is no failure.
func (m *MainDB) fail(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if code := CodeOf(err, CodeError); code == CodeNotADB || code == CodeCorrupt {
		m.failed = true
	}
	err = InFile(m.name, err)
	if m.listener != nil {
		m.listener.Report(err)
	}
	return err
}

// pageSize is the size in bytes of a page on disk.
func (m *MainDB) pageSize() int64 { return int64(m.set.PageSize) }

// ReadAt serves any range of the database in clear. SQLite reads the header of
// 100 bytes and the change counter besides whole pages, and pages of a size
// that it guessed before it has seen page 1.
func (m *MainDB) ReadAt(p []byte, off int64) (int, error) {
	if m.state == unkeyed {
		n, err := m.readPlain(p, off)
		return n, m.fail(err)
	}
	if m.wal != nil {
		// A transaction begins with a read, here or of the log.
		if err := m.wal.settle(); err != nil {
			return 0, m.fail(err)
		}
	}
	n, err := m.read(p, off)
	if off == 0 && len(p) <= headerSize && (err != nil || n < len(p)) {
		// SQLite looks at the header before it takes a lock and before it
		// rolls back a hot journal: a bad page 1 is no error yet. With our
		// page size and reserve in its hands it creates a new database right
		// and finds out about a bad one when it reads the page.
		return copy(p, m.syntheticHeader()), nil
	}
	return n, m.fail(err)
}

func (m *MainDB) read(p []byte, off int64) (int, error) {
	if err := m.derive(); err != nil {
		return 0, err
	}
	if m.behind.overlaps(off, len(p)) != nil {
		if err := m.flush(); err != nil {
			return 0, err
		}
	}
	if beginsTransaction(p, off) {
		return m.lookForChanges(p, off)
	}
	return m.readPage(p, off)
}

// readPage serves pages, or a piece of one.
func (m *MainDB) readPage(p []byte, off int64) (int, error) {
	if m.readKept(p, off) {
		return len(p), nil
	}
	if off%m.pageSize() == 0 && len(p)%m.set.PageSize == 0 {
		return m.readPages(p, off)
	}
	return m.readPart(p, off)
}

// beginsTransaction tells whether SQLite looks at the change counter, to find out
// whether the pages that it has in memory are still good.
func beginsTransaction(p []byte, off int64) bool {
	const changeCounter = 24 // where it stands
	return off == changeCounter && len(p) < headerSize
}

// readPages reads whole pages and decrypts them where they are.
func (m *MainDB) readPages(p []byte, off int64) (int, error) {
	n, err := m.base.ReadAt(p, off)
	if err != nil && err != io.EOF {
		return 0, err
	}
	size := m.set.PageSize
	first := uint32(off/m.pageSize()) + 1
	for done := 0; done+size <= n; done += size {
		pgno := first + uint32(done/size)
		if err := m.open(pgno, p[done:done+size]); err != nil {
			if done > 0 {
				// More than one page is asked for only while SQLite guesses
				// the page size; it wants page 1 and reads the others again.
				return done, io.EOF
			}
			return 0, err
		}
	}
	if n%size != 0 && n < size {
		clear(p[:n])
		return 0, m.shortRead(first, n, nil)
	}
	if n < len(p) {
		return n - n%size, io.EOF
	}
	return n, nil
}

// shortRead is the error for a page of which only n bytes could be read: the
// file ends there, or reading has failed.
func (m *MainDB) shortRead(pgno uint32, n int, cause error) error {
	if cause != nil && cause != io.EOF {
		return cause
	}
	size, err := m.base.Size()
	switch {
	case err != nil:
		return err
	case size >= int64(pgno)*m.pageSize():
		return CodeIOErrRead
	case n == 0 || pgno == 1 && n == 1:
		return io.EOF // SQLite takes one byte as an empty database
	case pgno == 1:
		return compat.ErrShortFile
	}
	return fmt.Errorf("%w: %w", compat.ErrShortFile, &compat.PageError{Pgno: pgno})
}

// readPart serves a range inside of pages by way of the scratch page.
func (m *MainDB) readPart(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		at := off + int64(done)
		start := at % m.pageSize()
		if _, err := m.readPages(m.page, at-start); err != nil {
			return done, err
		}
		done += copy(p[done:], m.page[start:])
	}
	return done, nil
}

// open decrypts one page where it is.
func (m *MainDB) open(pgno uint32, page []byte) error {
	if pgno == 1 {
		if err := m.followSalt(page); err != nil {
			return err
		}
	}
	seal := m.verified[:copy(m.verified[:], m.sealOf(page))]
	if err := m.decrypt(pgno, page); err != nil {
		clear(page)
		return m.explain(pgno)
	}
	if pgno == 1 && !m.set.UseHMAC && !compat.PlausibleHeader(page, m.set.PageSize) {
		clear(page)
		return m.explain(1)
	}
	if m.proves(pgno) {
		m.proved()
	}
	m.keep(pgno, seal, page, m.spanNumber())
	return nil
}

func (m *MainDB) decrypt(pgno uint32, page []byte) error {
	if failsToDecrypt() {
		return errTest
	}
	m.batch[0] = hmacpage.Page{Pgno: pgno, Plain: page, Cipher: page}
	return m.codec.Decrypt(m.batch[:])
}

func (m *MainDB) encrypt(pages []hmacpage.Page) error {
	if failsToEncrypt() {
		return errTest
	}
	return m.codec.Encrypt(pages)
}

// readPlain serves a file without a key. A file that is encrypted is told
// apart, so that the error can say that a key is missing.
func (m *MainDB) readPlain(p []byte, off int64) (int, error) {
	n, err := m.base.ReadAt(p, off)
	if off != 0 || n < len(compat.Magic) || string(p[:len(compat.Magic)]) == compat.Magic && n <= headerSize {
		return n, err
	}
	if n <= headerSize {
		// SQLite would take page size and reserve from noise.
		return 0, io.EOF
	}
	size, sizeErr := m.base.Size()
	if sizeErr != nil {
		return 0, sizeErr
	}
	if compat.Detect(p[:n], size).Encrypted() {
		clear(p)
		return 0, compat.ErrNoKey
	}
	return n, err
}

// writePlain writes to a file without a key.
func (m *MainDB) writePlain(p []byte, off int64) (int, error) {
	if err := m.provePlain(); err != nil {
		return 0, err
	}
	return m.base.WriteAt(p, off)
}

// WriteAt encrypts whole pages and writes them. SQLite writes nothing else to
// a database; anything else is refused before it reaches the disk.
func (m *MainDB) WriteAt(p []byte, off int64) (int, error) {
	n, err := m.write(p, off)
	return n, m.fail(err)
}

func (m *MainDB) write(p []byte, off int64) (int, error) {
	if m.state == unkeyed {
		return m.writePlain(p, off)
	}
	if m.moving != nil {
		return m.writeMoved(p, off)
	}
	size := m.set.PageSize
	if len(p) == 0 || len(p)%size != 0 || off%m.pageSize() != 0 {
		return 0, fmt.Errorf("%w: write of %d bytes at offset %d with pages of %d",
			compat.ErrUnsupported, len(p), off, size)
	}
	if err := m.prove(nil); err != nil {
		return 0, err
	}
	if err := m.fillGap(off); err != nil {
		return 0, err
	}
	for done := 0; done < len(p); done += size {
		if err := m.writePage(uint32((off+int64(done))/m.pageSize())+1, p[done:done+size]); err != nil {
			return done, err
		}
	}
	return len(p), nil
}

// writePage writes a page, as far as that is before the next flush.
func (m *MainDB) writePage(pgno uint32, plain []byte) error {
	if err := m.fits(pgno, plain); err != nil {
		return err
	}
	off := int64(pgno-1) * m.pageSize()
	if waits := m.behind.overlaps(off, len(plain)); waits != nil && waits.pgno == pgno {
		m.behind.replace(waits, plain)
	} else {
		if waits != nil || !m.behind.fits(len(plain)) {
			if err := m.flush(); err != nil {
				return err
			}
		}
		m.behind.add(off, plain, pagePiece, pgno)
	}
	m.end = max(m.end, off+m.pageSize())
	m.wrote = true
	if noBehind {
		return m.flush()
	}
	return nil
}

// Flush writes what waits to be written: SQLite is about to make the transaction
// durable, or to end it (SQLITE_FCNTL_SYNC).
func (m *MainDB) Flush() error { return m.fail(m.flush()) }

// flush writes the pages that wait, and before them the records of the journal
// that do. What could not be written SQLite takes back.
func (m *MainDB) flush() error {
	if len(m.behind.pieces) == 0 {
		return nil
	}
	if m.journal != nil {
		if err := m.journal.flush(); err != nil {
			m.discard()
			return err
		}
	}
	err := m.behind.flush(nil)
	if err != nil {
		m.discard()
	}
	return err
}

// discard gives up what waits. A part of it may be on the disk.
func (m *MainDB) discard() {
	m.behind.drop()
	m.unclean = true
}

// store writes a page that is encrypted. A write that fails may leave a part
// of it on disk.
func (m *MainDB) store(page []byte, off int64) error {
	if _, err := m.base.WriteAt(page, off); err != nil {
		m.unclean = true
		return err
	}
	m.end = max(m.end, off+m.pageSize())
	m.wrote = true
	return nil
}

// fillGap writes pages of zeros between the end of the file and off. SQLite
// does not write a page that was added and freed again in one transaction; a
// hole in its place would not verify.
func (m *MainDB) fillGap(off int64) error {
	if off <= m.end {
		return nil
	}
	size, err := m.base.Size()
	if err != nil {
		return err
	}
	m.end = max(m.end, size)
	zero := make([]byte, m.set.PageSize)
	lockByte := m.set.Geometry().LockBytePage()
	for pgno := uint32((m.end+m.pageSize()-1)/m.pageSize()) + 1; int64(pgno-1)*m.pageSize() < off; pgno++ {
		if pgno == lockByte {
			continue
		}
		if err := m.writePage(pgno, zero); err != nil {
			return err
		}
	}
	return nil
}

// Truncate sets the size of the file in bytes. A checkpoint may lengthen it by
// a page that was added and freed again and so is not in the log.
func (m *MainDB) Truncate(size int64) error { return m.fail(m.truncate(size)) }

func (m *MainDB) truncate(size int64) error {
	if err := m.flush(); err != nil {
		return err
	}
	switch {
	case m.state == unkeyed:
		if err := m.provePlain(); err != nil {
			return err
		}
	case m.undoable && size == 0:
		m.undoable = false
	default:
		if err := m.prove(nil); err != nil {
			return err
		}
		if err := m.fillGap(size); err != nil {
			return err
		}
		if err := m.flush(); err != nil {
			return err
		}
	}
	m.end = min(m.end, size)
	return m.base.Truncate(size)
}

// Size is the size of the file in bytes, the same in clear and on disk. A file
// of one byte is an empty database, as it is to SQLite's VFS for Unix.
func (m *MainDB) Size() (int64, error) {
	if err := m.flush(); err != nil {
		return 0, m.fail(err)
	}
	size, err := m.base.Size()
	if size == 1 {
		size = 0
	}
	return size, err
}

// Sync makes the file durable.
func (m *MainDB) Sync(flags int) error {
	err := m.flush()
	if err == nil {
		err = m.heal()
	}
	if err == nil {
		err = m.flush()
	}
	if err != nil {
		return m.fail(err)
	}
	return m.base.Sync(flags)
}

// Unlocked tells the database that its lock is about to be given up: other
// processes may change the size of the file then.
func (m *MainDB) Unlocked() { m.end, m.undoable = 0, false }

// Close wipes the keys and closes the file.
func (m *MainDB) Close() error {
	m.behind.wipe() // SQLite has flushed what it wants to keep
	m.records.wipe()
	m.dropKeys()
	m.spec.Wipe()
	return m.base.Close()
}

// PageSize is the size in bytes of a page of an encrypted database.
func (m *MainDB) PageSize() int { return m.set.PageSize }

// Encrypted tells whether the database has a key.
func (m *MainDB) Encrypted() bool { return m.state != unkeyed }
