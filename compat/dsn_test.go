package compat

import (
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, dsn, path string
		cipher          []Param
		rest            url.Values
	}{
		{"nothing", "", "", nil, nil},
		{"plain", "clinic.db", "clinic.db", nil, nil},
		{"plain absolute", "/var/lib/clinic.db", "/var/lib/clinic.db", nil, nil},
		{"plain with query", "clinic.db?key=k&mode=ro", "clinic.db", params("key", "k"), url.Values{"mode": {"ro"}}},
		{"plain keeps percent and fragment", "50%25#1.db?key=a", "50%25#1.db", params("key", "a"), nil},
		{"plain keeps a drive", `C:\data\x.db?key=a`, `C:\data\x.db`, params("key", "a"), nil},
		{"memory", ":memory:", ":memory:", nil, nil},
		{"memory with query", ":memory:?key=k", ":memory:", params("key", "k"), nil},
		{"query alone", "?key=k", "", params("key", "k"), nil},
		{"empty query", "x.db?", "x.db", nil, nil},
		{"empty parameters", "x.db?&&key=k&", "x.db", params("key", "k"), nil},
		{"URI", "file:clinic.db", "clinic.db", nil, nil},
		{"URI with query", "file:clinic.db?vfs=pageseal&key=correct%20horse", "clinic.db", params("key", "correct horse"),
			url.Values{"vfs": {"pageseal"}}},
		{"URI of memory", "file::memory:?cache=shared", ":memory:", nil, url.Values{"cache": {"shared"}}},
		{"URI without path", "file:?key=k", "", params("key", "k"), nil},
		{"URI absolute", "file:/tmp/x.db", "/tmp/x.db", nil, nil},
		{"URI with empty authority", "file:///tmp/x.db", "/tmp/x.db", nil, nil},
		{"URI with localhost", "file://localhost/tmp/x.db", "/tmp/x.db", nil, nil},
		{"URI with localhost alone", "file://localhost", "", nil, nil},
		{"URI of a file named localhost", "file:localhost/x.db", "localhost/x.db", nil, nil},
		{"URI with two slashes in the path", "file:////srv/share", "//srv/share", nil, nil},
		{"URI with percent signs", "file:a%20b%25%3f%23%2f.db", "a b%?#/.db", nil, nil},
		{"URI keeps a plus in the path", "file:a+b.db", "a+b.db", nil, nil},
		{"URI in UTF-8", "file:gr%C3%BC%C3%9Fe-鍵.db", "grüße-鍵.db", nil, nil},
		{"second question mark", "x.db?key=a?b", "x.db", params("key", "a?b"), nil},
		{"equals sign in the key", "x.db?key=a=b", "x.db", params("key", "a=b"), nil},
		{"plus is a blank", "x.db?key=a+b", "x.db", params("key", "a b"), nil},
		{"percent signs in names", "x.db?%6bey=%6b", "x.db", params("key", "k"), nil},
		{"escaped separators in the key", "x.db?key=a%26b%3Dc%23d%2Be%3B", "x.db", params("key", "a&b=c#d+e;"), nil},
		{"no value", "x.db?key&mode", "x.db", params("key", ""), url.Values{"mode": {""}}},
		{"raw key", "x.db?key=x'" + hexText(64) + "'", "x.db", params("key", "x'"+hexText(64)+"'"), nil},
		{"sorted", "x.db?kdf_iter=1&b=2&_key=3&b=1&_fk=1", "x.db",
			params("_key", "3", "b", "2", "b", "1", "kdf_iter", "1"), url.Values{"_fk": {"1"}}},
		{"unknown and misspelt are ours to refuse", "x.db?kye=a&_keyy=b&unknown=c", "x.db",
			params("_keyy", "b", "kye", "a", "unknown", "c"), nil},
		{"several values", "x.db?_pragma=a(1)&_pragma=b(2)&key=k", "x.db", params("key", "k"),
			url.Values{"_pragma": {"a(1)", "b(2)"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDSN(c.dsn)
			if err != nil {
				t.Fatal(err)
			}
			if c.rest == nil {
				c.rest = url.Values{}
			}
			if want := (DSN{c.path, c.cipher, c.rest}); !reflect.DeepEqual(d, want) {
				t.Errorf("%q, want %q", d, want)
			}
		})
	}
}

