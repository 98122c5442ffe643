package vfs

import (
	"encoding/binary"
	"io"

	"github.com/pageseal/pageseal/compat"
)

// The write-ahead log, see https://sqlite.org/fileformat2.html#the_write_ahead_log:
// a header and frames of a header and a page each.
const (
	walHeader   = 32 // bytes
	frameHeader = 24 // bytes
	walMagic    = 0x377f0682
)

// checksum is the pair of words that stands in a WAL or frame header.
type checksum [2]uint32

// storedChecksum reads a checksum as it is stored: big-endian.
func storedChecksum(b []byte) checksum {
	return checksum{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
}

func (c checksum) store(b []byte) {
	binary.BigEndian.PutUint32(b, c[0])
	binary.BigEndian.PutUint32(b[4:], c[1])
}

// running is a checksum that goes on over more bytes, whose words are read in
// the byte order that the magic of the log says.
type running struct {
	checksum
	bigEndian bool
}

// headerChecksum is the checksum in a WAL header of 32 bytes, from which the
// first frame goes on. It is false for anything but a valid header.
func headerChecksum(b []byte) (running, bool) {
	magic := binary.BigEndian.Uint32(b)
	if magic&^1 != walMagic {
		return running{}, false
	}
	r := running{bigEndian: magic&1 == 1}
	r = r.add(b[:24])
	return r, r.checksum == storedChecksum(b[24:])
}

// add continues the checksum over a multiple of 8 bytes.
func (r running) add(b []byte) running {
	s0, s1 := r.checksum[0], r.checksum[1]
	if r.bigEndian {
		for ; len(b) >= 8; b = b[8:] {
			s0 += binary.BigEndian.Uint32(b) + s1
			s1 += binary.BigEndian.Uint32(b[4:]) + s0
		}
	} else {
		for ; len(b) >= 8; b = b[8:] {
			s0 += binary.LittleEndian.Uint32(b) + s1
			s1 += binary.LittleEndian.Uint32(b[4:]) + s0
		}
	}
	r.checksum = checksum{s0, s1}
	return r
}

// proves tells whether the last committed frame opens under the key of the
// database. It decides where page 1 of the file does not: after a crash in a
// checkpoint, or when the log holds a change of the key.
func (w *WAL) proves() bool {
	last := int64(nowhere)
	frame := w.scratch()
	w.frames(frame, func(at int64) {
		if binary.BigEndian.Uint32(frame[4:]) != 0 {
			last = at
		}
	})
	if last == nowhere {
		return false
	}
	if n, _ := w.base.ReadAt(frame, last); n < len(frame) {
		return false
	}
	return w.db.opens(binary.BigEndian.Uint32(frame), frame[frameHeader:])
}

// salt is of images: SQLCipher too takes it from the file alone.
func (w *WAL) salt() []byte { return nil }

// wasEmpty is of images: a log has nothing to say about that.
func (w *WAL) wasEmpty() bool { return false }

// frames reads the valid frames from the start, each into frame, as recovery
// does.
func (w *WAL) frames(frame []byte, each func(at int64)) {
	pageSize, walk := logFrames(w.base)
	if int64(pageSize) == w.db.pageSize() {
		walk(frame, each)
	}
}

// logFrames are the page size that the header of a log tells, 0 if it is none,
// and what reads the valid frames.
func logFrames(log io.ReaderAt) (pageSize int, walk func(frame []byte, each func(at int64))) {
	var header [walHeader]byte
	if n, _ := log.ReadAt(header[:], 0); n < len(header) {
		return 0, nil
	}
	sum, ok := headerChecksum(header[:])
	if !ok {
		return 0, nil
	}
	return int(binary.BigEndian.Uint32(header[8:])), func(frame []byte, each func(at int64)) {
		for at := int64(walHeader); ; at += int64(len(frame)) {
			n, err := log.ReadAt(frame, at)
			if n < len(frame) || err != nil && err != io.EOF || [8]byte(frame[8:]) != [8]byte(header[16:]) {
				return
			}
			sum = sum.add(frame[:8]).add(frame[frameHeader:])
			if binary.BigEndian.Uint32(frame) == 0 || sum.checksum != storedChecksum(frame[16:]) {
				return
			}
			each(at)
		}
	}
}

// LogInfo is what a write-ahead log tells without a key: its checksums are over
// what is on the disk.
type LogInfo struct {
	PageSize  int // bytes
	Frames    int // that are valid, as recovery counts them
	Committed int // of those, up to the last commit
}

// InspectLog reads a write-ahead log. It is false for what has no valid header
// of one.
func InspectLog(log io.ReaderAt) (info LogInfo, ok bool) {
	pageSize, walk := logFrames(log)
	if pageSize < compat.SmallestPage || pageSize > 65536 || pageSize&(pageSize-1) != 0 {
		return LogInfo{}, false
	}
	info.PageSize = pageSize
	frame := make([]byte, frameHeader+pageSize)
	walk(frame, func(int64) {
		info.Frames++
		if binary.BigEndian.Uint32(frame[4:]) != 0 { // a commit
			info.Committed = info.Frames
		}
	})
	return info, true
}
