package compat

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pageseal/pageseal/hmacpage"
	"github.com/pageseal/pageseal/testdata/vectors"
)

// The names that Keyspec.String gives to the forms.
const (
	formPassphrase = "passphrase"
	formKey        = "raw key"
	formKeySalt    = "raw key with salt"
	formKeyMACSalt = "raw key with MAC key and salt"
)

// hexText is n hex digits in both cases, no byte like its neighbour.
func hexText(n int) string {
	const some = "98483C6eb40b6C31a448c22A66dEd3b5e5e8d5119cac8327b655C8b5c4836481"
	return strings.Repeat(some, n/len(some)+1)[:n]
}

func unhex(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keyspec(t testing.TB, text string) Keyspec {
	t.Helper()
	k, err := ParseKeyspec([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// wantParts fails unless the keyspec has the form, and the parts that the form
// takes from text.
func wantParts(t *testing.T, k Keyspec, form, text string) {
	t.Helper()
	if got := k.String(); got != form {
		t.Fatalf("%q is a %s, want a %s", text, got, form)
	}
	if k.IsZero() {
		t.Fatalf("%q: a key counts as none", text)
	}
	var want secrets
	if form == formPassphrase {
		want.passphrase = []byte(text)
	} else {
		b := unhex(t, text[2:len(text)-1])
		switch want.key = b[:32]; form {
		case formKeySalt:
			want.salt = b[32:48]
		case formKeyMACSalt:
			want.macKey, want.salt = b[32:64], b[64:80]
		}
	}
	got := k.parts()
	for _, part := range []struct {
		name      string
		got, want []byte
	}{
		{"passphrase", got.passphrase, want.passphrase},
		{"key", got.key, want.key},
		{"MAC key", got.macKey, want.macKey},
		{"salt", got.salt, want.salt},
		{"Salt()", k.Salt(), want.salt},
	} {
		if !bytes.Equal(part.got, part.want) || (part.got == nil) != (part.want == nil) {
			t.Errorf("%q: %s %x, want %x", text, part.name, part.got, part.want)
		}
	}
}

func TestParseKeyspec(t *testing.T) {
	t.Parallel()
	blob := func(n int) string { return "x'" + hexText(n) + "'" }
	for _, c := range []struct{ name, text, form string }{
		{"64 digits", blob(64), formKey},
		{"64 lower case", strings.ToLower(blob(64)), formKey},
		{"64 upper case", strings.ToUpper(blob(64)), formKey},
		{"96 digits", blob(96), formKeySalt},
		{"96 upper case", strings.ToUpper(blob(96)), formKeySalt},
		{"160 digits", blob(160), formKeyMACSalt},
		{"160 upper case", strings.ToUpper(blob(160)), formKeyMACSalt},
		{"words", "correct horse", formPassphrase},
		{"one byte", "k", formPassphrase},
		{"not ASCII", "Schlüssel 鍵", formPassphrase},
		{"not UTF-8", "\xff\xfe\x80", formPassphrase},
		{"NUL inside", "a\x00b", formPassphrase},
		{"NUL alone", "\x00", formPassphrase},
		{"32 binary bytes", string(unhex(t, hexText(64))), formPassphrase},
		{"200 bytes", strings.Repeat("long ", 40), formPassphrase},
		{"bare 64 digits", hexText(64), formPassphrase},
		{"0x and 64 digits", "0x" + hexText(64), formPassphrase},
		{"double quotes", `x"` + hexText(64) + `"`, formPassphrase},
		{"wrong last character", "x'" + hexText(64) + "Z", formPassphrase},
		{"no last character", "x'" + hexText(64), formPassphrase},
		{"wrong first character", "y'" + hexText(64) + "'", formPassphrase},
		{"no first character", "'" + hexText(64) + "'", formPassphrase},
		{"wrong second character", "xx" + hexText(64) + "'", formPassphrase},
		{"first digit is none", "x'g" + hexText(63) + "'", formPassphrase},
		{"middle digit is none", "x'" + hexText(32) + "G" + hexText(31) + "'", formPassphrase},
		{"last digit is none", "x'" + hexText(63) + "-'", formPassphrase},
		{"blank among the digits", "x'" + hexText(32) + " " + hexText(31) + "'", formPassphrase},
		{"leading blank", " " + blob(64), formPassphrase},
		{"trailing blank", blob(64) + " ", formPassphrase},
		{"trailing newline", blob(64) + "\n", formPassphrase},
		{"trailing NUL", blob(64) + "\x00", formPassphrase},
		{"quoted twice", "x''" + hexText(64) + "''", formPassphrase},
		{"two of them", blob(64) + blob(64), formPassphrase},
		{"no digits", "x''", formPassphrase},
		{"only the start", "x'", formPassphrase},
		{"only x", "x", formPassphrase},
		{"two digits", "x'ab'", formPassphrase},
		{"62 digits", blob(62), formPassphrase},
		{"128 digits", blob(128), formPassphrase},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantParts(t, keyspec(t, c.text), c.form, c.text)
		})
	}
}

// TestParseKeyspecVectors compares with what SQLCipher made of the same texts.
func TestParseKeyspecVectors(t *testing.T) {
	t.Parallel()
	forms := map[string]string{
		"passphrase": formPassphrase, "raw key": formKey,
		"raw key+salt": formKeySalt, "raw key+hmac key+salt": formKeyMACSalt,
	}
	seen := map[string]bool{}
	for _, c := range vectors.Load().KeyParse {
		form, ok := forms[c.Class]
		if !ok {
			t.Fatalf("the vectors have an unknown class %q", c.Class)
		}
		seen[form] = true
		wantParts(t, keyspec(t, c.Input), form, c.Input)
	}
	if len(seen) != len(forms) {
		t.Errorf("the vectors have %d of %d classes", len(seen), len(forms))
	}
}

func TestParseKeyspecDigits(t *testing.T) {
	t.Parallel()
	for n := range 400 {
		text, form := "x'"+hexText(n)+"'", formPassphrase
		switch n {
		case 64:
			form = formKey
		case 96:
			form = formKeySalt
		case 160:
			form = formKeyMACSalt
		}
		wantParts(t, keyspec(t, text), form, text)
	}
}

// TestParseKeyspecBytes puts every byte at every place of a raw key.
func TestParseKeyspecBytes(t *testing.T) {
	t.Parallel()
	raw := "x'" + hexText(64) + "'"
	for i := range len(raw) {
		allowed := "0123456789abcdefABCDEF"
		switch i {
		case 0:
			allowed = "xX"
		case 1, len(raw) - 1:
			allowed = "'"
		}
		for c := range 256 {
			text := raw[:i] + string([]byte{byte(c)}) + raw[i+1:]
			form := formPassphrase
			if strings.IndexByte(allowed, byte(c)) >= 0 {
				form = formKey
			}
			wantParts(t, keyspec(t, text), form, text)
		}
	}
}

// TestPassphrase wants texts taken as they are.
func TestPassphrase(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"k", "correct horse", "x'" + hexText(64) + "'", "x'" + hexText(160) + "'"} {
		k, err := Passphrase([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		wantParts(t, k, formPassphrase, text)
	}
}

func TestHexKeyspec(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, digits, text string }{ // no text: refused
		{"lower case", "6b6579", "key"},
		{"upper case", "4B4B", "KK"},
		{"NUL bytes", "610062", "a\x00b"},
		{"39 bytes", strings.Repeat("61", 39), strings.Repeat("a", 39)},
		{"40 bytes", strings.Repeat("61", 40), strings.Repeat("a", 40)},
		{"41 bytes", strings.Repeat("61", 40) + "62", strings.Repeat("a", 40)},
		{"200 bytes", strings.Repeat("61", 40) + strings.Repeat("62", 160), strings.Repeat("a", 40)},
		{"bytes of a raw key", hex.EncodeToString([]byte("x'" + hexText(64) + "'")), "x'" + hexText(38)},
		{"empty", "", ""},
		{"one digit", "6", ""},
		{"odd number", "61626", ""},
		{"odd number behind 40 bytes", strings.Repeat("61", 40) + "6", ""},
		{"no digit", "6g", ""},
		{"no digit behind 40 bytes", strings.Repeat("61", 40) + "zz", ""},
		{"blank", "61 62", ""},
		{"leading blank", " 6162", ""},
		{"in quotes", "x'6162'", ""},
		{"0x", "0x6162", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k, err := HexKeyspec([]byte(c.digits))
			if c.text != "" {
				if err != nil {
					t.Fatal(err)
				}
				wantParts(t, k, formPassphrase, c.text)
				return
			}
			wantRefused(t, k, err, c.digits)
		})
	}
}

func wantRefused(t *testing.T, k Keyspec, err error, text string) {
	t.Helper()
	if !errors.Is(err, ErrKeyspec) || !k.IsZero() {
		t.Fatalf("%q: %v with error %v, want ErrKeyspec", text, k, err)
	}
	if len(text) > 2 && strings.Contains(err.Error(), text) {
		t.Errorf("the error %q shows the key", err)
	}
}

func TestRawKeyspec(t *testing.T) {
	t.Parallel()
	forms := map[int]string{64: formKey, 96: formKeySalt, 160: formKeyMACSalt}
	for n := range 200 {
		k, err := RawKeyspec([]byte(hexText(n)))
		form, ok := forms[n]
		if !ok {
			wantRefused(t, k, err, hexText(n))
			continue
		}
		if err != nil {
			t.Fatalf("%d digits: %v", n, err)
		}
		wantParts(t, k, form, "x'"+hexText(n)+"'")
		for _, i := range []int{0, 1, n / 2, n - 1} {
			for _, c := range []string{"g", " ", "'", "\x00"} {
				bad := hexText(n)[:i] + c + hexText(n)[i+1:]
				k, err := RawKeyspec([]byte(bad))
				wantRefused(t, k, err, bad)
			}
		}
	}
	for _, bad := range []string{"x'" + hexText(64) + "'", " " + hexText(64), "0x" + hexText(64), "0x" + hexText(62)} {
		k, err := RawKeyspec([]byte(bad))
		wantRefused(t, k, err, bad)
	}
}

func TestEmptyKey(t *testing.T) {
	t.Parallel()
	for name, parse := range map[string]func([]byte) (Keyspec, error){
		"ParseKeyspec": ParseKeyspec, "Passphrase": Passphrase, "HexKeyspec": HexKeyspec, "RawKeyspec": RawKeyspec,
	} {
		for _, empty := range [][]byte{nil, {}} {
			if k, err := parse(empty); !errors.Is(err, ErrKeyspec) || !k.IsZero() {
				t.Errorf("%s: %v with error %v, want ErrKeyspec", name, k, err)
			}
		}
	}
	var none Keyspec
	if !none.IsZero() || !none.Clone().IsZero() || none.Salt() != nil || none.Slow() {
		t.Error("the zero value counts as a key")
	}
	none.Wipe()
}

// TestKeyspecCopies wants no memory shared with the caller or a clone.
func TestKeyspecCopies(t *testing.T) {
	t.Parallel()
	all := map[string]func([]byte) (Keyspec, error){
		"correct horse":           ParseKeyspec,
		"correct horse too":       Passphrase,
		"x'" + hexText(160) + "'": ParseKeyspec,
		hexText(160):              RawKeyspec,
	}
	for text, parse := range all {
		given := []byte(text)
		k, err := parse(given)
		if err != nil {
			t.Fatal(err)
		}
		p := k.parts()
		want := secrets{bytes.Clone(p.passphrase), bytes.Clone(p.key), bytes.Clone(p.macKey), bytes.Clone(p.salt)}
		clear(given)
		clone := k.Clone()
		same := func(got secrets) bool {
			return bytes.Equal(got.passphrase, want.passphrase) && bytes.Equal(got.key, want.key) &&
				bytes.Equal(got.macKey, want.macKey) && bytes.Equal(got.salt, want.salt)
		}
		if !same(k.parts()) {
			t.Errorf("%s changes with the text it was read from", k)
		}
		k.Wipe()
		for _, secret := range [][]byte{p.passphrase, p.key, p.macKey} {
			if len(bytes.Trim(secret, "\x00")) != 0 {
				t.Errorf("%s is left after Wipe", k)
			}
		}
		if !same(clone.parts()) {
			t.Errorf("%s: wiping one wiped its clone", k)
		}
	}
}

func TestKeyspecOf(t *testing.T) {
	t.Parallel()
	b := unhex(t, hexText(160))
	keys := hmacpage.Keys{Key: b[:32], MACKey: b[32:64], Salt: b[64:80]}
	k := KeyspecOf(keys)
	wantParts(t, k, formKeyMACSalt, "x'"+hexText(160)+"'")
	without := KeyspecOf(hmacpage.Keys{Key: b[:32], Salt: b[32:48]})
	wantParts(t, without, formKeySalt, "x'"+hexText(96)+"'")
	k.Wipe()
	if !slices.Equal(b, unhex(t, hexText(160))) {
		t.Error("the keys are not copied")
	}
}

// TestKeyspecPrint looks for the content of keyspecs in all that fmt makes of
// them, wherever they stand.
func TestKeyspecPrint(t *testing.T) {
	t.Parallel()
	const verbs = "v +v #v s q +q #q x X #x d +d o O b c U #U e E f g G t p w T y z 20v -20s 08d"
	raw := hexText(160)
	for text, contents := range map[string][]string{
		"s3cr3t Passphrase":   {"s3cr3t Passphrase"},
		"x'" + raw[:64] + "'": {string(unhex(t, raw[:64]))},
		"x'" + raw + "'":      {string(unhex(t, raw[:64])), string(unhex(t, raw[64:128]))},
	} {
		k := keyspec(t, text)
		shown := []any{
			k, &k, []Keyspec{k}, []*Keyspec{&k}, [1]Keyspec{k}, []any{k, &k},
			map[string]Keyspec{"a": k}, map[string]*Keyspec{"a": &k}, map[int][]Keyspec{1: {k}},
			struct{ Key Keyspec }{k}, &struct{ Key Keyspec }{k}, struct{ key Keyspec }{k},
			&struct{ key Keyspec }{k}, struct{ key *Keyspec }{&k}, struct{ keys []Keyspec }{[]Keyspec{k}},
			struct{ keys map[string]Keyspec }{map[string]Keyspec{"a": k}}, struct{ Keyspec }{k},
			struct{ inner struct{ key Keyspec } }{struct{ key Keyspec }{k}}, []struct{ key Keyspec }{{k}},
			struct{ any }{k}, Params{Key: k}, &Params{Key: k}, fmt.Errorf("key %v", k),
			errors.Join(fmt.Errorf("key %+v and %q", k, &k)),
		}
		for _, verb := range strings.Fields(verbs) {
			for _, v := range shown {
				out := fmt.Sprintf("%"+verb, v) + fmt.Sprintf("%"+verb, v, v) + fmt.Sprint(v)
				if c := leaked(out, contents, verbs); c != "" {
					t.Fatalf("%%%s of %T shows %s", verb, v, c)
				}
			}
		}
		if got := fmt.Sprintf("%v|%+v|%s|%#v", k, k, &k, k); strings.Count(got, k.String()) != 4 {
			t.Errorf("prints as %s", got)
		}
	}
}

// leaked is the text in out that one of the contents, as it is or as fmt
// prints bytes or strings, begins with.
func leaked(out string, contents []string, verbs string) string {
	for _, content := range contents {
		content = content[:6]
		found := []string{content, hex.EncodeToString([]byte(content)), strings.ToUpper(hex.EncodeToString([]byte(content)))}
		for _, verb := range strings.Fields(verbs) {
			if verb != "p" && verb != "T" { // an address and a type
				found = append(found, strings.Trim(fmt.Sprintf("%"+verb, []byte(content)), "[]byte{}\"`"))
			}
		}
		for _, f := range found {
			if f != "" && strings.Contains(out, f) {
				return f
			}
		}
	}
	return ""
}

// TestAsRaw wants the digits of a raw key to be told from other passphrases.
func TestAsRaw(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("0a", 32)
	for text, want := range map[string]bool{
		digits: true, strings.ToUpper(digits): true, digits + digits[:32]: true, digits + digits + digits[:32]: true,
		"x'" + digits + "'": false, digits[1:]: false, digits + "00": false, digits[:63] + "g": false, "p": false,
	} {
		k, err := ParseKeyspec([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		raw, ok := k.AsRaw()
		if ok != want || raw.IsZero() == want {
			t.Errorf("%d digits: %v, %v", len(text), raw, ok)
		}
		if ok {
			is, err := RawKeyspec([]byte(text))
			if salt := make([]byte, 16); err != nil || raw.Digest(nil, Latest.Settings(), salt) != is.Digest(nil, Latest.Settings(), salt) {
				t.Errorf("another key, %v", err)
			}
		}
	}
	if _, ok := (Keyspec{}).AsRaw(); ok {
		t.Error("no key is a raw one")
	}
}
