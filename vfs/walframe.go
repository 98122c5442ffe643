package vfs

import (
	"encoding/binary"
	"io"
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
	var header [walHeader]byte
	if n, _ := w.base.ReadAt(header[:], 0); n < len(header) {
		return
	}
	sum, ok := headerChecksum(header[:])
	if !ok || int64(binary.BigEndian.Uint32(header[8:])) != w.db.pageSize() {
		return
	}
	for at := int64(walHeader); ; at += int64(len(frame)) {
		n, err := w.base.ReadAt(frame, at)
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