func TestParseDSNRefuses(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{
		"cut off escape":             "x.db?key=secret%2",
		"bad escape":                 "x.db?key=secret%zz",
		"bad escape in another":      "x.db?key=secret&mode=%zz",
		"bad escape in a name":       "x.db?%zz=secret",
		"semicolon":                  "x.db?key=secret;mode=ro",
		"bad escape in the path":     "file:secret%zz.db?key=secret",
		"cut off escape in the path": "file:secret%2?key=secret",
		"authority":                  "file://secret/x.db?key=secret",
		"authority like localhost":   "file://localhostsecret/x.db",
		"authority with a port":      "file://localhost:secret/x.db",
		"authority that is the file": "file://secret.db?key=secret",
		"fragment in the path":       "file:x.db#secret",
		"fragment before the query":  "file:x.db#1?key=secret",
		"fragment in the key":        "file:x.db?key=secret#1",
		"NUL in the path":            "file:x.db%00secret?key=secret",
		"NUL in a plain path":        "x.db\x00secret?key=secret",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDSN(dsn)
			if !errors.Is(err, ErrUnknownParam) {
				t.Fatalf("%v, want ErrUnknownParam", err)
			}
			if !reflect.DeepEqual(d, DSN{}) {
				t.Errorf("%q is returned with the error", d)
			}
			wantNoValue(t, err, "secret", "%zz", "%2")
		})
	}
}

// paths hold what is special in a URI, in Go or to an operating system.
var paths = []string{
	"", "x", "clinic.db", "./x.db", "../x.db", "dir/x.db",
	"/x.db", "/var/lib/x.db", "//srv/share/x.db", "///x", "////x",
	"a b.db", " x.db ", "50%.db", "%", "%%", "%41", "%zz", "a%20b",
	"what?.db", "?", "#1.db", "a#b?c%d", "a&b=c.db", "a+b.db", "a;b",
	":memory:", "file:x.db", "file:", "localhost/x.db", "//localhost/x.db", "/localhost/x.db",
	"a:b.db", ":x", "x:", "1:/x", "grüße.db", "鍵/患者.db", "e\u0301.db", "\xff\xfe.db", "a\nb.db", "a\tb",
	"'x'.db", `"x".db`, "*.db", "~/x.db", "$HOME/x.db",
}

