package vfs

import (
	"errors"
	"fmt"
	"io"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

// Pages reads the pages of a database file in clear, many at a time and as they lie
// there: what a log or a hot journal holds does not count. Not safe for concurrent
// use.
type Pages struct {
	file     io.ReaderAt
	team     *hmacpage.Team // nil for a file in clear
	size     int            // bytes of a page
	lockByte uint32         // page that was never written
	memory   func(n int) []byte
	buffers  [][]byte
	batch    []hmacpage.Page
}

// NewPages reads a file whose pages have that size. The team, nil where the file is
// not encrypted, is wiped by Close. memory makes what the file is read into.
func NewPages(file io.ReaderAt, team *hmacpage.Team, size int, memory func(n int) []byte) *Pages {
	return &Pages{file: file, team: team, size: size, lockByte: hmacpage.Geometry{PageSize: size}.LockBytePage(), memory: memory}
}

// Pages reads the file below SQLite. That is the database as long as the caller holds
// a read transaction of this connection, begun before, and does not write. A file with a log is
// compat.ErrUnsupported: what is committed may be there. So is a key that is not
// proven. The memory of Buffer is freed when the file is closed.
func (m *MainDB) Pages(size int) (*Pages, error) {
	if err := m.flush(); err != nil {
		return nil, m.fail(err)
	}
	if m.wal != nil {
		return nil, fmt.Errorf("%w: pages of a file with a log", compat.ErrUnsupported)
	}
	if m.state == unkeyed {
		return NewPages(m.base, nil, size, m.base.Buffer), nil
	}
	if m.state != proven || size != m.set.PageSize {
		return nil, fmt.Errorf("%w: pages of a file that was not read", compat.ErrUnsupported)
	}
	team, err := hmacpage.NewTeam(m.set.Geometry(), m.keys)
	if err != nil {
		return nil, err
	}
	return NewPages(m.base, team, size, m.base.Buffer), nil
}

// Buffer returns memory for so many pages, to read into.
func (p *Pages) Buffer(pages int) []byte {
	b := p.memory(pages * p.size)
	p.buffers = append(p.buffers, b)
	return b
}

// Read fills a part of a buffer with pages in a row, from one on. Each MAC is
// verified. The page of the lock byte is zeros: where a lock keeps others from
// reading, as on Windows, it cannot be read.
func (p *Pages) Read(into []byte, first uint32) error {
	at := (int64(p.lockByte) - int64(first)) * int64(p.size)
	if at < 0 || at >= int64(len(into)) {
		return p.read(into, first)
	}
	after := into[at:][p.size:]
	clear(into[at:][:p.size])
	if err := p.read(into[:at], first); err != nil {
		return err
	}
	return p.read(after, p.lockByte+1)
}

func (p *Pages) read(into []byte, first uint32) error {
	n, err := p.file.ReadAt(into, int64(first-1)*int64(p.size))
	if n < len(into) {
		if err != nil && err != io.EOF {
			return err
		}
		return fmt.Errorf("%w: %w", compat.ErrShortFile, &compat.PageError{Pgno: first + uint32(n/p.size)})
	}
	if p.team == nil || n == 0 {
		return nil
	}
	p.batch = p.batch[:0]
	for i := range n / p.size {
		p.batch = appendPage(p.batch, first+uint32(i), into[i*p.size:][:p.size])
	}
	var bad *hmacpage.PageError
	if err = p.team.Decrypt(p.batch); errors.As(err, &bad) {
		return &compat.PageError{Pgno: bad.Pgno}
	}
	return err
}

// Close wipes what is in memory. The file stays open.
func (p *Pages) Close() {
	for _, b := range p.buffers {
		clear(b)
	}
	if p.team != nil {
		p.team.Wipe()
	}
}
