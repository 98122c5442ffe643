package conformance

import (
	"strings"

	"github.com/pageseal/pageseal/compat"
)

// pragmas are those that a file answers before SQLite does.
var pragmas = []question{
	{"cipher_version", func(p *place) {
		f := p.connect().main(usual...)
		if reply, code := f.pragma("cipher_version", nil); code != codeOK || reply != compat.Version {
			p.Errorf("reply %q, code %d", reply, code)
		}
	}},
	{"of SQLite", func(p *place) {
		for _, list := range [][]compat.Param{usual, nil} {
			f := p.connect().main(list...)
			for _, name := range []string{"user_version", "journal_mode", "synchronous", "no_such_pragma"} {
				for _, value := range []*string{nil, text("1")} {
					if reply, code := f.pragma(name, value); code != codeNotFound || reply != "" {
						p.Errorf("%s: reply %q, code %d", name, reply, code)
					}
				}
			}
			f.close()
		}
	}},
	{"key", func(p *place) {
		for name, value := range map[string]string{"key": passphrase, "textkey": passphrase, "KEY": passphrase} {
			d := p.database(3, usual)
			f := p.connect().main(params("kdf_iter", "3")...)
			f.wantRefused(d.size(), 0, codeNotADB)
			if reply, code := f.pragma(name, text(value)); code != codeOK || reply != "ok" {
				p.Errorf("%s: reply %q, code %d", name, reply, code)
			}
			f.wantRead(d.plain, 0)
			f.close()
		}
	}},
	{"wrong key, then the right one", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(params("key", otherWord, "kdf_iter", "3")...)
		f.wantRefused(d.size(), 0, codeNotADB)
		f.pragma("key", text(passphrase))
		f.wantRead(d.plain, 0)
	}},
	{"key after the key", func(p *place) { // one that has proven right stays
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		if reply, code := f.pragma("key", text(otherWord)); code != codeOK || reply != "ok" {
			p.Errorf("reply %q, code %d", reply, code)
		}
		f.wantRead(d.plain, 0)
		f.write(d.page(2), d.off(2))
		d.wantBelow(p, d.page(1), d.page(2), d.page(3))
	}},
	{"bad key", func(p *place) {
		d := p.database(3, usual)
		ops := p.disk.Ops()
		f := p.connect().main()
		p.wantPragmaError(f, "key", "")
		p.wantPragmaError(f, "hexkey", "no digits but "+passphrase)
		f.wantRefused(d.size(), 0, codeNotADB)
		p.wantOps(ops)
	}},
	// There is no SQLite here that could lock the database: it must be refused,
	// and not be passed over, as it would seem done.
	{"rekey without SQLite", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		for _, name := range []string{"rekey", "textrekey", "hexrekey"} {
			p.wantPragmaError(f, name, "736573616d65")
		}
		f.wantRead(d.plain, 0)
		p.wantSame(mainName, d.disk)
	}},
	{"settings", func(p *place) {
		d := p.database(3, params("key", passphrase, "kdf_iter", "3", "cipher_page_size", "8192"))
		f := p.connect().main(usual...)
		f.wantRefused(4096, 0, codeNotADB)
		p.sets(f, "cipher_page_size", "8192")
		for name, want := range map[string]string{"cipher_page_size": "8192", "kdf_iter": "3", "CIPHER_USE_HMAC": "1"} {
			if reply, code := f.pragma(name, nil); code != codeOK || reply != want {
				p.Errorf("%s: reply %q, code %d; want %q", name, reply, code, want)
			}
		}
		f.wantRead(d.plain, 0)
		p.sets(f, "cipher_page_size", "1024") // too late: passed over
		f.wantRead(d.plain, 0)
	}},
	{"bad setting", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		p.wantPragmaError(f, "cipher_page_size", "1000")
		p.wantPragmaError(f, "kdf_iter", "none")
		f.wantRead(d.plain, 0)
	}},
	// SQLite would pack pages of the new size into writes of the old one.
	{"page_size", func(p *place) {
		d := p.database(3, usual)
		f := p.connect().main(d.params...)
		f.wantRead(d.page(1), 0)
		if _, code := f.pragma("page_size", text("1024")); code != codeOK {
			p.Errorf("code %d: SQLite changes its page size", code)
		}
		f.wantRead(d.plain, 0)
	}},
}

func text(s string) *string { return &s }

// pragma asks the file, and looks for a secret in the reply.
func (f *file) pragma(name string, value *string) (reply string, code int) {
	f.p.Helper()
	pragmas, ok := f.File.(Pragmas)
	if !ok {
		f.p.Fatal(`the binding has no pragmas and does not say that it lacks "pragmas"`)
	}
	reply, code = pragmas.Pragma(name, value)
	for _, secret := range []string{passphrase, otherWord, rawKey} {
		if strings.Contains(reply, secret) {
			f.p.Errorf("PRAGMA %s replies with a secret", name)
		}
	}
	return reply, code
}

// sets sets a setting. An engine that cannot take an answer without a row is
// told that the pragma is unknown, which SQLite passes over.
func (p *place) sets(f *file, name, value string) {
	p.Helper()
	if reply, code := f.pragma(name, &value); code != codeOK && code != codeNotFound || reply != "" {
		p.Errorf("%s: reply %q, code %d", name, reply, code)
	}
}

func (p *place) wantPragmaError(f *file, name, value string) {
	p.Helper()
	if reply, code := f.pragma(name, &value); code != codeError || reply == "" {
		p.Errorf("%s: reply %q, code %d; want %d with a message", name, reply, code, codeError)
	}
}