// windowsPaths mean something else there.
var windowsPaths = []string{`C:\data\x.db`, `C:x.db`, `c:/data/x.db`, `\\srv\share\x.db`,
	`dir\x.db`, `\x.db`, `/C:/x.db`, `\`}

// sqliteURI reads a URI as SQLite does, see
// https://sqlite.org/uri.html#uri_filenames_in_sqlite.
func sqliteURI(t *testing.T, uri string) (string, url.Values) {
	t.Helper()
	rest, ok := strings.CutPrefix(uri, "file:")
	if !ok {
		t.Fatalf("%q is no URI", uri)
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	if after, ok := strings.CutPrefix(path, "//"); ok {
		slash := strings.IndexByte(after, '/')
		if slash != 0 && after[:max(slash, 0)] != "localhost" {
			t.Fatalf("%q has an authority", uri)
		}
		path = after[slash:]
	}
	decode := func(s string) string {
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '%' {
				if c, err := hex.DecodeString(s[i+1 : min(i+3, len(s))]); err == nil && len(c) == 1 {
					b.WriteByte(c[0])
					i += 2
					continue
				}
			}
			b.WriteByte(s[i])
		}
		return b.String()
	}
	values := url.Values{}
	if query != "" {
		for pair := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			values.Add(decode(name), decode(value))
		}
	}
	path = decode(path)
	if runtime.GOOS == "windows" && strings.HasPrefix(path, "/") && hasDrive(path[1:]) {
		path = path[1:] // by SQLite's VFS for Windows
	}
	return path, values
}

// TestURI wants paths and parameters to come through, for SQLite and for
// ParseDSN.
func TestURI(t *testing.T) {
	t.Parallel()
	all := []url.Values{
		nil,
		{"vfs": {"pageseal"}},
		{"_pragma": {"foreign_keys(1)", "busy_timeout(5000)"}, "mode": {"ro"}},
		{"modeof": {"/a b+c%d&e=f#g?h;i\\j鍵\xff"}, "_pragma": {"a = 'b c'"}, "_": {""}},
	}
	try := paths
	if runtime.GOOS != "windows" {
		try = append(try[:len(try):len(try)], windowsPaths...)
	}
	for _, path := range try {
		for _, values := range all {
			uri := URI(path, values)
			if (len(values) > 0) != strings.Contains(uri, "?") {
				t.Errorf("%q with %d parameters is %q", path, len(values), uri)
			}
			same := func(got url.Values) bool {
				return len(got) == len(values) && (len(got) == 0 || reflect.DeepEqual(got, values))
			}
			gotPath, gotValues := sqliteURI(t, uri)
			if gotPath != path || !same(gotValues) {
				t.Errorf("%q with %q: SQLite reads %q as %q with %q", path, values, uri, gotPath, gotValues)
			}
			d, err := ParseDSN(uri)
			if err != nil {
				t.Errorf("%q: %v", uri, err)
				continue
			}
			if d.Path != path || len(d.Cipher) != 0 || !same(d.Rest) {
				t.Errorf("%q with %q: ParseDSN reads %q as %q", path, values, uri, d)
			}
		}
	}
}

func TestURISpelling(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"x.db":     "file:x.db",
		"":         "file:",
		":memory:": "file::memory:",
		"/x.db":    "file:///x.db",
		"a%b?c#d":  "file:a%25b%3fc%23d",
		"a b":      "file:a b",
	} {
		if got := URI(path, nil); got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
	if got, want := URI("x", url.Values{"b": {"1 2", "+"}, "a": {"&"}}), "file:x?a=%26&b=1%202&b=%2B"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	values := url.Values{"a": {"b"}}
	before := maps.Clone(values)
	if URI("x", values); !reflect.DeepEqual(values, before) {
		t.Errorf("the caller's parameters are now %q", values)
	}
}

// TestPathURI runs both rules on every system.
func TestPathURI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, windows, unix string // the URIs
		back                string // the path that Windows reads, where not the same
	}{
		{`C:\data\x.db`, "///C:/data/x.db", `C:\data\x.db`, "C:/data/x.db"},
		{`c:/data/x.db`, "///c:/data/x.db", `c:/data/x.db`, ""},
		{`z:x.db`, "///z:x.db", "z:x.db", ""},
		{`\\srv\share\x 1%.db`, "////srv/share/x 1%25.db", `\\srv\share\x 1%25.db`, "//srv/share/x 1%.db"},
		{`dir\x.db`, "dir/x.db", `dir\x.db`, "dir/x.db"},
		{"/C:/x.db", "///C:/x.db", "///C:/x.db", "C:/x.db"},
		{"1:/x.db", "1:/x.db", "1:/x.db", ""},
		{":memory:", ":memory:", ":memory:", ""},
		{"/tmp/x.db", "///tmp/x.db", "///tmp/x.db", ""},
	} {
		for windows, uri := range map[bool]string{true: c.windows, false: c.unix} {
			if got := pathURI(c.path, windows); got != uri {
				t.Errorf("%q, Windows %v: %q, want %q", c.path, windows, got, uri)
			}
			want := c.path
			if windows && c.back != "" {
				want = c.back
			}
			if got, ok := uriPath(uri, windows); !ok || got != want {
				t.Errorf("%q, Windows %v: %q, want %q", uri, windows, got, want)
			}
		}
	}
	for uri, want := range map[string]string{
		"/C:/x": "C:/x", "C:/x": "C:/x", "///%43%3A/x": "C:/x", "//localhost/c:/x": "c:/x",
	} {
		if got, ok := uriPath(uri, true); !ok || got != want {
			t.Errorf("%q on Windows: %q, want %q", uri, got, want)
		}
	}
}

// rebuild is a URI that says the same as a DSN.
func rebuild(d DSN) string {
	values := maps.Clone(d.Rest)
	for _, p := range d.Cipher {
		values.Add(p.Name, p.Value)
	}
	return URI(d.Path, values)
}

// wantSame parses the DSN, rebuilds it and parses it again.
func wantSame(t *testing.T, dsn string) {
	t.Helper()
	first, err := ParseDSN(dsn)
	if err != nil {
		if !errors.Is(err, ErrUnknownParam) {
			t.Errorf("%q: %v, want ErrUnknownParam", dsn, err)
		}
		return
	}
	second, err := ParseDSN(rebuild(first))
	if err != nil {
		t.Fatalf("%q is %q: %v", dsn, rebuild(first), err)
	}
	first.Path = filepath.ToSlash(first.Path) // on Windows
	if !reflect.DeepEqual(first, second) {
		t.Errorf("%q: %q, rebuilt %q", dsn, first, second)
	}
}

func TestRebuild(t *testing.T) {
	t.Parallel()
	for _, path := range paths {
		for _, query := range dsnQueries {
			wantSame(t, "file:"+pathURI(path, false)+query)
			wantSame(t, path+query)
		}
	}
}

var dsnQueries = []string{
	"", "?", "?key=correct%20horse", "?key=a+b%2Bc&_pragma=x&_pragma=y", "?_key=k&kdf_iter=1&kdf_iter=2&mode=ro",
	"?kye=1&=2&b", "?key=%ff%00&x=%f0", "?KEY=k&_Pragma_Kdf_Iter=3&_x=",
}
