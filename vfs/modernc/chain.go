package modernc

import (
	"fmt"
	"unsafe"

	sqlite3 "modernc.org/sqlite/lib"
)

// SetFrameChecksum is of vfs.Chain. SQLite allocates the structure of a log and
// its file in one piece, the file behind the structure, so the structure is
// found from the file; what it says of its files, of the checksum and of the
// salt must all fit.
func (f *file) SetFrameChecksum(old, new [2]uint32, walSalt []byte) error {
	wal, err := f.wal()
	switch {
	case err != nil:
		return err
	case wal.Fhdr.FaFrameCksum != old:
		return fmt.Errorf("modernc: the running checksum of SQLite is another than that of its frame")
	case saltOf(wal) != string(walSalt):
		return fmt.Errorf("modernc: the log of SQLite has another salt than its frame")
	}
	wal.Fhdr.FaFrameCksum = new
	return nil
}

// LastFrame is of vfs.Chain.
func (f *file) LastFrame(sum [2]uint32, walSalt []byte) (number uint32, ok bool, err error) {
	wal, err := f.wal()
	if err != nil || wal.Fhdr.FaFrameCksum != sum || saltOf(wal) != string(walSalt) {
		return 0, false, err
	}
	return uint32(wal.Fhdr.FmxFrame), true, nil
}

func (f *file) wal() (*sqlite3.TWal, error) {
	wal := at[sqlite3.TWal](f.addr - unsafe.Sizeof(sqlite3.TWal{}))
	if wal.FpWalFd != f.addr || wal.FpDbFd != f.parent.addr {
		return nil, fmt.Errorf("modernc: the log of SQLite is not where it should be")
	}
	return wal, nil
}

func saltOf(wal *sqlite3.TWal) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(&wal.Fhdr.FaSalt)), len(wal.Fhdr.FaSalt)*4))
}
