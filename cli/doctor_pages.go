package cli

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/kdf"
	"github.com/pageseal/pageseal/vfs"
	"github.com/pageseal/pageseal/vfs/convert"
)

// guesses are settings that the database may have, the likeliest first: those of
// each release, and the same with other page sizes.
func (d *diagnosis) guesses(given compat.Settings) (releases, sizes []compat.Settings) {
	releases = convert.Guesses(given)
	if d.kind == compat.FilePlaintextHeader {
		for i := range releases {
			releases[i].PageSize = d.PageSize
			releases[i].Salt, releases[i].HasSalt = given.Salt, given.HasSalt
			if releases[i].PlaintextHeader == 0 {
				releases[i].PlaintextHeader = 32 // what SQLCipher recommends
			}
		}
		return releases, nil
	}
	for size := compat.SmallestPage; size <= 65536; size *= 2 {
		for _, s := range releases {
			if s.PageSize = size; s.Validate() == nil {
				sizes = append(sizes, s)
			}
		}
	}
	return releases, sizes
}

// byPages looks for settings under which any page verifies. If there are none it
// returns those that SQLite may still open it with: by a journal or a log, or
// without a MAC.
func (d *diagnosis) byPages(ctx context.Context, file convert.Database) (found bool, guesses []compat.Settings, err error) {
	const few = 64 // pages that are tried
	f, err := openPages(file)
	if err != nil {
		return false, nil, err
	}
	defer f.close()
	releases, sizes := d.guesses(file.Settings)
	for _, s := range slices.Concat(releases, sizes) {
		if !s.UseHMAC {
			continue
		}
		if err := f.as(s); err != nil {
			return false, nil, err
		}
		bad, err := f.bad(ctx, few)
		if err != nil {
			return false, nil, err
		}
		if len(bad) < int(min(f.count, few)) {
			return true, []compat.Settings{s}, nil
		}
	}
	hasMAC := func(s compat.Settings) bool { return s.UseHMAC }
	return false, append(releases, slices.DeleteFunc(sizes, hasMAC)...), nil
}

// checkPages reads the whole file, under settings that are known to be right.
func (d *diagnosis) checkPages(ctx context.Context, file convert.Database) error {
	p, err := openPages(file)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.as(file.Settings); err != nil {
		return err
	}
	before := len(d.Problems)
	if file.Settings.UseHMAC {
		const most = 20
		bad, err := p.bad(ctx, p.count)
		if err != nil {
			return err
		}
		for i, pgno := range bad {
			if i == most {
				d.Problems = append(d.Problems, fmt.Sprintf("and %d more pages", len(bad)-most))
				break
			}
			d.Problems = append(d.Problems, fmt.Sprintf("page %d does not verify", pgno))
		}
	}
	if p.rest != 0 {
		d.Problems = append(d.Problems, fmt.Sprintf("the file ends inside page %d: %d of %d bytes", p.count+1, p.rest, file.Settings.PageSize))
	}
	if d.WAL == "none" && p.stated > p.count {
		d.Problems = append(d.Problems, fmt.Sprintf("the file is cut off: it has %d of %d pages", p.count, p.stated))
	}
	if len(d.Problems) > before && d.Status == 0 {
		d.Verdict, d.Status = damaged, statusDamage
	}
	return nil
}

// pages are the pages of a file as they lie there, without journal and log.
type pages struct {
	f    *os.File
	size int64
	key  compat.Keyspec

	g      hmacpage.Geometry
	codec  *hmacpage.Codec
	count  uint32 // whole pages
	rest   int64  // bytes behind them
	stated uint32 // how many there are by the header, once page 1 was read
}

func openPages(file convert.Database) (*pages, error) {
	f, err := os.Open(file.Path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &pages{f: f, size: info.Size(), key: file.Key}, nil
}

// as takes the file for one with these settings.
func (p *pages) as(s compat.Settings) error {
	salt := s.Salt[:]
	if !s.HasSalt {
		salt = make([]byte, kdf.SaltSize)
		if _, err := p.f.ReadAt(salt, 0); err != nil {
			return err
		}
	}
	keys, err := vfs.DeriveKeys(p.key, s, salt)
	if err != nil {
		return err
	}
	defer kdf.Wipe(keys.Key)
	defer kdf.Wipe(keys.MACKey)
	codec, err := hmacpage.New(s.Geometry(), keys)
	if err != nil {
		return err
	}
	p.wipe()
	p.g, p.codec, p.stated = s.Geometry(), codec, 0
	p.count, p.rest = uint32(p.size/int64(s.PageSize)), p.size%int64(s.PageSize)
	return nil
}

// bad are those of the first n pages that do not verify.
func (p *pages) bad(ctx context.Context, n uint32) (bad []uint32, err error) {
	page := make([]byte, p.g.PageSize)
	defer kdf.Wipe(page)
	for pgno := uint32(1); pgno <= min(n, p.count); pgno++ {
		if pgno == p.g.LockBytePage() {
			continue // nobody writes it
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		_, err := p.f.ReadAt(page, int64(pgno-1)*int64(p.g.PageSize))
		if err != nil && err != io.EOF {
			return nil, err
		}
		if p.codec.Decrypt([]hmacpage.Page{{Pgno: pgno, Plain: page, Cipher: page}}) != nil {
			bad = append(bad, pgno)
			continue
		}
		if pgno == 1 && binary.BigEndian.Uint32(page[24:]) == binary.BigEndian.Uint32(page[92:]) {
			p.stated = binary.BigEndian.Uint32(page[28:])
		}
	}
	return bad, nil
}

func (p *pages) wipe() {
	if p.codec != nil {
		p.codec.Wipe()
	}
}

func (p *pages) close() {
	p.wipe()
	_ = p.f.Close()
}
