package compat

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/testdata/vectors"
)

// seed fails where there is nothing to begin with: a fuzz test without seeds
// passes whatever the code does.
func seed[T any](f *testing.F, seeds []T, add func(T)) {
	f.Helper()
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, s := range seeds {
		add(s)
	}
}

// blobKey is the form of a raw key, told in another way.
var blobKey = regexp.MustCompile(`\A[xX]'([0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{160})'\z`)

// FuzzKeyspec wants every text to be the key that it looks like, and raw keys
// to come out as they went in.
func FuzzKeyspec(f *testing.F) {
	set := vectors.Load()
	seed(f, set.KeyParse, func(c vectors.KeyParse) { f.Add([]byte(c.Input)) })
	seed(f, set.Databases, func(db vectors.Database) { f.Add([]byte(db.KeyInput)) })
	seed(f, []int{0, 62, 64, 66, 96, 128, 160, 162}, func(n int) { f.Add([]byte("X'" + hexText(n) + "'")) })
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := ParseKeyspec(text)
		if (err != nil) != (len(text) == 0) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		p := k.parts()
		all := bytes.Join([][]byte{p.passphrase, p.key, p.macKey, p.salt}, nil)
		if m := blobKey.FindSubmatch(text); m != nil {
			digits := m[1]
			if k.Slow() || hex.EncodeToString(all) != string(bytes.ToLower(digits)) {
				t.Fatalf("%q is the %s %x", text, k, all)
			}
			raw, err := RawKeyspec(digits)
			if err != nil {
				t.Fatal(err)
			}
			wantParts(t, raw, k.String(), string(text))
			wantParts(t, keyspec(t, fmt.Sprintf("x'%X'", all)), k.String(), string(text))
		} else if !k.Slow() || !bytes.Equal(all, text) {
			t.Fatalf("%q is the %s %q", text, k, all)
		}
		coded, err := HexKeyspec([]byte(hex.EncodeToString(text)))
		if err != nil {
			t.Fatal(err)
		}
		wantParts(t, coded, formPassphrase, string(text[:min(len(text), 40)]))
		if raw, err := RawKeyspec(text); (err == nil) != blobKey.Match([]byte("x'"+string(text)+"'")) {
			t.Fatalf("%q as a raw key: %v, %v", text, raw, err)
		}
	})
}

// FuzzDSN wants a data source name that was taken apart and put together again
// to mean the same.
func FuzzDSN(f *testing.F) {
	seed(f, paths, func(path string) {
		seed(f, dsnQueries, func(query string) {
			f.Add("file:" + pathURI(path, false) + query)
			f.Add(path + query)
		})
	})
	refused := []string{"file://localhost/x", "file://host/x", "file:x#y", "x?key=%zz", "x?a;b", "file:%00"}
	seed(f, refused, func(dsn string) { f.Add(dsn) })
	f.Fuzz(func(t *testing.T, dsn string) {
		wantSame(t, dsn)
		d, err := ParseDSN(dsn)
		if err != nil {
			return
		}
		for _, p := range d.Cipher {
			if d.Rest.Has(p.Name) {
				t.Errorf("%q: %q is ours and SQLite's", dsn, p.Name)
			}
		}
		for name := range d.Rest {
			if IsCipherParam(name) {
				t.Errorf("%q: %q goes to SQLite", dsn, name)
			}
		}
		if path, _ := sqliteURI(t, URI(d.Path, d.Rest)); path != d.Path {
			t.Errorf("%q: SQLite opens %q, want %q", dsn, path, d.Path)
		}
	})
}

// FuzzAttachKey scans any text, and statements made of a small grammar, whose
// key expression is known.
func FuzzAttachKey(f *testing.F) {
	number := uint64(0)
	seed(f, attachCases, func(c struct{ name, sql, expr string }) {
		number++
		f.Add(c.sql, number)
	})
	f.Fuzz(func(t *testing.T, sql string, number uint64) {
		expr, isAttach := AttachKey(sql)
		if expr != "" && (!isAttach || !strings.Contains(sql, expr)) {
			t.Errorf("%q: %q, %v", sql, expr, isAttach)
		}
		if isAttach && IsVacuum(sql) {
			t.Errorf("%q is an ATTACH and a VACUUM", sql)
		}
		if text, ok := literal(sql); ok && len(text) > len(sql) {
			t.Errorf("%q stands for %q", sql, text)
		}
		if text, ok := literal("'" + strings.ReplaceAll(sql, "'", "''") + "'"); !ok || text != sql {
			t.Errorf("%q in quotes stands for %q, %v", sql, text, ok)
		}
		g := grammar{rand.New(rand.NewPCG(number, 1))}
		statement, want := g.attach()
		if got, isAttach := AttachKey(statement); got != want || !isAttach {
			t.Errorf("%q: %q, %v, want %q", statement, got, isAttach, want)
		}
	})
}

