package conformance

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/hmacpage"
)

const (
	passphrase = "open sesame, please"
	otherWord  = "close sesame, please"
)

// params are pairs of name and value.
func params(pairs ...string) (list []compat.Param) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, compat.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// layout is one way to encrypt a database.
type layout struct {
	name   string
	params []compat.Param
}

// usual is the layout where no other is asked about: the latest one, with
// hardly any rounds.
var usual = params("key", passphrase, "kdf_iter", "3")

var layouts = []layout{
	{"usual", usual},
	{"pages of 1024", append(params("cipher_page_size", "1024"), usual...)},
	{"pages of 65536", append(params("cipher_page_size", "65536"), usual...)},
	{"SHA1", append(params("cipher_hmac_algorithm", "HMAC_SHA1", "cipher_kdf_algorithm", "PBKDF2_HMAC_SHA1"), usual...)},
	{"no MAC", append(params("cipher_use_hmac", "OFF"), usual...)},
	{"plaintext header", append(params("cipher_plaintext_header_size", "32", "cipher_salt", "x'000102030405060708090a0b0c0d0e0f'"), usual...)},
}

// everyLayout asks a question about a database in each of the layouts.
func everyLayout(pages int, ask func(p *place, d *database)) func(*place) {
	return func(p *place) {
		for _, l := range layouts {
			p.sub(l.name, func(p *place) { ask(p, p.database(pages, l.params)) })
		}
	}
}

// database is an encrypted database, made without the code under test.
type database struct {
	params []compat.Param
	set    compat.Settings
	codec  *hmacpage.Codec
	plain  []byte // all pages in clear
	disk   []byte // the same encrypted
	made   uint64 // pages by newPage
}

var fixedSalt = []byte("0123456789abcdef")

// database puts one of n pages on the disk; n may be 0.
func (p *place) database(n int, params []compat.Param) *database {
	p.Helper()
	d := p.keyed(params, fixedSalt)
	for pgno := 1; pgno <= n; pgno++ {
		page := d.newPage(pgno)
		d.plain = append(d.plain, page...)
		d.disk = append(d.disk, d.encrypt(p, pgno, page)...)
	}
	if n > 0 {
		p.disk.Put(mainName, d.disk)
	}
	return d
}

// keyed has the keys that the parameters and a salt lead to.
func (p *place) keyed(params []compat.Param, salt []byte) *database {
	p.Helper()
	parsed, err := compat.ParseParams(params)
	if err != nil {
		p.Fatal(err)
	}
	d := &database{params: params, set: parsed.Settings.OrDefaults()}
	if d.set.HasSalt {
		salt = d.set.Salt[:]
	}
	keys, err := parsed.Key.Derive(d.set, salt)
	if err == nil {
		d.codec, err = hmacpage.New(d.set.Geometry(), keys)
	}
	if err != nil {
		p.Fatal(err)
	}
	return d
}

func (d *database) size() int { return d.set.PageSize }

// off is where a page begins.
func (d *database) off(pgno int) int64 { return int64(pgno-1) * int64(d.size()) }

// page is a page in clear, and raw the same as it stands on disk.
func (d *database) page(pgno int) []byte { return d.plain[d.off(pgno):][:d.size()] }
func (d *database) raw(pgno int) []byte  { return d.disk[d.off(pgno):][:d.size()] }

// newPage is a page as SQLite would have it: noise, but the header in page 1,
// and zeros in the reserve. No two are the same.
func (d *database) newPage(pgno int) []byte {
	g := d.set.Geometry()
	page := make([]byte, d.size())
	d.made++
	noise := rand.New(rand.NewPCG(d.made, uint64(pgno)))
	for i := range page[:g.Usable()] {
		page[i] = byte(noise.Uint32())
	}
	if pgno == 1 {
		clear(page[:100])
		copy(page, compat.Magic)
		page[16], page[17] = byte(d.size()>>8), byte(d.size()>>16)
		page[18], page[19], page[20] = 1, 1, byte(g.Reserve())
		page[21], page[22], page[23] = 64, 32, 32
		binary.BigEndian.PutUint32(page[24:], uint32(d.made)) // change counter
		binary.BigEndian.PutUint32(page[28:], 3)              // pages
		page[47], page[59] = 4, 1                             // schema format, UTF-8
	}
	return page
}

func (d *database) encrypt(p *place, pgno int, plain []byte) []byte {
	p.Helper()
	b := []hmacpage.Page{{Pgno: uint32(pgno), Plain: plain, Cipher: make([]byte, len(plain))}}
	if err := d.codec.Encrypt(b); err != nil {
		p.Fatal(err)
	}
	return b[0].Cipher
}

// wantCipher wants what stands on disk to be a page under the keys.
func (d *database) wantCipher(p *place, pgno int, cipher, plain []byte) {
	p.Helper()
	b := []hmacpage.Page{{Pgno: uint32(pgno), Plain: make([]byte, len(cipher)), Cipher: cipher}}
	if err := d.codec.Decrypt(b); err != nil {
		p.Fatalf("page %d does not verify below", pgno)
	}
	if !bytes.Equal(b[0].Plain, plain) {
		p.Fatalf("page %d has other content below", pgno)
	}
}

// wantBelow wants the database on the disk to hold those pages and no others.
func (d *database) wantBelow(p *place, pages ...[]byte) {
	p.Helper()
	file := p.below(mainName)
	if len(file) != len(pages)*d.size() {
		p.Fatalf("%d bytes below, want %d pages of %d", len(file), len(pages), d.size())
	}
	for i, page := range pages {
		d.wantCipher(p, i+1, file[d.off(i+1):][:d.size()], page)
		if i == 0 {
			p.wantHidden(file, page[d.set.PlaintextHeader:][:64])
			page = page[100:]
		}
		p.wantHidden(file, page)
	}
}

// wantSame wants the file below to be untouched.
func (p *place) wantSame(name string, before []byte) {
	p.Helper()
	if !bytes.Equal(p.below(name), before) {
		p.Errorf("%q has changed below", name)
	}
}

// wantHidden wants no piece of what is secret to stand below. It looks for
// some 64 of them.
func (p *place) wantHidden(below, secret []byte) {
	p.Helper()
	const piece = 16
	for at := 0; at+piece <= len(secret); at += max(piece, len(secret)/64) {
		if s := secret[at:][:piece]; !bytes.Equal(s, make([]byte, piece)) && bytes.Contains(below, s) {
			p.Fatalf("bytes %d to %d stand below in clear", at, at+piece)
		}
	}
}

// differs is where two contents differ first.
func differs(a, b []byte) int {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return i
}

func sprint(format string, args []any) string { return fmt.Sprintf(format, args...) }
