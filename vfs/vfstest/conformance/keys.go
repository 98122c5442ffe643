package conformance

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/pageseal/pageseal/compat"
)

const rawKey = "98483C6EB40B6C31A448C22A66DED3B5E5E8D5119CAC8327B655C8B5C4836481"

// keys are the ways to give a key, and what becomes of a wrong one: no byte of
// the file is served, and none is written.
var keys = []question{
	{"forms", func(p *place) {
		hexWord := hex.EncodeToString([]byte(passphrase))
		for name, pairs := range map[string][]string{
			"key":                        {"key", passphrase, "kdf_iter", "3"},
			"textkey":                    {"textkey", passphrase, "kdf_iter", "3"},
			"hexkey":                     {"hexkey", hexWord, "kdf_iter", "3"},
			"rawkey":                     {"rawkey", rawKey},
			"raw key":                    {"key", "x'" + rawKey + "'"},
			"raw key with salt":          {"key", "x'" + rawKey + strings.Repeat("5a", 16) + "'"},
			"driver's spelling":          {"_pragma_key", passphrase, "kdf_iter", "3"},
			"driver's spelling, shorter": {"_key", passphrase, "_cipher_page_size", "1024", "kdf_iter", "3"},
		} {
			p.sub(name, func(p *place) { p.opensWith(params(pairs...)) })
		}
	}},
	{"in a file", func(p *place) {
		d := p.database(2, usual)
		name := filepath.Join(p.TempDir(), "key")
		if err := os.WriteFile(name, []byte(passphrase+"\n"), 0o600); err != nil {
			p.Fatal(err)
		}
		p.connect().main(params("keyfile", name, "kdf_iter", "3")...).wantRead(d.plain, 0)
	}},
	{"in the environment", func(p *place) {
		d := p.database(2, usual)
		name := fmt.Sprintf("PAGESEAL_CONFORMANCE_%d", variables.Add(1))
		if err := os.Setenv(name, passphrase); err != nil {
			p.Fatal(err)
		}
		p.Cleanup(func() { os.Unsetenv(name) })
		p.connect().main(params("keyenv", name, "kdf_iter", "3")...).wantRead(d.plain, 0)
	}},
	{"settings", func(p *place) {
		for name, pairs := range map[string][]string{
			"cipher_compatibility":         {"cipher_compatibility", "3"},
			"cipher_page_size":             {"cipher_page_size", "8192"},
			"kdf_iter":                     {"kdf_iter", "7"},
			"fast_kdf_iter":                {"fast_kdf_iter", "5"},
			"cipher_use_hmac":              {"cipher_use_hmac", "0"},
			"cipher_hmac_algorithm":        {"cipher_hmac_algorithm", "HMAC_SHA256"},
			"cipher_kdf_algorithm":         {"cipher_kdf_algorithm", "PBKDF2_HMAC_SHA256"},
			"cipher_hmac_pgno":             {"cipher_hmac_pgno", "be"},
			"cipher_hmac_salt_mask":        {"cipher_hmac_salt_mask", "x'5b'"},
			"cipher_plaintext_header_size": {"cipher_plaintext_header_size", "16", "cipher_salt", "x'000102030405060708090a0b0c0d0e0f'"},
			"several":                      {"cipher_page_size", "1024", "cipher_compatibility", "2", "cipher_use_hmac", "off"},
		} {
			if !strings.Contains(strings.Join(pairs, " "), "kdf_iter") {
				pairs = append(pairs, "kdf_iter", "3")
			}
			p.sub(name, func(p *place) { p.opensWith(append(params(pairs...), params("key", passphrase)...)) })
		}
	}},
	{"wrong key", everyLayout(3, func(p *place, d *database) {
		for i := range d.params {
			if d.params[i].Name == "key" {
				d.params = append(params("key", otherWord), append(d.params[:i:i], d.params[i+1:]...)...)
			}
		}
		p.refuses(d, d.params)
	})},
	{"wrong setting", func(p *place) { p.refuses(p.database(3, usual), params("key", passphrase, "kdf_iter", "4")) }},
	{"wrong page size", func(p *place) {
		p.refuses(p.database(3, usual), append(params("cipher_page_size", "1024"), usual...))
		p.refuses(p.database(9, layouts[1].params), usual)
	}},
	{"no key", func(p *place) {
		for _, l := range layouts[:5] {
			p.sub(l.name, func(p *place) {
				d := p.database(3, l.params)
				ops := p.disk.Ops()
				f := p.connect().main()
				f.wantShort(nil, 100, 0) // page size and reserve would be noise
				for guess := 512; guess <= 65536; guess *= 2 {
					f.wantRefused(guess, 0, codeNotADB)
				}
				p.want(codeNotADB, f.tryWrite(d.page(2), d.off(2)), "write")
				p.want(codeNotADB, f.Truncate(0), "truncate")
				f.wantSize(len(d.disk))
				f.close()
				p.wantOps(ops)
			})
		}
	}},
	{"not encrypted", func(p *place) {
		d := p.database(3, usual)
		p.disk.Put(mainName, d.plain)
		d.disk = d.plain
		p.refuses(d, d.params)
	}},
	{"database in clear", func(p *place) {
		d := p.database(3, usual)
		p.disk.Put(mainName, d.plain)
		f := p.connect().main()
		f.wantRead(d.plain, 0)
		f.wantRead(d.plain[:100], 0)
		f.wantRead(d.plain[24:40], 24)
		page := d.newPage(2)
		f.write(page, d.off(2))
		if string(p.below(mainName)[d.off(2):d.off(3)]) != string(page) {
			p.Error("a database without a key is not passed through")
		}
	}},
	{"right key later", func(p *place) {
		d := p.database(3, usual)
		p.refuses(d, params("key", otherWord, "kdf_iter", "3"))
		p.connect().main(d.params...).wantRead(d.plain, 0)
	}},
}

var variables atomic.Int64

// opensWith reads and writes a database that those parameters describe.
func (p *place) opensWith(list []compat.Param) {
	p.Helper()
	d := p.database(3, list)
	f := p.connect().main(list...)
	f.wantRead(d.plain, 0)
	page := d.newPage(3)
	f.write(page, d.off(3))
	d.wantBelow(p, d.page(1), d.page(2), page)
}

// refuses opens a database with parameters that do not fit it.
func (p *place) refuses(d *database, list []compat.Param) {
	p.Helper()
	p.disk.Put(mainName, d.disk)
	ops := p.disk.Ops()
	f := p.connect().main(list...)
	header, code := f.try(100, 0)
	p.want(codeOK, code, "read of the header, before SQLite looks for a hot journal")
	if string(header[:16]) != compat.Magic {
		p.Errorf("the header begins with % x", header[:16])
	}
	wrong := p.keyed(list, fixedSalt)
	size := wrong.size()
	for range 2 {
		f.wantRefused(size, 0, codeNotADB)
		f.wantRefused(16, 24, codeNotADB)
		if wrong.set.UseHMAC { // else page 1 alone can tell
			f.wantRefused(size, int64(size), codeNotADB, codeCorrupt)
		}
	}
	for _, off := range []int{0, size, 9 * size} {
		p.want(codeNotADB, f.tryWrite(make([]byte, size), int64(off)), "write at %d", off)
	}
	p.want(codeNotADB, f.Truncate(0), "truncate")
	f.wantSize(len(d.disk))
	f.close()
	p.wantOps(ops)
}

// wantOps wants nothing to have been changed on the disk since.
func (p *place) wantOps(before int) {
	p.Helper()
	if n := p.disk.Ops() - before; n != 0 {
		p.Errorf("the disk was changed %d times", n)
	}
}
