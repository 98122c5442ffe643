package conformance

import "github.com/pageseal/pageseal/compat"

// parameters are those of the URI of a database. A word that is misspelt must
// not leave a database in clear.
var parameters = []question{
	{"misspelt", func(p *place) {
		for _, name := range []string{"kee", "keyy", "hexkye", "passphrase", "cipher_pagesize", "cipher_unknown", "kdf_iterations", "_pragma_kee"} {
			p.sub(name, func(p *place) { p.refusesParams(params(name, passphrase)) })
		}
	}},
	{"misspelt beside a key", func(p *place) { p.refusesParams(append(params("cipher_pagesize", "1024"), usual...)) }},
	{"two keys", func(p *place) { p.refusesParams(append(params("rawkey", rawKey), usual...)) }},
	{"empty key", func(p *place) {
		for _, name := range []string{"key", "textkey", "hexkey", "rawkey", "keyfile", "keyenv"} {
			p.sub(name, func(p *place) { p.refusesParams(params(name, "")) })
		}
	}},
	{"bad key", func(p *place) {
		p.refusesParams(params("hexkey", "no digits"))
		p.refusesParams(params("rawkey", rawKey[1:]))
		p.refusesParams(params("keyfile", "no such file"))
		p.refusesParams(params("keyenv", "PAGESEAL_CONFORMANCE_UNSET"))
	}},
	{"bad setting", func(p *place) {
		for _, pair := range [][2]string{
			{"cipher_page_size", "1000"}, {"cipher_page_size", "131072"}, {"kdf_iter", "0"}, {"cipher_use_hmac", "perhaps"},
			{"cipher_hmac_algorithm", "HMAC_MD5"}, {"cipher_plaintext_header_size", "17"}, {"cipher_salt", "x'00'"},
		} {
			p.sub(pair[0]+"="+pair[1], func(p *place) { p.refusesParams(params("key", passphrase, pair[0], pair[1])) })
		}
	}},
	{"of others", func(p *place) {
		d := p.database(2, usual)
		f := p.connect().main(append(params("mode", "rwc", "cache", "private", "psow", "1", "_txlock", "immediate", "vfs", "whatever"), usual...)...)
		f.wantRead(d.plain, 0)
	}},
	{"none", func(p *place) {
		f := p.connect().main()
		page := p.database(0, usual).newPage(1)
		f.write(page, 0)
		if string(p.below(mainName)) != string(page) {
			p.Error("a database without a key is not passed through")
		}
	}},
}

// refusesParams wants a database not to be opened, nor to be created.
func (p *place) refusesParams(list []compat.Param) {
	p.Helper()
	f, code := p.connect().Open(mainName, openMainDB|openReadWrite|openCreate, list...)
	if code == codeOK {
		f.Close()
	}
	p.want(codeError, code, "open")
	if names := p.disk.Names(); len(names) != 0 {
		p.Errorf("there is %q below", names)
	}
}
