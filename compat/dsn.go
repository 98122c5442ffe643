package compat

import (
	"maps"
	"net/url"
	"runtime"
	"slices"
	"strings"
)

// DSN is a data source name taken apart: the file, the parameters that are
// ours, and those that go on to SQLite and its driver.
type DSN struct {
	Path   string  // as SQLite is to open it, without "file:" and percent signs
	Cipher []Param // sorted by name
	Rest   url.Values
}

// ParseDSN takes apart a plain file name or a file: URI, either with a query.
// A query that cannot be read is an error; unknown parameters are left to
// ParseParams, which gets all that are not an engine's.
//
// Queries are read as Go reads them: + is a blank, where SQLite would leave it.
func ParseDSN(dsn string) (DSN, error) {
	path, query, _ := strings.Cut(dsn, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		// The error of url would show the text, which may be a key.
		return DSN{}, &ParamError{Name: "(unreadable query)"}
	}
	if uri, ok := strings.CutPrefix(path, "file:"); ok {
		if strings.Contains(dsn, "#") {
			// SQLite ends there, and would drop the rest of a key.
			return DSN{}, &ParamError{Name: "(fragment)"}
		}
		if path, ok = uriPath(uri, runtime.GOOS == "windows"); !ok {
			return DSN{}, &ParamError{Name: "(unreadable path)"}
		}
	}
	if strings.Contains(path, "\x00") {
		// SQLite would open the file whose name ends there.
		return DSN{}, &ParamError{Name: "(NUL in the path)"}
	}
	d := DSN{Path: path, Rest: url.Values{}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			if IsEngineParam(name) {
				d.Rest.Add(name, v)
			} else {
				d.Cipher = append(d.Cipher, Param{Name: name, Value: v})
			}
		}
	}
	return d, nil
}

// IsEngineParam tells whether a parameter is one of SQLite or of its driver.
func IsEngineParam(name string) bool {
	_, err := ParseParams([]Param{{Name: name, Value: ""}})
	_, unknown := err.(*ParamError)
	return !IsCipherParam(name) && !unknown
}

// uriPath is the path in what follows file: in a URI. As in SQLite // may stand
// before it, or //localhost, and no other authority. On Windows the slash
// before a drive letter goes.
func uriPath(uri string, windows bool) (string, bool) {
	if rest, ok := strings.CutPrefix(uri, "//"); ok {
		authority, _, _ := strings.Cut(rest, "/")
		if authority != "" && authority != "localhost" {
			return "", false
		}
		uri = rest[len(authority):]
	}
	path, err := url.PathUnescape(uri)
	if err != nil {
		return "", false
	}
	if windows && strings.HasPrefix(path, "/") && hasDrive(path[1:]) {
		path = path[1:]
	}
	return path, true
}

// URI is the file: URI under which SQLite opens path with the parameters
// given.
func URI(path string, params url.Values) string {
	uri := "file:" + pathURI(path, runtime.GOOS == "windows")
	if len(params) == 0 {
		return uri
	}
	// SQLite does not take + for a blank.
	return uri + "?" + strings.ReplaceAll(params.Encode(), "+", "%20")
}

// pathURI is what stands for path in a URI, the inverse of uriPath.
func pathURI(path string, windows bool) string {
	if windows {
		path = strings.ReplaceAll(path, "\\", "/")
		if hasDrive(path) {
			path = "/" + path
		}
	}
	if strings.HasPrefix(path, "/") {
		path = "//" + path
	}
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func hasDrive(path string) bool {
	return len(path) >= 2 && path[1] == ':' && 'a' <= path[0]|0x20 && path[0]|0x20 <= 'z'
}
