package sqlite3

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/pageseal/pageseal/compat"
	"github.com/pageseal/pageseal/vfs/modernc"
)

// pragmas are the words of the cgo drivers that set one, and which. What the
// engine's own driver understands is not among them.
var pragmas = map[string]string{
	"_cache_size":               "cache_size",
	"_case_sensitive_like":      "case_sensitive_like",
	"_cslike":                   "case_sensitive_like",
	"_defer_foreign_keys":       "defer_foreign_keys",
	"_defer_fk":                 "defer_foreign_keys",
	"_ignore_check_constraints": "ignore_check_constraints",
	"_locking_mode":             "locking_mode",
	"_locking":                  "locking_mode",
	"_recursive_triggers":       "recursive_triggers",
	"_rt":                       "recursive_triggers",
	"_secure_delete":            "secure_delete",
	"_writable_schema":          "writable_schema",
}

// passed are the words that mean the same to the engine and its driver.
var passed = []string{
	"_auto_vacuum", "_vacuum", "_busy_timeout", "_timeout", "_foreign_keys", "_fk", "_journal_mode", "_journal",
	"_query_only", "_synchronous", "_sync", "_txlock", "_pragma",
	"cache", "immutable", "mode", "modeof", "nolock", "psow", "vfs",
}

// What the cgo drivers do where nothing is said.
var defaults = map[string]string{
	"_busy_timeout": "5000", // milliseconds
	"_time_format":  "sqlite",
}

// migrateWord is that of github.com/jgiannuzzi/go-sqlite3 for PRAGMA
// cipher_migrate.
const migrateWord = "_cipher_migrate"

// translate makes a driver and a data source name of package modernc of a data
// source name of the cgo drivers.
func translate(dsn string) (d modernc.Driver, _ string, err error) {
	d.KeyOptional = true
	path, query, _ := strings.Cut(dsn, "?")
	given, err := url.ParseQuery(query)
	if err != nil {
		// The error of url would show the text, which may be a key.
		return d, "", &compat.ParamError{Name: "(unreadable query)"}
	}
	if words, ok := given[migrateWord]; ok {
		if d.Migrate, ok = compat.ParseBool(words[0]); !ok || len(words) > 1 {
			return d, "", &compat.SettingError{Name: migrateWord, Value: words[0]}
		}
		delete(given, migrateWord)
	}
	out := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		for _, value := range given[name] {
			if err := add(out, name, value); err != nil {
				return d, "", err
			}
		}
	}
	for name, value := range defaults {
		if !out.Has(name) && !(name == "_busy_timeout" && out.Has("_timeout")) {
			out.Set(name, value)
		}
	}
	return d, path + "?" + out.Encode(), nil
}

func add(out url.Values, name, value string) error {
	switch {
	case compat.IsCipherParam(name), slices.Contains(passed, name):
		out.Add(name, value)
	case pragmas[name] != "":
		if !isWord(value) {
			return fmt.Errorf("%w: %s=%q", compat.ErrSetting, name, value)
		}
		out.Add("_pragma", pragmas[name]+"("+value+")")
	case name == "_loc":
		if value == "auto" {
			value = "Local"
		}
		out.Set("_timezone", value)
	case name == "_mutex": // SQLite's mutexes are what the engine has
	default:
		return &compat.ParamError{Name: name}
	}
	return nil
}

// isWord keeps SQL out of the value of a pragma.
func isWord(value string) bool {
	for i, c := range value {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
		if !letter && !('0' <= c && c <= '9') && !(c == '-' && i == 0) {
			return false
		}
	}
	return value != ""
}
