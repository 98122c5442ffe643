package vfs

import (
	"encoding/binary"
	"io"

	"github.com/pageseal/pageseal/hmacpage"
)

// BadFrame is a frame of a write-ahead log whose MAC is wrong.
type BadFrame struct {
	Frame int    `json:"frame"` // from 1
	Pgno  uint32 `json:"page"`
}

// VerifyLog verifies the MAC of each frame of a log that SQLite would recover,
// committed or not, and returns how many those are. Frames of pages of another
// size than the codec's are none.
func VerifyLog(log io.ReaderAt, codec *hmacpage.Codec) (frames int, bad []BadFrame) {
	size, walk := logFrames(log)
	if size != codec.Geometry().PageSize {
		return 0, nil
	}
	frame := make([]byte, frameHeader+size)
	plain := make([]byte, size)
	defer clear(plain)
	page := make([]hmacpage.Page, 1)
	walk(frame, func(int64) {
		frames++
		page[0] = hmacpage.Page{Pgno: binary.BigEndian.Uint32(frame), Plain: plain, Cipher: frame[frameHeader:]}
		if codec.Decrypt(page) != nil {
			bad = append(bad, BadFrame{frames, page[0].Pgno})
		}
	})
	return frames, bad
}