// grammar makes ATTACH statements whose syntax SQLite accepts.
type grammar struct{ *rand.Rand }

func (g grammar) one(of ...string) string { return of[g.IntN(len(of))] }

// space is what may stand between two tokens, and must between two words.
func (g grammar) space() string {
	s := g.one(" ", "\n", "\t", " \v", "/**/", "/* KEY ';' AS \" */", "-- AS x KEY 'y';\n", " \ufeff", "  ", "--\n")
	if g.IntN(3) == 0 {
		s += g.space()
	}
	return s
}

// word is a keyword in any case.
func (g grammar) word(keyword string) string {
	b := []byte(keyword)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' && g.IntN(2) == 0 {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// text has what could be taken for something else.
func (g grammar) text() string {
	s := ""
	for range g.IntN(5) {
		s += g.one("a", " ", ";", "KEY", " AS x KEY y ", "--", "/*", "*/", "(", ")",
			":key", "\n", "鍵", "\xff", "x'", "ATTACH", "]")
	}
	return s
}

// quoted is a text in quotes, with some of them inside.
func (g grammar) quoted() string {
	q := g.one("'", `"`, "`", "[")
	if q == "[" {
		return "[" + strings.ReplaceAll(g.text(), "]", "") + g.one("", "'", `"`, "`", "[") + "]"
	}
	s := g.text()
	for range g.IntN(3) {
		s += g.one("'", `"`, "`", "[", "]") + g.text()
	}
	return q + strings.ReplaceAll(s, q, q+q) + q
}

func (g grammar) atom() string {
	if g.IntN(2) == 0 {
		return g.quoted()
	}
	return g.one("x'6162'", "X''", "1", "1.5", "0x1F", "NULL", "?", "?12", ":key", ":as", "@key", "$as",
		"$key", "name", "_k1", "ключ", "\u212aey")
}

// expr is an expression; the words that end one stand within parentheses only.
func (g grammar) expr(depth int) string {
	if depth == 0 {
		return g.atom()
	}
	e := func() string { return g.expr(depth - 1) }
	s := g.space
	switch g.IntN(8) {
	case 0:
		return "(" + e() + s() + ")"
	case 1:
		return g.word("CAST") + "(" + e() + s() + g.word("AS") + s() + "TEXT)"
	case 2:
		return g.word("CASE") + s() + g.word("WHEN") + s() + e() + s() + g.word("THEN") + s() + e() + s() + g.word("END")
	case 3:
		return e() + s() + g.one("||", "+", "->>", "=", "%") + s() + e()
	case 4:
		return "max" + g.one("", " ") + "(" + e() + "," + s() + e() + ")"
	case 5:
		return "(" + g.word("SELECT") + s() + e() + s() + g.word("AS") + s() + "key)"
	case 6:
		return g.one("- ", "+", "NOT ", "~") + e()
	}
	return g.atom()
}

func (g grammar) attach() (statement, key string) {
	s := g.space
	key = g.expr(g.IntN(4))
	schema := g.expr(g.IntN(3))
	if g.IntN(3) == 0 {
		schema = g.one("key", "KEY", "Key", "a", `"key"`, "[as key]", "database")
	}
	front := g.one("", "", s(), ";", s()+";"+s(), "\ufeff")
	database := g.one("", g.word("DATABASE")+s())
	tail := g.one("", "", s(), ";", " ; KEY 'no'", s()+";garbage '", " /* never ends", " -- KEY 'no'")
	statement = front + g.word("ATTACH") + s() + database + g.expr(g.IntN(4)) + s() + g.word("AS") + s() +
		schema + s() + g.word("KEY") + s() + key + tail
	return statement, key
}
