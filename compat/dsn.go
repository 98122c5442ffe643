package compat

import (
	"net/url"
	"strings"
)

// DSN is a data source name taken apart: the file, the parameters that are
// ours, and those that go on to SQLite and its driver.
type DSN struct {
	Path   string // as SQLite is to open it, without "file:" and percent signs
	Cipher []Param
	Rest   url.Values
}

// ParseDSN takes apart a plain file name or a file: URI, either with a query.
// A query that cannot be read is an error; unknown parameters are left to
// ParseParams, which gets all that are not an engine's.
func ParseDSN(dsn string) (DSN, error) {
	path, query, _ := strings.Cut(dsn, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		// The error of url would show the text, which may be a key.
		return DSN{}, &ParamError{Name: "(unreadable query)"}
	}
	if rest, ok := strings.CutPrefix(path, "file:"); ok {
		rest, _, _ = strings.Cut(rest, "#")
		if path, err = url.PathUnescape(trimAuthority(rest)); err != nil {
			return DSN{}, &ParamError{Name: "(unreadable path)"}
		}
	}
	d := DSN{Path: path, Rest: url.Values{}}
	for name, vs := range values {
		for _, v := range vs {
			if IsCipherParam(name) || isUnknown(name) {
				d.Cipher = append(d.Cipher, Param{Name: name, Value: v})
			} else {
				d.Rest.Add(name, v)
			}
		}
	}
	return d, nil
}

func isUnknown(name string) bool {
	_, err := ParseParams([]Param{{Name: name, Value: ""}})
	_, unknown := err.(*ParamError)
	return unknown
}

// trimAuthority drops the // or //localhost that may stand before the path,
// and the slash before a Windows drive letter.
func trimAuthority(path string) string {
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = strings.TrimPrefix(rest, "localhost")
	}
	if len(path) >= 3 && path[0] == '/' && path[2] == ':' {
		path = path[1:]
	}
	return path
}

// URI is the file: URI under which SQLite opens path with the parameters
// given.
func URI(path string, params url.Values) string {
	path = strings.ReplaceAll(path, "\\", "/")
	if len(path) >= 2 && path[1] == ':' {
		path = "/" + path
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	if strings.HasPrefix(path, "/") {
		escaped = "//" + escaped
	}
	if len(params) == 0 {
		return "file:" + escaped
	}
	return "file:" + escaped + "?" + params.Encode()
}
